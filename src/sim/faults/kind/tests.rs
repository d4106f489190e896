use orgscan_aws::classify;
use orgscan_core::model::Cause;

use super::*;

const FORMS: &[Form] = &[
    Form::Ec2,
    Form::Query,
    Form::Json,
    Form::S3,
    Form::S3Control,
    Form::Cbor,
    Form::Rest,
];

fn causes(kind: Kind, action: &str) -> Vec<Cause> {
    causes_in(FORMS, kind, action)
}

fn causes_in(forms: &[Form], kind: Kind, action: &str) -> Vec<Cause> {
    let mut causes = Vec::new();
    for form in forms {
        let on = Occasion {
            call: &Call::default(),
            caller_arn: "arn:aws:sts::111122223333:assumed-role/OrgScanMember/orgscan",
            action,
            form: *form,
        };
        let said = kind.refusal(&on).unwrap();
        causes.push(classify(
            action,
            Some(said.code),
            &said.message,
            said.status,
        ));
    }
    causes.dedup();
    causes
}

#[test]
fn each_kind_is_understood_as_what_it_is_in_every_form() {
    let cases = [
        (Kind::Throttled, Cause::Throttled),
        (Kind::DeniedByScpExplicit, Cause::DeniedByScp),
        (Kind::DeniedByScpImplicit, Cause::DeniedByScp),
        (Kind::DeniedByRcp, Cause::DeniedByRcp),
        (
            Kind::DeniedByPermissionsBoundary,
            Cause::DeniedByPermissionsBoundary,
        ),
        (Kind::DeniedBySessionPolicy, Cause::DeniedBySessionPolicy),
        (Kind::DeniedByVpcEndpoint, Cause::DeniedByVpcEndpoint),
        (Kind::MissingPermission, Cause::MissingPermission),
        (Kind::DeniedByIdentityPolicy, Cause::DeniedByIdentityPolicy),
        (Kind::DeniedByResourcePolicy, Cause::DeniedByResourcePolicy),
        (Kind::RegionDisabled, Cause::CredentialsRejected),
        (Kind::AccountBlocked, Cause::AccountBlocked),
        (Kind::DeniedUnexplained, Cause::DeniedUnexplained),
        (Kind::InternalError, Cause::ServiceError),
        (Kind::Unavailable, Cause::ServiceError),
    ];
    for (kind, cause) in cases {
        assert_eq!(causes(kind, "ec2:DescribeVolumes"), [cause], "{kind:?}");
    }
    for kind in [Kind::AssumeRoleDenied, Kind::DeniedByTrustPolicy] {
        assert_eq!(causes(kind, "sts:AssumeRole"), [Cause::RoleNotAssumable]);
    }
}

#[test]
fn ec2_words_what_has_expired_and_a_wrong_clock_in_its_own_way() {
    let (ec2, others) = FORMS.split_first().unwrap();
    let volumes = "ec2:DescribeVolumes";
    assert_eq!(causes_in(others, Kind::Expired, volumes), [Cause::Expired]);
    assert_eq!(
        causes_in(others, Kind::ClockSkew, volumes),
        [Cause::ClockSkew]
    );
    // EC2 has one code for credentials and for signatures that have expired, and for a wrong clock the one
    // that it has for rejected credentials.
    assert_eq!(
        causes_in(&[*ec2], Kind::Expired, volumes),
        [Cause::ClockSkew]
    );
    assert_eq!(
        causes_in(&[*ec2], Kind::ClockSkew, volumes),
        [Cause::CredentialsRejected]
    );
}

#[test]
fn a_denial_names_who_what_and_on_which_resource() {
    let mut call = Call::default();
    call.parameters.insert("Bucket".into(), "data".into());
    let on = Occasion {
        call: &call,
        caller_arn: "arn:me",
        action: "s3:GetBucketAcl",
        form: Form::S3,
    };
    assert_eq!(
        Kind::MissingPermission.refusal(&on).unwrap().message,
        "User: arn:me is not authorized to perform: s3:GetBucketAcl on resource: \
         \"arn:aws:s3:::data\" because no identity-based policy allows the s3:GetBucketAcl action"
    );
}

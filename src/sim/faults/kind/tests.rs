use orgscan_aws::classify;
use orgscan_core::model::Cause;

use super::*;

const FORMATS: &[ErrorFormat] = &[
    ErrorFormat::Ec2,
    ErrorFormat::Query,
    ErrorFormat::Json,
    ErrorFormat::S3,
    ErrorFormat::S3Control,
    ErrorFormat::Cbor,
    ErrorFormat::Rest,
];

fn causes(kind: FaultKind, action: &str) -> Vec<Cause> {
    causes_in(FORMATS, kind, action)
}

fn causes_in(formats: &[ErrorFormat], kind: FaultKind, action: &str) -> Vec<Cause> {
    let mut causes = Vec::new();
    for format in formats {
        let on = FaultContext {
            call: &Call::default(),
            caller_arn: "arn:aws:sts::111122223333:assumed-role/OrgScanMember/orgscan",
            action,
            format: *format,
        };
        let message = kind.refusal(&on).unwrap();
        causes.push(classify(
            action,
            Some(message.code),
            &message.message,
            message.status,
        ));
    }
    causes.dedup();
    causes
}

#[test]
fn each_kind_is_recognized_in_every_format() {
    let cases = [
        (FaultKind::Throttled, Cause::Throttled),
        (FaultKind::DeniedByScpExplicit, Cause::DeniedByScp),
        (FaultKind::DeniedByScpImplicit, Cause::DeniedByScp),
        (FaultKind::DeniedByRcp, Cause::DeniedByRcp),
        (
            FaultKind::DeniedByPermissionsBoundary,
            Cause::DeniedByPermissionsBoundary,
        ),
        (
            FaultKind::DeniedBySessionPolicy,
            Cause::DeniedBySessionPolicy,
        ),
        (FaultKind::DeniedByVpcEndpoint, Cause::DeniedByVpcEndpoint),
        (FaultKind::MissingPermission, Cause::MissingPermission),
        (
            FaultKind::DeniedByIdentityPolicy,
            Cause::DeniedByIdentityPolicy,
        ),
        (
            FaultKind::DeniedByResourcePolicy,
            Cause::DeniedByResourcePolicy,
        ),
        (FaultKind::RegionDisabled, Cause::CredentialsRejected),
        (FaultKind::AccountBlocked, Cause::AccountBlocked),
        (FaultKind::DeniedUnexplained, Cause::DeniedUnexplained),
        (FaultKind::InternalError, Cause::ServiceError),
        (FaultKind::Unavailable, Cause::ServiceError),
    ];
    for (kind, cause) in cases {
        assert_eq!(causes(kind, "ec2:DescribeVolumes"), [cause], "{kind:?}");
    }
    for kind in [FaultKind::AssumeRoleDenied, FaultKind::DeniedByTrustPolicy] {
        assert_eq!(causes(kind, "sts:AssumeRole"), [Cause::RoleNotAssumable]);
    }
}

#[test]
fn ec2_has_its_own_errors_for_expired_sessions_and_clock_skew() {
    let (ec2, others) = FORMATS.split_first().unwrap();
    let volumes = "ec2:DescribeVolumes";
    assert_eq!(
        causes_in(others, FaultKind::Expired, volumes),
        [Cause::CredentialsExpired]
    );
    assert_eq!(
        causes_in(others, FaultKind::ClockSkew, volumes),
        [Cause::ClockSkew]
    );
    // EC2 has one code for credentials and for signatures that have expired, and for a wrong clock the one
    // that it has for rejected credentials.
    assert_eq!(
        causes_in(&[*ec2], FaultKind::Expired, volumes),
        [Cause::ClockSkew]
    );
    assert_eq!(
        causes_in(&[*ec2], FaultKind::ClockSkew, volumes),
        [Cause::CredentialsRejected]
    );
}

#[test]
fn a_denial_names_caller_action_and_resource() {
    let mut call = Call::default();
    call.parameters.insert("Bucket".into(), "data".into());
    let on = FaultContext {
        call: &call,
        caller_arn: "arn:me",
        action: "s3:GetBucketAcl",
        format: ErrorFormat::S3,
    };
    assert_eq!(
        FaultKind::MissingPermission.refusal(&on).unwrap().message,
        "User: arn:me is not authorized to perform: s3:GetBucketAcl on resource: \
         \"arn:aws:s3:::data\" because no identity-based policy allows the s3:GetBucketAcl action"
    );
}

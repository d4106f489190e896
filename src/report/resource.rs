//! What kind of resource an ARN names, as other systems call it.

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ResourceKind {
    /// As CloudFormation calls it, or would: it makes neither snapshots nor images.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>
    pub(super) cloudformation: &'static str,
    /// As Security Hub calls it, or `Other`, which is its word for what it has no name for.
    ///
    /// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html>
    pub(super) asff: &'static str,
}

const fn kind(cloudformation: &'static str, asff: &'static str) -> ResourceKind {
    ResourceKind {
        cloudformation,
        asff,
    }
}

/// What Security Hub has no name for.
pub(super) const OTHER: &str = "Other";

/// An account, where nothing else is to be named: its settings, and what IAM keeps once for it.
pub(super) const ACCOUNT: ResourceKind = kind("AWS::Organizations::Account", "AwsAccount");

/// The kind of an ARN; none where it is not known here.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
pub(super) fn kind_of(arn: &str) -> Option<ResourceKind> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let service = parts.next()?;
    let account = parts.nth(1)?;
    let resource = parts.next()?;
    let noun = resource.split(['/', ':']).next().unwrap_or_default();
    Some(match (service, noun) {
        ("ec2", "account") | ("iam", "root") => ACCOUNT,
        ("ec2", "image") => kind("AWS::EC2::Image", OTHER),
        ("ec2", "instance") => kind("AWS::EC2::Instance", "AwsEc2Instance"),
        ("ec2", "network-acl") => kind("AWS::EC2::NetworkAcl", "AwsEc2NetworkAcl"),
        ("ec2", "route-table") => kind("AWS::EC2::RouteTable", "AwsEc2RouteTable"),
        ("ec2", "security-group") => kind("AWS::EC2::SecurityGroup", "AwsEc2SecurityGroup"),
        ("ec2", "snapshot") => kind("AWS::EC2::Snapshot", OTHER),
        ("ec2", "volume") => kind("AWS::EC2::Volume", "AwsEc2Volume"),
        ("ec2", "vpc") => kind("AWS::EC2::VPC", "AwsEc2Vpc"),
        ("iam", "policy") => kind("AWS::IAM::ManagedPolicy", "AwsIamPolicy"),
        ("iam", "server-certificate") => kind("AWS::IAM::ServerCertificate", OTHER),
        ("iam", "user") => kind("AWS::IAM::User", "AwsIamUser"),
        // A bucket's ARN has no account, and the bucket may be named `account`.
        ("s3", "account") if !account.is_empty() => ACCOUNT,
        ("s3", _) => kind("AWS::S3::Bucket", "AwsS3Bucket"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const ACCOUNTS: (&str, &str) = ("AWS::Organizations::Account", "AwsAccount");

    #[rustfmt::skip]
    const KINDS: &[(&str, (&str, &str))] = &[
        ("arn:aws:ec2:eu-west-1:111122223333:volume/vol-1", ("AWS::EC2::Volume", "AwsEc2Volume")),
        ("arn:aws:ec2:eu-west-1::snapshot/snap-1", ("AWS::EC2::Snapshot", "Other")),
        ("arn:aws:ec2:eu-west-1::image/ami-1", ("AWS::EC2::Image", "Other")),
        ("arn:aws-cn:ec2:cn-north-1:111122223333:instance/i-1", ("AWS::EC2::Instance", "AwsEc2Instance")),
        ("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1", ("AWS::EC2::SecurityGroup", "AwsEc2SecurityGroup")),
        ("arn:aws:ec2:eu-west-1:111122223333:network-acl/acl-1", ("AWS::EC2::NetworkAcl", "AwsEc2NetworkAcl")),
        ("arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1", ("AWS::EC2::VPC", "AwsEc2Vpc")),
        ("arn:aws:ec2:eu-west-1:111122223333:route-table/rtb-1", ("AWS::EC2::RouteTable", "AwsEc2RouteTable")),
        ("arn:aws:ec2:eu-west-1:111122223333:account", ACCOUNTS),
        ("arn:aws:iam::111122223333:user/path/name", ("AWS::IAM::User", "AwsIamUser")),
        ("arn:aws:iam::111122223333:root", ACCOUNTS),
        ("arn:aws:iam::111122223333:policy/path/name", ("AWS::IAM::ManagedPolicy", "AwsIamPolicy")),
        ("arn:aws:iam::aws:policy/AWSCloudShellFullAccess", ("AWS::IAM::ManagedPolicy", "AwsIamPolicy")),
        ("arn:aws:iam::111122223333:server-certificate/path/name", ("AWS::IAM::ServerCertificate", "Other")),
        ("arn:aws:s3:::logs", ("AWS::S3::Bucket", "AwsS3Bucket")),
        ("arn:aws:s3:::account", ("AWS::S3::Bucket", "AwsS3Bucket")),
        ("arn:aws:s3::111122223333:account", ACCOUNTS),
    ];

    #[test]
    fn arns_have_a_kind_and_those_of_other_services_have_none() {
        let known = |arn| kind_of(arn).map(|kind| (kind.cloudformation, kind.asff));
        for (arn, expected) in KINDS {
            assert_eq!(known(arn), Some(*expected), "{arn}");
        }
        for arn in ["", "arn", "arn:aws:rds:eu-west-1:111122223333:db:x"] {
            assert_eq!(known(arn), None, "{arn}");
        }
    }

    /// What checks make the ARNs of EC2's resources of, as their sources have it.
    fn nouns() -> BTreeSet<String> {
        let folder = orgscan_core::testing::repository().join("src/core/checks");
        let mut nouns = BTreeSet::new();
        for file in std::fs::read_dir(folder).unwrap() {
            let Ok(text) = std::fs::read_to_string(file.unwrap().path()) else {
                continue;
            };
            let calls = text.split("arn::ec2").skip(1);
            let within = calls.filter_map(|call| call.split(')').next());
            nouns.extend(within.filter_map(|call| Some(call.split('"').nth(1)?.to_owned())));
        }
        nouns
    }

    #[test]
    fn whatever_a_check_names_in_ec2_has_a_kind() {
        let nouns = nouns();
        assert!(nouns.len() >= 8, "{nouns:?}");
        for noun in nouns {
            let arn = format!("arn:aws:ec2:eu-west-1:111122223333:{noun}/x-1");
            assert!(kind_of(&arn).is_some(), "{noun} has no kind here");
        }
    }
}

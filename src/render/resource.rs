//! What kind of resource an ARN names, as other systems call it.

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct ResourceKind {
    /// As CloudFormation calls it.
    pub(super) cloudformation: &'static str,
    /// As Security Hub calls it.
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

/// An account, where nothing else is to be named.
pub(super) const ACCOUNT: ResourceKind = kind("AWS::Organizations::Account", "AwsAccount");

/// The kind of an ARN; none where it is not known here.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
pub(super) fn kind_of(arn: &str) -> Option<ResourceKind> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let service = parts.next()?;
    let resource = parts.nth(2)?;
    let noun = resource.split(['/', ':']).next().unwrap_or_default();
    Some(match (service, noun) {
        ("ec2", "volume") => kind("AWS::EC2::Volume", "AwsEc2Volume"),
        ("ec2", "instance") => kind("AWS::EC2::Instance", "AwsEc2Instance"),
        ("ec2", "security-group") => kind("AWS::EC2::SecurityGroup", "AwsEc2SecurityGroup"),
        ("iam", "user") => kind("AWS::IAM::User", "AwsIamUser"),
        ("s3", _) => kind("AWS::S3::Bucket", "AwsS3Bucket"),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arns_of_all_checks_have_a_kind_and_others_have_none() {
        let known = |arn| kind_of(arn).map(|kind| (kind.cloudformation, kind.asff));
        for (arn, expected) in [
            (
                "arn:aws:ec2:eu-west-1:111122223333:volume/vol-1",
                ("AWS::EC2::Volume", "AwsEc2Volume"),
            ),
            (
                "arn:aws-cn:ec2:cn-north-1:111122223333:instance/i-1",
                ("AWS::EC2::Instance", "AwsEc2Instance"),
            ),
            (
                "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
                ("AWS::EC2::SecurityGroup", "AwsEc2SecurityGroup"),
            ),
            (
                "arn:aws:iam::111122223333:user/path/name",
                ("AWS::IAM::User", "AwsIamUser"),
            ),
            ("arn:aws:s3:::logs", ("AWS::S3::Bucket", "AwsS3Bucket")),
        ] {
            assert_eq!(known(arn), Some(expected), "{arn}");
        }
        for arn in ["", "arn", "arn:aws:rds:eu-west-1:111122223333:db:x"] {
            assert_eq!(known(arn), None, "{arn}");
        }
    }
}

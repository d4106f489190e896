//! What kind of resource an ARN names, as other systems call it.

use super::SERVICES;

/// A kind of resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ResourceKind {
    /// What its ARN begins with after the account: `volume`, or more of the path, `loadbalancer/app`. Empty where it is
    /// the name alone, as for buckets.
    noun: &'static str,
    /// As CloudFormation calls it, or would: it makes neither snapshots nor images.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-template-resource-type-ref.html>
    pub cloudformation: &'static str,
    /// As Security Hub calls it, or `Other`, which is its word for what it has no name for.
    ///
    /// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/asff-resources.html>
    pub asff: &'static str,
}

/// A kind of resource by the noun in its ARN, CloudFormation's type and Security Hub's.
pub(super) const fn kind(
    noun: &'static str,
    cloudformation: &'static str,
    asff: &'static str,
) -> ResourceKind {
    ResourceKind {
        noun,
        cloudformation,
        asff,
    }
}

/// What Security Hub has no name for.
pub const OTHER: &str = "Other";

/// An account, where nothing else is to be named: its settings, and what IAM keeps once for it.
pub const ACCOUNT: ResourceKind = kind("account", "AWS::Organizations::Account", "AwsAccount");

/// The kind of an ARN; none where it is not known here.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>
pub fn kind_of(arn: &str) -> Option<ResourceKind> {
    let mut parts = arn.splitn(6, ':').skip(2);
    let name = parts.next()?;
    let account = parts.nth(1)?;
    let resource = parts.next()?;
    let noun = resource.split(['/', ':']).next().unwrap_or_default();
    let service = SERVICES.iter().find(|service| service.name == name)?;
    // A bucket's ARN has no account, and the bucket may be named `account`.
    let is_account =
        !account.is_empty() && resource == "account" || (name, noun) == ("iam", "root");
    if is_account {
        return Some(ACCOUNT);
    }
    let has = |wanted: &str| service.resources.iter().find(|kind| kind.noun == wanted);
    let is_below = |path: &str| {
        let rest = resource.strip_prefix(path);
        path.contains('/') && rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let mut paths = service.resources.iter();
    let path = paths.find(|kind| is_below(kind.noun));
    path.or_else(|| has(noun)).or_else(|| has("")).copied()
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
        ("arn:aws:rds:eu-west-1:111122223333:db:orders", ("AWS::RDS::DBInstance", "AwsRdsDbInstance")),
        ("arn:aws:rds:eu-west-1:111122223333:snapshot:rds:orders-1", ("AWS::RDS::DBSnapshot", "AwsRdsDbSnapshot")),
        ("arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:ledger-1", ("AWS::RDS::DBClusterSnapshot", "AwsRdsDbClusterSnapshot")),
        ("arn:aws:elasticfilesystem:eu-west-1:111122223333:file-system/fs-1", ("AWS::EFS::FileSystem", "Other")),
        ("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/shop/1", ("AWS::ElasticLoadBalancingV2::LoadBalancer", "AwsElbv2LoadBalancer")),
        ("arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app", ("AWS::ElasticLoadBalancing::LoadBalancer", "AwsElbLoadBalancer")),
        ("arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod", ("AWS::ApiGateway::Stage", "AwsApiGatewayStage")),
        ("arn:aws:apigateway:eu-west-1::/apis/a1/stages/prod", ("AWS::ApiGatewayV2::Stage", "AwsApiGatewayV2Stage")),
        ("arn:aws:apigateway:eu-west-1::/domainnames/api.example.com", ("AWS::ApiGateway::DomainName", "Other")),
        ("arn:aws:cloudfront::111122223333:distribution/E1", ("AWS::CloudFront::Distribution", "AwsCloudFrontDistribution")),
        ("arn:aws:lambda:eu-west-1:111122223333:function:orders", ("AWS::Lambda::Function", "AwsLambdaFunction")),
        ("arn:aws:sqs:eu-west-1:111122223333:orders", ("AWS::SQS::Queue", "AwsSqsQueue")),
        ("arn:aws:sns:eu-west-1:111122223333:orders", ("AWS::SNS::Topic", "AwsSnsTopic")),
        ("arn:aws:events:eu-west-1:111122223333:event-bus/orders", ("AWS::Events::EventBus", "AwsEventsEventbus")),
        ("arn:aws:ecr:eu-west-1:111122223333:repository/shop/orders", ("AWS::ECR::Repository", "AwsEcrRepository")),
        ("arn:aws:es:eu-west-1:111122223333:domain/orders", ("AWS::OpenSearchService::Domain", "AwsOpenSearchServiceDomain")),
        ("arn:aws:secretsmanager:eu-west-1:111122223333:secret:shop/orders-a1b2c3", ("AWS::SecretsManager::Secret", "AwsSecretsManagerSecret")),
        ("arn:aws:backup:eu-west-1:111122223333:backup-vault:aws/efs/automatic-backup-vault", ("AWS::Backup::BackupVault", "AwsBackupBackupVault")),
        ("arn:aws:glacier:eu-west-1:111122223333:vaults/orders", ("AWS::Glacier::Vault", "Other")),
        ("arn:aws:logs:eu-west-1:111122223333:account", ACCOUNTS),
        ("arn:aws:kms:eu-west-1:111122223333:key/mrk-1", ("AWS::KMS::Key", "AwsKmsKey")),
        ("arn:aws:cloudtrail:eu-west-1:111122223333:trail/all-regions", ("AWS::CloudTrail::Trail", "AwsCloudTrailTrail")),
        ("arn:aws:cloudtrail::111122223333:account", ACCOUNTS),
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
        for arn in [
            "",
            "arn",
            "arn:aws:states:eu-west-1:111122223333:stateMachine:x",
        ] {
            assert_eq!(known(arn), None, "{arn}");
        }
    }

    /// The nouns that the checks of a service make ARNs with, as their sources have it.
    fn nouns(service: &str) -> BTreeSet<String> {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
        let mut nouns = BTreeSet::new();
        let files = folder.join(service).join("checks").read_dir();
        for file in files.into_iter().flatten() {
            let Ok(text) = std::fs::read_to_string(file.unwrap().path()) else {
                continue;
            };
            let call = format!("arn::{service}");
            let calls = text.split(&call).skip(1);
            let within = calls.filter_map(|call| call.split(')').next());
            nouns.extend(within.filter_map(|call| Some(call.split('"').nth(1)?.to_owned())));
        }
        nouns
    }

    #[test]
    fn every_resource_of_a_check_has_a_kind() {
        assert!(nouns("ec2").len() >= 8);
        for service in SERVICES {
            for noun in nouns(service.name) {
                let arn = format!("arn:aws:{}:eu-west-1:111122223333:{noun}/x", service.name);
                assert!(kind_of(&arn).is_some(), "{arn} has no kind");
            }
        }
    }
}

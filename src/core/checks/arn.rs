//! ARNs of the resources that AWS names by id only.

use super::Context;
use crate::model::{Arn, Region};

/// The ARN of an EC2 resource: `arn:aws:ec2:eu-west-1:111122223333:volume/vol-0123`.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>
pub(crate) fn ec2(context: &Context<'_>, region: &Region, kind: &str, id: &str) -> Arn {
    Arn::new(
        context.partition,
        "ec2",
        region.as_str(),
        context.account.as_str(),
        &format!("{kind}/{id}"),
    )
}

/// The ARN of an EC2 resource that can be shared with other accounts, which has no account in it:
/// `arn:aws:ec2:eu-west-1::snapshot/snap-0123`.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonec2.html>
pub(crate) fn ec2_shared(context: &Context<'_>, region: &Region, kind: &str, id: &str) -> Arn {
    Arn::new(
        context.partition,
        "ec2",
        region.as_str(),
        "",
        &format!("{kind}/{id}"),
    )
}

/// What stands for the settings of an account in a Region, which have no ARN of their own:
/// `arn:aws:ec2:eu-west-1:111122223333:account`.
pub(crate) fn ec2_settings(context: &Context<'_>, region: &Region) -> Arn {
    Arn::new(
        context.partition,
        "ec2",
        region.as_str(),
        context.account.as_str(),
        "account",
    )
}

/// The ARN of an RDS resource: `arn:aws:rds:eu-west-1:111122223333:db:orders`.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazonrds.html>
pub(crate) fn rds(context: &Context<'_>, region: &Region, kind: &str, id: &str) -> Arn {
    Arn::new(
        context.partition,
        "rds",
        region.as_str(),
        context.account.as_str(),
        &format!("{kind}:{id}"),
    )
}

/// The ARN of a Classic Load Balancer: `arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/shop`.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awselasticloadbalancing.html>
pub(crate) fn classic_load_balancer(context: &Context<'_>, region: &Region, name: &str) -> Arn {
    Arn::new(
        context.partition,
        "elasticloadbalancing",
        region.as_str(),
        context.account.as_str(),
        &format!("loadbalancer/{name}"),
    )
}

/// The ARN of a stage of API Gateway, which has no account: `arn:aws:apigateway:eu-west-1::/restapis/a1b2c3/stages/prod`.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html>
pub(crate) fn stage(
    context: &Context<'_>,
    region: &Region,
    apis: &str,
    api: &str,
    stage: &str,
) -> Arn {
    Arn::new(
        context.partition,
        "apigateway",
        region.as_str(),
        "",
        &format!("/{apis}/{api}/stages/{stage}"),
    )
}

/// The ARN of a custom domain name of API Gateway that is not private: `arn:aws:apigateway:eu-west-1::/domainnames/example.com`.
///
/// Source: <https://docs.aws.amazon.com/apigateway/latest/developerguide/arn-format-reference.html>
pub(crate) fn domain_name(context: &Context<'_>, region: &Region, name: &str) -> Arn {
    Arn::new(
        context.partition,
        "apigateway",
        region.as_str(),
        "",
        &format!("/domainnames/{name}"),
    )
}

/// The ARN of an S3 general purpose bucket, which has neither Region nor account: `arn:aws:s3:::logs`.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html>
pub(crate) fn bucket(context: &Context<'_>, name: &str) -> Arn {
    Arn::new(context.partition, "s3", "", "", name)
}

/// What stands for S3's settings of an account as a whole: `arn:aws:s3::111122223333:account`.
pub(crate) fn s3_account(context: &Context<'_>) -> Arn {
    Arn::new(
        context.partition,
        "s3",
        "",
        context.account.as_str(),
        "account",
    )
}

/// What stands for all that CloudTrail logs of an account: `arn:aws:cloudtrail::111122223333:account`.
pub(crate) fn cloudtrail_account(context: &Context<'_>) -> Arn {
    Arn::new(
        context.partition,
        "cloudtrail",
        "",
        context.account.as_str(),
        "account",
    )
}

/// The ARN of an account's root user, which stands for what IAM keeps once for the account:
/// `arn:aws:iam::111122223333:root`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
pub(crate) fn root(context: &Context<'_>) -> Arn {
    Arn::new(
        context.partition,
        "iam",
        "",
        context.account.as_str(),
        "root",
    )
}

/// The ARN of an account, in Account Management: `arn:aws:account::111122223333:account`.
///
/// Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsaccountmanagement.html>
pub(crate) fn account(context: &Context<'_>) -> Arn {
    let account = context.account.as_str();
    Arn::new(context.partition, "account", "", account, "account")
}

/// What stands for AWS Config in a Region of an account, or in the account as a whole if there is no Region:
/// `arn:aws:config:eu-west-1:111122223333:account`. It is the same with a recorder and without.
pub(crate) fn config_settings(context: &Context<'_>, region: Option<&Region>) -> Arn {
    let region = region.map_or("", Region::as_str);
    let account = context.account.as_str();
    Arn::new(context.partition, "config", region, account, "account")
}

/// What stands for a service in a Region of an account: `arn:aws:guardduty:eu-west-1:111122223333:account`. It is the
/// same if the service is on and if it is off.
pub(crate) fn service_settings(context: &Context<'_>, service: &str, region: &Region) -> Arn {
    let account = context.account.as_str();
    Arn::new(
        context.partition,
        service,
        region.as_str(),
        account,
        "account",
    )
}

/// The ARN of a policy that AWS keeps: `arn:aws:iam::aws:policy/AWSSupportAccess`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
pub(crate) fn aws_policy(context: &Context<'_>, name: &str) -> Arn {
    Arn::aws_policy(context.partition, name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::AccountId;

    #[test]
    fn arns_carry_the_partition() {
        let account: AccountId = "111122223333".parse().unwrap();
        let context = Context {
            account: &account,
            partition: "aws-us-gov",
            now: jiff::Timestamp::UNIX_EPOCH,
            is_central: false,
            sensitive_ports: &[],
            monitoring: &crate::model::Monitoring::default(),
        };
        assert_eq!(
            ec2(&context, &Region::new("us-gov-east-1"), "volume", "vol-1"),
            "arn:aws-us-gov:ec2:us-gov-east-1:111122223333:volume/vol-1"
        );
        assert_eq!(
            ec2_settings(&context, &Region::new("us-gov-east-1")),
            "arn:aws-us-gov:ec2:us-gov-east-1:111122223333:account"
        );
        assert_eq!(
            ec2_shared(
                &context,
                &Region::new("us-gov-east-1"),
                "snapshot",
                "snap-1"
            ),
            "arn:aws-us-gov:ec2:us-gov-east-1::snapshot/snap-1"
        );
        assert_eq!(
            rds(&context, &Region::new("us-gov-east-1"), "db", "orders"),
            "arn:aws-us-gov:rds:us-gov-east-1:111122223333:db:orders"
        );
        assert_eq!(bucket(&context, "logs"), "arn:aws-us-gov:s3:::logs");
        assert_eq!(
            s3_account(&context),
            "arn:aws-us-gov:s3::111122223333:account"
        );
        assert_eq!(
            cloudtrail_account(&context),
            "arn:aws-us-gov:cloudtrail::111122223333:account"
        );
        assert_eq!(root(&context), "arn:aws-us-gov:iam::111122223333:root");
        let region = Region::new("us-gov-east-1");
        assert_eq!(
            super::account(&context),
            "arn:aws-us-gov:account::111122223333:account"
        );
        assert_eq!(
            config_settings(&context, Some(&region)),
            "arn:aws-us-gov:config:us-gov-east-1:111122223333:account"
        );
        assert_eq!(
            service_settings(&context, "guardduty", &region),
            "arn:aws-us-gov:guardduty:us-gov-east-1:111122223333:account"
        );
        assert_eq!(
            config_settings(&context, None),
            "arn:aws-us-gov:config::111122223333:account"
        );
        assert_eq!(
            aws_policy(&context, "AWSSupportAccess"),
            "arn:aws-us-gov:iam::aws:policy/AWSSupportAccess"
        );
    }
}

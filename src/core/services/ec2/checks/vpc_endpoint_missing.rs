//! VPCs in use that reach S3 without an endpoint.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Items, Region, RuleResult, Severity};
use crate::services::ec2::{InterfaceUse, Vpc, VpcEndpoint, VpcEndpoints, Vpcs};

pub(super) const CHECK: Check = Check {
    id: "vpc-endpoint-missing",
    title: "VPC has no endpoint for Amazon S3",
    category: Category::NetworkSecurity,
    severity: Severity::Low,
    why: "Without an endpoint, resources in the VPC reach S3 through a NAT gateway or an internet gateway. \
          They then need a route to the internet, and no endpoint policy can limit the buckets that they \
          use. A gateway endpoint for S3 is free. A missing endpoint exposes nothing, so the severity is \
          low. A gateway endpoint without a route table carries no traffic and does not count. The check \
          skips VPCs without network interfaces.",
    fix: &[
        "Run the command. It lists the VPC's route tables.",
        "Create a gateway endpoint for S3 and select the route tables of the subnets that use S3. In the \
         console: VPC, Endpoints, Create endpoint. With the CLI: `aws ec2 create-vpc-endpoint`.",
        "Attach an endpoint policy that allows only the buckets that you need.",
        "Consider endpoints for other AWS services that the VPC uses.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-0123456789abcdef0",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        // The endpoint carries nothing without route tables, and which it serves is a choice: these there are.
        let describe = "ec2 describe-route-tables --query 'RouteTables[].RouteTableId'";
        let filter = format!("Name=vpc-id,Values={}", failed.name());
        remediation::regional(describe, failed, ("filters", &filter))
    },
    controls: &[covers("cis-7.0", "6.8")],
    prowler: Counterparts::none("Prowler requires an endpoint of EC2 and the check here one of S3"),
    parameters: Parameters::None,
    needs: &[Vpcs::SPEC, VpcEndpoints::SPEC, InterfaceUse::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let (vpcs, endpoints) = (facts.get::<Vpcs>()?, facts.get::<VpcEndpoints>()?);
    let interfaces = facts.get::<InterfaceUse>()?;
    let mut result = RuleResult {
        gaps: vpcs.gaps.clone(),
        ..RuleResult::default()
    };
    for vpc in vpcs {
        if !result.is_own(&vpc.owner) {
            continue;
        }
        match interfaces.has_vpc(&vpc.id) {
            Ok(false) => {}
            Ok(true) => result.add(has_s3(vpc, endpoints).map(|has| {
                let resource = arn::ec2(context, region, "vpc", &vpc.id);
                (!has).then(|| CHECK.violation(resource, message(vpc, endpoints)))
            })),
            // Whether something is in the VPC does not matter to one that has an endpoint.
            Err(gap) => match has_s3(vpc, endpoints) {
                Ok(true) => {}
                Ok(false) | Err(_) => result.gaps.push(gap),
            },
        }
    }
    Ok(result)
}

fn of<'a>(vpc: &Vpc, endpoints: &'a Items<VpcEndpoint>) -> impl Iterator<Item = &'a VpcEndpoint> {
    endpoints.iter().filter(move |one| one.vpc == vpc.id)
}

/// Of either type: `com.amazonaws.eu-west-1.s3`, and in China `cn.com.amazonaws.cn-north-1.s3`.
fn is_s3(endpoint: &VpcEndpoint) -> bool {
    endpoint.service.ends_with(".s3")
}

/// Whether a VPC has an endpoint for S3.
///
/// # Errors
/// The gap of an endpoint that could not be read and may be one, where no other is.
fn has_s3(vpc: &Vpc, endpoints: &Items<VpcEndpoint>) -> Result<bool, Gap> {
    let mut own = of(vpc, endpoints);
    match own.any(|endpoint| is_s3(endpoint) && !endpoint.unrouted) {
        true => Ok(true),
        false => endpoints
            .unread(&vpc.id)
            .map_or(Ok(false), |gap| Err(gap.clone())),
    }
}

fn message(vpc: &Vpc, endpoints: &Items<VpcEndpoint>) -> String {
    let has = match of(vpc, endpoints).count() {
        0 => "no VPC endpoint",
        _ if of(vpc, endpoints).any(is_s3) => "an S3 endpoint that no route table uses",
        _ => "endpoints, but none for S3",
    };
    format!("VPC {} has {has}", vpc.id)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Owner, Reading};

    fn facts(endpoints: &[(&str, &str)]) -> FactStore {
        let vpc = |id: &str| Vpc {
            id: id.into(),
            owner: Owner::Own,
            is_default: false,
        };
        let endpoints = endpoints.iter().map(|(vpc, service)| VpcEndpoint {
            vpc: (*vpc).to_owned(),
            service: (*service).to_owned(),
            unrouted: false,
        });
        let used = InterfaceUse {
            vpcs: ["vpc-1".to_owned()].into(),
            ..InterfaceUse::default()
        };
        FactStore::default()
            .with::<Vpcs>(Reading::known(vec![vpc("vpc-1"), vpc("vpc-2")].into()))
            .with::<VpcEndpoints>(Reading::known(endpoints.collect::<Vec<_>>().into()))
            .with::<InterfaceUse>(Reading::known(used))
    }

    #[test]
    fn vpcs_in_use_need_an_endpoint_for_s3() {
        let s3 = "com.amazonaws.eu-west-1.s3";
        let sqs = "com.amazonaws.eu-west-1.sqs";
        for (endpoints, problem) in [
            (&[("vpc-1", s3)][..], None),
            (&[("vpc-1", sqs), ("vpc-1", s3)], None),
            (&[("vpc-2", s3)], Some("VPC vpc-1 has no VPC endpoint")),
            (
                &[("vpc-1", sqs)],
                Some("VPC vpc-1 has endpoints, but none for S3"),
            ),
            (
                &[("vpc-1", "com.amazonaws.eu-west-1.s3express")],
                Some("VPC vpc-1 has endpoints, but none for S3"),
            ),
        ] {
            let result = evaluate_region(&CHECK, &facts(endpoints)).unwrap();
            assert_eq!(result.resources_evaluated, 1);
            let found = result.violations.first();
            assert_eq!(found.map(|v| v.message.as_str()), problem);
        }
    }

    #[test]
    fn an_endpoint_that_no_route_table_leads_to_does_not_count() {
        let endpoint = |unrouted| VpcEndpoint {
            vpc: "vpc-1".into(),
            service: "com.amazonaws.eu-west-1.s3".into(),
            unrouted,
        };
        let evaluated = |endpoints: Vec<VpcEndpoint>| {
            let facts = facts(&[]).with::<VpcEndpoints>(Reading::known(endpoints.into()));
            evaluate_region(&CHECK, &facts).unwrap().violations
        };
        assert_eq!(
            evaluated(vec![endpoint(true)])[0].message,
            "VPC vpc-1 has an S3 endpoint that no route table uses"
        );
        assert!(evaluated(vec![endpoint(true), endpoint(false)]).is_empty());
    }

    #[test]
    fn the_first_step_shows_the_route_tables_to_name() {
        let failed = remediation::FailedResource {
            account: "111122223333",
            region: "eu-west-1",
            resource: "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-1",
            part: "",
        };
        assert_eq!(
            (CHECK.remediation)(&failed).unwrap(),
            "aws ec2 describe-route-tables --query 'RouteTables[].RouteTableId' \
             --filters Name=vpc-id,Values=vpc-1 --region eu-west-1"
        );
    }

    #[test]
    fn what_could_not_be_read_is_a_gap() {
        let read = || facts(&[]);
        for (facts, action) in [
            (
                read().with::<Vpcs>(missing("ec2:DescribeVpcs")),
                "ec2:DescribeVpcs",
            ),
            (
                read().with::<VpcEndpoints>(missing("ec2:DescribeVpcEndpoints")),
                "ec2:DescribeVpcEndpoints",
            ),
            (
                read().with::<InterfaceUse>(missing("ec2:DescribeNetworkInterfaces")),
                "ec2:DescribeNetworkInterfaces",
            ),
        ] {
            assert_eq!(evaluate_region(&CHECK, &facts).unwrap_err(), denied(action));
        }
    }

    #[test]
    fn what_an_unread_endpoint_or_interface_may_change_is_a_gap() {
        let lacks = |of: &str| Gap::lacks("ec2:DescribeVpcEndpoints", of, "serviceName");
        let s3 = [("vpc-1", "com.amazonaws.eu-west-1.s3")];
        let evaluated = |endpoints: &[(&str, &str)], gap: &Gap, in_any: bool| {
            let mut facts = facts(endpoints);
            let mut read = facts.get::<VpcEndpoints>().unwrap().clone();
            read.gaps.push(gap.clone());
            facts.put::<VpcEndpoints>(Reading::known(read));
            let mut used = facts.get::<InterfaceUse>().unwrap().clone();
            used.unread_vpc = in_any.then(|| Gap::lacks("x", "eni-1", "vpcId"));
            facts.put::<InterfaceUse>(Reading::known(used));
            evaluate_region(&CHECK, &facts).unwrap()
        };
        let result = evaluated(&[], &lacks("vpc-1"), false);
        assert_eq!(result.gaps, [lacks("vpc-1")]);
        assert!(result.violations.is_empty());
        let result = evaluated(&[], &lacks("vpc-2"), false);
        assert_eq!((result.violations.len(), result.gaps.len()), (1, 0));
        assert_eq!(evaluated(&s3, &lacks(""), false).resources_evaluated, 1);
        // Something may be in the second VPC, which has no endpoint.
        let result = evaluated(&s3, &lacks("vpc-1"), true);
        assert_eq!((result.resources_evaluated, result.gaps.len()), (1, 1));
        assert_eq!(result.gaps[0].resource, "eni-1");
    }
}

//! VPCs without flow logs.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Items, Region, RuleResult, Severity};
use crate::services::ec2::{FlowLog, FlowLogs, InterfaceUse, Vpc, Vpcs};

pub(super) const CHECK: Check = Check {
    id: "vpc-flow-logs-off",
    title: "VPC has no flow log",
    category: Category::Logging,
    severity: Severity::Medium,
    why: "Flow logs record which addresses communicate with each other. Without them, an investigation \
          cannot tell what an intruder accessed or copied. They also show rejected traffic, such as scans, or \
          compromised instances that try to connect out. So a log of accepted traffic only is a finding; a \
          log of rejected traffic only passes, as in CIS. The severity is low if the VPC has no network \
          interfaces.",
    fix: &[
        "If the finding says that delivery fails, read the reason with `aws ec2 describe-flow-logs` and \
         correct it. In that case, skip the remaining steps.",
        "If the VPC is a default VPC that nobody uses, delete it in the VPC console instead. This also \
         deletes its subnets and its internet gateway.",
        "Choose the S3 bucket for the logs. Set `LOG_BUCKET_ARN` to its ARN. A bucket of another account \
         needs a policy that allows `delivery.logs.amazonaws.com` to write.",
        "Run the command. The console has the same function: VPC, Your VPCs, Actions, Create flow log. \
         Select the filter All.",
        "If the finding says that only accepted traffic is logged, delete the old flow log with \
         `aws ec2 delete-flow-logs`. A flow log cannot be changed.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:ec2:eu-west-1:111122223333:vpc/vpc-0123456789abcdef0",
        "",
    ),
    by_default: false,
    remediation: |failed| {
        let create = "ec2 create-flow-logs --resource-type VPC --traffic-type ALL \
                      --log-destination-type s3 --log-destination \"$LOG_BUCKET_ARN\"";
        remediation::regional(create, failed, ("resource-ids", failed.name()))
    },
    controls: &[
        covers("cis-7.0", "4.7"),
        covers("cis-5.0", "3.7"),
        covers("aws-fsbp", "EC2.6"),
    ],
    prowler: Counterparts::per_resource(&[same("vpc_flow_logs_enabled")]),
    parameters: Parameters::None,
    needs: &[Vpcs::SPEC, FlowLogs::SPEC, InterfaceUse::SPEC],
    rule: Rule::Region(evaluate),
};

fn evaluate(facts: &Facts<'_>, region: &Region, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let (vpcs, logs) = (facts.get::<Vpcs>()?, facts.get::<FlowLogs>()?);
    let mut result = RuleResult {
        gaps: vpcs.gaps.clone(),
        ..RuleResult::default()
    };
    for vpc in vpcs {
        if !result.is_own(&vpc.owner) {
            continue;
        }
        result.add(objection(vpc, logs).map(|objection| {
            let objection = objection?;
            let kind = if vpc.is_default { "Default VPC" } else { "VPC" };
            let message = format!("{kind} {} {objection}", vpc.id);
            let resource = arn::ec2(context, region, "vpc", &vpc.id);
            Some(match is_empty(vpc, facts) {
                true => CHECK
                    .violation(resource, format!("{message}; it has no network interfaces"))
                    .with_severity(Severity::Low),
                false => CHECK.violation(resource, message),
            })
        }));
    }
    Ok(result)
}

/// What is wrong with a VPC's logs; nothing where one of them has what is rejected and gets through. Logs
/// of subnets or interfaces leave out what is added to the VPC later, and do not count.
///
/// # Errors
/// The gap of a log that could not be read and may be one that serves, where no other does.
fn objection(vpc: &Vpc, logs: &Items<FlowLog>) -> Result<Option<&'static str>, Gap> {
    let own = || logs.iter().filter(|log| log.resource == vpc.id);
    if own().any(|log| !log.accepted_only && !log.fails) {
        return Ok(None);
    }
    if let Some(gap) = logs.unread(&vpc.id) {
        return Err(gap.clone());
    }
    Ok(Some(if own().any(|log| !log.accepted_only) {
        "has flow logs whose delivery fails"
    } else if own().next().is_some() {
        "logs only accepted traffic"
    } else {
        "has no flow log"
    }))
}

/// Whether it is known that nothing is in a VPC.
fn is_empty(vpc: &Vpc, facts: &Facts<'_>) -> bool {
    let used = facts.get::<InterfaceUse>();
    used.and_then(|used| used.has_vpc(&vpc.id)) == Ok(false)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_region, missing};
    use crate::facts::FactStore;
    use crate::model::{Owner, Reading};

    fn log(resource: &str, accepted_only: bool, fails: bool) -> FlowLog {
        FlowLog {
            resource: resource.into(),
            accepted_only,
            fails,
            bucket: Reading::known(None),
        }
    }

    fn facts(logs: Vec<FlowLog>) -> FactStore {
        let used = InterfaceUse {
            vpcs: ["vpc-1".to_owned()].into(),
            ..InterfaceUse::default()
        };
        let vpc = |id: &str, is_default| Vpc {
            id: id.into(),
            owner: Owner::Own,
            is_default,
        };
        FactStore::default()
            .with::<Vpcs>(Reading::known(
                vec![vpc("vpc-1", false), vpc("vpc-2", true)].into(),
            ))
            .with::<FlowLogs>(Reading::known(logs.into()))
            .with::<InterfaceUse>(Reading::known(used))
    }

    fn messages(logs: Vec<FlowLog>) -> Vec<String> {
        let result = evaluate_region(&CHECK, &facts(logs)).unwrap();
        assert_eq!(result.resources_evaluated, 2);
        let violations = result.violations.into_iter();
        violations.map(|violation| violation.message).collect()
    }

    #[test]
    fn vpcs_whose_log_has_what_is_rejected_pass() {
        let logs = vec![log("vpc-1", false, false), log("vpc-2", false, false)];
        assert!(messages(logs).is_empty());
    }

    #[test]
    fn logs_of_something_else_or_of_half_the_traffic_or_lost_ones_do_not_count() {
        let second = log("vpc-2", false, false);
        for (logs, problem) in [
            (vec![second.clone()], "VPC vpc-1 has no flow log"),
            (
                vec![log("subnet-1", false, false), second.clone()],
                "VPC vpc-1 has no flow log",
            ),
            (
                vec![log("vpc-1", true, false), second.clone()],
                "VPC vpc-1 logs only accepted traffic",
            ),
            (
                vec![log("vpc-1", false, true), second.clone()],
                "VPC vpc-1 has flow logs whose delivery fails",
            ),
        ] {
            assert_eq!(messages(logs), [problem]);
        }
        // One that serves is enough.
        let several = vec![log("vpc-1", true, true), log("vpc-1", false, false), second];
        assert!(messages(several).is_empty());
    }

    #[test]
    fn it_is_milder_where_nothing_is_in_the_vpc() {
        let result = evaluate_region(&CHECK, &facts(vec![])).unwrap();
        let found: Vec<_> = result.violations.iter().map(|v| v.severity).collect();
        assert_eq!(found, [Severity::Medium, Severity::Low]);
        assert_eq!(
            result.violations[1].message,
            "Default VPC vpc-2 has no flow log; it has no network interfaces"
        );
        let unread = facts(vec![]).with::<InterfaceUse>(missing("ec2:DescribeNetworkInterfaces"));
        let result = evaluate_region(&CHECK, &unread).unwrap();
        assert!(result.gaps.is_empty());
        assert_eq!(result.violations[1].severity, Severity::Medium);
    }

    #[test]
    fn what_could_not_be_read_is_a_gap() {
        let facts = facts(vec![]).with::<FlowLogs>(missing("ec2:DescribeFlowLogs"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeFlowLogs"));
        let facts = facts.with::<Vpcs>(missing("ec2:DescribeVpcs"));
        let gap = evaluate_region(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("ec2:DescribeVpcs"));
    }

    #[test]
    fn a_log_that_could_not_be_read_matters_to_the_vpc_that_it_may_be_of_alone() {
        let lacks = |of: &str| Gap::lacks("ec2:DescribeFlowLogs", of, "trafficType");
        let evaluated = |logs: Vec<FlowLog>, gap: Gap| {
            let mut facts = facts(vec![]);
            let mut logs: Items<FlowLog> = logs.into();
            logs.gaps.push(gap);
            facts.put::<FlowLogs>(Reading::known(logs));
            evaluate_region(&CHECK, &facts).unwrap()
        };
        let result = evaluated(vec![], lacks("vpc-1"));
        assert_eq!(result.gaps, [lacks("vpc-1")]);
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 1)
        );
        // Another log serves, or it is of something else.
        let serves = vec![log("vpc-1", false, false)];
        assert!(evaluated(serves.clone(), lacks("vpc-1")).gaps.is_empty());
        assert!(evaluated(serves.clone(), lacks("subnet-1")).gaps.is_empty());
        // One that does not say what it logs may log the second VPC.
        let result = evaluated(serves, lacks(""));
        assert_eq!((result.resources_evaluated, result.gaps.len()), (1, 1));
    }

    #[test]
    fn a_vpc_of_another_account_is_counted_and_not_evaluated() {
        let mut facts = facts(vec![]);
        let Ok(vpcs) = facts.get::<Vpcs>() else {
            panic!()
        };
        let mut vpcs = vpcs.clone();
        vpcs.known[0].owner = Owner::Other("444455556666".into());
        facts.put::<Vpcs>(Reading::known(vpcs));
        let result = evaluate_region(&CHECK, &facts).unwrap();
        assert_eq!((result.resources_evaluated, result.other_accounts), (1, 1));
        assert_eq!(result.violations.len(), 1);
    }
}

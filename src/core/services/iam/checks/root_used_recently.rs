//! Use of the root user.

use super::credentials;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Region, RuleResult, Severity, Violation};
use crate::services::iam::{LastUsed, Users};

/// Days in which nobody should have been root. The benchmark names none; a month is what a person looks
/// back on, and what a task for root that is not daily work leaves open.
pub(super) const DAYS: u64 = 30;

pub(super) const CHECK: Check = Check {
    id: "root-used-recently",
    title: "The root user was used in the last 30 days",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "The root user can do everything, and nothing in the account restricts it. Its name in the log \
          does not identify the person. Very few tasks need it, so its use is a bad habit or an intrusion. \
          Each credential is a separate finding, which resolves 30 days after the last use.",
    fix: &[
        "Run the command. It lists the recorded events of the root user. The console has the same list: \
         CloudTrail, Event history, User name root.",
        "Find out who it was and why. If nobody can explain it, treat it as an incident.",
        "Use a role or IAM Identity Center for daily work.",
        "In an organization, enable centralized root access and delete the root credentials of member \
         accounts: see the check organization-root-access-not-central.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", "password"),
    by_default: true,
    remediation: |failed| {
        // CloudTrail has events of global services where IAM is.
        let region = Region::of_iam(failed.partition())?;
        let root = "AttributeKey=Username,AttributeValue=root";
        let options = [("region", region), ("lookup-attributes", root)];
        remediation::aws("cloudtrail lookup-events", &options)
    },
    controls: &[covers("cis-7.0", "2.7"), covers("cis-5.0", "1.6")],
    prowler: Counterparts::per_account(&[
        same("iam_avoid_root_usage").with_remark("covers 30 days, not one")
    ]),
    parameters: Parameters::Fixed(|| format!("{DAYS} days")),
    needs: &[Users::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let users = facts.get::<Users>()?;
    let root = users.root.get()?;
    let keys = root.keys.iter();
    let keys = keys.map(|key| (credentials::part(key), key.used));
    let used = std::iter::once(("password".to_owned(), root.password)).chain(keys);
    Ok(RuleResult {
        resources_evaluated: 1,
        violations: used
            .filter_map(|(part, used)| violation(part, used, context))
            .collect(),
        notes: vec![credentials::note(&users.source)],
        ..RuleResult::default()
    })
}

fn violation(part: String, used: LastUsed, context: &Context<'_>) -> Option<Violation> {
    let LastUsed::At(at) = used else { return None };
    let days = credentials::days(at, context.now);
    (days < DAYS).then(|| {
        let days = format::count(days, "day");
        let message = format!("The root user's {part} was used {days} ago, at {at}");
        CHECK.violation(arn::root(context), message).with_part(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{ago, denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::iam::Root;
    use crate::services::iam::samples::{key, users};

    fn facts(root: Reading<Root>) -> FactStore {
        let mut facts = users(Vec::new());
        let mut users = facts.get::<Users>().unwrap().clone();
        users.root = root;
        facts.put::<Users>(Reading::known(users));
        facts
    }

    fn evaluated(password: LastUsed, key_used: LastUsed) -> RuleResult {
        let root = Root {
            password,
            keys: vec![key(1, false, ago(400), key_used)],
        };
        evaluate_account(&CHECK, &facts(Reading::known(root))).unwrap()
    }

    #[test]
    fn a_root_user_that_rests_passes() {
        for used in [
            LastUsed::Never,
            LastUsed::At(ago(30)),
            LastUsed::At(ago(300)),
        ] {
            let result = evaluated(used, used);
            assert!(result.violations.is_empty(), "{result:?}");
            assert_eq!(result.notes.len(), 1);
        }
    }

    #[test]
    fn each_credential_that_was_used_is_a_finding() {
        let result = evaluated(LastUsed::At(ago(29)), LastUsed::At(ago(1)));
        let [password, key] = &result.violations[..] else {
            panic!("{result:?}")
        };
        assert_eq!(password.part, "password");
        assert_eq!(
            key.message,
            "The root user's access key 1 was used 1 day ago, at 2026-11-14T03:00:00Z"
        );
        assert_eq!(key.resource, "arn:aws:iam::111122223333:root");
    }

    #[test]
    fn its_use_can_be_searched_where_the_partition_logs_it() {
        for (partition, region) in [
            ("aws", "us-east-1"),
            ("aws-us-gov", "us-gov-west-1"),
            ("aws-cn", "cn-north-1"),
        ] {
            let resource = format!("arn:{partition}:iam::111122223333:root");
            let failed = remediation::FailedResource {
                account: "111122223333",
                region: "global",
                resource: &resource,
                part: "password",
            };
            assert_eq!(
                (CHECK.remediation)(&failed).unwrap(),
                format!(
                    "aws cloudtrail lookup-events --region {region} --lookup-attributes \
                     AttributeKey=Username,AttributeValue=root"
                )
            );
        }
    }

    #[test]
    fn without_the_credential_report_the_verdict_is_unknown() {
        let root = missing("iam:GenerateCredentialReport");
        let gap = evaluate_account(&CHECK, &facts(root)).unwrap_err();
        assert_eq!(gap, denied("iam:GenerateCredentialReport"));
    }
}

//! Accounts where no role can open cases with AWS Support.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::SupportHolders;

pub(super) const CHECK: Check = Check {
    id: "iam-support-role-missing",
    title: "No role has the AWSSupportAccess policy",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "In an incident, somebody must open a case with AWS Support and read the cases that AWS opens. If \
          no role has the permission, people grant it in a hurry or sign in as root.",
    fix: &[
        "Run the command. It creates the role `aws-support`. Principals of the account can assume it if \
         their own policies allow that.",
        "Attach the AWS managed policy `AWSSupportAccess` to the role. In the console: IAM, Roles, Add \
         permissions. With the CLI: `aws iam attach-role-policy`.",
        "Allow the on-call staff to assume the role, and restrict the trust policy to them.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", ""),
    by_default: true,
    remediation: |failed| {
        // Principals that may assume roles in the account can use the role; the next command adds its purpose.
        let account = failed.account;
        let trust = format!(
            "{{\"Version\":\"2012-10-17\",\"Statement\":[{{\"Effect\":\"Allow\",\
             \"Principal\":{{\"AWS\":\"{account}\"}},\"Action\":\"sts:AssumeRole\"}}]}}"
        );
        let options = [
            ("role-name", "aws-support"),
            ("assume-role-policy-document", &trust),
        ];
        remediation::aws("iam create-role", &options)
    },
    controls: &[covers("cis-7.0", "2.15"), covers("cis-5.0", "1.16")],
    prowler: Counterparts::per_account(&[same("iam_support_role_created")]),
    parameters: Parameters::None,
    needs: &[SupportHolders::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let holders = facts.get::<SupportHolders>()?;
    if holders.roles.known.is_empty() {
        holders.roles.complete()?;
    }
    let message = match holders.users.is_empty() && holders.groups.is_empty() {
        true => "No role has the policy AWSSupportAccess",
        false => "No role has the policy AWSSupportAccess; users or groups have it",
    };
    let is_missing = holders.roles.is_empty();
    let violation = is_missing.then(|| CHECK.violation(arn::root(context), message));
    Ok(RuleResult::of_one(violation))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::iam::Holders;

    fn evaluated(holders: Holders) -> RuleResult {
        let facts = FactStore::default().with::<SupportHolders>(Reading::known(holders));
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn a_role_is_enough_and_nothing_else_is() {
        let role = Holders {
            roles: vec!["aws-support".into()].into(),
            ..Holders::default()
        };
        assert!(evaluated(role).violations.is_empty());
        let nobody = evaluated(Holders::default());
        assert_eq!(
            nobody.violations[0].resource,
            "arn:aws:iam::111122223333:root"
        );
        let user = Holders {
            users: vec!["ann".into()].into(),
            ..Holders::default()
        };
        let message = &evaluated(user).violations[0].message;
        assert!(message.ends_with("users or groups have it"), "{message}");
    }

    #[test]
    fn a_role_without_a_name_leaves_it_open_unless_there_is_another() {
        let gap = denied("iam:ListEntitiesForPolicy");
        let mut holders = Holders::default();
        holders.roles.gaps.push(gap.clone());
        let facts = FactStore::default().with::<SupportHolders>(Reading::known(holders.clone()));
        assert_eq!(evaluate_account(&CHECK, &facts), Err(gap));
        holders.roles.known.push("aws-support".into());
        assert!(evaluated(holders).violations.is_empty());
    }

    #[test]
    fn holders_that_could_not_be_listed_are_a_gap() {
        let facts =
            FactStore::default().with::<SupportHolders>(missing("iam:ListEntitiesForPolicy"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:ListEntitiesForPolicy"));
    }
}

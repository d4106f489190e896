//! Users with policies of their own.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, covers, format, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::{UserPolicies, UserWithPolicies};

pub(super) const CHECK: Check = Check {
    id: "iam-user-policy-attached",
    title: "IAM user has policies of its own",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "Who may do what is easy to see where it follows from the group somebody is in, and goes away when they leave \
          the group. Policies of single users are made in a hurry, differ from one to the next and stay when the job \
          has changed. Managed policies that are attached to the user and inline ones count.",
    fix: "Give the permissions to a group and put the user into it, `aws iam add-user-to-group --user-name USER \
          --group-name GROUP`, then take them from the user: `aws iam detach-user-policy --user-name USER \
          --policy-arn POLICY` and `aws iam delete-user-policy --user-name USER --policy-name POLICY`. In the console: \
          IAM, Users, the user, Permissions. Better still, replace users by roles.",
    by_default: true,
    remediation: |failed| {
        remediation::aws(
            "iam add-user-to-group --group-name GROUP",
            &[("user-name", failed.name())],
        )
    },
    controls: &[
        covers("cis-7.0", "2.13"),
        covers("cis-5.0", "1.14"),
        covers("aws-fsbp", "IAM.2"),
    ],
    prowler: Counterparts::per_resource(&[same("iam_policy_attached_only_to_group_or_roles")]),
    parameters: Parameters::None,
    needs: &[UserPolicies::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<UserPolicies>()?;
    let violations = policies.with_policies.iter();
    Ok(RuleResult {
        examined: policies.users,
        gaps: policies.with_policies.gaps.clone(),
        violations: violations
            .map(|user| CHECK.violation(user.arn.clone(), message(user)))
            .collect(),
        ..RuleResult::default()
    })
}

fn message(user: &UserWithPolicies) -> String {
    let kinds = [("attached", &user.attached), ("inline", &user.inline)];
    let kinds = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    let kinds = kinds.map(|(kind, names)| format!("{} ({kind})", format::first_few(names)));
    let kinds: Vec<_> = kinds.collect();
    format!(
        "User {} has policies of its own: {}",
        user.name,
        kinds.join("; ")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn user(name: &str, attached: &[&str], inline: &[&str]) -> UserWithPolicies {
        let names = |names: &[&str]| names.iter().map(ToString::to_string).collect();
        UserWithPolicies {
            name: name.into(),
            arn: format!("arn:aws:iam::111122223333:user/{name}").into(),
            attached: names(attached),
            inline: names(inline),
        }
    }

    fn evaluated(users: u64, with_policies: Vec<UserWithPolicies>) -> RuleResult {
        let policies = UserPolicies {
            users,
            with_policies: with_policies.into(),
        };
        let facts = FactStore::default().with::<UserPolicies>(Reading::known(policies));
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn users_without_policies_of_their_own_pass() {
        let result = evaluated(3, Vec::new());
        assert_eq!(result.examined, 3);
        assert!(result.violations.is_empty());
    }

    #[test]
    fn attached_and_inline_policies_are_one_finding_of_the_user() {
        let result = evaluated(
            3,
            vec![
                user("ann", &["ReadOnlyAccess"], &[]),
                user("bot", &["A", "B"], &["own"]),
            ],
        );
        let [ann, bot] = &result.violations[..] else {
            panic!("{result:?}")
        };
        assert_eq!(ann.resource, "arn:aws:iam::111122223333:user/ann");
        assert_eq!(
            ann.message,
            "User ann has policies of its own: ReadOnlyAccess (attached)"
        );
        assert_eq!(
            bot.message,
            "User bot has policies of its own: A, B (attached); own (inline)"
        );
    }

    #[test]
    fn policies_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default()
            .with::<UserPolicies>(missing("iam:GetAccountAuthorizationDetails"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:GetAccountAuthorizationDetails"));
    }
}

//! Users with policies of their own.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::{UserPolicies, UserWithPolicies};

pub(super) const CHECK: Check = Check {
    id: "iam-user-policy-attached",
    title: "IAM user has policies attached directly",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "Permissions from group membership are easy to review and end when the user leaves the group. \
          Policies of single users differ from one user to the next and stay when the job changes. The \
          check covers managed policies that are attached to the user, and inline policies.",
    fix: &[
        "If possible, replace the user with a role.",
        "Choose or create a group with the permissions that the user needs. Set `GROUP` to its name.",
        "Run the command. It adds the user to the group.",
        "Remove the policies from the user. In the console: IAM, Users, Permissions. With the CLI: `aws iam \
         detach-user-policy` for managed and `aws iam delete-user-policy` for inline policies.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:user/alice", ""),
    by_default: true,
    remediation: |failed| {
        remediation::aws(
            "iam add-user-to-group --group-name \"$GROUP\"",
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
        resources_evaluated: policies.users,
        gaps: policies.with_policies.gaps.clone(),
        violations: violations
            .map(|user| CHECK.violation(user.arn.clone(), message(user)))
            .collect(),
        ..RuleResult::default()
    })
}

fn message(user: &UserWithPolicies) -> String {
    let kinds = [("managed", &user.attached), ("inline", &user.inline)];
    let kinds = kinds.into_iter().filter(|(_, names)| !names.is_empty());
    let kinds = kinds.map(|(kind, names)| format!("{} ({kind})", format::first_few(names)));
    let kinds: Vec<_> = kinds.collect();
    format!(
        "User {} has policies attached directly: {}",
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
        assert_eq!(result.resources_evaluated, 3);
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
            "User ann has policies attached directly: ReadOnlyAccess (managed)"
        );
        assert_eq!(
            bot.message,
            "User bot has policies attached directly: A, B (managed); own (inline)"
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

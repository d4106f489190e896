//! Users with two keys that work.

use super::credentials;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::Users;

pub(super) const CHECK: Check = Check {
    id: "iam-user-two-active-keys",
    title: "IAM user has two active access keys",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "The second key exists for rotation without downtime. If both stay active, there are two secrets \
          to lose, and often one is forgotten. The next rotation also has no free slot.",
    fix: &[
        "Run the command. It lists the user's keys with their IDs.",
        "Check when each key was last used: IAM console, Users, Security credentials, or `aws iam \
         get-access-key-last-used`.",
        "Deactivate the key that is not needed in the same console page, or with `aws iam update-access-key \
         --status Inactive`.",
        "Delete it when nothing fails without it: `aws iam delete-access-key`.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:user/alice", ""),
    by_default: true,
    remediation: |failed| remediation::aws("iam list-access-keys", &[("user-name", failed.name())]),
    controls: &[covers("cis-5.0", "1.12")],
    prowler: Counterparts::per_resource(&[same("iam_user_two_active_access_key")]),
    parameters: Parameters::None,
    needs: &[Users::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let users = facts.get::<Users>()?;
    let with_two = users.list.iter().filter(|user| user.active_keys() > 1);
    Ok(RuleResult {
        resources_evaluated: users.list.known.len() as u64,
        gaps: users.list.gaps.clone(),
        violations: with_two
            .map(|user| {
                CHECK.violation(
                    user.arn.clone(),
                    format!("User {} has two active access keys", user.name),
                )
            })
            .collect(),
        notes: vec![credentials::note(&users.source)],
        ..RuleResult::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{ago, denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::services::iam::samples::{key, user, users};
    use crate::services::iam::{LastUsed, User};

    #[test]
    fn only_two_active_keys_are_a_finding() {
        for (active, findings) in [
            (&[][..], 0),
            (&[true][..], 0),
            (&[true, false][..], 0),
            (&[false, false][..], 0),
            (&[true, true][..], 1),
        ] {
            let keys = active.iter().zip(1..);
            let keys = keys.map(|(active, slot)| key(slot, *active, ago(1), LastUsed::Never));
            let user = User {
                keys: keys.collect(),
                ..user("bot")
            };
            let result = evaluate_account(&CHECK, &users(vec![user])).unwrap();
            assert_eq!(result.violations.len(), findings, "{active:?}");
            assert_eq!(result.resources_evaluated, 1);
        }
    }

    #[test]
    fn users_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<Users>(missing("iam:ListUsers"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:ListUsers"));
    }
}

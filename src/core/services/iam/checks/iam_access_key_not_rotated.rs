//! Access keys that are old.

use super::credentials;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::iam::{AccessKey, User, Users};

/// Days that a key may be in use.
pub(super) const DAYS: u64 = 90;

pub(super) const CHECK: Check = Check {
    id: "iam-access-key-not-rotated",
    title: "IAM user's access key is older than 90 days",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "An access key does not expire. Over time it spreads to laptops, build logs, images and the notes \
          of former employees. Each copy works until the key is replaced. The check ignores inactive keys.",
    fix: &[
        "If possible, replace the key with a role, or with IAM Identity Center for people. Then start with \
         the third step.",
        "Create a second key and deploy it wherever the old one is used. In the console: IAM, Users, \
         Security credentials. With the CLI: `aws iam create-access-key`.",
        "Run the command. It lists the user's keys with their IDs and dates.",
        "Deactivate the old key in the same console page, or with `aws iam update-access-key --status \
         Inactive`.",
        "Delete the old key when nothing fails without it: `aws iam delete-access-key`.",
    ],
    example: FailedResource::example(
        "global",
        "arn:aws:iam::111122223333:user/alice",
        "access key 1",
    ),
    by_default: true,
    remediation: |failed| remediation::aws("iam list-access-keys", &[("user-name", failed.name())]),
    controls: &[
        covers("cis-7.0", "2.12"),
        covers("cis-5.0", "1.13"),
        covers("aws-fsbp", "IAM.3"),
    ],
    prowler: Counterparts::per_resource(&[same("iam_rotate_access_key_90_days")]),
    parameters: Parameters::Fixed(|| format!("{DAYS} days")),
    needs: &[Users::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let users = facts.get::<Users>()?;
    let active = users.list.iter().flat_map(|user| {
        let active = user.keys.iter().filter(|key| key.active);
        active.map(move |key| (user, key))
    });
    let active: Vec<_> = active.collect();
    let violations = active.iter();
    Ok(RuleResult {
        resources_evaluated: active.len() as u64,
        gaps: users.list.gaps.clone(),
        violations: violations
            .filter_map(|(user, key)| violation(user, key, context))
            .collect(),
        notes: vec![credentials::note(&users.source)],
        ..RuleResult::default()
    })
}

/// A key whose date IAM does not know is as old as its user.
fn violation(user: &User, key: &AccessKey, context: &Context<'_>) -> Option<Violation> {
    let age = credentials::days(key.rotated.unwrap_or(user.created), context.now);
    (age > DAYS).then(|| {
        let (name, part, age) = (
            &user.name,
            credentials::part(key),
            format::count(age, "day"),
        );
        let message = format!("User {name}'s {part} is {age} old");
        CHECK.violation(user.arn.clone(), message).with_part(part)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{ago, denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::services::iam::LastUsed;
    use crate::services::iam::samples::{key, user, users};

    fn evaluated(keys: Vec<AccessKey>) -> RuleResult {
        let user = User {
            keys,
            ..user("bot")
        };
        evaluate_account(&CHECK, &users(vec![user])).unwrap()
    }

    #[test]
    fn ninety_days_are_allowed_and_no_more() {
        for (days, findings) in [(0, 0), (89, 0), (90, 0), (91, 1), (400, 1)] {
            let result = evaluated(vec![key(1, true, ago(days), LastUsed::At(ago(0)))]);
            assert_eq!(result.violations.len(), findings, "{days} days");
            assert_eq!(result.resources_evaluated, 1);
        }
    }

    #[test]
    fn each_active_key_is_evaluated() {
        let result = evaluated(vec![
            key(1, false, ago(500), LastUsed::Never),
            key(2, true, ago(91), LastUsed::Never),
        ]);
        assert_eq!(result.resources_evaluated, 1);
        let [violation] = &result.violations[..] else {
            panic!("{result:?}")
        };
        assert_eq!(violation.part, "access key 2");
        assert_eq!(violation.message, "User bot's access key 2 is 91 days old");
        assert_eq!(violation.resource, "arn:aws:iam::111122223333:user/bot");
    }

    #[test]
    fn a_key_without_a_date_is_as_old_as_its_user() {
        let undated = AccessKey {
            rotated: None,
            ..key(1, true, ago(0), LastUsed::Never)
        };
        assert_eq!(evaluated(vec![undated]).violations.len(), 1);
    }

    #[test]
    fn users_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<Users>(missing("iam:ListUsers"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:ListUsers"));
    }
}

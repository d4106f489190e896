//! Access keys that a console user never used.

use jiff::Timestamp;

use super::credentials;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::iam::{AccessKey, LastUsed, User, Users};

pub(super) const CHECK: Check = Check {
    id: "iam-user-key-never-used",
    title: "Console user has an access key that was never used",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "Many such keys come from the day when the user was created, because somebody selected both kinds of access. \
          People who sign in to the console seldom need a key. A key that nobody uses is a secret that nobody misses when \
          it is stolen. The check ignores inactive keys, and users without a console password.",
    fix: &[
        "Ask the user whether a program needs the key.",
        "Run the command. It lists the user's keys with their IDs.",
        "Deactivate the key in the IAM console under Users, Security credentials, or with `aws iam \
         update-access-key --status Inactive`.",
        "Delete it when nothing fails without it: `aws iam delete-access-key`.",
    ],
    example: FailedResource::example(
        "global",
        "arn:aws:iam::111122223333:user/alice",
        "access key 1",
    ),
    by_default: false,
    remediation: |failed| remediation::aws("iam list-access-keys", &[("user-name", failed.name())]),
    controls: &[covers("cis-5.0", "1.10")],
    prowler: Counterparts::per_resource(&[same("iam_user_no_setup_initial_access_key")]),
    parameters: Parameters::None,
    needs: &[Users::SPEC],
    rule: Rule::Account(evaluate),
};

/// The benchmark's audit: a user with a password, and an active key without a date of use.
///
/// Source: <https://www.cisecurity.org/benchmark/amazon_web_services>, 1.10 of v5.0.0
fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let users = facts.get::<Users>()?;
    let mut result = RuleResult {
        resources_evaluated: users.list.known.len() as u64,
        gaps: users.list.gaps.clone(),
        notes: vec![credentials::note(&users.source)],
        ..RuleResult::default()
    };
    let with_password = users.list.iter().filter(|user| user.password.is_some());
    for user in with_password {
        for key in user.keys.iter().filter(|key| key.active) {
            match key.used {
                LastUsed::At(_) => {}
                LastUsed::Never => result.violations.push(violation(user, key, context.now)),
                LastUsed::NotRead => result.gaps.push(credentials::not_read(user, &users.source)),
            }
        }
    }
    Ok(result)
}

fn violation(user: &User, key: &AccessKey, now: Timestamp) -> Violation {
    let age = |since| format::count(credentials::days(since, now), "day");
    let (part, key_age) = (
        credentials::part(key),
        age(key.rotated.unwrap_or(user.created)),
    );
    let message = format!(
        "User {} has a console password, and its {part} was never used: it is {key_age} old, and the user {}",
        user.name,
        age(user.created)
    );
    CHECK.violation(user.arn.clone(), message).with_part(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{ago, denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::iam::UserSource;
    use crate::services::iam::samples::{key, password, user, users};

    fn ann(has_password: bool, keys: Vec<AccessKey>) -> User {
        let last = password(ago(9), LastUsed::At(ago(1)));
        User {
            password: has_password.then_some(last),
            keys,
            ..user("ann")
        }
    }

    #[test]
    fn only_active_keys_of_console_users_that_were_never_used_are_findings() {
        let never = |active| key(1, active, ago(400), LastUsed::Never);
        for (user, findings) in [
            (ann(true, vec![]), 0),
            (ann(true, vec![never(true)]), 1),
            (ann(true, vec![never(false)]), 0),
            (ann(false, vec![never(true)]), 0),
            (
                ann(true, vec![key(1, true, ago(400), LastUsed::At(ago(399)))]),
                0,
            ),
        ] {
            let result = evaluate_account(&CHECK, &users(vec![user])).unwrap();
            assert_eq!(result.violations.len(), findings);
            assert_eq!((result.resources_evaluated, result.gaps.len()), (1, 0));
        }
    }

    #[test]
    fn the_message_compares_the_ages_of_key_and_user() {
        let user = ann(true, vec![key(2, true, ago(3), LastUsed::Never)]);
        let result = evaluate_account(&CHECK, &users(vec![user])).unwrap();
        let violation = &result.violations[0];
        assert_eq!(violation.part, "access key 2");
        assert_eq!(
            violation.message,
            "User ann has a console password, and its access key 2 was never used: it is 3 days old, and the user \
             730 days"
        );
    }

    #[test]
    fn without_the_credential_report_nobody_knows_the_use() {
        let because = denied("iam:GenerateCredentialReport");
        let mut facts = users(vec![ann(
            true,
            vec![key(1, true, ago(1), LastUsed::NotRead)],
        )]);
        let mut users = facts.get::<Users>().unwrap().clone();
        users.source = UserSource::PerUserCalls {
            because: because.clone(),
        };
        facts.put::<Users>(Reading::known(users));
        let result = evaluate_account(&CHECK, &facts).unwrap();
        assert_eq!(
            (result.violations, result.gaps),
            (vec![], vec![because.of("ann")])
        );
    }

    #[test]
    fn users_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<Users>(missing("iam:ListUsers"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:ListUsers"));
    }
}

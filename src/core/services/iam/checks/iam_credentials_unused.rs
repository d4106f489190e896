//! Passwords and access keys that nobody uses.

use jiff::Timestamp;

use super::credentials;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format, part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::iam::{LastUsed, User, Users};

/// Days without use after which a credential is a finding.
pub(super) const DAYS: u64 = 45;

pub(super) const CHECK: Check = Check {
    id: "iam-credentials-unused",
    title: "IAM user's password or access key is unused for 45 days",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "Nobody notices when an unused credential is stolen. Typical examples are the password of a former \
          employee and the key of a retired program. Both work until somebody disables them. A credential \
          that was never used counts from its creation, so new ones have 45 days. The check ignores \
          inactive keys.",
    fix: &[
        "Ask the owner whether the credential is still needed.",
        "Run the command. It deletes an unused password. For an access key, it only lists the user's keys.",
        "Deactivate an unused key in the IAM console under Users, Security credentials, or with `aws iam \
         update-access-key --status Inactive`. Check its last use with `aws iam get-access-key-last-used`.",
        "Delete the key when nothing fails without it: `aws iam delete-access-key`.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:user/alice", "password"),
    by_default: true,
    remediation: |failed| match failed.part {
        "password" => remediation::aws("iam delete-login-profile", &[("user-name", failed.name())]),
        // The key's id is not in a finding: it would be in every copy of the report.
        _ => remediation::aws("iam list-access-keys", &[("user-name", failed.name())]),
    },
    controls: &[
        covers("cis-7.0", "2.11"),
        covers("cis-5.0", "1.11"),
        covers("aws-fsbp", "IAM.8"),
    ],
    prowler: Counterparts::per_resource(&[
        part("iam_user_accesskey_unused"),
        part("iam_user_console_access_unused"),
    ]),
    parameters: Parameters::Fixed(|| format!("{DAYS} days")),
    needs: &[Users::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let users = facts.get::<Users>()?;
    let mut result = RuleResult {
        resources_evaluated: users.list.known.len() as u64,
        gaps: users.list.gaps.clone(),
        notes: vec![credentials::note(&users.source)],
        ..RuleResult::default()
    };
    for user in &users.list {
        for credential in credentials_of(user) {
            match credential.is_unused(context.now) {
                Some(true) => result.violations.push(credential.violation(user, context)),
                Some(false) => {}
                None => result.gaps.push(credentials::not_read(user, &users.source)),
            }
        }
    }
    Ok(result)
}

/// A password, or an active key.
struct Credential {
    part: String,
    /// When it was set, made or rotated.
    since: Timestamp,
    used: LastUsed,
}

fn credentials_of(user: &User) -> Vec<Credential> {
    let password = user.password.iter().map(|password| Credential {
        part: "password".to_owned(),
        since: password.changed.unwrap_or(user.created),
        used: password.used,
    });
    let keys = user.keys.iter().filter(|key| key.active);
    let keys = keys.map(|key| Credential {
        part: credentials::part(key),
        since: key.rotated.unwrap_or(user.created),
        used: key.used,
    });
    password.chain(keys).collect()
}

impl Credential {
    /// Whether it is unused for too long, if that can be told: one that is new is not, whatever its use.
    fn is_unused(&self, now: Timestamp) -> Option<bool> {
        let is_old = |time| credentials::days(time, now) >= DAYS;
        match self.used {
            LastUsed::At(used) => Some(is_old(used)),
            LastUsed::Never => Some(is_old(self.since)),
            LastUsed::NotRead => (!is_old(self.since)).then_some(false),
        }
    }

    fn violation(self, user: &User, context: &Context<'_>) -> Violation {
        let (part, name) = (self.part, &user.name);
        let ago = |time| format::count(credentials::days(time, context.now), "day");
        let message = match self.used {
            LastUsed::At(used) => format!("User {name}'s {part} was last used {} ago", ago(used)),
            LastUsed::Never | LastUsed::NotRead => format!(
                "User {name}'s {part} was never used; it is {} old",
                ago(self.since)
            ),
        };
        CHECK.violation(user.arn.clone(), message).with_part(part)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{ago, denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::iam::samples::{self, key, password, user, users};
    use crate::services::iam::{Password, UserSource};

    fn evaluated(list: Vec<User>) -> RuleResult {
        evaluate_account(&CHECK, &users(list)).unwrap()
    }

    fn with_password(changed: Timestamp, used: LastUsed) -> User {
        User {
            password: Some(password(changed, used)),
            ..user("ann")
        }
    }

    fn with_key(active: bool, rotated: Timestamp, used: LastUsed) -> User {
        User {
            keys: vec![key(1, active, rotated, used)],
            ..user("bot")
        }
    }

    #[test]
    fn forty_five_days_without_use_are_too_many() {
        for (days, findings) in [(0, 0), (44, 0), (45, 1), (46, 1)] {
            let used = LastUsed::At(ago(days));
            for user in [
                with_password(ago(400), used),
                with_password(ago(days), LastUsed::Never),
                with_key(true, ago(400), used),
                with_key(true, ago(days), LastUsed::Never),
            ] {
                let result = evaluated(vec![user]);
                assert_eq!(result.violations.len(), findings, "{result:?}");
                assert_eq!((result.resources_evaluated, result.gaps.len()), (1, 0));
            }
        }
    }

    #[test]
    fn each_credential_is_a_finding_of_its_own_and_inactive_keys_are_none() {
        let mut user = with_password(ago(90), LastUsed::Never);
        user.keys = vec![
            key(1, false, ago(400), LastUsed::Never),
            key(2, true, ago(400), LastUsed::At(ago(200))),
        ];
        let result = evaluated(vec![user, samples::user("new-colleague")]);
        let messages = result.violations.iter();
        let messages: Vec<_> = messages.map(|one| (&*one.part, &*one.message)).collect();
        assert_eq!(
            messages,
            [
                (
                    "password",
                    "User ann's password was never used; it is 90 days old"
                ),
                (
                    "access key 2",
                    "User ann's access key 2 was last used 200 days ago"
                ),
            ]
        );
        assert_eq!(result.resources_evaluated, 2);
    }

    #[test]
    fn a_password_without_a_date_counts_from_its_user() {
        let mut user = with_password(ago(0), LastUsed::Never);
        user.password = Some(Password {
            changed: None,
            used: LastUsed::Never,
        });
        assert_eq!(evaluated(vec![user.clone()]).violations.len(), 1);
        user.created = ago(44);
        assert_eq!(evaluated(vec![user]).violations.len(), 0);
    }

    #[test]
    fn without_the_credential_report_only_new_keys_are_known() {
        let because = denied("iam:GenerateCredentialReport");
        let by_calls = |list| {
            let mut facts = users(list);
            let mut users = facts.get::<Users>().unwrap().clone();
            users.source = UserSource::PerUserCalls {
                because: because.clone(),
            };
            facts.put::<Users>(Reading::known(users));
            evaluate_account(&CHECK, &facts).unwrap()
        };
        let new = by_calls(vec![with_key(true, ago(44), LastUsed::NotRead)]);
        assert!(new.gaps.is_empty() && new.violations.is_empty());
        let old = by_calls(vec![with_key(true, ago(45), LastUsed::NotRead)]);
        assert!(old.violations.is_empty());
        assert_eq!(old.gaps, [because.clone().of("bot")]);
    }

    #[test]
    fn users_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<Users>(missing("iam:ListUsers"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:ListUsers"));
    }
}

//! IAM users that sign in although the organization has IAM Identity Center.

use serde::{Deserialize, Serialize};

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, OrganizationReducer, OrganizationRule,
    Parameters, Rule, covers, format, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{AccountId, Arn, Cause, Gap, OrganizationRecord, RuleResult, Severity};
use crate::services::iam::{User, Users};
use crate::services::sso::{IdentityCenter, LIST_INSTANCES};

pub(super) const CHECK: Check = Check {
    id: "iam-user-beside-identity-center",
    title: "IAM user signs in although the organization has IAM Identity Center",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "With IAM Identity Center, people sign in once and get temporary credentials in each account. A \
          person who leaves loses all access at once. An IAM user keeps its own password and keys, which \
          nobody withdraws. Some users remain for good reasons, such as emergency access or programs \
          outside AWS. Suppress these with an exception. The check is not enabled by default.",
    fix: &[
        "Run the command. It lists the user's policies, which show the permissions that it needs.",
        "For a person, assign a permission set in Identity Center. In the console: IAM Identity Center, \
         AWS accounts, Assign users or groups.",
        "For a program in AWS, use a role. For a program outside AWS, use IAM Roles Anywhere or OpenID \
         Connect.",
        "Delete the password with `aws iam delete-login-profile` and deactivate the keys with `aws iam \
         update-access-key --status Inactive`. Delete the user when nothing fails without it.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:user/alice", ""),
    by_default: false,
    remediation: |failed| {
        let policies = "iam list-attached-user-policies";
        remediation::aws(policies, &[("user-name", failed.name())])
    },
    controls: &[covers("cis-7.0", "2.19"), covers("cis-5.0", "1.20")],
    prowler: Counterparts::none(
        "Prowler looks for SAML providers in each account and not for the organization's Identity Center",
    ),
    parameters: Parameters::None,
    needs: &[Users::SPEC, IdentityCenter::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<SignIn>()),
};

/// The beginning of the names of users that the console of Amazon SES makes for SMTP, which has no other sign-in.
///
/// Source: <https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html>
const SMTP_USERS: &str = "ses-smtp-user.";

/// What an account tells: its users, and in the central account the organization's Identity Center.
#[derive(Debug, Default, Serialize, Deserialize)]
struct UserRecord {
    /// How many users were read.
    users: u64,
    /// Users that can sign in, without those for SMTP.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    active: Vec<ActiveUser>,
    /// How many users are for SMTP.
    #[serde(default)]
    smtp: u64,
    /// In the central account alone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    center: Option<CenterRecord>,
}

/// A user that can sign in.
#[derive(Debug, Serialize, Deserialize)]
struct ActiveUser {
    arn: Arn,
    name: String,
    /// With what: `a console password`.
    with: String,
}

/// The organization's Identity Center.
#[derive(Debug, Serialize, Deserialize)]
enum CenterRecord {
    Unknown(Gap),
    None,
    /// In this Region, if AWS returns it.
    Enabled(Option<String>),
}

/// What the central account knows of Identity Center; none before its record was added.
#[derive(Debug, Default)]
struct SignIn(Option<CenterRecord>);

impl OrganizationReducer for SignIn {
    type Record = UserRecord;

    fn record(facts: &Facts<'_>, context: &Context<'_>) -> Option<OrganizationRecord<UserRecord>> {
        let (mut record, mut gaps) = (UserRecord::default(), Vec::new());
        match facts.get::<Users>() {
            Ok(users) => {
                gaps.extend(users.list.gaps.iter().cloned());
                record.users = users.list.known.len() as u64;
                let (smtp, others): (Vec<&User>, Vec<&User>) =
                    (users.list.iter()).partition(|user| user.name.starts_with(SMTP_USERS));
                record.smtp = smtp.len() as u64;
                record.active = others.into_iter().filter_map(active).collect();
            }
            Err(gap) => gaps.push(gap),
        }
        if context.is_central {
            record.center = Some(match facts.get::<IdentityCenter>() {
                Ok(Some(center)) => CenterRecord::Enabled(center.region.clone()),
                Ok(None) => CenterRecord::None,
                Err(gap) => CenterRecord::Unknown(gap),
            });
        }
        Some(OrganizationRecord { record, gaps })
    }

    fn add(&mut self, _: &AccountId, record: Option<UserRecord>, _: &[Gap]) {
        if let Some(center) = record.and_then(|record| record.center) {
            self.0 = Some(center);
        }
    }

    fn evaluate(&self, record: UserRecord, _: &Context<'_>) -> RuleResult {
        let noted = |note: &str| RuleResult {
            notes: vec![note.to_owned()],
            ..RuleResult::default()
        };
        let unknown = |gap: Gap| RuleResult {
            gaps: vec![gap],
            ..RuleResult::default()
        };
        match &self.0 {
            Some(CenterRecord::Enabled(region)) => judged(record, region.as_deref()),
            Some(CenterRecord::None) => noted("the organization has no IAM Identity Center"),
            Some(CenterRecord::Unknown(gap)) => unknown(gap.clone()),
            None => unknown(not_scanned()),
        }
    }
}

/// A user that has a password or an active key, as it is recorded.
fn active(user: &User) -> Option<ActiveUser> {
    let keys = user.active_keys();
    let with = match (user.password.is_some(), keys) {
        (false, 0) => return None,
        (true, 0) => "a console password".to_owned(),
        (false, _) => format::count(keys, "active access key"),
        (true, _) => format!(
            "a console password and {}",
            format::count(keys, "active access key")
        ),
    };
    Some(ActiveUser {
        arn: user.arn.clone(),
        name: user.name.clone(),
        with,
    })
}

/// The verdict on the users of an account in an organization with Identity Center.
fn judged(record: UserRecord, region: Option<&str>) -> RuleResult {
    let place = region.map(|region| format!(" in {region}"));
    let place = place.unwrap_or_default();
    let violations = record.active.into_iter().map(|user| {
        let message = format!(
            "User {} has {}; the organization has IAM Identity Center{place}",
            user.name, user.with
        );
        CHECK.violation(user.arn, message)
    });
    let smtp = (record.smtp > 0).then(|| {
        let users = format::count(record.smtp, "user");
        format!("{users} skipped: Amazon SES made them for SMTP")
    });
    RuleResult {
        resources_evaluated: record.users - record.smtp,
        violations: violations.collect(),
        notes: smtp.into_iter().collect(),
        ..RuleResult::default()
    }
}

fn not_scanned() -> Gap {
    Gap {
        detail: "IAM Identity Center is read in the account in which orgscan runs, which was not scanned"
            .to_owned(),
        ..Gap::new(LIST_INSTANCES.action, Cause::NotCollected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{ago, denied, evaluate_organization, missing};
    use crate::facts::FactStore;
    use crate::model::{Reading, Verdict};
    use crate::services::iam::LastUsed;
    use crate::services::iam::samples::{key, password, user, users};

    fn verdicts(center: Reading<Option<IdentityCenter>>, list: Vec<User>) -> Vec<Verdict> {
        let central = users(vec![]).with::<IdentityCenter>(center);
        evaluate_organization(&CHECK, &[&central, &users(list)])
    }

    fn enabled() -> Reading<Option<IdentityCenter>> {
        Reading::known(Some(IdentityCenter {
            region: Some("eu-west-1".into()),
        }))
    }

    fn with(name: &str, has_password: bool, keys: &[bool]) -> User {
        let keys = keys.iter().zip(1..);
        User {
            password: has_password.then(|| password(ago(1), LastUsed::Never)),
            keys: keys
                .map(|(active, slot)| key(slot, *active, ago(1), LastUsed::Never))
                .collect(),
            ..user(name)
        }
    }

    #[test]
    fn users_that_sign_in_are_found_where_the_organization_has_identity_center() {
        let list = vec![
            with("alice", true, &[]),
            with("deploy", false, &[true, true]),
            with("bob", true, &[true]),
            with("idle", false, &[false]),
            with("ses-smtp-user.20260101-090000", false, &[true]),
        ];
        let verdict = verdicts(enabled(), list).remove(1);
        let messages: Vec<_> = verdict.violations.iter().map(|v| &*v.message).collect();
        let expected = [
            "User alice has a console password; the organization has IAM Identity Center in eu-west-1",
            "User bob has a console password and 1 active access key; the organization has IAM Identity Center in eu-west-1",
            "User deploy has 2 active access keys; the organization has IAM Identity Center in eu-west-1",
        ];
        assert_eq!(messages, expected);
        assert_eq!((verdict.resources_evaluated, verdict.notes.len()), (4, 1));
    }

    #[test]
    fn without_identity_center_nothing_is_evaluated() {
        for verdict in verdicts(Reading::known(None), vec![with("alice", true, &[])]) {
            assert_eq!((verdict.resources_evaluated, verdict.notes.len()), (0, 1));
            assert!(verdict.violations.is_empty() && verdict.gaps.is_empty());
        }
    }

    #[test]
    fn what_the_central_account_could_not_read_is_a_gap_of_every_account() {
        for verdict in verdicts(missing("sso:ListInstances"), vec![with("alice", true, &[])]) {
            assert_eq!(verdict.gaps, [denied("sso:ListInstances")]);
            assert_eq!(verdict.resources_evaluated, 0);
        }
    }

    #[test]
    fn users_that_could_not_be_read_are_a_gap_of_their_account() {
        let central = users(vec![]).with::<IdentityCenter>(enabled());
        let member = FactStore::default().with::<Users>(missing("iam:GetCredentialReport"));
        let verdicts = evaluate_organization(&CHECK, &[&central, &member]);
        assert_eq!(verdicts[0].gaps, []);
        assert_eq!(verdicts[1].gaps, [denied("iam:GetCredentialReport")]);
    }
}

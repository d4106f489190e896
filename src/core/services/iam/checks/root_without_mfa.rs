//! A root user without MFA of any kind.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::RootCredentials;

pub(super) const CHECK: Check = Check {
    id: "root-without-mfa",
    title: "The root user has no MFA device",
    category: Category::IamSecurity,
    severity: Severity::Critical,
    why: "The root user can do everything, and no policy of the account can restrict it. Without a second \
          factor, its password or the mailbox that can reset it is enough. The account passes if the \
          organization has removed the root user's credentials, because no sign-in is left to protect.",
    fix: &[
        "In the management account, or outside an organization: sign in to the console as root and open \
         Security credentials in the account menu. Register two MFA devices, preferably passkeys or \
         security keys. In that case, skip the remaining steps.",
        "In a member account, prefer to delete the root credentials. Enable centralized root access first: \
         see the check organization-root-access-not-central.",
        "Run the command with credentials of the management account or of the delegated administrator for \
         IAM. It returns temporary root credentials for the member account.",
        "Set these as `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` in your shell.",
        "Delete the password with `aws iam delete-login-profile`, and any access key with `aws iam \
         delete-access-key`. The IAM console has the same function under Root access management.",
        "Check the result in the member account with `aws iam get-account-summary`: \
         `AccountPasswordPresent` is 0, or `AccountMFAEnabled` is 1.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", ""),
    by_default: true,
    remediation: remediation::root,
    controls: &[covers("cis-7.0", "2.5"), covers("cis-5.0", "1.4")],
    prowler: Counterparts::per_account(&[same("iam_root_mfa_enabled")]),
    parameters: Parameters::None,
    needs: &[RootCredentials::SPEC],
    rule: Rule::Account(evaluate),
};

/// What stands in the place of a finding where root's credentials are removed.
pub(super) const GONE: &str = "the root user has no password and no access key, so there is no sign-in to \
                               protect (centralized root access removes both)";

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let root = facts.get::<RootCredentials>()?;
    let has_mfa = *root.has_mfa.get()?;
    let gone = !has_mfa && root.are_removed()?;
    let violation = (!has_mfa && !gone).then(|| CHECK.violation(arn::root(context), message(root)));
    Ok(RuleResult {
        notes: gone.then(|| GONE.to_owned()).into_iter().collect(),
        ..RuleResult::of_one(violation)
    })
}

fn message(root: &RootCredentials) -> String {
    let has = match (root.has_password, root.has_key.get() == Ok(&true)) {
        (true, true) => "a password, an access key",
        (true, false) => "a password",
        (false, _) => "an access key",
    };
    format!("The root user has {has} and no MFA device")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(has_password: bool, has_key: bool, has_mfa: bool) -> RuleResult {
        let root = RootCredentials {
            has_key: Reading::known(has_key),
            has_mfa: Reading::known(has_mfa),
            has_password,
        };
        let facts = FactStore::default().with::<RootCredentials>(Reading::known(root));
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn what_the_summary_lacks_is_unknown_and_nothing_more() {
        let of = |has_key: Reading<bool>, has_mfa: Reading<bool>, has_password| {
            let root = RootCredentials {
                has_key,
                has_mfa,
                has_password,
            };
            let facts = FactStore::default().with::<RootCredentials>(Reading::known(root));
            let found = |result: RuleResult| result.violations.len();
            let of = |id| {
                evaluate_account(crate::services::by_id(id).unwrap(), &facts)
                    .map(found)
                    .ok()
            };
            (of(CHECK.id), of("root-access-key"))
        };
        let unknown = || missing("iam:GetAccountSummary");
        assert_eq!(of(unknown(), Reading::known(true), true), (Some(0), None));
        assert_eq!(of(unknown(), Reading::known(false), true), (Some(1), None));
        assert_eq!(of(unknown(), Reading::known(false), false), (None, None));
        assert_eq!(of(Reading::known(true), unknown(), true), (None, Some(1)));
    }

    #[test]
    fn mfa_of_any_kind_passes() {
        for (has_password, has_key) in [(true, true), (true, false), (false, true), (false, false)]
        {
            let result = evaluated(has_password, has_key, true);
            assert!(result.violations.is_empty() && result.notes.is_empty());
        }
    }

    #[test]
    fn credentials_without_mfa_are_a_finding_that_names_them() {
        for (has_password, has_key, has) in [
            (true, false, "a password and"),
            (true, true, "a password, an access key and"),
            (false, true, "an access key and"),
        ] {
            let result = evaluated(has_password, has_key, false);
            let [violation] = &result.violations[..] else {
                panic!("{result:?}")
            };
            assert_eq!(violation.severity, Severity::Critical);
            assert!(violation.message.contains(has), "{}", violation.message);
        }
    }

    #[test]
    fn removed_credentials_pass_with_a_note() {
        let result = evaluated(false, false, false);
        assert!(result.violations.is_empty());
        assert_eq!(result.notes, [GONE]);
    }

    #[test]
    fn a_summary_that_could_not_be_read_is_a_gap() {
        let facts = FactStore::default().with::<RootCredentials>(missing("iam:GetAccountSummary"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:GetAccountSummary"));
    }
}

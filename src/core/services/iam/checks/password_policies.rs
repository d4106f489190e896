//! What the checks of the password policy share.

use crate::checks::remediation::{self, FailedResource};
use crate::checks::{Check, Context, arn};
use crate::facts::Facts;
use crate::model::{Gap, RuleResult};
use crate::services::iam::{AccountPasswordPolicy, PasswordPolicy};

/// How messages begin where the account has no policy of its own.
pub(super) const NO_POLICY: &str =
    "The account has no custom password policy, so the AWS default policy applies";

/// What is in force where the account has no policy of its own. It asks for three of the four kinds of
/// characters, whichever these are.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_passwords_account-policy.html#default-policy-details>
pub(super) const AWS_DEFAULT: PasswordPolicy = PasswordPolicy {
    minimum_length: 8,
    remembered: 0,
    uppercase: false,
    lowercase: false,
    numbers: false,
    symbols: false,
};

/// Evaluates the account's own policy, or that it has none. `object` gives the message, if the policy breaks the
/// check.
///
/// # Errors
/// The gap, where the policy could not be read.
pub(super) fn evaluate(
    check: &Check,
    facts: &Facts<'_>,
    context: &Context<'_>,
    object: impl FnOnce(Option<PasswordPolicy>) -> Option<String>,
) -> Result<RuleResult, Gap> {
    let message = object(*facts.get::<AccountPasswordPolicy>()?);
    let violation = message.map(|message| check.violation(arn::root(context), message));
    Ok(RuleResult::of_one(violation))
}

/// How to set a policy that passes all checks of it.
pub(super) const FIX: &[&str] = &[
    "Run the command. It shows the present policy. An error `NoSuchEntity` means that the account has no \
     custom policy.",
    "Set the policy with `aws iam update-account-password-policy --minimum-password-length 14 \
     --password-reuse-prevention 24 --require-uppercase-characters --require-lowercase-characters \
     --require-numbers --require-symbols --allow-users-to-change-password`.",
    "Add options for the other settings of the present policy, such as `--max-password-age`. The call \
     replaces the whole policy, and settings that it does not name return to their defaults.",
    "The console has the same settings: IAM, Account settings, Password policy.",
];

/// Shows the policy: the call that sets it replaces all of it, so what is there has to be known first.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccountPasswordPolicy.html>
pub(super) fn remediation(_: &FailedResource<'_>) -> Option<String> {
    remediation::aws("iam get-account-password-policy", &[])
}

#[cfg(test)]
pub(super) mod samples {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    /// A policy with nothing to wish for.
    pub(in crate::services) const STRONG: PasswordPolicy = PasswordPolicy {
        minimum_length: 14,
        remembered: 24,
        uppercase: true,
        lowercase: true,
        numbers: true,
        symbols: true,
    };

    /// What a check says of an account with this policy.
    pub(in crate::services) fn messages(
        check: &Check,
        policy: Option<PasswordPolicy>,
    ) -> Vec<String> {
        let facts = FactStore::default().with::<AccountPasswordPolicy>(Reading::known(policy));
        let result = evaluate_account(check, &facts).unwrap();
        assert_eq!(result.resources_evaluated, 1);
        let violations = result.violations.into_iter();
        violations.map(|violation| violation.message).collect()
    }

    /// Holds that a check does not know what it cannot read.
    pub(in crate::services) fn unknown(check: &Check) {
        let facts = FactStore::default()
            .with::<AccountPasswordPolicy>(missing("iam:GetAccountPasswordPolicy"));
        let gap = evaluate_account(check, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:GetAccountPasswordPolicy"));
    }
}

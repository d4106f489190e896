//! Passwords that may be short.

use super::password_policies::{self, AWS_DEFAULT, NO_POLICY};
use crate::checks::{Category, Check, Context, Counterparts, Parameters, Rule, covers, same};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::AccountPasswordPolicy;

/// Characters that a password should have.
pub(super) const CHARACTERS: u32 = 14;

pub(super) const CHECK: Check = Check {
    id: "iam-password-policy-short",
    title: "The password policy asks for less than 14 characters",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "Length is what makes a password hard to guess, for a person and for a program alike. Without a policy of the \
          account's own, AWS asks for 8 characters. The policy is for IAM users' console passwords; an account without \
          such users is still one reset away from the first.",
    fix: "Set it in the console under IAM, Account settings, Password policy, or with `aws iam \
          update-account-password-policy --minimum-password-length 14 --password-reuse-prevention 24 \
          --require-uppercase-characters --require-lowercase-characters --require-numbers --require-symbols \
          --allow-users-to-change-password`. The command replaces the whole policy: what it does not name is off.",
    by_default: true,
    remediation: password_policies::remediation,
    controls: &[covers("cis-7.0", "2.8"), covers("cis-5.0", "1.7")],
    prowler: Counterparts::per_account(&[same("iam_password_policy_minimum_length_14")]),
    parameters: Parameters::Fixed(|| format!("{CHARACTERS} characters")),
    needs: &[AccountPasswordPolicy::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    password_policies::evaluate(&CHECK, facts, context, |policy| {
        let minimum = policy.unwrap_or(AWS_DEFAULT).minimum_length;
        (minimum < CHARACTERS).then(|| match policy {
            Some(_) => format!("The password policy asks for {minimum} characters"),
            None => format!("{NO_POLICY}, which asks for {minimum} characters"),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::iam::PasswordPolicy;
    use crate::services::iam::checks::password_policies::samples::{STRONG, messages, unknown};

    #[test]
    fn fourteen_characters_are_enough() {
        for (minimum_length, findings) in [(6, 1), (13, 1), (14, 0), (128, 0)] {
            let policy = PasswordPolicy {
                minimum_length,
                ..STRONG
            };
            assert_eq!(messages(&CHECK, Some(policy)).len(), findings);
        }
    }

    #[test]
    fn awss_default_is_too_short() {
        assert_eq!(
            messages(&CHECK, None),
            [
                "The account has no password policy of its own, so AWS's default is in force, which asks for \
                 8 characters"
            ]
        );
    }

    #[test]
    fn a_policy_that_could_not_be_read_is_a_gap() {
        unknown(&CHECK);
    }
}

//! Passwords that may be short.

use super::password_policies::{self, AWS_DEFAULT, NO_POLICY};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::AccountPasswordPolicy;

/// Characters that a password should have.
pub(super) const CHARACTERS: u32 = 14;

pub(super) const CHECK: Check = Check {
    id: "iam-password-policy-short",
    title: "Password policy requires fewer than 14 characters",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "Length makes a password hard to guess, for people and programs. Without a custom policy, the AWS \
          default policy requires 8 characters. The policy applies to the console passwords of IAM users. \
          An account without such users still needs it, for the first user that gets a password.",
    fix: password_policies::FIX,
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", ""),
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
            Some(_) => format!("The password policy requires only {minimum} characters"),
            None => format!("{NO_POLICY}, which requires only {minimum} characters"),
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
                "The account has no custom password policy, so the AWS default policy applies, which requires \
                 only 8 characters"
            ]
        );
    }

    #[test]
    fn a_policy_that_could_not_be_read_is_a_gap() {
        unknown(&CHECK);
    }
}

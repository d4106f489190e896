//! Passwords of one kind of character.

use super::password_policies::{self, NO_POLICY};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, part,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::{AccountPasswordPolicy, PasswordPolicy};

/// Characters that a password has to have by AWS's own control.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/iam-controls.html#iam-7>
pub(super) const CHARACTERS: u32 = 8;

pub(super) const CHECK: Check = Check {
    id: "iam-password-policy-weak",
    title: "Password policy does not require all character types",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "AWS's control requires uppercase and lowercase letters, numbers, symbols and at least 8 \
          characters. A short password is then at least not a plain word. Length protects more: see the \
          check iam-password-policy-short. The AWS default policy requires three of the four character \
          types.",
    fix: password_policies::FIX,
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", ""),
    by_default: true,
    remediation: password_policies::remediation,
    controls: &[covers("aws-fsbp", "IAM.7")],
    prowler: Counterparts::per_account(&[
        part("iam_password_policy_lowercase"),
        part("iam_password_policy_uppercase"),
        part("iam_password_policy_number"),
        part("iam_password_policy_symbol"),
    ]),
    parameters: Parameters::Fixed(|| format!("{CHARACTERS} characters")),
    needs: &[AccountPasswordPolicy::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let of_aws = || format!("{NO_POLICY}, which requires only three of the four character types");
    password_policies::evaluate(&CHECK, facts, context, |policy| match policy {
        None => Some(of_aws()),
        Some(policy) => lacking(policy),
    })
}

/// What the policy does not ask for, if there is anything.
fn lacking(policy: PasswordPolicy) -> Option<String> {
    let asked = [
        (policy.uppercase, "uppercase letters"),
        (policy.lowercase, "lowercase letters"),
        (policy.numbers, "numbers"),
        (policy.symbols, "symbols"),
        (policy.minimum_length >= CHARACTERS, "8 characters"),
    ];
    let lacking = asked.into_iter().filter(|(asked, _)| !asked);
    let lacking: Vec<_> = lacking.map(|(_, what)| what).collect();
    let list = lacking.join(", ");
    (!lacking.is_empty()).then(|| format!("The password policy does not require {list}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::iam::checks::password_policies::samples::{STRONG, messages, unknown};

    #[test]
    fn a_policy_with_everything_passes() {
        assert_eq!(messages(&CHECK, Some(STRONG)), [""; 0]);
        let eight = PasswordPolicy {
            minimum_length: 8,
            remembered: 0,
            ..STRONG
        };
        assert_eq!(messages(&CHECK, Some(eight)), [""; 0]);
    }

    #[test]
    fn one_finding_lists_everything_that_is_missing() {
        let policy = PasswordPolicy {
            minimum_length: 7,
            uppercase: false,
            symbols: false,
            ..STRONG
        };
        assert_eq!(
            messages(&CHECK, Some(policy)),
            ["The password policy does not require uppercase letters, symbols, 8 characters"]
        );
    }

    #[test]
    fn awss_default_asks_for_less() {
        let [message] = &messages(&CHECK, None)[..] else {
            panic!()
        };
        assert!(message.contains("three of the four"), "{message}");
    }

    #[test]
    fn a_policy_that_could_not_be_read_is_a_gap() {
        unknown(&CHECK);
    }
}

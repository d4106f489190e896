//! Passwords that may be used again.

use super::password_policies::{self, AWS_DEFAULT, NO_POLICY};
use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, covers, format, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::AccountPasswordPolicy;

/// Former passwords that IAM should remember, which is as many as it can.
pub(super) const REMEMBERED: u32 = 24;

pub(super) const CHECK: Check = Check {
    id: "iam-password-policy-reuse",
    title: "The password policy does not remember 24 passwords",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "A password is changed because somebody else may know it. If the old one can be set again the day after, \
          nothing was changed.",
    fix: "Set it in the console under IAM, Account settings, Password policy, or with `aws iam \
          update-account-password-policy --password-reuse-prevention 24 --minimum-password-length 14 \
          --require-uppercase-characters --require-lowercase-characters --require-numbers --require-symbols \
          --allow-users-to-change-password`. The command replaces the whole policy: what it does not name is off.",
    by_default: true,
    remediation: password_policies::remediation,
    controls: &[covers("cis-7.0", "2.9"), covers("cis-5.0", "1.8")],
    prowler: Counterparts::per_account(&[same("iam_password_policy_reuse_24")]),
    parameters: Parameters::Fixed(|| format!("{REMEMBERED} passwords")),
    needs: &[AccountPasswordPolicy::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    password_policies::evaluate(&CHECK, facts, context, |policy| {
        let remembered = policy.unwrap_or(AWS_DEFAULT).remembered;
        (remembered < REMEMBERED).then(|| match (policy, remembered) {
            (None, _) => format!("{NO_POLICY}, which remembers no former password"),
            (Some(_), 0) => "The password policy remembers no former password".to_owned(),
            (Some(_), _) => format!(
                "The password policy remembers {}",
                format::count(remembered.into(), "former password")
            ),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::services::iam::PasswordPolicy;
    use crate::services::iam::checks::password_policies::samples::{STRONG, messages, unknown};

    #[test]
    fn twenty_four_are_to_be_remembered() {
        let with = |remembered| {
            let policy = PasswordPolicy {
                remembered,
                ..STRONG
            };
            messages(&CHECK, Some(policy))
        };
        assert_eq!(with(24), [""; 0]);
        assert_eq!(
            with(23),
            ["The password policy remembers 23 former passwords"]
        );
        assert_eq!(with(1), ["The password policy remembers 1 former password"]);
        assert_eq!(
            with(0),
            ["The password policy remembers no former password"]
        );
    }

    #[test]
    fn awss_default_remembers_none() {
        let [message] = &messages(&CHECK, None)[..] else {
            panic!()
        };
        assert!(message.contains("AWS's default"), "{message}");
    }

    #[test]
    fn a_policy_that_could_not_be_read_is_a_gap() {
        unknown(&CHECK);
    }
}

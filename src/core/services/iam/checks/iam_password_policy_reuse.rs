//! Passwords that may be used again.

use super::password_policies::{self, AWS_DEFAULT, NO_POLICY};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::AccountPasswordPolicy;

/// Former passwords that IAM should remember, which is as many as it can.
pub(super) const REMEMBERED: u32 = 24;

pub(super) const CHECK: Check = Check {
    id: "iam-password-policy-reuse",
    title: "Password policy does not prevent the reuse of 24 passwords",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "A password is changed because somebody else may know it. If the user can set the old password \
          again the next day, the change has no effect.",
    fix: password_policies::FIX,
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", ""),
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
            (None, _) => format!("{NO_POLICY}, which allows password reuse"),
            (Some(_), 0) => "The password policy allows password reuse".to_owned(),
            (Some(_), _) => format!(
                "The password policy prevents the reuse of only {}",
                format::count(remembered.into(), "password")
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
            ["The password policy prevents the reuse of only 23 passwords"]
        );
        assert_eq!(
            with(1),
            ["The password policy prevents the reuse of only 1 password"]
        );
        assert_eq!(with(0), ["The password policy allows password reuse"]);
    }

    #[test]
    fn awss_default_remembers_none() {
        let [message] = &messages(&CHECK, None)[..] else {
            panic!()
        };
        assert!(
            message.contains("the AWS default policy applies"),
            "{message}"
        );
    }

    #[test]
    fn a_policy_that_could_not_be_read_is_a_gap() {
        unknown(&CHECK);
    }
}

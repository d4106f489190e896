//! A root user whose MFA is not a device of its own.

use super::root_without_mfa::GONE;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::{RootCredentials, RootVirtualMfa};

pub(super) const CHECK: Check = Check {
    id: "root-without-hardware-mfa",
    title: "The root user has no hardware MFA",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "A virtual MFA device keeps its secret in a phone app, and phone backups copy it. A phishing page \
          can ask for its code. A security key or a passkey only responds to the real AWS site. A security \
          key can also be locked in a safe. IAM does not list hardware devices of the root user. The check \
          therefore fails if root has a virtual device, or no MFA device at all.",
    fix: &[
        "Sign in to the console as root. Open Security credentials in the account menu.",
        "Register a FIDO2 security key or a hardware TOTP token under Multi-factor authentication (MFA).",
        "Remove the virtual device on the same page.",
        "Run the command. It lists the virtual devices that are still assigned. The root user's device must \
         not be among them.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", ""),
    by_default: true,
    remediation: |_| {
        remediation::aws(
            "iam list-virtual-mfa-devices",
            &[("assignment-status", "Assigned")],
        )
    },
    controls: &[
        covers("cis-7.0", "2.6"),
        covers("cis-5.0", "1.5"),
        covers("aws-fsbp", "IAM.6"),
    ],
    prowler: Counterparts::per_account(&[same("iam_root_hardware_mfa_enabled")]),
    parameters: Parameters::None,
    needs: &[RootCredentials::SPEC, RootVirtualMfa::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let root = facts.get::<RootCredentials>()?;
    // A device that is left over protects nothing any more.
    if root.are_removed()? {
        return Ok(RuleResult {
            notes: vec![GONE.to_owned()],
            ..RuleResult::of_one(None)
        });
    }
    let message = match *root.has_mfa.get()? {
        false => "The root user has no MFA device",
        true if *facts.get::<RootVirtualMfa>()? => "The root user has a virtual MFA device",
        true => return Ok(RuleResult::of_one(None)),
    };
    let violation = CHECK.violation(arn::root(context), message);
    Ok(RuleResult::of_one(Some(violation)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(
        has_password: bool,
        has_mfa: bool,
        virtual_mfa: Reading<bool>,
    ) -> Result<RuleResult, Gap> {
        let root = RootCredentials {
            has_key: Reading::known(false),
            has_mfa: Reading::known(has_mfa),
            has_password,
        };
        let facts = FactStore::default()
            .with::<RootCredentials>(Reading::known(root))
            .with::<RootVirtualMfa>(virtual_mfa);
        evaluate_account(&CHECK, &facts)
    }

    fn messages(evaluated: Result<RuleResult, Gap>) -> Vec<String> {
        let violations = evaluated.unwrap().violations.into_iter();
        violations.map(|violation| violation.message).collect()
    }

    #[test]
    fn a_device_that_is_not_virtual_passes() {
        let passed = evaluated(true, true, Reading::known(false));
        assert_eq!(messages(passed), [""; 0]);
    }

    #[test]
    fn a_virtual_device_and_none_are_findings() {
        let virtual_device = evaluated(true, true, Reading::known(true));
        assert_eq!(
            messages(virtual_device),
            ["The root user has a virtual MFA device"]
        );
        // Without MFA nobody asks which.
        let none = evaluated(true, false, Reading::default());
        assert_eq!(messages(none), ["The root user has no MFA device"]);
    }

    #[test]
    fn removed_credentials_pass() {
        for has_mfa in [false, true] {
            let passed = evaluated(false, has_mfa, Reading::known(true)).unwrap();
            assert!(passed.violations.is_empty());
            assert_eq!(passed.notes, [GONE]);
        }
    }

    #[test]
    fn devices_that_could_not_be_listed_are_a_gap() {
        let gap = evaluated(true, true, missing("iam:ListVirtualMFADevices")).unwrap_err();
        assert_eq!(gap, denied("iam:ListVirtualMFADevices"));
    }
}

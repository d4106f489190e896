//! IAM users without MFA of any kind.

use super::credentials;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers_from, format,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::iam::{User, Users};

pub(super) const CHECK: Check = Check {
    id: "iam-user-without-mfa",
    title: "IAM user has no MFA device",
    category: Category::IamSecurity,
    severity: Severity::High,
    why: "Without MFA, a guessed, reused or phished password is enough to sign in. The severity is \
          high for a user with a console password. It is medium for a user with access keys only. That user \
          has no password to steal, and a device does not protect keys unless a policy requires MFA. It is \
          low for a user with neither, which is probably unused.",
    fix: &[
        "If possible, use a role or IAM Identity Center instead, and delete the user.",
        "Otherwise the owner registers a passkey or a security key. In the console: IAM, Users, Security \
         credentials.",
        "For a virtual MFA device, run the command. It creates the device and writes its QR code to \
         `qr.png`.",
        "Scan the code with an authenticator app and delete the file. Activate the device with two \
         consecutive codes: `aws iam enable-mfa-device`.",
        "Remove credentials that the user does not need: `aws iam delete-login-profile` for the password, \
         `aws iam update-access-key --status Inactive` for a key.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:user/alice", ""),
    by_default: true,
    remediation: |failed| {
        let device = "iam create-virtual-mfa-device --outfile qr.png --bootstrap-method QRCodePNG";
        remediation::aws(device, &[("virtual-mfa-device-name", failed.name())])
    },
    controls: &[
        covers_from(Severity::High, "cis-7.0", "2.10"),
        covers_from(Severity::High, "cis-5.0", "1.9"),
        covers_from(Severity::High, "aws-fsbp", "IAM.5"),
    ],
    prowler: Counterparts::per_resource(&[same("iam_user_mfa_enabled_console_access")
        .with_remark("covers users without a console password too")]),
    parameters: Parameters::None,
    needs: &[Users::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    let users = facts.get::<Users>()?;
    let violations = users.list.iter().filter(|user| !user.has_mfa);
    Ok(RuleResult {
        resources_evaluated: users.list.known.len() as u64,
        gaps: users.list.gaps.clone(),
        violations: violations.map(violation).collect(),
        notes: vec![credentials::note(&users.source)],
        ..RuleResult::default()
    })
}

fn violation(user: &User) -> Violation {
    let name = &user.name;
    let keys = format::count(user.active_keys(), "active access key");
    let has = |what: String| CHECK.violation(user.arn.clone(), format!("User {name} has {what}"));
    match (user.password.is_some(), user.active_keys()) {
        (true, 0) => has("a console password and no MFA device".to_owned()),
        (true, _) => has(format!("a console password, {keys} and no MFA device")),
        (false, 0) => {
            let what = "no MFA device, no console password and no active access key";
            has(what.to_owned()).with_severity(Severity::Low)
        }
        (false, _) => has(format!("{keys}, no console password and no MFA device"))
            .with_severity(Severity::Medium),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{ago, denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::services::iam::LastUsed;
    use crate::services::iam::samples::{key, password, user, users};

    /// A user with this many active keys.
    fn with(name: &str, has_mfa: bool, has_password: bool, active_keys: u8) -> User {
        User {
            has_mfa,
            password: has_password.then(|| password(ago(1), LastUsed::Never)),
            keys: (1..=2)
                .map(|slot| key(slot, slot <= active_keys, ago(1), LastUsed::Never))
                .collect(),
            ..user(name)
        }
    }

    fn evaluated(list: Vec<User>) -> RuleResult {
        evaluate_account(&CHECK, &users(list)).unwrap()
    }

    #[test]
    fn a_user_that_could_not_be_read_is_a_gap_of_every_check_of_users() {
        let gap = denied("iam:ListMFADevices").of("eve");
        let mut facts = users(vec![with("ann", false, true, 2)]);
        let mut all = facts.get::<Users>().unwrap().clone();
        all.list.gaps.push(gap.clone());
        facts.put::<Users>(crate::model::Reading::known(all));
        for id in [
            "iam-user-without-mfa",
            "iam-user-two-active-keys",
            "iam-access-key-not-rotated",
            "iam-credentials-unused",
        ] {
            let check = crate::services::by_id(id).unwrap();
            let result = evaluate_account(check, &facts).unwrap();
            assert_eq!(result.gaps, std::slice::from_ref(&gap), "{id}");
            assert!(result.resources_evaluated > 0, "{id}");
        }
        assert_eq!(
            evaluate_account(&CHECK, &facts).unwrap().violations.len(),
            1
        );
    }

    #[test]
    fn users_with_mfa_pass() {
        let result = evaluated(vec![with("a", true, true, 2)]);
        assert_eq!(result.resources_evaluated, 1);
        assert!(result.violations.is_empty());
        assert_eq!(result.notes.len(), 1);
    }

    #[test]
    fn severity_follows_what_the_user_can_do() {
        let result = evaluated(vec![
            with("console", false, true, 0),
            with("both", false, true, 1),
            with("keys", false, false, 2),
            with("idle", false, false, 0),
            with("safe", true, false, 0),
        ]);
        assert_eq!(result.resources_evaluated, 5);
        let severities: Vec<_> = result.violations.iter().map(|v| v.severity).collect();
        use Severity::{High, Low, Medium};
        assert_eq!(severities, [High, High, Medium, Low]);
        assert_eq!(
            result.violations[2].resource,
            "arn:aws:iam::111122223333:user/keys"
        );
        assert_eq!(
            result.violations[2].message,
            "User keys has 2 active access keys, no console password and no MFA device"
        );
    }

    #[test]
    fn users_that_could_not_be_read_are_a_gap() {
        let facts = FactStore::default().with::<Users>(missing("iam:ListUsers"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:ListUsers"));
    }
}

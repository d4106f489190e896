//! Accounts without a security contact.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::account::SecurityContact;

pub(super) const CHECK: Check = Check {
    id: "account-security-contact-missing",
    title: "Account has no security contact",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "AWS sends security notifications about the account to this contact, for example about exposed \
          keys or abuse. Without it, they go only to the email address of the root user. That mailbox is \
          often unread, or belongs to another team. orgscan reads only whether the contact exists, and \
          keeps no personal data.",
    fix: &[
        "Set `NAME`, `ROLE`, `EMAIL` and `PHONE` as steps 2 to 5 show. Use a team mailbox, not a person's.",
        "Set `NAME` to the name of the security team.",
        "Set `ROLE` to the title of the contact.",
        "Set `EMAIL` to the mailbox of the security team.",
        "Set `PHONE` to the phone number of the security team.",
        "Run the command. The console has the same setting: Account, Alternate contacts, Security contact.",
    ],
    example: FailedResource::example("global", "arn:aws:account::111122223333:account", ""),
    by_default: true,
    remediation: |_| {
        let put = "account put-alternate-contact --alternate-contact-type SECURITY --name \"$NAME\" \
                   --title \"$ROLE\" --email-address \"$EMAIL\" --phone-number \"$PHONE\"";
        Some(format!("aws {put}"))
    },
    controls: &[
        covers("cis-7.0", "2.3"),
        covers("cis-5.0", "1.2"),
        covers("aws-fsbp", "Account.1"),
    ],
    prowler: Counterparts::per_account(&[same(
        "account_security_contact_information_is_registered",
    )
    .not_compared("Prowler leaves the check to a person")]),
    parameters: Parameters::None,
    needs: &[SecurityContact::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let is_there = *facts.get::<SecurityContact>()?;
    let violation =
        || CHECK.violation(arn::account(context), "The account has no security contact");
    Ok(RuleResult::of_one((!is_there).then(violation)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(is_there: Reading<bool>) -> Result<RuleResult, Gap> {
        let facts = FactStore::default().with::<SecurityContact>(is_there);
        evaluate_account(&CHECK, &facts)
    }

    #[test]
    fn a_contact_that_exists_passes() {
        let result = evaluated(Reading::known(true)).unwrap();
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn no_contact_is_found() {
        let result = evaluated(Reading::known(false)).unwrap();
        assert_eq!(result.resources_evaluated, 1);
        let resource = &result.violations[0].resource;
        assert_eq!(*resource, "arn:aws:account::111122223333:account");
    }

    #[test]
    fn a_contact_that_could_not_be_read_is_a_gap() {
        let action = "account:GetAlternateContact";
        assert_eq!(evaluated(missing(action)).unwrap_err(), denied(action));
    }
}

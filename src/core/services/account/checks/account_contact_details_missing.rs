//! Accounts without contact details.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers, part,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::account::ContactDetails;

pub(super) const CHECK: Check = Check {
    id: "account-contact-details-missing",
    title: "Account has no contact details",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "AWS contacts the owner of an account with these details, for example before it suspends an \
          account that is abused. They also help to recover an account whose root user is lost. A member \
          account starts with the details of the management account. orgscan reads only whether all \
          required fields have a value. It keeps no personal data, and cannot know whether the details are \
          current.",
    fix: &[
        "Set `CONTACT` to the details as `FullName=...,AddressLine1=...,City=...,PostalCode=...,\
         CountryCode=...,PhoneNumber=...`. Use details of the organization, not of a person.",
        "Run the command. The console has the same setting: Account, Contact information.",
    ],
    example: FailedResource::example("global", "arn:aws:account::111122223333:account", ""),
    by_default: false,
    remediation: |_| {
        let put = "account put-contact-information --contact-information \"$CONTACT\"";
        Some(format!("aws {put}"))
    },
    controls: &[covers("cis-7.0", "2.2"), covers("cis-5.0", "1.1")],
    prowler: Counterparts::per_account(&[part("account_maintain_current_contact_details")
        .not_compared("Prowler leaves the check to a person")]),
    parameters: Parameters::None,
    needs: &[ContactDetails::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let are_there = *facts.get::<ContactDetails>()?;
    let violation = || CHECK.violation(arn::account(context), "The account has no contact details");
    Ok(RuleResult::of_one((!are_there).then(violation)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(are_there: Reading<bool>) -> Result<RuleResult, Gap> {
        let facts = FactStore::default().with::<ContactDetails>(are_there);
        evaluate_account(&CHECK, &facts)
    }

    #[test]
    fn details_that_exist_pass() {
        let result = evaluated(Reading::known(true)).unwrap();
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn no_details_are_found() {
        let result = evaluated(Reading::known(false)).unwrap();
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (1, 1)
        );
        assert_eq!(result.violations[0].severity, Severity::Low);
    }

    #[test]
    fn details_that_could_not_be_read_are_a_gap() {
        let action = "account:GetContactInformation";
        assert_eq!(evaluated(missing(action)).unwrap_err(), denied(action));
    }
}

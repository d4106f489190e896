//! Account Management, once per account: whether its contacts exist. Names, addresses and phone numbers are dropped here.

use orgscan_core::api::Meaning;
use orgscan_core::services::account::{
    ContactDetails, GET_ALTERNATE_CONTACT, GET_CONTACT_INFORMATION, SecurityContact,
};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use super::{AccountScope, Collect, Collector, FactError, collectors};
use crate::require;

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![SecurityContact, ContactDetails]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct AlternateContact {
    alternate_contact: Option<IgnoredAny>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Contact {
    contact_information: Option<ContactInformation>,
}

/// The fields that AWS requires.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_ContactInformation.html>
#[derive(Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
struct ContactInformation {
    full_name: String,
    address_line1: String,
    city: String,
    postal_code: String,
    country_code: String,
    phone_number: String,
}

impl Collect<AccountScope<'_>> for SecurityContact {
    async fn collect(scope: &AccountScope<'_>) -> Result<bool, FactError> {
        let (api, client) = (&GET_ALTERNATE_CONTACT, scope.session.clients.account());
        let input = json!({ "AlternateContactType": "SECURITY" });
        let path = "/getAlternateContact";
        let call = client.post(&scope.api_caller, api, path, &input).await;
        let answer: AlternateContact = match call {
            Ok(answer) => answer,
            Err(failure) if failure.means(Meaning::Absent) => return Ok(false),
            Err(failure) => return Err(failure.into()),
        };
        require(api.action, "AlternateContact", answer.alternate_contact)?;
        Ok(true)
    }
}

impl Collect<AccountScope<'_>> for ContactDetails {
    async fn collect(scope: &AccountScope<'_>) -> Result<bool, FactError> {
        let (api, client) = (&GET_CONTACT_INFORMATION, scope.session.clients.account());
        let path = "/getContactInformation";
        let call = client.post(&scope.api_caller, api, path, &json!({})).await;
        let answer: Contact = match call {
            Ok(answer) => answer,
            Err(failure) if failure.means(Meaning::Absent) => return Ok(false),
            Err(failure) => return Err(failure.into()),
        };
        let contact = answer.contact_information;
        let contact = require(api.action, "ContactInformation", contact)?;
        Ok(contact.is_complete())
    }
}

impl ContactInformation {
    fn is_complete(&self) -> bool {
        let required = [
            &self.full_name,
            &self.address_line1,
            &self.city,
            &self.postal_code,
            &self.country_code,
            &self.phone_number,
        ];
        required.into_iter().all(|field| !field.trim().is_empty())
    }
}

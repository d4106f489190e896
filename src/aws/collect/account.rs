//! Account Management, once per account: whether its contacts exist. Names, addresses and phone numbers are dropped here.

use aws_sdk_account::types::{AlternateContactType, ContactInformation};
use orgscan_core::api::Meaning;
use orgscan_core::services::account::{
    ContactDetails, GET_ALTERNATE_CONTACT, GET_CONTACT_INFORMATION, SecurityContact,
};

use super::{AccountScope, Collect, Collector, FactError, collectors};
use crate::require;

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![SecurityContact, ContactDetails]
}

impl Collect<AccountScope<'_>> for SecurityContact {
    async fn collect(scope: &AccountScope<'_>) -> Result<bool, FactError> {
        let (api, client) = (&GET_ALTERNATE_CONTACT, scope.session.clients.account());
        let send = || {
            let request = client.get_alternate_contact();
            let request = request.alternate_contact_type(AlternateContactType::Security);
            request.send()
        };
        match scope.api_caller.call(api, send).await {
            Ok(answer) => {
                require(api.action, "AlternateContact", answer.alternate_contact)?;
                Ok(true)
            }
            Err(failure) if failure.means(Meaning::Absent) => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}

impl Collect<AccountScope<'_>> for ContactDetails {
    async fn collect(scope: &AccountScope<'_>) -> Result<bool, FactError> {
        let (api, client) = (&GET_CONTACT_INFORMATION, scope.session.clients.account());
        let send = || client.get_contact_information().send();
        match scope.api_caller.call(api, send).await {
            Ok(answer) => {
                let contact = answer.contact_information;
                let contact = require(api.action, "ContactInformation", contact)?;
                Ok(is_complete(&contact))
            }
            Err(failure) if failure.means(Meaning::Absent) => Ok(false),
            Err(failure) => Err(failure.into()),
        }
    }
}

/// Whether all fields that AWS requires have a value. For one that is missing the SDK writes an empty one.
///
/// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_ContactInformation.html>
fn is_complete(contact: &ContactInformation) -> bool {
    let required = [
        &contact.full_name,
        &contact.address_line1,
        &contact.city,
        &contact.postal_code,
        &contact.country_code,
        &contact.phone_number,
    ];
    required.into_iter().all(|field| !field.trim().is_empty())
}

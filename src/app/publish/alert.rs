//! The alert: one message per run and topic, over SNS.
//!
//! It is written for the engineer on call: what changed, how severe it is, where, and what is unknown.
//! Its size does not grow with the organization: lists are truncated, counts are not.
//!
//! Each format has the same content: `email` all of it, `sms` one line, `json` for programs, `chat` for a chat
//! channel.

mod attributes;
mod body;
mod chat;
mod document;
mod exceptions;
mod headline;
mod need;
mod request;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use orgscan_core::model::{Account, AccountId, AccountOutcome, AccountSummary, Baseline, Report};
use orgscan_core::text::clean;
use serde::{Deserialize, Serialize};

pub use attributes::Attribute;
pub use document::{SCHEMA_VERSION, schema};
pub use exceptions::ExceptionNotice;
pub use need::needed;
use orgscan_report::html::{self, link};
use orgscan_store::integrity::SealedLink;
pub use request::{message, publish};

/// The most characters of a name, a path and a note from outside orgscan.
const NAME: usize = 80;
const PATH: usize = 160;
const NOTE: usize = 300;

/// The content of an alert.
#[derive(Clone, Copy, Debug)]
pub struct AlertContext<'a> {
    /// What was found, in all accounts or in those of the route.
    pub report: &'a Report,
    /// Exceptions that are about to expire or have expired.
    pub exceptions: &'a [ExceptionNotice],
    /// Where the report's files are, for people.
    pub report_location: Option<&'a str>,
    /// Whether the report has a page, `index.html`.
    pub has_page: bool,
    /// The report's link of the chain of manifests, once it has one.
    pub manifest: Option<&'a SealedLink>,
    /// The dashboard's address.
    pub dashboard: Option<&'a str>,
    /// The name of the route, if the alert is about the accounts of one.
    pub route: Option<&'a str>,
}

impl AlertContext<'_> {
    /// Where all findings are: in the page, at the account if there is only one; without a page in the report's
    /// folder.
    fn findings_at(&self) -> Option<String> {
        let location = self.report_location?;
        if !self.has_page {
            return Some(location.to_owned());
        }
        let view = match self.report.accounts.as_slice() {
            [one] => link::account(&one.account.id),
            _ => html::NAME.to_owned(),
        };
        Some(format!("{}/{view}", location.trim_end_matches('/')))
    }
}

/// A message for an SNS topic, in all formats.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alert {
    /// The name of the route; none if the alert is about all accounts.
    pub route: Option<String>,
    /// The subject: ASCII without control characters, under 100 characters.
    pub subject: String,
    /// The text for people.
    pub email: String,
    /// The same in a line: ASCII, 140 characters at most.
    pub sms: String,
    /// For programs, as JSON: `docs/alert.schema.json`.
    pub json: String,
    /// For a chat channel, as JSON: Amazon Q Developer's custom notification.
    pub chat: String,
    /// The message's attributes.
    pub attributes: Vec<Attribute>,
}

/// Renders the message.
///
/// # Errors
/// If a value cannot be written as JSON.
pub fn render(context: &AlertContext<'_>) -> Result<Alert, serde_json::Error> {
    Ok(Alert {
        route: context.route.map(str::to_owned),
        subject: headline::subject(context),
        email: body::render(context),
        sms: headline::sms(context),
        json: serde_json::to_string(&document::Document::of(context))?,
        chat: serde_json::to_string(&chat::Notification::of(context))?,
        attributes: attributes::attributes(context),
    })
}

impl AlertContext<'_> {
    /// The day of the run, in UTC.
    fn day(&self) -> Date {
        let started = self.report.run.started.to_zoned(TimeZone::UTC);
        started.date()
    }

    /// Whether the run was compared with another one.
    fn is_compared(&self) -> bool {
        matches!(self.report.changes.baseline, Baseline::Compared { .. })
    }

    /// The summary of the account with this id, if it was listed.
    fn summary(&self, id: &AccountId) -> Option<&AccountSummary> {
        let accounts = &self.report.accounts;
        let found = accounts.binary_search_by(|summary| summary.account.id.cmp(id));
        accounts.get(found.ok()?)
    }

    /// The account with this id, if it was listed.
    fn account(&self, id: &AccountId) -> Option<&Account> {
        Some(&self.summary(id)?.account)
    }

    /// `prod-web (111122223333)`
    fn name_of(&self, id: &AccountId) -> String {
        match self.account(id) {
            Some(account) => named(id, &account.name),
            None => id.to_string(),
        }
    }
}

/// `prod-web (111122223333)`; the id alone if the account has no other name.
fn named(id: &AccountId, name: &str) -> String {
    match clean(name, NAME) {
        name if name.is_empty() || name == id.as_str() => id.to_string(),
        name => format!("{name} ({id})"),
    }
}

/// The accounts that were to be scanned.
fn accounts_planned(report: &Report) -> u64 {
    report.coverage.accounts_scanned + report.coverage.accounts_failed
}

fn is_failed(outcome: &AccountOutcome) -> bool {
    matches!(outcome, AccountOutcome::Failed { .. })
}

/// Whether something in the account could not be evaluated.
fn is_incomplete(summary: &AccountSummary) -> bool {
    is_failed(&summary.outcome) || summary.targets.unknown > 0
}

#[cfg(test)]
mod tests;

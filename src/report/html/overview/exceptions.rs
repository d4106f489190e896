//! The exceptions.

use orgscan_core::model::{ExceptionState, Report};
use orgscan_core::text::{count, number};

use super::super::format::visible;

/// How many exceptions are shown.
const SHOWN: usize = 500;

/// The exceptions and their effects.
pub(super) struct ExceptionsView {
    pub(super) location: Option<String>,
    pub(super) unusable: Option<String>,
    pub(super) total: String,
    pub(super) lines: Vec<ExceptionLine>,
    pub(super) more: Option<String>,
}

pub(super) struct ExceptionLine {
    pub(super) id: String,
    pub(super) kind: &'static str,
    pub(super) state: &'static str,
    pub(super) matches: String,
    pub(super) applied: String,
    pub(super) owner: String,
    pub(super) reason: String,
    pub(super) ticket: String,
    pub(super) expires: String,
    pub(super) remark: Option<String>,
}

impl ExceptionsView {
    pub(super) fn new(report: &Report) -> Self {
        let exceptions = &report.exceptions;
        let mut list: Vec<_> = exceptions.entries.iter().collect();
        // Exceptions that require action come first.
        list.sort_by_key(|one| (one.remark().is_none(), one.state == ExceptionState::Active));
        let more = list.len().saturating_sub(SHOWN);
        let or_empty = |text: &Option<String>| text.as_deref().map(visible).unwrap_or_default();
        let line = |one: &&orgscan_core::model::ExceptionUse| {
            let terms = &one.suppression;
            ExceptionLine {
                id: visible(&terms.id),
                kind: one.kind.as_str(),
                state: one.state.as_str(),
                matches: or_empty(&one.criteria),
                applied: number(one.applied),
                owner: visible(&terms.owner),
                reason: visible(&terms.reason),
                ticket: or_empty(&terms.ticket),
                expires: terms
                    .expires
                    .map_or_else(|| "never".into(), |day| day.to_string()),
                remark: one.remark().map(|remark| visible(&remark)),
            }
        };
        Self {
            location: exceptions.location.as_deref().map(visible),
            unusable: exceptions.error.as_deref().map(visible),
            total: number(exceptions.entries.len() as u64),
            lines: list.iter().take(SHOWN).map(line).collect(),
            more: (more > 0)
                .then(|| format!("{} in exceptions.csv", count(more as u64, "more exception"))),
        }
    }
}

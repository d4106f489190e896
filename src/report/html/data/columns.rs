//! The findings, column by column.

use orgscan_core::model::{ChangeKind, Severity};
use serde::Serialize;

use super::super::strings::Strings;
use super::super::top_findings::TopFindings;

/// The findings of the page, the highest severity first. Texts are numbers; -1 without a text.
#[derive(Debug, Default, Serialize)]
pub(super) struct Columns {
    /// From 0, the mildest.
    severity: Vec<u8>,
    account: Vec<usize>,
    check: Vec<u32>,
    region: Vec<u32>,
    status: Vec<Option<ChangeKind>>,
    first_seen: Vec<i64>,
    last_seen: Vec<i64>,
    exception: Vec<i64>,
    id: Vec<Box<str>>,
    name: Vec<u32>,
    resource: Vec<u32>,
    part: Vec<u32>,
    message: Vec<u32>,
    command: Vec<i64>,
}

impl Columns {
    /// The columns; what name, resource, part, message and command have the numbers of; what the others have the
    /// numbers of; and the exceptions.
    pub(super) fn new(top_findings: TopFindings) -> (Self, Strings, Strings, Vec<[String; 5]>) {
        let mut texts = Strings::default();
        let mut columns = Self::default();
        for finding in top_findings.by_severity_descending() {
            columns.severity.push(level(finding.severity));
            columns.account.push(finding.account);
            columns.check.push(finding.check);
            columns.region.push(finding.region);
            columns.status.push(finding.status);
            columns.first_seen.push(finding.first_seen);
            columns.last_seen.push(finding.last_seen);
            columns.exception.push(finding.exception);
            columns.id.push(finding.id.clone());
            columns.name.push(texts.number(&finding.name));
            columns.resource.push(texts.number(&finding.resource));
            columns.part.push(texts.number(&finding.part));
            columns.message.push(texts.number(&finding.message));
            let command = finding.command.as_deref();
            columns.command.push(texts.optional(command));
        }
        (
            columns,
            texts,
            top_findings.strings,
            top_findings.exceptions,
        )
    }
}

fn level(severity: Severity) -> u8 {
    severity as u8
}

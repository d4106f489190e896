//! The findings that the page shows: those of the highest severity, as many as fit.

use std::collections::VecDeque;

use orgscan_core::checks::{Check, FailedResource};
use orgscan_core::model::{Account, ChangeKind, Severity, SeverityCounts, Suppression};

use crate::findings::Row;

use super::format::visible;
use super::strings::{Strings, VariableTexts};

/// How many findings fit into a page.
const FINDINGS: usize = 25_000;

/// How many bytes they and the outcomes of controls may take, so that the page of a thousand accounts
/// stays below 5 MiB.
const BYTES: usize = 35 << 17;

/// What the numbers of a finding take, beside its texts.
const NUMBERS: usize = 45;

/// A finding as the page has it. Texts have others in place of what differs; see [`VariableTexts`].
#[derive(Debug)]
pub(super) struct PageFinding {
    pub(super) account: usize,
    pub(super) severity: Severity,
    pub(super) check: u32,
    pub(super) region: u32,
    pub(super) status: Option<ChangeKind>,
    pub(super) first_seen: i64,
    pub(super) last_seen: i64,
    pub(super) exception: i64,
    pub(super) id: Box<str>,
    pub(super) name: Box<str>,
    pub(super) resource: Box<str>,
    pub(super) part: Box<str>,
    pub(super) message: Box<str>,
    pub(super) command: Option<Box<str>>,
}

impl PageFinding {
    fn bytes(&self) -> usize {
        // The resource and the command are alike for nearly all findings of a check.
        let command = self
            .command
            .as_ref()
            .map_or(0, |command| written(command) / 4);
        let texts = [&self.id, &self.name, &self.part, &self.message];
        NUMBERS + texts.map(|text| written(text)).iter().sum::<usize>() + command
    }
}

/// How many bytes a text takes in the page, where `<` is `\u003c`.
fn written(text: &str) -> usize {
    let is_escaped = |b: &u8| matches!(b, b'<' | b'>' | b'&' | b'"' | b'\\');
    text.len() + 5 * text.bytes().filter(|b| is_escaped(b)).count()
}

/// The findings of the highest severity so far.
#[derive(Debug, Default)]
pub(super) struct TopFindings {
    /// By severity, from the mildest.
    levels: [VecDeque<PageFinding>; Severity::ALL.len()],
    count: usize,
    bytes: usize,
    /// How many were omitted, by severity, suppressed ones included.
    pub(super) omitted: SeverityCounts,
    /// Checks, Regions and times.
    pub(super) strings: Strings,
    /// The exceptions that accept some of them: in a sentence, then the id, owner, reason and last day.
    pub(super) exceptions: Vec<[String; 5]>,
    exception_ids: Strings,
}

impl TopFindings {
    pub(super) fn add(
        &mut self,
        position: usize,
        account: &Account,
        row: &Row<'_>,
        checks: &[&'static Check],
    ) {
        let finding = self.finding(position, account, row, checks);
        self.count += 1;
        self.bytes += finding.bytes();
        self.levels[row.severity as usize].push_back(finding);
        self.enforce_limits();
    }

    /// Reserves this many bytes for another part of the page.
    pub(super) fn make_room(&mut self, bytes: usize) {
        self.bytes += bytes;
        self.enforce_limits();
    }

    fn enforce_limits(&mut self) {
        while self.count > 0 && (self.count > FINDINGS || self.bytes > BYTES) {
            self.drop_mildest();
        }
    }

    /// The last one of the mildest.
    fn drop_mildest(&mut self) {
        let mildest = self.levels.iter_mut().find(|level| !level.is_empty());
        let Some(dropped) = mildest.and_then(VecDeque::pop_back) else {
            return;
        };
        self.count -= 1;
        self.bytes -= dropped.bytes();
        self.omitted.count(dropped.severity);
    }

    /// The findings that were kept, the highest severity first, then in the order in which they were added.
    pub(super) fn by_severity_descending(&self) -> impl Iterator<Item = &PageFinding> {
        self.levels.iter().rev().flatten()
    }

    pub(super) fn len(&self) -> usize {
        self.count
    }

    fn finding(
        &mut self,
        position: usize,
        account: &Account,
        row: &Row<'_>,
        checks: &[&'static Check],
    ) -> PageFinding {
        let failed = FailedResource {
            account: account.id.as_str(),
            region: row.region,
            resource: row.resource,
            part: row.part,
        };
        let name = visible(failed.name());
        let differing = VariableTexts {
            name: &name,
            region: row.region,
            account: account.id.as_str(),
        };
        let coded = |text: &str| differing.coded(&visible(text)).into_boxed_str();
        let check = checks.iter().find(|check| check.id == row.check);
        let command = check.and_then(|check| (check.remediation)(&failed));
        let known = row.compared.map(|compared| &compared.finding);
        let time = |at: jiff::Timestamp| at.strftime("%Y-%m-%d %H:%M").to_string();
        let first_seen = known.map(|known| time(known.first_seen));
        let last_seen = known.map(|known| time(known.last_seen));
        let exception = row.exception.map(|one| self.exception(one));
        let strings = &mut self.strings;
        PageFinding {
            account: position,
            severity: row.severity,
            check: strings.number(row.check),
            region: strings.number(row.region),
            status: row.compared.and_then(|compared| compared.kind),
            first_seen: strings.optional(first_seen.as_deref()),
            last_seen: strings.optional(last_seen.as_deref()),
            exception: exception.unwrap_or(-1),
            id: row.id.as_str().into(),
            resource: coded(row.resource),
            part: visible(row.part).into(),
            message: coded(row.message),
            command: command.map(|command| coded(&command)),
            name: name.into(),
        }
    }

    /// The number of an exception.
    fn exception(&mut self, one: &Suppression) -> i64 {
        let number = self.exception_ids.number(&one.id);
        if self.exceptions.len() < self.exception_ids.len() {
            let expires = one.expires.map(|day| day.to_string()).unwrap_or_default();
            let texts = [&one.to_string(), &one.id, &one.owner, &one.reason, &expires];
            self.exceptions.push(texts.map(|text| visible(text)));
        }
        number.into()
    }
}

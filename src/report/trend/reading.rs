//! Reads `report.json` of a run that has left no summary, line by line, as far as is asked for: it was written so,
//! with its keys in a fixed order, the numbers before the accounts and the accounts before the findings.

use std::collections::BTreeMap;
use std::fmt::Display;
use std::ops::ControlFlow;

use orgscan_core::lines::LineVisitor;
use orgscan_core::model::SeverityCounts;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::oldest::OpenFinding;
use super::stored::{
    StoredAccount, StoredChanges, StoredCoverage, StoredFinding, StoredRun, StoredTotal,
};

/// How far a report is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Depth {
    /// To the accounts.
    Head,
    /// To the last account.
    Accounts,
    /// To the last finding.
    Findings,
}

/// What is kept of a report beside its head.
pub trait ReportVisitor: Send + 'static {
    /// How far it has to be read.
    const DEPTH: Depth;
    /// Takes an account. Accounts come by id.
    fn account(&mut self, _account: StoredAccount) {}
    /// Takes an open finding.
    fn finding(&mut self, _finding: OpenFinding) {}
}

/// Keeps nothing but the head.
#[derive(Clone, Copy, Debug, Default)]
pub struct HeadOnly;

impl ReportVisitor for HeadOnly {
    const DEPTH: Depth = Depth::Head;
}

/// What comes before the accounts.
#[derive(Debug, Serialize, Deserialize)]
pub struct Head {
    /// The run.
    pub run: StoredRun,
    /// The organization's totals.
    pub indicators: Vec<StoredTotal>,
    /// Those of its OUs, by path.
    pub ous: BTreeMap<String, Vec<StoredTotal>>,
    /// What was evaluated.
    pub coverage: StoredCoverage,
    /// Findings, by severity.
    pub findings_by_severity: SeverityCounts,
    /// What changed.
    pub changes: StoredChanges,
}

/// Why a file is not what a run leaves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct DamagedReport {
    /// The line, counted from 1.
    pub line: u64,
    /// What is wrong with it.
    pub why: String,
}

/// The head in the making.
#[derive(Debug, Default)]
struct Parts {
    run: Option<StoredRun>,
    indicators: Option<Vec<StoredTotal>>,
    ous: Option<BTreeMap<String, Vec<StoredTotal>>>,
    coverage: Option<StoredCoverage>,
    findings_by_severity: Option<SeverityCounts>,
    changes: Option<StoredChanges>,
}

/// What the lines are that come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum ReadPosition {
    Members,
    Accounts,
    /// Members, and lines of one that nobody asks for.
    Rest,
    Findings,
    /// Everything that was asked for has come.
    End,
}

/// A report that is being read.
#[derive(Debug)]
pub struct ReportReader<K> {
    at: ReadPosition,
    line: u64,
    parts: Parts,
    accounts: u64,
    keep: K,
    damaged: Option<DamagedReport>,
}

impl<K: ReportVisitor> ReportReader<K> {
    /// Begins to read.
    pub fn new(keep: K) -> Self {
        Self {
            at: ReadPosition::Members,
            line: 0,
            parts: Parts::default(),
            accounts: 0,
            keep,
            damaged: None,
        }
    }

    /// What was read.
    ///
    /// # Errors
    /// Where it was no report, or no whole one.
    pub fn finish(self) -> Result<(Head, K), DamagedReport> {
        if let Some(damaged) = self.damaged {
            return Err(damaged);
        }
        let damaged = |why: String| DamagedReport {
            line: self.line,
            why,
        };
        if self.at != ReadPosition::End {
            return Err(damaged("it ends early".to_owned()));
        }
        let parts = self.parts;
        let missing = |key: &str| damaged(format!("it has no `{key}` before its accounts"));
        let head = Head {
            run: parts.run.ok_or_else(|| missing("run"))?,
            indicators: parts.indicators.ok_or_else(|| missing("indicators"))?,
            ous: parts.ous.unwrap_or_default(),
            coverage: parts.coverage.ok_or_else(|| missing("coverage"))?,
            findings_by_severity: parts
                .findings_by_severity
                .ok_or_else(|| missing("findings_by_severity"))?,
            changes: parts.changes.ok_or_else(|| missing("changes"))?,
        };
        let listed = head.coverage.accounts_listed;
        if K::DEPTH >= Depth::Accounts && self.accounts != listed {
            let accounts = self.accounts;
            return Err(damaged(format!("it has {accounts} accounts of {listed}")));
        }
        Ok((head, self.keep))
    }

    fn read(&mut self, line: &[u8]) -> Result<(), String> {
        let text = line.trim_ascii();
        let text = text.strip_suffix(b",").unwrap_or(text);
        match self.at {
            ReadPosition::Members | ReadPosition::Rest if text.starts_with(b"\"") => {
                self.member(text)?
            }
            ReadPosition::Members if !matches!(text, b"{" | b"") => {
                return Err("it is not written as orgscan writes reports".to_owned());
            }
            ReadPosition::Accounts if text == b"]" => self.end_of_accounts(),
            ReadPosition::Accounts => {
                self.keep.account(parse(text)?);
                self.accounts += 1;
            }
            ReadPosition::Findings if text == b"]" => self.at = ReadPosition::End,
            ReadPosition::Findings => {
                let finding: StoredFinding = parse(text)?;
                if let Some(finding) = finding.open() {
                    self.keep.finding(finding);
                }
            }
            ReadPosition::Members | ReadPosition::Rest | ReadPosition::End => {}
        }
        Ok(())
    }

    fn end_of_accounts(&mut self) {
        self.at = match K::DEPTH {
            Depth::Findings => ReadPosition::Rest,
            Depth::Head | Depth::Accounts => ReadPosition::End,
        };
    }

    fn member(&mut self, text: &[u8]) -> Result<(), String> {
        let split = text.windows(3).position(|three| three == b"\": ");
        let split = split.ok_or("it is not written as orgscan writes reports")?;
        let (key, value) = (&text[1..split], &text[split + 3..]);
        let parts = &mut self.parts;
        match key {
            b"schema_version" => version(parse(value)?)?,
            b"run" => parts.run = Some(parse(value)?),
            b"indicators" => parts.indicators = Some(parse(value)?),
            b"ous" => parts.ous = Some(parse(value)?),
            b"coverage" => parts.coverage = Some(parse(value)?),
            b"findings_by_severity" => parts.findings_by_severity = Some(parse(value)?),
            b"changes" => parts.changes = Some(parse(value)?),
            b"accounts" => {
                self.at = match K::DEPTH {
                    Depth::Head => ReadPosition::End,
                    Depth::Accounts | Depth::Findings => ReadPosition::Accounts,
                }
            }
            b"findings" => self.at = ReadPosition::Findings,
            _ => {}
        }
        Ok(())
    }
}

impl<K: ReportVisitor> LineVisitor for ReportReader<K> {
    fn line(&mut self, line: &[u8]) -> ControlFlow<()> {
        self.line += 1;
        if let Err(why) = self.read(line) {
            self.damaged = Some(DamagedReport {
                line: self.line,
                why,
            });
            return ControlFlow::Break(());
        }
        match self.at {
            ReadPosition::End => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}

fn version(version: String) -> Result<(), String> {
    match version.split('.').next() {
        Some("2") => Ok(()),
        _ => Err(other_version(&version.escape_debug(), "2.x")),
    }
}

/// What is wrong with a file of another version, and what to do.
pub(super) fn other_version(found: &impl Display, known: &str) -> String {
    format!(
        "its format is {found}, and this version of orgscan reads {known}; use the version that wrote it"
    )
}

pub(super) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

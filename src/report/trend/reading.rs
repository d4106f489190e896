//! Reads `report.json` of a run that has left no summary, line by line, as far as is asked for: it was written so,
//! with its keys in a fixed order, the numbers before the accounts and the accounts before the findings.

use std::collections::BTreeMap;
use std::ops::ControlFlow;

use orgscan_core::lines::Lines;
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
pub trait Keep: Send + 'static {
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

impl Keep for HeadOnly {
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
    pub units: BTreeMap<String, Vec<StoredTotal>>,
    /// What was looked at.
    pub coverage: StoredCoverage,
    /// Findings, by severity.
    pub findings: SeverityCounts,
    /// What changed.
    pub changes: StoredChanges,
}

/// Why a file is not what a run leaves.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("line {line}: {why}")]
pub struct Damaged {
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
    units: Option<BTreeMap<String, Vec<StoredTotal>>>,
    coverage: Option<StoredCoverage>,
    findings: Option<SeverityCounts>,
    changes: Option<StoredChanges>,
}

/// What the lines are that come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum At {
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
    at: At,
    line: u64,
    parts: Parts,
    accounts: u64,
    keep: K,
    damaged: Option<Damaged>,
}

impl<K: Keep> ReportReader<K> {
    /// Begins to read.
    pub fn new(keep: K) -> Self {
        Self {
            at: At::Members,
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
    pub fn finish(self) -> Result<(Head, K), Damaged> {
        if let Some(damaged) = self.damaged {
            return Err(damaged);
        }
        let damaged = |why: String| Damaged {
            line: self.line,
            why,
        };
        if self.at != At::End {
            return Err(damaged("it ends early".to_owned()));
        }
        let parts = self.parts;
        let missing = |key: &str| damaged(format!("it has no `{key}` before its accounts"));
        let head = Head {
            run: parts.run.ok_or_else(|| missing("run"))?,
            indicators: parts.indicators.ok_or_else(|| missing("indicators"))?,
            units: parts.units.unwrap_or_default(),
            coverage: parts.coverage.ok_or_else(|| missing("coverage"))?,
            findings: parts
                .findings
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
            At::Members | At::Rest if text.starts_with(b"\"") => self.member(text)?,
            At::Members if !matches!(text, b"{" | b"") => {
                return Err("it is not written as orgscan writes reports".to_owned());
            }
            At::Accounts if text == b"]" => self.end_of_accounts(),
            At::Accounts => {
                self.keep.account(parse(text)?);
                self.accounts += 1;
            }
            At::Findings if text == b"]" => self.at = At::End,
            At::Findings => {
                let finding: StoredFinding = parse(text)?;
                if let Some(finding) = finding.open() {
                    self.keep.finding(finding);
                }
            }
            At::Members | At::Rest | At::End => {}
        }
        Ok(())
    }

    fn end_of_accounts(&mut self) {
        self.at = match K::DEPTH {
            Depth::Findings => At::Rest,
            Depth::Head | Depth::Accounts => At::End,
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
            b"organizational_units" => parts.units = Some(parse(value)?),
            b"coverage" => parts.coverage = Some(parse(value)?),
            b"findings_by_severity" => parts.findings = Some(parse(value)?),
            b"changes" => parts.changes = Some(parse(value)?),
            b"accounts" => {
                self.at = match K::DEPTH {
                    Depth::Head => At::End,
                    Depth::Accounts | Depth::Findings => At::Accounts,
                }
            }
            b"findings" => self.at = At::Findings,
            _ => {}
        }
        Ok(())
    }
}

impl<K: Keep> Lines for ReportReader<K> {
    fn line(&mut self, line: &[u8]) -> ControlFlow<()> {
        self.line += 1;
        if let Err(why) = self.read(line) {
            self.damaged = Some(Damaged {
                line: self.line,
                why,
            });
            return ControlFlow::Break(());
        }
        match self.at {
            At::End => ControlFlow::Break(()),
            _ => ControlFlow::Continue(()),
        }
    }
}

fn version(version: String) -> Result<(), String> {
    match version.split('.').next() {
        Some("1") => Ok(()),
        _ => Err(format!(
            "its format is {}, and this version of orgscan knows 1.x",
            version.escape_debug()
        )),
    }
}

pub(super) fn parse<T: DeserializeOwned>(text: &[u8]) -> Result<T, String> {
    serde_json::from_slice(text).map_err(|error| error.to_string())
}

//! `changes.jsonl`: a line of JSON for every change since the runs before.

use std::collections::BTreeMap;
use std::io::{self, Write};

use jiff::Timestamp;
use orgscan_core::compare::{ComparedFinding, Comparison};
use orgscan_core::model::{AccountId, Cause, ChangeKind, Severity};
use serde::Serialize;

use crate::{AccountReport, Sink};

/// A change. What is ongoing and what is out of scope is none.
#[derive(Debug, Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum ChangeLine<'a> {
    /// What became of a finding.
    Finding(ChangedFinding<'a>),
    /// The account was moved to another OU.
    AccountMoved {
        account_id: &'a AccountId,
        account_name: &'a str,
        from_ou_path: &'a str,
        to_ou_path: &'a str,
    },
    /// The account was closed or suspended, or has left the organization.
    AccountGone {
        account_id: &'a AccountId,
        account_name: &'a str,
        detail: &'a str,
    },
    /// Checks in scopes that could be evaluated before, and not now.
    CoverageLost {
        account_id: &'a AccountId,
        account_name: &'a str,
        targets: u64,
        causes: &'a BTreeMap<Cause, u64>,
    },
    /// The same in an account that the run was to scan for the first time.
    CoverageMissing {
        account_id: &'a AccountId,
        account_name: &'a str,
        targets: u64,
        causes: &'a BTreeMap<Cause, u64>,
    },
    /// Checks in scopes that can be evaluated again.
    CoverageRegained {
        account_id: &'a AccountId,
        account_name: &'a str,
        targets: u64,
    },
    /// An IAM action that was allowed and is denied now.
    PermissionLost {
        account_id: &'a AccountId,
        account_name: &'a str,
        action: &'a str,
        cause: Cause,
    },
}

#[derive(Debug, Serialize)]
struct ChangedFinding<'a> {
    status: ChangeKind,
    id: String,
    severity: Severity,
    check_id: &'a str,
    account_id: &'a AccountId,
    account_name: &'a str,
    region: &'a str,
    resource: &'a str,
    part: &'a str,
    message: &'a str,
    first_seen: Timestamp,
    last_seen: Timestamp,
    closed: Option<Timestamp>,
    reopened: u32,
}

/// Writes `changes.jsonl`.
#[derive(Debug)]
pub struct ChangesJsonl<W> {
    out: W,
}

impl<W> ChangesJsonl<W> {
    /// Begins; there is nothing to write yet.
    pub fn start(out: W) -> Self {
        Self { out }
    }
}

impl<W: Write> Sink<W> for ChangesJsonl<W> {
    fn account(&mut self, _: &AccountReport<'_>) -> io::Result<()> {
        Ok(())
    }

    fn changed(&mut self, comparison: &Comparison) -> io::Result<()> {
        let lines = of_account(comparison).into_iter();
        for line in lines.chain(of_findings(comparison)) {
            serde_json::to_writer(&mut self.out, &line).map_err(io::Error::from)?;
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<W> {
        Ok(self.out)
    }
}

fn of_account(comparison: &Comparison) -> Vec<ChangeLine<'_>> {
    let account = &comparison.account;
    let (account_id, account_name) = (&account.id, &*account.name);
    let coverage = &comparison.coverage;
    let moved = comparison.moved_from.as_ref();
    let moved = moved.map(|from| ChangeLine::AccountMoved {
        account_id,
        account_name,
        from_ou_path: from,
        to_ou_path: account.ou.as_ref().map_or("", |ou| &ou.path),
    });
    let gone = comparison.gone.as_ref();
    let gone = gone.map(|detail| ChangeLine::AccountGone {
        account_id,
        account_name,
        detail,
    });
    let regained = (coverage.regained > 0).then_some(ChangeLine::CoverageRegained {
        account_id,
        account_name,
        targets: coverage.regained,
    });
    let denied = coverage
        .denied
        .iter()
        .map(|(action, cause)| ChangeLine::PermissionLost {
            account_id,
            account_name,
            action,
            cause: *cause,
        });
    let lines = [moved, gone, coverage_lost(comparison), regained]
        .into_iter()
        .flatten();
    lines.chain(denied).collect()
}

fn coverage_lost(comparison: &Comparison) -> Option<ChangeLine<'_>> {
    let account = &comparison.account;
    let (account_id, account_name) = (&account.id, &*account.name);
    let (targets, causes) = (comparison.coverage.lost, &comparison.coverage.causes);
    let line = match comparison.coverage.first_scan {
        true => ChangeLine::CoverageMissing {
            account_id,
            account_name,
            targets,
            causes,
        },
        false => ChangeLine::CoverageLost {
            account_id,
            account_name,
            targets,
            causes,
        },
    };
    (targets > 0).then_some(line)
}

fn of_findings(comparison: &Comparison) -> impl Iterator<Item = ChangeLine<'_>> {
    let account = &comparison.account;
    comparison.findings.iter().filter_map(move |one| {
        let ComparedFinding { kind, finding, .. } = one;
        let kind = (*kind)?;
        if matches!(kind, ChangeKind::Ongoing | ChangeKind::OutOfScope) {
            return None;
        }
        Some(ChangeLine::Finding(ChangedFinding {
            status: kind,
            id: finding.key.id(&account.id),
            severity: finding.severity,
            check_id: &finding.key.check,
            account_id: &account.id,
            account_name: &account.name,
            region: finding.region(),
            resource: &finding.key.resource,
            part: &finding.key.part,
            message: &finding.message,
            first_seen: finding.first_seen,
            last_seen: finding.last_seen,
            closed: finding.closed,
            reopened: finding.reopened,
        }))
    })
}

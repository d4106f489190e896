//! The open findings that were found first.

use std::collections::BinaryHeap;

use jiff::Timestamp;
use orgscan_core::model::{AccountId, Severity};
use schemars::JsonSchema;
use serde::Serialize;

use super::reading::{Depth, Keep};
use super::stored::StoredFinding;

/// How many are kept.
const MOST: usize = 25;

/// An open finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, JsonSchema)]
pub struct OpenFinding {
    /// The beginning of the run that found it first.
    pub first_seen: Timestamp,
    /// The beginning of the run that found it last.
    pub last_seen: Option<Timestamp>,
    /// The finding's id, the same from run to run.
    pub id: String,
    /// The check's id.
    pub check: String,
    /// How bad it is.
    pub severity: Severity,
    /// The account's id.
    pub account_id: AccountId,
    /// The account's name.
    pub account_name: String,
    /// Names of the account's OUs, joined with `/`; empty in the root.
    pub ou_path: String,
    /// The resource's Region; `global` for the account as a whole.
    pub region: String,
    /// The resource's ARN.
    pub resource: String,
    /// Which part of the resource.
    pub part: String,
}

/// Keeps the oldest findings of a report that nobody has accepted: of those found at the same time the
/// worst, and of those the ones that come first by account and id.
#[derive(Debug, Default)]
pub struct Oldest {
    /// The youngest of them on top.
    heap: BinaryHeap<Ranked>,
}

/// When it was found, how bad it is with the worst first, the account, and the finding's id.
type Rank = (Timestamp, std::cmp::Reverse<Severity>, AccountId, String);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Ranked(Rank, OpenFinding);

impl Keep for Oldest {
    const DEPTH: Depth = Depth::Findings;

    fn finding(&mut self, found: StoredFinding) {
        let Some(first_seen) = found.first_seen else {
            return;
        };
        if found.exception.is_some() {
            return;
        }
        let rank = (
            first_seen,
            std::cmp::Reverse(found.severity),
            found.account_id.clone(),
            found.id.clone(),
        );
        let is_full = self.heap.len() == MOST;
        if is_full && self.heap.peek().is_some_and(|youngest| youngest.0 < rank) {
            return;
        }
        self.heap.push(Ranked(rank, open(found, first_seen)));
        if is_full {
            self.heap.pop();
        }
    }
}

impl Oldest {
    /// The findings, the oldest first.
    pub fn in_order(self) -> Vec<OpenFinding> {
        let ranked = self.heap.into_sorted_vec();
        ranked.into_iter().map(|Ranked(_, one)| one).collect()
    }
}

fn open(found: StoredFinding, first_seen: Timestamp) -> OpenFinding {
    OpenFinding {
        first_seen,
        last_seen: found.last_seen,
        id: found.id,
        check: found.check,
        severity: found.severity,
        account_id: found.account_id,
        account_name: found.account_name,
        ou_path: found.ou_path,
        region: found.region,
        resource: found.resource,
        part: found.part,
    }
}

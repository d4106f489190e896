//! The open findings that were found first.

use std::collections::BinaryHeap;

use jiff::Timestamp;
use orgscan_core::model::{AccountId, CheckId, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::reading::{Depth, ReportVisitor};

/// How many are kept.
const MOST: usize = 25;

/// An open finding.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct OpenFinding {
    /// The beginning of the run that found it first.
    pub first_seen: Timestamp,
    /// The beginning of the run that found it last.
    pub last_seen: Option<Timestamp>,
    /// The finding's id, the same from run to run.
    pub id: String,
    /// The check's id.
    pub check_id: CheckId,
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

/// Keeps the oldest findings of a report that are not suppressed: of those found at the same time the
/// worst, and of those the ones that come first by account and id.
#[derive(Debug, Default)]
pub struct OldestFindings {
    /// The youngest of them on top.
    heap: BinaryHeap<RankedFinding>,
}

/// When it was found, how bad it is with the highest severity first, the account, and the finding's id.
type Rank = (Timestamp, std::cmp::Reverse<Severity>, AccountId, String);

#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
struct RankedFinding(Rank, OpenFinding);

impl ReportVisitor for OldestFindings {
    const DEPTH: Depth = Depth::Findings;

    fn finding(&mut self, found: OpenFinding) {
        let rank = (
            found.first_seen,
            std::cmp::Reverse(found.severity),
            found.account_id.clone(),
            found.id.clone(),
        );
        let is_full = self.heap.len() == MOST;
        if is_full && self.heap.peek().is_some_and(|youngest| youngest.0 < rank) {
            return;
        }
        self.heap.push(RankedFinding(rank, found));
        if is_full {
            self.heap.pop();
        }
    }
}

impl OldestFindings {
    /// Whether a finding of this age may be among them.
    pub(super) fn may_take(&self, first_seen: Timestamp) -> bool {
        let youngest = self.heap.peek().filter(|_| self.heap.len() == MOST);
        youngest.is_none_or(|RankedFinding(_, youngest)| first_seen <= youngest.first_seen)
    }

    /// The findings, the oldest first.
    pub fn in_order(self) -> Vec<OpenFinding> {
        let ranked = self.heap.into_sorted_vec();
        ranked
            .into_iter()
            .map(|RankedFinding(_, one)| one)
            .collect()
    }
}

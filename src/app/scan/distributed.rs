//! A run that many processes work on: one plans, each of many scans batches of accounts, one
//! consolidates. A state machine calls them; they meet in the run's folder in S3.
//!
//! | name | what |
//! | --- | --- |
//! | `plan.json` | every account with its decision; written last, so with it the plan is complete |
//! | `batches.json` | a list for the state machine: the number of each batch and its accounts' ids |
//! | `batches/<number>.json` | a batch for the child that scans it |
//! | `failures/<number>.json` | why a batch was given up, as the state machine caught it |
//!
//! The rest of the folder is that of any run, so what one process began another kind may go on with.

mod batch;
mod failures;
mod plan;
mod results;

use std::collections::BTreeMap;
use std::time::Duration;

use orgscan_core::model::{Account, AccountId, Plan, Region, RunId};
use orgscan_store::{Store, StoreError};
use serde::{Deserialize, Serialize};

pub use batch::{BatchProgress, record_failure, scan_batch};
pub use plan::{BatchLayout, PlanSummary, plan};

use crate::config::StepFailure;
use crate::scan::Request;

const PLAN: &str = "plan.json";

/// The name of the list for the state machine.
const BATCHES: &str = "batches.json";

/// Kept back from a step's end for what it has to write down.
const WRITING: Duration = Duration::from_secs(5);

/// What the first step finds out for all others.
#[derive(Debug, Serialize, Deserialize)]
struct StoredPlan {
    /// The run that it is of.
    run_id: RunId,
    plan: Plan,
    /// The partition's Regions, and whether the central account has them enabled.
    regions: BTreeMap<Region, bool>,
    /// Remarks for the report.
    notes: Vec<String>,
    /// How many accounts a batch has, at most.
    batch_accounts: usize,
}

impl StoredPlan {
    /// Refuses the plan of another run.
    fn refuse_foreign(&self, store: &Store, request: &Request) -> Result<(), StoreError> {
        let is_own = self.run_id == request.run_id;
        let why = format!(
            "it is the plan of the run {}; use another run id",
            self.run_id
        );
        store.refuse_foreign(PLAN, (!is_own).then_some(why))
    }

    /// The accounts to scan, by batches.
    fn batches(&self) -> Vec<Vec<&Account>> {
        let accounts: Vec<&Account> = self.plan.to_scan().map(|account| &**account).collect();
        let batches = accounts.chunks(self.batch_accounts.max(1));
        batches.map(<[_]>::to_vec).collect()
    }
}

/// The accounts of a child.
#[derive(Debug, Serialize, Deserialize)]
struct StoredBatch {
    /// The run that it is of.
    run_id: RunId,
    batch: usize,
    accounts: Vec<Account>,
    /// As in the plan.
    regions: BTreeMap<Region, bool>,
}

/// Why a batch was given up.
#[derive(Debug, Serialize, Deserialize)]
struct StoredFailure {
    /// The run that it is of.
    run_id: RunId,
    batch: usize,
    /// What the state machine caught.
    failure: StepFailure,
}

/// Why something that is kept does not belong where it is.
fn foreign(run: &RunId, expected: (&RunId, usize), batch: usize) -> Option<String> {
    let is_own = (run, batch) == expected;
    (!is_own).then(|| format!("it is of batch {batch} of the run {run}"))
}

/// A batch as the state machine sees it. The ids are for people: the child's input says what it scans.
#[derive(Debug, Serialize)]
struct BatchItem<'a> {
    batch: usize,
    accounts: Vec<&'a AccountId>,
}

fn batch_name(number: usize) -> String {
    format!("batches/{number:05}.json")
}

fn failure_name(number: usize) -> String {
    format!("failures/{number:05}.json")
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::{Decision, PlannedAccount, SkipReason};
    use orgscan_core::testing::account;

    use super::*;

    /// The state machine's limit on what goes from state to state.
    ///
    /// Source: <https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html>
    const PAYLOAD: usize = 256 * 1_024;

    fn kept(accounts: u64, batch_accounts: usize) -> StoredPlan {
        let planned = (1..=accounts).map(|n| PlannedAccount {
            account: account(n, "storefront", "Workloads/Production").into(),
            decision: match n % 10 {
                0 => Decision::Skip {
                    reason: SkipReason::Excluded,
                    detail: String::new(),
                },
                _ => Decision::Scan,
            },
        });
        StoredPlan {
            run_id: "nightly".parse().unwrap(),
            plan: Plan {
                organization: None,
                central_account: orgscan_core::testing::id(1),
                accounts: planned.collect(),
            },
            regions: BTreeMap::new(),
            notes: Vec::new(),
            batch_accounts,
        }
    }

    #[test]
    fn every_account_to_scan_is_in_one_batch() {
        let kept = kept(107, 20);
        let batches = kept.batches();
        let sizes: Vec<usize> = batches.iter().map(Vec::len).collect();
        assert_eq!(sizes, [20, 20, 20, 20, 17]);
        let batched = batches.concat().into_iter().map(|account| &account.id);
        assert!(batched.eq(kept.plan.to_scan().map(|account| &account.id)));
    }

    #[test]
    fn what_goes_through_the_state_machine_fits_at_fifty_thousand_accounts() {
        // The largest batches that there may be, each of which goes to a child.
        let kept = kept(50_000, 1_000);
        let items = plan::items(&kept);
        assert_eq!(items.len(), 45);
        for item in items {
            let size = serde_json::to_vec(&item).unwrap().len();
            assert!(size < PAYLOAD / 8, "{size}");
        }
    }
}

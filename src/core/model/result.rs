//! What came of one account: the unit that is stored, resumed from and consolidated.

use std::collections::BTreeMap;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Account, Cause, CheckId, Gap, Region, RegionDecision, SkipReason, TargetScope, Verdict,
};

/// Everything that a run learned about one account.
///
/// Written to the run store as soon as it is there, so a run that stops loses nothing that is done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccountResult {
    /// The run that it belongs to.
    pub run_id: String,
    /// The account, as planned.
    pub account: Account,
    /// Scanned, failed or skipped.
    #[serde(flatten)]
    pub outcome: AccountOutcome,
    /// Every Region known for the account, and whether it was scanned.
    pub regions: BTreeMap<Region, RegionDecision>,
    /// One entry per check and planned scope, ordered by check and scope.
    pub verdicts: Vec<TargetVerdict>,
    /// What the account contributes to checks of the organization as a whole, by check: until all accounts are there and
    /// these can be evaluated.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub records: BTreeMap<String, OrganizationRecord>,
    /// API requests sent for the account, by scope, retries included.
    pub requests: BTreeMap<TargetScope, u64>,
    /// How many of them AWS throttled.
    pub throttled: u64,
    /// What the reader should know about how the account was scanned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
    /// When work on the account began.
    pub started: Timestamp,
    /// When it ended.
    pub finished: Timestamp,
}

impl AccountResult {
    /// Whether a run that is started again has nothing to gain here: no gap has a cause that may
    /// have passed by then.
    pub fn is_final(&self) -> bool {
        !self.gaps().any(|gap| gap.cause.may_pass())
    }

    /// Whether the run's deadline kept something of it from being evaluated.
    pub fn is_cut_short(&self) -> bool {
        self.gaps().any(|gap| gap.cause == Cause::DeadlineExceeded)
    }

    /// Everything that could not be had, except expected gaps.
    fn gaps(&self) -> impl Iterator<Item = &Gap> {
        let failed = match &self.outcome {
            AccountOutcome::Failed { gap } => Some(gap),
            AccountOutcome::Scanned | AccountOutcome::Skipped { .. } => None,
        };
        let gaps = self
            .verdicts
            .iter()
            .flat_map(|verdict| match &verdict.outcome {
                TargetOutcome::Evaluated(evaluated) => evaluated.gaps.as_slice(),
                TargetOutcome::Skipped { .. } => &[],
            });
        let recorded = self.records.values().flat_map(|one| &one.gaps);
        gaps.chain(failed).chain(recorded)
    }
}

/// What an account contributes to a check of the organization as a whole: small, since all accounts' are read at the end.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrganizationRecord<R = serde_json::Value> {
    /// What its facts come to.
    pub record: R,
    /// What could not be had. Any gap makes the account's verdict unknown.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
}

/// What became of an account as a whole.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum AccountOutcome {
    /// A session was had and every planned target has a verdict.
    Scanned,
    /// Nothing could be read, with the cause.
    Failed {
        /// The cause.
        gap: Gap,
    },
    /// Skipped.
    Skipped {
        /// Why, as a word.
        reason: SkipReason,
        /// Why, for people.
        detail: String,
    },
}

/// What became of one check in one scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TargetVerdict {
    /// The check's id.
    pub check_id: CheckId,
    /// Where.
    #[serde(rename = "region")]
    pub scope: TargetScope,
    /// Evaluated, or skipped on purpose.
    #[serde(flatten)]
    pub outcome: TargetOutcome,
}

/// Evaluated, or skipped on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "snake_case")]
pub enum TargetOutcome {
    /// The rule ran.
    Evaluated(Verdict),
    /// A gap that the configuration declares as expected, or that only another account could close.
    Skipped {
        /// Who accepts the gap, why and until when; or what AWS's reason is.
        detail: String,
        /// The gap itself.
        gap: Gap,
    },
}

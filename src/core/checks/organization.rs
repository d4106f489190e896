//! Checks of the organization as a whole, in two steps that are both pure.
//!
//! Each account's facts are reduced to a small record, which is stored with the account's result. Once every account is
//! there, all records together give the verdict on each account. What an account could not tell is a gap of its record.

use std::fmt;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::Context;
use crate::facts::Facts;
use crate::model::{AccountId, Cause, Gap, OrganizationRecord, RuleResult};

/// What is known of the organization once records were added: the state of a check between its two steps.
pub trait OrganizationReducer: Default + fmt::Debug + Send + Sync + 'static {
    /// What an account's facts come to.
    type Record: Serialize + DeserializeOwned;

    /// The record of an account; none where the account has no part in the check. A fact that could not be had is a gap
    /// beside the record.
    fn record(facts: &Facts<'_>, context: &Context<'_>)
    -> Option<OrganizationRecord<Self::Record>>;

    /// Adds the record of an account, with its gaps; none where it cannot be read, which is a gap as well. Accounts come
    /// in any order.
    fn add(&mut self, account: &AccountId, record: Option<Self::Record>, gaps: &[Gap]);

    /// Whether an account has a verdict of its own. One without is judged with another account, which reports all of it.
    fn has_verdict(&self, _: &Self::Record, _: &Context<'_>) -> bool {
        true
    }

    /// What all records together say of an account. The gaps of its own record are added to it.
    fn evaluate(&self, record: Self::Record, context: &Context<'_>) -> RuleResult;
}

/// A rule over the organization.
#[derive(Clone, Copy, Debug)]
pub struct OrganizationRule {
    /// The record of an account.
    pub(crate) record: fn(&Facts<'_>, &Context<'_>) -> Option<OrganizationRecord>,
    /// What is known of an organization of which nothing was added yet.
    pub(crate) start: fn() -> Box<dyn Records>,
}

impl OrganizationRule {
    /// The rule of these records.
    pub const fn of<O: OrganizationReducer>() -> Self {
        Self {
            record: |facts, context| O::record(facts, context).map(stored),
            start: || Box::new(O::default()),
        }
    }
}

/// All records of a check, as they are stored.
pub(crate) trait Records: fmt::Debug + Send + Sync {
    /// See [`OrganizationReducer::add`].
    fn add_stored(&mut self, account: &AccountId, recorded: &OrganizationRecord);

    /// See [`OrganizationReducer::evaluate`]. None where the account has no verdict of its own.
    fn evaluate_stored(
        &self,
        recorded: &OrganizationRecord,
        context: &Context<'_>,
    ) -> Option<RuleResult>;
}

impl<O: OrganizationReducer> Records for O {
    fn add_stored(&mut self, account: &AccountId, recorded: &OrganizationRecord) {
        match read::<O>(&recorded.record) {
            Ok(record) => self.add(account, Some(record), &recorded.gaps),
            Err(gap) => self.add(account, None, &[gap]),
        }
    }

    fn evaluate_stored(
        &self,
        recorded: &OrganizationRecord,
        context: &Context<'_>,
    ) -> Option<RuleResult> {
        let mut result = match read::<O>(&recorded.record) {
            Ok(record) if recorded.gaps.is_empty() && !self.has_verdict(&record, context) => {
                return None;
            }
            Ok(record) => self.evaluate(record, context),
            Err(gap) => RuleResult {
                gaps: vec![gap],
                ..RuleResult::default()
            },
        };
        result.gaps.extend(recorded.gaps.iter().cloned());
        Some(result)
    }
}

fn stored<R: Serialize>(
    OrganizationRecord { record, mut gaps }: OrganizationRecord<R>,
) -> OrganizationRecord {
    let record = serde_json::to_value(record).unwrap_or_else(|error| {
        gaps.push(unreadable(&error));
        Value::Null
    });
    OrganizationRecord { record, gaps }
}

fn read<O: OrganizationReducer>(record: &Value) -> Result<O::Record, Gap> {
    O::Record::deserialize(record).map_err(|error| unreadable(&error))
}

fn unreadable(error: &serde_json::Error) -> Gap {
    Gap {
        detail: format!("the account's record for this check cannot be read: {error}"),
        ..Gap::new("", Cause::Malformed)
    }
}

//! What the checks of the organization share: the central account alone has a record, and the record is its result.

use serde::{Deserialize, Serialize};

use crate::checks::Context;
use crate::facts::Facts;
use crate::model::{Gap, OrganizationRecord, RuleResult, Violation};
use crate::services::organizations::OrganizationProfile;

/// The result of the central account, as it is stored.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct CentralResult {
    resources_evaluated: u64,
    violations: Vec<Violation>,
    notes: Vec<String>,
}

impl From<CentralResult> for RuleResult {
    fn from(stored: CentralResult) -> Self {
        Self {
            resources_evaluated: stored.resources_evaluated,
            violations: stored.violations,
            notes: stored.notes,
            ..Self::default()
        }
    }
}

/// The record of the central account: what a rule says of its organization. Other accounts have none.
pub(super) fn record(
    facts: &Facts<'_>,
    context: &Context<'_>,
    evaluate: impl Fn(&OrganizationProfile) -> Result<RuleResult, Gap>,
) -> Option<OrganizationRecord<CentralResult>> {
    let evaluated = || match facts.get::<OrganizationProfile>()? {
        Some(organization) => evaluate(organization),
        None => Ok(noted("the account belongs to no organization")),
    };
    context.is_central.then(|| {
        let result = evaluated().unwrap_or_else(|gap| RuleResult {
            gaps: vec![gap],
            ..RuleResult::default()
        });
        let record = CentralResult {
            resources_evaluated: result.resources_evaluated,
            violations: result.violations,
            notes: result.notes,
        };
        OrganizationRecord {
            record,
            gaps: result.gaps,
        }
    })
}

/// Nothing to evaluate, for this reason.
pub(super) fn noted(why: &str) -> RuleResult {
    RuleResult {
        notes: vec![why.to_owned()],
        ..RuleResult::default()
    }
}

/// Why an organization has neither policies nor delegated administrators.
pub(super) const BILLING_ONLY: &str =
    "the organization has only the features of consolidated billing";

/// A reducer of a check whose verdict is that of the central account.
macro_rules! central_reducer {
    ($name:ident, $evaluate:path) => {
        /// Nothing: the central account is evaluated by its record alone.
        #[derive(Debug, Default)]
        struct $name;

        impl crate::checks::OrganizationReducer for $name {
            type Record = $crate::services::organizations::checks::central::CentralResult;

            fn record(
                facts: &$crate::facts::Facts<'_>,
                context: &$crate::checks::Context<'_>,
            ) -> Option<$crate::model::OrganizationRecord<Self::Record>> {
                $crate::services::organizations::checks::central::record(
                    facts,
                    context,
                    |organization| $evaluate(facts, organization),
                )
            }

            fn add(
                &mut self,
                _: &$crate::model::AccountId,
                _: Option<Self::Record>,
                _: &[$crate::model::Gap],
            ) {
            }

            fn evaluate(
                &self,
                record: Self::Record,
                _: &$crate::checks::Context<'_>,
            ) -> $crate::model::RuleResult {
                record.into()
            }
        }
    };
}

pub(super) use central_reducer;

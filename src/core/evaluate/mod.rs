//! Runs the rules: facts in, verdicts out.
//!
//! The rules of a Region run as soon as its facts are there, and only what rules over the account as a whole read of
//! them is kept. Checks of the organization leave a record, and are evaluated by [`OrganizationChecks`] in the end.

mod organization;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

pub use self::organization::OrganizationChecks;
use crate::checks::{Check, Context, Rule};
use crate::facts::{FactStore, Facts};
use crate::model::{
    AccountId, Cause, Gap, Monitoring, OrganizationRecord, Region, RuleResult, SensitivePort,
    TargetOutcome, TargetScope, TargetVerdict, Verdict,
};
use crate::services::CHECKS;

/// What evaluating depends on beside the facts.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The AWS partition, for ARNs: `aws`, `aws-us-gov`.
    pub partition: String,
    /// The beginning of the run, for what has an age.
    pub now: Timestamp,
    /// The account that orgscan runs in, where the organization is asked; none where the run is about one account alone.
    pub central_account: Option<AccountId>,
    /// Ports that should not be open to the world.
    pub sensitive_ports: Vec<SensitivePort>,
    /// What is declared to be monitored elsewhere.
    pub monitoring: Monitoring,
}

impl Settings {
    fn context<'a>(&'a self, account: &'a AccountId) -> Context<'a> {
        Context {
            account,
            partition: &self.partition,
            now: self.now,
            is_central: self.central_account.as_ref() == Some(account),
            sensitive_ports: &self.sensitive_ports,
            monitoring: &self.monitoring,
        }
    }
}

/// The checks of a run, ready to be made.
#[derive(Clone, Debug)]
pub struct Evaluation {
    checks: Vec<&'static Check>,
    settings: Settings,
    /// The keys of the facts that rules over an account as a whole may read.
    kept: BTreeSet<&'static str>,
}

/// What is left of a Region whose rules have run.
#[derive(Clone, Debug)]
pub struct EvaluatedRegion {
    /// The verdicts of the rules over a Region.
    pub verdicts: Vec<TargetVerdict>,
    /// The facts that rules over the account as a whole may read.
    pub facts: FactStore,
}

/// What an account comes to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluatedAccount {
    /// One verdict per check and scope, ordered by check, as in the registry, and scope.
    pub verdicts: Vec<TargetVerdict>,
    /// Its records for checks of the organization, by check.
    pub records: BTreeMap<String, OrganizationRecord>,
}

impl Evaluation {
    /// These checks, in whatever order.
    pub fn new(checks: &[&'static Check], settings: Settings) -> Self {
        let mut checks = checks.to_vec();
        checks.sort_by_key(|check| position(check.id));
        let whole = checks
            .iter()
            .filter(|one| !matches!(one.rule, Rule::Region(_)));
        let specs = whole.flat_map(|check| check.needs);
        Self {
            kept: specs.flat_map(|spec| spec.admitted()).collect(),
            checks,
            settings,
        }
    }

    /// Runs the rules over one Region.
    pub fn region(
        &self,
        account: &AccountId,
        region: &Region,
        facts: FactStore,
    ) -> EvaluatedRegion {
        let context = self.settings.context(account);
        let verdicts = self.checks.iter().filter_map(|check| {
            let Rule::Region(rule) = check.rule else {
                return None;
            };
            let verdict = evaluated(Facts::new(&facts, check.needs), |facts| {
                rule(facts, region, &context)
            });
            Some(target(check, TargetScope::Region(region.clone()), verdict))
        });
        EvaluatedRegion {
            verdicts: verdicts.collect(),
            facts: facts.keep(&self.kept),
        }
    }

    /// Runs the rules over the account as a whole, once its Regions are done.
    pub fn account(
        &self,
        account: &AccountId,
        facts: &FactStore,
        regions: BTreeMap<Region, EvaluatedRegion>,
    ) -> EvaluatedAccount {
        let context = self.settings.context(account);
        let mut verdicts = Vec::new();
        let mut kept = BTreeMap::new();
        for (region, evaluated) in regions {
            verdicts.extend(evaluated.verdicts);
            kept.insert(region, evaluated.facts);
        }
        let mut records = BTreeMap::new();
        for check in &self.checks {
            let facts = Facts::new(facts, check.needs).with_regions(&kept);
            match check.rule {
                Rule::Account(rule) => {
                    let verdict = evaluated(facts, |facts| rule(facts, &context));
                    verdicts.push(target(check, TargetScope::Global, verdict));
                }
                Rule::Organization(rule) => {
                    if let Some(mut recorded) = (rule.record)(&facts, &context) {
                        recorded.gaps.extend(facts.undeclared());
                        records.insert(check.id.to_owned(), recorded);
                    }
                }
                Rule::Region(_) => {}
            }
        }
        in_order(&mut verdicts);
        EvaluatedAccount { verdicts, records }
    }
}

/// Orders verdicts by check, as in the registry, and scope.
fn in_order(verdicts: &mut [TargetVerdict]) {
    verdicts.sort_by_cached_key(|one| (position(&one.check_id), one.scope.clone()));
}

fn target(check: &Check, scope: TargetScope, verdict: Verdict) -> TargetVerdict {
    TargetVerdict {
        check_id: check.id.into(),
        scope,
        outcome: outcome(verdict),
    }
}

/// The verdict, or a skipped target where AWS answers other accounts only, or does not offer the service: nothing that
/// people can allow this account makes such a run complete.
fn outcome(verdict: Verdict) -> TargetOutcome {
    let is_empty = verdict.resources_evaluated == 0 && verdict.violations.is_empty();
    let is_skipped = match &verdict.gaps[..] {
        [gap] if matches!(gap.cause, Cause::DelegationRequired | Cause::NotEnabled) => true,
        gaps => gaps.iter().all(|gap| gap.cause == Cause::NotOffered),
    };
    match verdict.gaps.first() {
        Some(gap) if is_empty && is_skipped => TargetOutcome::Skipped {
            detail: gap.detail.clone(),
            gap: gap.clone(),
        },
        _ => TargetOutcome::Evaluated(verdict),
    }
}

/// Where a check stands in the registry; one that is not in it comes last.
fn position(check: &str) -> usize {
    let found = CHECKS.iter().position(|other| other.id == check);
    found.unwrap_or(CHECKS.len())
}

/// The verdict of a rule that sees the facts which its check declares. It is unknown if the rule read any other.
fn evaluated(
    facts: Facts<'_>,
    evaluate: impl FnOnce(&Facts<'_>) -> Result<RuleResult, Gap>,
) -> Verdict {
    let mut verdict = Verdict::from(evaluate(&facts));
    if let Some(gap) = facts.undeclared()
        && !verdict.gaps.contains(&gap)
    {
        verdict.gaps.push(gap);
    }
    verdict
}

#[cfg(test)]
mod tests;

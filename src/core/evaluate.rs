//! Runs the rules over a snapshot: facts in, verdicts out.

use jiff::Timestamp;

use crate::checks::{AccountRule, Check, Context, Rule};
use crate::facts::{FactStore, Facts, Snapshot};
use crate::model::{
    Account, AccountId, Cause, Gap, Judgement, Place, SensitivePort, TargetOutcome, TargetVerdict,
    Verdict,
};
use crate::services::CHECKS;

/// What evaluating depends on beside the facts.
#[derive(Clone, Copy, Debug)]
pub struct Settings<'a> {
    /// The beginning of the run, for what has an age.
    pub now: Timestamp,
    /// The account that orgscan runs in, where checks of the organization as a whole are made; none where
    /// the run is about one account alone.
    pub central_account: Option<&'a AccountId>,
    /// Ports that should not be open to the world.
    pub sensitive_ports: &'a [SensitivePort],
}

/// Runs each check where it applies: once for the account as a whole, once for each Region in the
/// snapshot, or in the central account only. Ordered by check, as in the registry, and place, whatever the order of `checks`.
pub fn evaluate(
    snapshot: &Snapshot,
    checks: &[&'static Check],
    settings: &Settings<'_>,
) -> Vec<TargetVerdict> {
    let mut checks = checks.to_vec();
    checks.sort_by_key(|check| position(check));
    let targets = checks.into_iter().flat_map(|check| {
        verdicts(snapshot, check, settings)
            .into_iter()
            .map(move |(place, verdict)| (check, place, verdict))
    });
    targets
        .map(|(check, place, verdict)| TargetVerdict {
            check: check.id.to_owned(),
            outcome: outcome(verdict),
            place,
        })
        .collect()
}

/// The verdict, or a skipped target where AWS answers other accounts only: nothing that people can allow this
/// account makes such a run complete.
fn outcome(verdict: Verdict) -> TargetOutcome {
    match &verdict.gaps[..] {
        [gap] if gap.cause == Cause::WrongAccount && verdict.violations.is_empty() => {
            TargetOutcome::Skipped {
                detail: gap.detail.clone(),
                gap: gap.clone(),
            }
        }
        _ => TargetOutcome::Judged(verdict),
    }
}

/// Where a check stands in the registry; one that is not in it comes last.
fn position(check: &Check) -> usize {
    let found = CHECKS.iter().position(|other| other.id == check.id);
    found.unwrap_or(CHECKS.len())
}

fn verdicts(snapshot: &Snapshot, check: &Check, settings: &Settings<'_>) -> Vec<(Place, Verdict)> {
    let Snapshot {
        account: Account { id: account, .. },
        partition,
        ..
    } = snapshot;
    let context = Context {
        account,
        partition,
        now: settings.now,
        sensitive_ports: settings.sensitive_ports,
    };
    let global = |rule: AccountRule| {
        let verdict = judged(check, &snapshot.global, |facts| rule(facts, &context));
        vec![(Place::Global, verdict)]
    };
    match check.rule {
        Rule::Account(rule) => global(rule),
        Rule::Organization(_) if settings.central_account != Some(account) => Vec::new(),
        Rule::Organization(rule) => global(rule),
        Rule::Region(rule) => {
            let regions = snapshot.regions.iter();
            regions
                .map(|(region, facts)| {
                    let verdict = judged(check, facts, |facts| rule(facts, region, &context));
                    (Place::Region(region.clone()), verdict)
                })
                .collect()
        }
    }
}

/// The verdict of a rule that sees the facts which its check declares. It is unknown if the rule read any other.
fn judged(
    check: &Check,
    facts: &FactStore,
    judge: impl FnOnce(&Facts<'_>) -> Result<Judgement, Gap>,
) -> Verdict {
    let facts = Facts::new(facts, check.needs);
    let mut verdict = Verdict::from(judge(&facts));
    if let Some(gap) = facts.undeclared()
        && !verdict.gaps.contains(&gap)
    {
        verdict.gaps.push(gap);
    }
    verdict
}

#[cfg(test)]
mod tests;

//! One account's line in the report.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use crate::checks::{Check, Indicator, Rule};
use crate::exceptions::ResultWithExceptions;
use crate::model::{
    Account, AccountChanges, AccountOutcome, AccountResult, AccountSummary, Cause, Gap, GapLine,
    IndicatorCount, Numbers, Outcome, Region, RegionDecision, Severity, SeverityCounts,
    TargetCounts, TargetOutcome, TargetVerdict, Verdict,
};
use crate::services::sts::ASSUME_ROLE;

/// The indicators that are counted.
#[derive(Debug)]
pub(super) struct Indicators {
    pub(super) all: Vec<&'static Indicator>,
    /// Their names, for all accounts together.
    names: Arc<[&'static str]>,
}

impl Indicators {
    pub(super) fn new(all: Vec<&'static Indicator>) -> Self {
        let names = all.iter().map(|one| one.name).collect();
        Self { all, names }
    }
}

/// The line of an account that the plan leaves out.
pub(super) fn of_skipped(account: Arc<Account>, outcome: AccountOutcome) -> AccountSummary {
    AccountSummary {
        account,
        outcome,
        indicators: Numbers::default(),
        findings: SeverityCounts::default(),
        suppressed: SeverityCounts::default(),
        changes: AccountChanges::default(),
        regions_skipped: 0,
        buckets_skipped: 0,
        targets: TargetCounts::default(),
        requests: Box::default(),
        throttled: 0,
        lacking: Box::default(),
        gaps: Box::default(),
        all_gaps: 0,
        notes: Vec::new(),
    }
}

/// The line of an account with a result.
pub(super) fn of(
    account: Arc<Account>,
    applied: &ResultWithExceptions<'_>,
    checks: &[&'static Check],
    indicators: &Indicators,
    by_check: &mut BTreeMap<&'static str, SeverityCounts>,
) -> AccountSummary {
    let result = applied.result();
    let mut summary = AccountSummary {
        regions_skipped: regions_skipped(result),
        buckets_skipped: buckets_skipped(result),
        requests: result.requests.clone().into_iter().collect(),
        throttled: result.throttled,
        lacking: lacking(result),
        notes: result.notes.clone(),
        ..of_skipped(account, result.outcome.clone())
    };
    let mut counted = vec![IndicatorCount::default(); indicators.all.len()];
    summary.notes.extend(notes_of_verdicts(result));
    (summary.gaps, summary.all_gaps) = gap_lines(result);
    for (check, verdict) in verdicts(applied, checks) {
        let Some(verdict) = verdict else {
            summary.targets.skipped += 1;
            continue;
        };
        count_target(&mut summary.targets, &verdict.verdict);
        let [findings, suppressed] = found(&verdict);
        summary.findings += findings;
        summary.suppressed += suppressed;
        let known = checks.iter().find(|known| known.id == check);
        if let Some(known) = known.filter(|_| findings.total() > 0) {
            *by_check.entry(known.id).or_default() += findings;
        }
        for (indicator, counted) in indicators.all.iter().zip(&mut counted) {
            if indicator.check == check {
                tally(counted, indicator, &verdict);
            }
        }
    }
    if !matches!(result.outcome, AccountOutcome::Skipped { .. }) {
        summary.indicators = Numbers::new(&indicators.names, counted.into_iter());
    }
    summary
}

/// The findings of a verdict, and those that an exception accepts.
fn found(verdict: &SuppressedVerdict<'_>) -> [SeverityCounts; 2] {
    let mut counts = [SeverityCounts::default(); 2];
    for (severity, is_suppressed) in verdict.found() {
        counts[usize::from(is_suppressed)].count(severity);
    }
    counts
}

fn regions_skipped(result: &AccountResult) -> u64 {
    let skipped = |decision: &&_| matches!(decision, RegionDecision::Skip { .. });
    result.regions.values().filter(skipped).count() as u64
}

/// Every check of buckets leaves out the same ones.
fn buckets_skipped(result: &AccountResult) -> u64 {
    let excluded = result.verdicts.iter().map(|target| match &target.outcome {
        TargetOutcome::Evaluated(verdict) => verdict.resources_skipped,
        TargetOutcome::Skipped { .. } => 0,
    });
    excluded.max().unwrap_or_default()
}

/// What the verdicts' readers should know, with the check and the scope.
fn notes_of_verdicts(result: &AccountResult) -> impl Iterator<Item = String> {
    result.verdicts.iter().flat_map(|target| {
        let notes = match &target.outcome {
            TargetOutcome::Evaluated(verdict) => verdict.notes.as_slice(),
            TargetOutcome::Skipped { .. } => &[],
        };
        let (check, scope) = (&target.check_id, &target.scope);
        notes
            .iter()
            .map(move |note| format!("{check}, {scope}: {note}"))
    })
}

/// How many gaps of an account are named, at most.
const GAPS: usize = 10;

/// The gaps that make most checks unknown, and how many there are in all.
fn gap_lines(result: &AccountResult) -> (Box<[GapLine]>, u64) {
    if let AccountOutcome::Failed { gap } = &result.outcome {
        return ([GapLine::of(gap, "*")].into(), 1);
    }
    let mut checks: HashMap<GapLine, u64> = HashMap::new();
    for target in &result.verdicts {
        if let TargetOutcome::Evaluated(verdict) = &target.outcome {
            let lines = verdict.gaps.iter().map(|gap| {
                let region = gap.region.as_ref().map(Region::as_str);
                GapLine::of(gap, region.unwrap_or(target.scope.as_str()))
            });
            // Those that differ in AWS's words alone are one.
            for line in lines.collect::<HashSet<_>>() {
                *checks.entry(line).or_default() += 1;
            }
        }
    }
    let lines = checks.into_iter();
    let mut lines: Vec<_> = lines
        .map(|(line, checks)| GapLine { checks, ..line })
        .collect();
    lines.sort_by(|a, b| (Reverse(a.checks), a).cmp(&(Reverse(b.checks), b)));
    let all = lines.len() as u64;
    lines.truncate(GAPS);
    (lines.into(), all)
}

impl GapLine {
    fn of(gap: &Gap, region: &str) -> Self {
        Self {
            cause: gap.cause,
            action: gap.action.clone(),
            region: region.to_owned(),
            resource: gap.resource.clone(),
            checks: 0,
        }
    }
}

/// What AWS says that no policy of the role allows.
fn lacking(result: &AccountResult) -> Box<[String]> {
    let evaluated = result
        .verdicts
        .iter()
        .filter_map(|target| match &target.outcome {
            TargetOutcome::Evaluated(verdict) => Some(&verdict.gaps),
            TargetOutcome::Skipped { .. } => None,
        });
    let lacking = evaluated
        .flatten()
        .filter(|gap| gap.cause == Cause::MissingPermission && gap.action != ASSUME_ROLE.action);
    let actions: BTreeSet<_> = lacking.map(|gap| gap.action.clone()).collect();
    actions.into_iter().collect()
}

/// A verdict, and which of its violations an exception accepts.
struct SuppressedVerdict<'a> {
    verdict: Cow<'a, Verdict>,
    suppressed: Vec<bool>,
}

impl<'a> SuppressedVerdict<'a> {
    fn of(
        applied: &ResultWithExceptions<'_>,
        target: &TargetVerdict,
        verdict: &'a Verdict,
    ) -> Self {
        let violations = verdict.violations.iter();
        let suppressed = violations.map(|one| applied.exception(target, one).is_some());
        Self {
            suppressed: suppressed.collect(),
            verdict: Cow::Borrowed(verdict),
        }
    }

    fn unknown(gap: &Gap) -> Self {
        Self {
            verdict: Cow::Owned(Verdict::from(Err(gap.clone()))),
            suppressed: Vec::new(),
        }
    }

    /// The severity of each violation, and whether an exception accepts it.
    fn found(&self) -> impl Iterator<Item = (Severity, bool)> {
        let severities = self.verdict.violations.iter().map(|one| one.severity);
        severities.zip(self.suppressed.iter().copied())
    }
}

/// The check's id and the verdict of every target; no verdict where the target was skipped.
///
/// An account that failed as a whole may come without verdicts. Then every check is unknown once:
/// without that, a check nobody could make would leave the numbers complete.
fn verdicts<'a>(
    applied: &'a ResultWithExceptions<'_>,
    checks: &[&'a Check],
) -> Vec<(&'a str, Option<SuppressedVerdict<'a>>)> {
    let result = applied.result();
    let mut all: Vec<_> = result
        .verdicts
        .iter()
        .map(|target| match &target.outcome {
            TargetOutcome::Evaluated(verdict) => (
                &*target.check_id,
                Some(SuppressedVerdict::of(applied, target, verdict)),
            ),
            TargetOutcome::Skipped { .. } => (&*target.check_id, None),
        })
        .collect();
    for (check, gap) in unanswered(result, checks) {
        all.push((check, Some(SuppressedVerdict::unknown(gap))));
    }
    all
}

/// The checks without a verdict of an account that failed as a whole, with the gap that is to blame.
pub fn unanswered<'a>(result: &'a AccountResult, checks: &[&'a Check]) -> Vec<(&'a str, &'a Gap)> {
    let AccountOutcome::Failed { gap } = &result.outcome else {
        return Vec::new();
    };
    // The organization's own checks are made in one account, which nobody expects of the others.
    let of_accounts = checks.iter();
    let of_accounts = of_accounts.filter(|one| !matches!(one.rule, Rule::Organization(_)));
    let ids = of_accounts.map(|check| check.id);
    ids.filter(|id| result.verdicts.iter().all(|target| target.check_id != *id))
        .map(|id| (id, gap))
        .collect()
}

fn count_target(targets: &mut TargetCounts, verdict: &Verdict) {
    match verdict.gaps.first() {
        None => targets.known += 1,
        Some(gap) => {
            targets.unknown += 1;
            *targets.causes.entry(gap.cause).or_default() += 1;
        }
    }
}

/// Adds a verdict to an indicator's number. What an unknown verdict does know counts too.
fn tally(counted: &mut IndicatorCount, indicator: &Indicator, weighed: &SuppressedVerdict<'_>) {
    counted.resources_evaluated += weighed.verdict.resources_evaluated;
    match weighed.verdict.outcome() {
        Outcome::Pass | Outcome::Fail => counted.targets_known += 1,
        Outcome::Unknown => counted.targets_unknown += 1,
    }
    for (severity, suppressed) in weighed.found() {
        if severity >= indicator.at_least {
            match suppressed {
                true => counted.suppressed += 1,
                false => counted.by_severity.count(severity),
            }
        }
    }
}

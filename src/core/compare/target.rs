//! What a run says about one target: the ground on which a finding may be called resolved.

use std::collections::HashMap;

use crate::model::{
    AccountOutcome, AccountResult, Region, RegionDecision, SkipReason, TargetOutcome, TargetScope,
    Verdict,
};

/// How far a run has evaluated what a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TargetCoverage {
    /// Completely: what was not found is not there.
    Completely,
    /// Not, or not completely, though it was meant to.
    InPart,
    /// It was not meant to.
    OutOfScope,
}

/// The targets of an account's result by check and scope, since an account may have had thousands of
/// findings that are closed.
pub(super) struct Targets<'a> {
    result: &'a AccountResult,
    /// The checks that the run selected.
    checks: &'a [&'a str],
    outcomes: HashMap<(&'a str, &'a TargetScope), &'a TargetOutcome>,
}

impl<'a> Targets<'a> {
    /// The targets of a result of a run that was told to make these checks.
    pub(super) fn of(result: &'a AccountResult, checks: &'a [&'a str]) -> Self {
        let targets = result.verdicts.iter();
        Self {
            result,
            checks,
            outcomes: targets
                .map(|target| ((&*target.check_id, &target.scope), &target.outcome))
                .collect(),
        }
    }

    /// How far the result has evaluated what a finding is about. `region` is the resource's own, where
    /// that is not the scope.
    pub(super) fn coverage(
        &self,
        check: &str,
        scope: &TargetScope,
        region: Option<&Region>,
    ) -> TargetCoverage {
        let is_skipped = matches!(self.result.outcome, AccountOutcome::Skipped { .. });
        if is_skipped || !self.checks.contains(&check) || is_excluded(self.result, scope, region) {
            return TargetCoverage::OutOfScope;
        }
        match self.outcomes.get(&(check, scope)) {
            None => TargetCoverage::InPart,
            Some(TargetOutcome::Skipped { .. }) => TargetCoverage::OutOfScope,
            Some(TargetOutcome::Evaluated(verdict)) if !verdict.gaps.is_empty() => {
                TargetCoverage::InPart
            }
            Some(TargetOutcome::Evaluated(verdict)) if hides(verdict, scope, region) => {
                TargetCoverage::OutOfScope
            }
            Some(TargetOutcome::Evaluated(_)) => TargetCoverage::Completely,
        }
    }
}

/// Whether a complete verdict may hide a finding: behind an expected gap, or in a Region that is left out
/// where it was never known in which one the resource is.
fn hides(verdict: &Verdict, scope: &TargetScope, region: Option<&Region>) -> bool {
    let nowhere = *scope == TargetScope::Global && region.is_none();
    !verdict.expected_gaps.is_empty() || nowhere && verdict.resources_skipped > 0
}

/// Whether the run leaves out the Region that the finding is in. The account as a whole lists what is in
/// all Regions, and evaluates what is in those that are scanned.
fn is_excluded(result: &AccountResult, scope: &TargetScope, region: Option<&Region>) -> bool {
    let is_skipped = |region: &Region| {
        matches!(
            result.regions.get(region),
            Some(RegionDecision::Skip { .. })
        )
    };
    match (scope, region) {
        (TargetScope::Region(scope), _) => is_skipped(scope),
        (TargetScope::Global, Some(region)) => is_skipped(region),
        (TargetScope::Global, None) => false,
    }
}

/// Whether a Region of the account is off.
pub(super) fn is_off(result: &AccountResult, scope: &TargetScope) -> bool {
    let TargetScope::Region(region) = scope else {
        return false;
    };
    let off = RegionDecision::Skip {
        reason: SkipReason::RegionDisabled,
    };
    result.regions.get(region) == Some(&off)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Cause, Gap};
    use crate::testing::{account, evaluated, region, result};

    #[test]
    fn of_many_targets_each_finding_has_its_own() {
        let checks: Vec<String> = (0..40).map(|n| format!("check-{n}")).collect();
        let checks: Vec<&str> = checks.iter().map(String::as_str).collect();
        let scopes: Vec<TargetScope> = (0..30).map(|n| region(&format!("region-{n}"))).collect();
        let gap = Gap::new("ec2:DescribeVolumes", Cause::Throttled);
        // A target in three is unknown, and one in five is not there.
        let all = (0..checks.len()).flat_map(|check| (0..scopes.len()).map(move |at| (check, at)));
        let is_unknown = |check: usize, at: usize| (check + at).is_multiple_of(3);
        let is_there = |check: usize, at: usize| !(check * 7 + at).is_multiple_of(5);
        let there = all.clone().filter(|(check, at)| is_there(*check, *at));
        let verdicts = there.map(|(check, at)| {
            let gaps = std::slice::from_ref(&gap);
            let gaps = if is_unknown(check, at) { gaps } else { &[] };
            evaluated(checks[check], scopes[at].clone(), 1, &[], gaps)
        });
        let result = result(account(1, "a", ""), verdicts.collect());
        let targets = Targets::of(&result, &checks);
        for (check, at) in all {
            let expected = match is_there(check, at) && !is_unknown(check, at) {
                true => TargetCoverage::Completely,
                false => TargetCoverage::InPart,
            };
            let coverage = targets.coverage(checks[check], &scopes[at], None);
            assert_eq!(coverage, expected, "{} {}", checks[check], scopes[at]);
        }
        let other = targets.coverage("check-40", &scopes[0], None);
        assert_eq!(other, TargetCoverage::OutOfScope);
    }
}

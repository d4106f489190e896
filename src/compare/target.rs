//! What a run says about one target: the ground on which a finding may be called resolved.

use crate::model::{
    AccountOutcome, AccountResult, Place, Region, RegionDecision, SkipReason, TargetOutcome,
    Verdict,
};

/// How far a run has looked at what a finding is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Looked {
    /// Completely: what was not found is not there.
    Completely,
    /// Not, or not completely, though it was meant to.
    InPart,
    /// It was not meant to.
    OutOfScope,
}

/// How far the result of an account has looked at what a finding is about. `region` is the resource's
/// own, where that is not the place; `checks` are those that the run was told to make.
pub(super) fn looked(
    result: &AccountResult,
    checks: &[&str],
    (check, place): (&str, &Place),
    region: Option<&Region>,
) -> Looked {
    if matches!(result.outcome, AccountOutcome::Skipped { .. }) || !checks.contains(&check) {
        return Looked::OutOfScope;
    }
    if is_left_out(result, place, region) {
        return Looked::OutOfScope;
    }
    let mut targets = result.verdicts.iter();
    match targets.find(|target| target.check == check && target.place == *place) {
        None => Looked::InPart,
        Some(target) => match &target.outcome {
            TargetOutcome::Skipped { .. } => Looked::OutOfScope,
            TargetOutcome::Judged(verdict) if !verdict.gaps.is_empty() => Looked::InPart,
            TargetOutcome::Judged(verdict) if hides(verdict, place, region) => Looked::OutOfScope,
            TargetOutcome::Judged(_) => Looked::Completely,
        },
    }
}

/// Whether a complete verdict may hide a finding: behind an expected gap, or in a Region that is left out
/// where it was never known in which one the resource is.
fn hides(verdict: &Verdict, place: &Place, region: Option<&Region>) -> bool {
    let nowhere = *place == Place::Global && region.is_none();
    !verdict.expected_gaps.is_empty() || nowhere && verdict.left_out > 0
}

/// Whether the run leaves out the Region that the finding is in. The account as a whole lists what is in
/// all Regions, and judges what is in those that are scanned.
fn is_left_out(result: &AccountResult, place: &Place, region: Option<&Region>) -> bool {
    let is_skipped = |region: &Region| {
        matches!(
            result.regions.get(region),
            Some(RegionDecision::Skip { .. })
        )
    };
    match (place, region) {
        (Place::Region(place), _) => is_skipped(place),
        (Place::Global, Some(region)) => is_skipped(region),
        (Place::Global, None) => false,
    }
}

/// Whether a Region of the account is off.
pub(super) fn is_off(result: &AccountResult, place: &Place) -> bool {
    let Place::Region(region) = place else {
        return false;
    };
    let off = RegionDecision::Skip {
        reason: SkipReason::RegionOff,
    };
    result.regions.get(region) == Some(&off)
}

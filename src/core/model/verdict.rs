//! What a rule says about a target.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::TargetScope;
use super::{Arn, Gap, Items, Owner, Region, Severity};

/// One resource that breaks a check.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct Violation {
    /// The resource's ARN.
    pub resource: Arn,
    /// Which part of the resource, where it has several that can each break the check: a rule of a
    /// security group, say. Together with check, account, Region and resource it is the finding's
    /// identity, so it does not change from run to run.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub part: String,
    /// The resource's own Region, where that is not the target's: a bucket's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
    /// How bad this one is.
    pub severity: Severity,
    /// What is wrong, for a person who owns the account.
    pub message: String,
}

impl Violation {
    /// This violation by a part of its resource.
    pub fn with_part(self, part: impl Into<String>) -> Self {
        let part = part.into();
        Self { part, ..self }
    }

    /// This violation with a severity that is not its check's usual one.
    pub fn with_severity(self, severity: Severity) -> Self {
        Self { severity, ..self }
    }
}

/// What a rule found in the facts of one target.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RuleResult {
    /// How many resources were evaluated; the whole that a percentage is of.
    pub resources_evaluated: u64,
    /// Those that break the check.
    pub violations: Vec<Violation>,
    /// Parts of the target that could not be evaluated. Any gap makes the verdict unknown.
    pub gaps: Vec<Gap>,
    /// Resources that were listed and skipped, being in Regions that are not scanned.
    pub resources_skipped: u64,
    /// Resources that were listed and belong to other accounts, which report them.
    pub other_accounts: u64,
    /// What the reader should know about how the verdict came about.
    pub notes: Vec<String>,
}

impl RuleResult {
    /// The result for one resource: the account, or a setting of it.
    pub fn of_one(violation: Option<Violation>) -> Self {
        Self {
            resources_evaluated: 1,
            violations: violation.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Evaluates the items of a list one by one. An item that could not be read, and one that cannot be
    /// evaluated, is a gap of its own beside the verdicts on the others.
    pub fn of_each<T>(
        items: &Items<T>,
        evaluate: impl Fn(&T) -> Result<Option<Violation>, Gap>,
    ) -> Self {
        let mut result = Self {
            gaps: items.gaps.clone(),
            ..Self::default()
        };
        for item in items {
            result.add(evaluate(item));
        }
        result
    }

    /// Whether a resource is the account's own, so that its verdict belongs here. Counts one of another
    /// account; one of an unknown owner is a gap.
    pub fn is_own(&mut self, owner: &Owner) -> bool {
        match owner {
            Owner::Own => return true,
            Owner::Other(_) => self.other_accounts += 1,
            Owner::Unknown(gap) => self.gaps.push(gap.clone()),
        }
        false
    }

    /// Adds one resource: what it breaks the check by, if it does, or why it cannot be evaluated.
    pub fn add(&mut self, evaluated: Result<Option<Violation>, Gap>) {
        match evaluated {
            Ok(violation) => {
                self.resources_evaluated += 1;
                self.violations.extend(violation);
            }
            Err(gap) => self.gaps.push(gap),
        }
    }
}

/// What became of a check on a target that was not skipped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outcome {
    /// Everything was evaluated, and nothing breaks the check.
    Pass,
    /// Everything was evaluated, and something breaks the check.
    Fail,
    /// Something could not be evaluated. Violations known so far are a lower bound.
    Unknown,
}

/// One check on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// How many resources were evaluated.
    pub resources_evaluated: u64,
    /// Resources that break the check, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// Why the verdict is unknown, where it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// Gaps that the configuration declares as expected. They leave the verdict as good as complete, but
    /// what they hide was not evaluated.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected_gaps: Vec<Gap>,
    /// Resources that were listed and skipped, being in Regions that are not scanned.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub resources_skipped: u64,
    /// Resources that were listed and belong to other accounts, which report them.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub other_accounts: u64,
    /// What the reader should know about how the verdict came about.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

impl Verdict {
    /// Pass, fail or unknown.
    pub fn outcome(&self) -> Outcome {
        if !self.gaps.is_empty() {
            Outcome::Unknown
        } else if self.violations.is_empty() {
            Outcome::Pass
        } else {
            Outcome::Fail
        }
    }
}

impl From<Result<RuleResult, Gap>> for Verdict {
    /// Orders the violations and drops repeated gaps, so that the same facts give the same bytes.
    fn from(evaluated: Result<RuleResult, Gap>) -> Self {
        let mut result = evaluated.unwrap_or_else(|gap| RuleResult {
            gaps: vec![gap],
            ..RuleResult::default()
        });
        result.violations.sort();
        let mut notes = result.notes;
        notes.extend(of_others(result.other_accounts));
        let mut seen = HashSet::new();
        let mut gaps = result.gaps;
        gaps.retain(|gap| seen.insert(gap.clone()));
        Self {
            resources_evaluated: result.resources_evaluated,
            violations: result.violations,
            gaps,
            expected_gaps: Vec::new(),
            resources_skipped: result.resources_skipped,
            other_accounts: result.other_accounts,
            notes,
        }
    }
}

fn of_others(count: u64) -> Option<String> {
    match count {
        0 => None,
        1 => Some("1 resource belongs to another account, which reports it".to_owned()),
        _ => Some(format!(
            "{count} resources belong to other accounts, which report them"
        )),
    }
}

fn is_zero(count: &u64) -> bool {
    *count == 0
}

/// Where the violation's resource is: its own Region if it has one, else where it was found.
pub fn region_of<'r>(scope: &'r TargetScope, violation: &'r Violation) -> &'r str {
    match &violation.region {
        Some(region) => region.as_str(),
        None => scope.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cause;

    #[test]
    fn an_item_that_cannot_be_evaluated_is_a_gap_beside_the_others() {
        let gap = |resource: &str| Gap::new("ec2:DescribeVolumes", Cause::Malformed).of(resource);
        let items: Items<u8> = [Ok(1), Err(gap("vol-1")), Ok(2), Ok(3)]
            .into_iter()
            .collect();
        let result = RuleResult::of_each(&items, |item| match item {
            1 => Err(gap("vol-2")),
            2 => Ok(None),
            _ => Ok(Some(Violation {
                resource: "vol-3".into(),
                part: String::new(),
                region: None,
                severity: Severity::Low,
                message: String::new(),
            })),
        });
        assert_eq!(
            (result.resources_evaluated, result.violations.len()),
            (2, 1)
        );
        assert_eq!(result.gaps, [gap("vol-1"), gap("vol-2")]);
        assert_eq!(Verdict::from(Ok(result)).outcome(), Outcome::Unknown);
    }

    #[test]
    fn what_belongs_to_other_accounts_is_counted_and_an_unknown_owner_is_a_gap() {
        let gap = Gap::lacks("ec2:DescribeVpcs", "vpc-3", "ownerId");
        let mut result = RuleResult::default();
        assert!(result.is_own(&Owner::Own));
        assert!(!result.is_own(&Owner::Other("444455556666".into())));
        assert!(!result.is_own(&Owner::Unknown(gap.clone())));
        let verdict = Verdict::from(Ok(result));
        assert_eq!((verdict.other_accounts, verdict.gaps), (1, vec![gap]));
        assert_eq!(
            verdict.notes,
            ["1 resource belongs to another account, which reports it"]
        );
    }

    #[test]
    fn any_gap_makes_the_verdict_unknown() {
        let gap = Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp);
        let evaluated = Ok(RuleResult {
            resources_evaluated: 3,
            gaps: vec![gap.clone(), gap.clone()],
            ..RuleResult::default()
        });
        let verdict = Verdict::from(evaluated);
        assert_eq!(verdict.outcome(), Outcome::Unknown);
        assert_eq!(verdict.gaps, std::slice::from_ref(&gap));
        assert_eq!(Verdict::from(Err(gap)).outcome(), Outcome::Unknown);
        assert_eq!(Verdict::default().outcome(), Outcome::Pass);
    }
}

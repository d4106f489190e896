//! What a rule says about a target.

use std::collections::HashSet;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Place;
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
pub struct Judgement {
    /// How many resources were looked at; the whole that a percentage is of.
    pub examined: u64,
    /// Those that break the check.
    pub violations: Vec<Violation>,
    /// Parts of the target that could not be judged. Any gap makes the verdict unknown.
    pub gaps: Vec<Gap>,
    /// Resources that were listed and left out, being in Regions that are not scanned.
    pub left_out: u64,
    /// Resources that were listed and belong to other accounts, which report them.
    pub other_accounts: u64,
    /// What the reader should know about how the verdict came about.
    pub notes: Vec<String>,
}

impl Judgement {
    /// The judgement of one resource: the account, or a setting of it.
    pub fn of_one(violation: Option<Violation>) -> Self {
        Self {
            examined: 1,
            violations: violation.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Judges the items of a list one by one. An item that could not be read, and one that cannot be
    /// judged, is a gap of its own beside the verdicts on the others.
    pub fn of_each<T>(
        items: &Items<T>,
        judge: impl Fn(&T) -> Result<Option<Violation>, Gap>,
    ) -> Self {
        let mut judgement = Self {
            gaps: items.gaps.clone(),
            ..Self::default()
        };
        for item in items {
            judgement.add(judge(item));
        }
        judgement
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

    /// Adds one resource: what it breaks the check by, if it does, or why it cannot be judged.
    pub fn add(&mut self, judged: Result<Option<Violation>, Gap>) {
        match judged {
            Ok(violation) => {
                self.examined += 1;
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
    /// Everything was looked at, and nothing breaks the check.
    Pass,
    /// Everything was looked at, and something breaks the check.
    Fail,
    /// Something could not be looked at. Violations known so far are a lower bound.
    Unknown,
}

/// One check on one target.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Verdict {
    /// How many resources were looked at.
    pub examined: u64,
    /// Resources that break the check, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub violations: Vec<Violation>,
    /// Why the verdict is unknown, where it is.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// Gaps that the configuration declares as expected. They leave the verdict as good as complete, but
    /// what they hide was not looked at.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub expected_gaps: Vec<Gap>,
    /// Resources that were listed and left out, being in Regions that are not scanned.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub left_out: u64,
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

impl From<Result<Judgement, Gap>> for Verdict {
    /// Orders the violations and drops repeated gaps, so that the same facts give the same bytes.
    fn from(judged: Result<Judgement, Gap>) -> Self {
        let mut judgement = judged.unwrap_or_else(|gap| Judgement {
            gaps: vec![gap],
            ..Judgement::default()
        });
        judgement.violations.sort();
        let mut notes = judgement.notes;
        notes.extend(of_others(judgement.other_accounts));
        let mut met = HashSet::new();
        let mut gaps = judgement.gaps;
        gaps.retain(|gap| met.insert(gap.clone()));
        Self {
            examined: judgement.examined,
            violations: judgement.violations,
            gaps,
            expected_gaps: Vec::new(),
            left_out: judgement.left_out,
            other_accounts: judgement.other_accounts,
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
pub fn region_of<'r>(place: &'r Place, violation: &'r Violation) -> &'r str {
    match &violation.region {
        Some(region) => region.as_str(),
        None => place.as_str(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cause;

    #[test]
    fn an_item_that_cannot_be_judged_is_a_gap_beside_the_others() {
        let gap = |resource: &str| Gap::new("ec2:DescribeVolumes", Cause::Malformed).of(resource);
        let items: Items<u8> = [Ok(1), Err(gap("vol-1")), Ok(2), Ok(3)]
            .into_iter()
            .collect();
        let judgement = Judgement::of_each(&items, |item| match item {
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
        assert_eq!((judgement.examined, judgement.violations.len()), (2, 1));
        assert_eq!(judgement.gaps, [gap("vol-1"), gap("vol-2")]);
        assert_eq!(Verdict::from(Ok(judgement)).outcome(), Outcome::Unknown);
    }

    #[test]
    fn what_belongs_to_other_accounts_is_counted_and_an_unknown_owner_is_a_gap() {
        let gap = Gap::lacks("ec2:DescribeVpcs", "vpc-3", "ownerId");
        let mut judgement = Judgement::default();
        assert!(judgement.is_own(&Owner::Own));
        assert!(!judgement.is_own(&Owner::Other("444455556666".into())));
        assert!(!judgement.is_own(&Owner::Unknown(gap.clone())));
        let verdict = Verdict::from(Ok(judgement));
        assert_eq!((verdict.other_accounts, verdict.gaps), (1, vec![gap]));
        assert_eq!(
            verdict.notes,
            ["1 resource belongs to another account, which reports it"]
        );
    }

    #[test]
    fn a_gap_makes_the_verdict_unknown_whatever_else_is_known() {
        let gap = Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp);
        let judged = Ok(Judgement {
            examined: 3,
            gaps: vec![gap.clone(), gap.clone()],
            ..Judgement::default()
        });
        let verdict = Verdict::from(judged);
        assert_eq!(verdict.outcome(), Outcome::Unknown);
        assert_eq!(verdict.gaps, std::slice::from_ref(&gap));
        assert_eq!(Verdict::from(Err(gap)).outcome(), Outcome::Unknown);
        assert_eq!(Verdict::default().outcome(), Outcome::Pass);
    }
}

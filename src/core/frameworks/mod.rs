//! Frameworks: lists of controls that auditors ask for, and which checks answer them.
//!
//! A framework is data: one file with its list, and one line in `LISTS`. A check says itself which controls it
//! answers. A list has all controls of its framework, or says which it leaves out, so that a view of
//! it is whole: a control that no check covers has a text with what to review instead.
//!
//! Titles and assessments are the publisher's own, so that auditors find them. Explanatory text of a benchmark is not
//! copied.

mod aws_fsbp;
mod cis_5_0;
mod cis_7_0;

use std::sync::LazyLock;

use crate::model::{ControlOutcome, Severity};
use crate::services::CHECKS;

/// All frameworks, in the order in which they are shown.
const LISTS: &[Framework] = &[cis_7_0::FRAMEWORK, cis_5_0::FRAMEWORK, aws_fsbp::FRAMEWORK];

/// All frameworks with the checks that answer their controls. Made once, and kept as long as the program runs.
pub static FRAMEWORKS: LazyLock<&'static [&'static Framework]> = LazyLock::new(|| {
    let frameworks = LISTS
        .iter()
        .map(|list| &*Box::leak(Box::new(list.with_checks())));
    Vec::leak(frameworks.collect())
});

/// The framework with this id.
pub fn by_id(id: &str) -> Option<&'static Framework> {
    let mut all = FRAMEWORKS.iter().copied();
    all.find(|framework| framework.id == id)
}

/// A list of controls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Framework {
    /// Its id, `cis-7.0`.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Where its publisher has it.
    pub source: &'static str,
    /// What the list leaves out; nothing where it is whole.
    pub excluded_controls: &'static str,
    /// Its controls, in its own order.
    pub controls: &'static [Control],
}

impl Framework {
    /// The same with the checks that say that they answer its controls.
    fn with_checks(&self) -> Self {
        let controls = self.controls.iter().map(|control| {
            let mappings = CHECKS.iter().flat_map(|check| {
                let covered = check.controls.iter();
                let covered =
                    covered.filter(|one| (one.framework, one.control) == (self.id, control.id));
                covered.map(|one| CheckMapping {
                    check: check.id,
                    at_least: one.at_least,
                    part: one.part,
                })
            });
            control.mapped_by(Vec::leak(mappings.collect()))
        });
        Self {
            controls: Vec::leak(controls.collect()),
            ..*self
        }
    }

    /// Whether a check maps to a control of it.
    pub fn has(&self, check: &str) -> bool {
        self.controls_of(check).next().is_some()
    }

    /// The controls that a check answers, as a whole or in part.
    pub fn controls_of(&self, check: &str) -> impl Iterator<Item = &'static Control> {
        let mut controls = self.controls.iter();
        std::iter::from_fn(move || controls.find(|control| control.is_mapped_to(check)))
    }
}

/// A control of a framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its id in the framework, `2.10`.
    pub id: &'static str,
    /// Its title, in the framework's own words.
    pub title: &'static str,
    /// How the framework has it assessed.
    pub assessment: Assessment,
    /// The checks that answer it, as a whole or in part.
    pub checks: &'static [CheckMapping],
    /// What to review by hand as long as no check answers it.
    unmapped_review: &'static str,
    /// What is left to review by hand where checks answer a part of it, or how what they find differs from what it asks.
    mapped_review: &'static str,
    /// Whether the checks answer only a part, so that it requires manual review where nothing breaks it.
    pub partly: bool,
    /// Whether no program can evaluate it, so that it requires manual review as long as no check covers it.
    pub manual_only: bool,
}

impl Control {
    /// The same, where the checks answer only a part of it, and the rest has to be reviewed by hand.
    pub const fn partly(self, rest: &'static str) -> Self {
        Self {
            partly: true,
            ..self.remark(rest)
        }
    }

    /// The same, where what the checks find differs from what it asks.
    pub const fn remark(self, remark: &'static str) -> Self {
        Self {
            mapped_review: remark,
            ..self
        }
    }

    /// The same, where no program can evaluate it. A control that a person assesses by the framework's word is not one
    /// for that reason.
    pub const fn manual_only(self) -> Self {
        Self {
            manual_only: true,
            ..self
        }
    }

    /// Its outcome in every account where no check covers it; nothing where one does.
    pub const fn uncovered(&self) -> Option<ControlOutcome> {
        match (self.checks, self.manual_only) {
            ([], true) => Some(ControlOutcome::Manual),
            ([], false) => Some(ControlOutcome::NotCovered),
            _ => None,
        }
    }

    /// The same with the checks that answer it.
    pub const fn mapped_by(&self, checks: &'static [CheckMapping]) -> Self {
        Self { checks, ..*self }
    }

    /// What to review by hand, or how what is found differs from what it asks; nothing where
    /// the checks answer all of it.
    pub const fn manual_review(&self) -> &'static str {
        match self.checks {
            [] => self.unmapped_review,
            _ => self.mapped_review,
        }
    }

    /// Whether the same checks answer another control just as they do this one, so that both have the same
    /// outcome in every account.
    pub fn has_same_checks(&self, other: &Self) -> bool {
        (self.checks, self.partly, self.uncovered())
            == (other.checks, other.partly, other.uncovered())
    }

    /// Whether this check answers it, as a whole or in part.
    pub fn is_mapped_to(&self, check: &str) -> bool {
        self.checks.iter().any(|answer| answer.check == check)
    }
}

/// A check that maps to a control.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CheckMapping {
    /// The check's id.
    pub check: &'static str,
    /// Only findings at least this bad break the control.
    pub at_least: Severity,
    /// Only findings of this part break the control. Empty if those of every part do.
    pub part: &'static str,
}

impl CheckMapping {
    /// Whether findings of this part of the check are about the control. What has no part is about all of them.
    pub fn is_about(&self, part: &str) -> bool {
        self.part.is_empty() || part.is_empty() || self.part == part
    }
}

use crate::model::Assessment::{self, Automated, Manual};

/// A control that a program assesses.
pub const fn automated(
    id: &'static str,
    title: &'static str,
    unmapped_review: &'static str,
) -> Control {
    Control {
        id,
        title,
        assessment: Automated,
        checks: &[],
        unmapped_review,
        mapped_review: "",
        partly: false,
        manual_only: false,
    }
}

/// A control that a person assesses.
pub const fn manual(
    id: &'static str,
    title: &'static str,
    unmapped_review: &'static str,
) -> Control {
    Control {
        assessment: Manual,
        ..automated(id, title, unmapped_review)
    }
}

/// A check all of whose findings break the control.
pub const fn all_of(check: &'static str) -> CheckMapping {
    CheckMapping {
        check,
        at_least: Severity::Informational,
        part: "",
    }
}

/// A check whose findings of severity high and critical break the control.
pub const fn high_of(check: &'static str) -> CheckMapping {
    CheckMapping {
        at_least: Severity::High,
        ..all_of(check)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_control_that_a_check_maps_to_exists() {
        for check in CHECKS {
            for covered in check.controls {
                let controls = by_id(covered.framework).map(|framework| framework.controls);
                let mut ids = controls.into_iter().flatten().map(|control| control.id);
                assert!(
                    ids.any(|id| id == covered.control),
                    "{} {covered:?}",
                    check.id
                );
            }
        }
    }

    #[test]
    fn a_control_is_covered_in_full_or_has_a_text_with_what_to_review() {
        for framework in FRAMEWORKS.iter() {
            for control in framework.controls {
                let (of, text) = ((framework.id, control.id), control.manual_review());
                let is_whole = control.uncovered().is_none() && !control.partly;
                assert!(is_whole || text.starts_with("Review "), "{of:?} {text}");
                assert!(text.is_empty() || text.ends_with('.'), "{of:?} {text}");
                assert!(!control.title.is_empty() && !control.title.ends_with('.'));
            }
        }
    }

    #[test]
    fn assessments_are_those_of_the_benchmark() {
        let rows = include_str!("cis_7_0.csv").lines().skip(1);
        let known: Vec<Vec<_>> = rows.map(|row| row.split(',').collect()).collect();
        assert!(known.iter().all(|row| row[1].starts_with("Level ")));
        let known = known.iter().map(|row| (row[0], row[2]));
        let ours = by_id("cis-7.0").unwrap().controls.iter();
        let ours = ours.map(|control| match control.assessment {
            Automated => (control.id, "Automated"),
            Manual => (control.id, "Manual"),
        });
        assert_eq!(ours.collect::<Vec<_>>(), known.collect::<Vec<_>>());
        let fsbp = by_id("aws-fsbp").unwrap().controls.iter();
        assert!(fsbp.clone().all(|control| control.assessment == Automated));
    }

    #[test]
    fn an_uncovered_control_is_manual_only_where_no_program_can_evaluate_it() {
        let manual = FRAMEWORKS.iter().flat_map(|framework| {
            let controls = framework.controls.iter();
            let manual = controls.filter(|one| one.uncovered() == Some(ControlOutcome::Manual));
            manual.map(|control| (framework.id, control.id))
        });
        assert_eq!(manual.collect::<Vec<_>>(), [("cis-7.0", "2.1.4")]);
    }

    #[test]
    fn ids_are_unique() {
        let ids: BTreeSet<_> = FRAMEWORKS.iter().map(|framework| framework.id).collect();
        assert_eq!(ids.len(), FRAMEWORKS.len());
        for framework in FRAMEWORKS.iter() {
            let ids: BTreeSet<_> = framework.controls.iter().map(|one| one.id).collect();
            assert_eq!(ids.len(), framework.controls.len(), "{}", framework.id);
        }
    }

    #[test]
    fn the_lists_are_as_long_as_their_publishers() {
        let count = |id| by_id(id).map(|framework| framework.controls.len());
        assert_eq!(count("cis-7.0"), Some(70));
        assert_eq!(count("cis-5.0"), Some(63));
        assert_eq!(count("aws-fsbp"), Some(53));
        assert!(by_id("cis-1.0").is_none());
    }

    #[test]
    fn a_check_knows_its_controls_by_the_lists() {
        let ids = |framework: &str, check: &str| -> Vec<_> {
            let controls = by_id(framework).unwrap().controls_of(check);
            controls.map(|control| control.id).collect()
        };
        let check = "s3-bucket-public";
        assert_eq!(ids("cis-7.0", check), ["2.21"]);
        assert_eq!(ids("aws-fsbp", check), ["S3.2", "S3.3"]);
        let cis = by_id("cis-7.0").unwrap();
        assert!(cis.has("iam-user-without-mfa") && !cis.has("no-such-check"));
    }
}

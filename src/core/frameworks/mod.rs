//! Frameworks: lists of controls that auditors ask for, and which checks answer them.
//!
//! A framework is data: one file with its list, and one line in `FRAMEWORKS`. A check says itself which controls it
//! answers. CIS 6.0 is CIS 5.0 with other numbers, so that no check lists both. A list has all controls of its framework, or says which it leaves out, so that a view of
//! it is whole: a control that no check covers has a text with what to review instead.
//!
//! Titles and assessments are the publisher's own, so that auditors find them. Explanatory text of a benchmark is not
//! copied.

mod aws_fsbp;
mod cis_5_0;
mod cis_6_0;
mod cis_7_0;

use std::collections::BTreeSet;
use std::sync::LazyLock;

use crate::checks::Check;
use crate::model::{ControlOutcome, Severity};
use crate::services::CHECKS;

/// All frameworks with the checks that answer their controls, in the order in which they are shown. Made once, and kept
/// as long as the program runs.
pub static FRAMEWORKS: LazyLock<&'static [&'static Framework]> = LazyLock::new(|| {
    let cis_5_0 = cis_5_0::FRAMEWORK.with_checks();
    let frameworks = [
        cis_7_0::FRAMEWORK.with_checks(),
        cis_6_0::renumbered(&cis_5_0),
        cis_5_0,
        aws_fsbp::FRAMEWORK.with_checks(),
    ];
    let frameworks = frameworks.map(|one| &*Box::leak(Box::new(one)));
    Vec::leak(frameworks.to_vec())
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
    /// Whether the checks answer only a part, so that it passes in part where nothing breaks it.
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

    /// Whether checks cover it, and only in part.
    pub const fn is_partial(&self) -> bool {
        self.partly && self.uncovered().is_none()
    }

    /// The API calls that its checks read, each once, by name; of the checks in this list.
    pub fn calls(&self, selected: &[&Check]) -> Vec<&'static str> {
        let selected = selected.iter().filter(|one| self.is_mapped_to(one.id));
        let apis = selected.flat_map(|check| check.apis());
        let names: BTreeSet<_> = apis.map(|api| api.name).collect();
        names.into_iter().collect()
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
        (self.checks, self.is_partial(), self.uncovered())
            == (other.checks, other.is_partial(), other.uncovered())
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
mod tests;

//! Frameworks: lists of controls that auditors ask for, and which checks answer them.
//!
//! A framework is data: one file with its list, and one line in [`FRAMEWORKS`]. Checks know nothing of
//! frameworks. A list has all controls of its framework, or says which it leaves out, so that a view of
//! it is whole: what no check answers says what a person has to look at.

mod aws_fsbp;
mod cis_5_0;
mod cis_7_0;

use crate::model::Severity;

/// All frameworks, in the order in which they are shown.
pub const FRAMEWORKS: &[&Framework] = &[
    &cis_7_0::FRAMEWORK,
    &cis_5_0::FRAMEWORK,
    &aws_fsbp::FRAMEWORK,
];

/// The framework with this id.
pub fn by_id(id: &str) -> Option<&'static Framework> {
    let mut all = FRAMEWORKS.iter().copied();
    all.find(|framework| framework.id == id)
}

/// A list of controls.
#[derive(Debug, PartialEq, Eq)]
pub struct Framework {
    /// Its id, `cis-7.0`.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Where its publisher has it.
    pub source: &'static str,
    /// What the list leaves out; nothing where it is whole.
    pub leaves_out: &'static str,
    /// Its controls, in its own order.
    pub controls: &'static [Control],
}

impl Framework {
    /// Whether a check answers a control of it.
    pub fn has(&self, check: &str) -> bool {
        self.controls_of(check).next().is_some()
    }

    /// The controls that a check answers, as a whole or in part.
    pub fn controls_of(&self, check: &str) -> impl Iterator<Item = &'static Control> {
        let mut controls = self.controls.iter();
        std::iter::from_fn(move || controls.find(|control| control.is_answered_by(check)))
    }
}

/// A control of a framework.
#[derive(Debug, PartialEq, Eq)]
pub struct Control {
    /// Its id in the framework, `2.10`.
    pub id: &'static str,
    /// What it asks for, in orgscan's words.
    pub title: &'static str,
    /// How the framework has it assessed.
    pub assessed: Assessed,
    /// The checks that answer it, as a whole or in part.
    pub checks: &'static [Answer],
    /// What is left for a person to look at, or how what is found differs from what it asks; nothing where
    /// the checks answer all of it.
    pub look: &'static str,
    /// Whether the checks answer only a part, so that it is left to a person where nothing breaks it.
    pub partly: bool,
}

impl Control {
    /// The same, where the checks answer only a part of it.
    pub const fn partly(self) -> Self {
        Self {
            partly: true,
            ..self
        }
    }

    /// Whether the same checks answer another control just as they do this one, so that both have the same
    /// outcome in every account.
    pub fn is_answered_like(&self, other: &Self) -> bool {
        self.checks == other.checks && self.partly == other.partly
    }

    /// Whether this check answers it, as a whole or in part.
    pub fn is_answered_by(&self, check: &str) -> bool {
        self.checks.iter().any(|answer| answer.check == check)
    }
}

/// A check that answers a control.
#[derive(Debug, PartialEq, Eq)]
pub struct Answer {
    /// The check's id.
    pub check: &'static str,
    /// Only findings at least this bad break the control.
    pub at_least: Severity,
}

use crate::model::Assessed::{self, Automated, Manual};

/// A control that a program assesses.
pub const fn automated(
    id: &'static str,
    title: &'static str,
    checks: &'static [Answer],
    look: &'static str,
) -> Control {
    Control {
        id,
        title,
        assessed: Automated,
        checks,
        look,
        partly: false,
    }
}

/// A control that a person assesses.
pub const fn manual(
    id: &'static str,
    title: &'static str,
    checks: &'static [Answer],
    look: &'static str,
) -> Control {
    Control {
        assessed: Manual,
        ..automated(id, title, checks, look)
    }
}

/// A check all of whose findings break the control.
pub const fn all_of(check: &'static str) -> Answer {
    Answer {
        check,
        at_least: Severity::Informational,
    }
}

/// A check whose findings of severity medium and worse break the control.
const fn medium_of(check: &'static str) -> Answer {
    Answer {
        check,
        at_least: Severity::Medium,
    }
}

/// A check whose findings of severity high and critical break the control.
pub const fn high_of(check: &'static str) -> Answer {
    Answer {
        check,
        at_least: Severity::High,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::checks;

    #[test]
    fn every_check_that_is_named_exists() {
        for framework in FRAMEWORKS {
            for control in framework.controls {
                for answer in control.checks {
                    let found = checks::by_id(answer.check);
                    assert!(found.is_some(), "{} {}", framework.id, control.id);
                }
            }
        }
    }

    #[test]
    fn a_control_is_answered_or_says_what_to_look_at() {
        for framework in FRAMEWORKS {
            for control in framework.controls {
                let is_whole = !control.checks.is_empty() && !control.partly;
                let says = is_whole || !control.look.is_empty();
                assert!(says, "{} {}", framework.id, control.id);
                assert!(!control.title.is_empty() && !control.title.ends_with('.'));
            }
        }
    }

    #[test]
    fn ids_are_unique() {
        let ids: BTreeSet<_> = FRAMEWORKS.iter().map(|framework| framework.id).collect();
        assert_eq!(ids.len(), FRAMEWORKS.len());
        for framework in FRAMEWORKS {
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

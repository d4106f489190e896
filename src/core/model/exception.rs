//! Exceptions, as reports show them.

use std::fmt;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Who accepts a finding or a gap, why and until when.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suppression {
    /// The exception's id.
    pub id: String,
    /// Who owns the risk.
    pub owner: String,
    /// The reason.
    pub reason: String,
    /// Where it was decided: a ticket's number or URL.
    pub ticket: Option<String>,
    /// Who approved it.
    pub approved_by: Option<String>,
    /// The last day on which it applies, in UTC; none where it applies until it is taken back.
    pub expires: Option<Date>,
}

impl fmt::Display for Suppression {
    /// `public-website until 2027-03-31: it is a website (web team)`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.id)?;
        if let Some(expires) = self.expires {
            write!(f, " until {expires}")?;
        }
        write!(f, ": {} ({})", self.reason, self.owner)
    }
}

/// What an exception is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionKind {
    /// Suppressed findings.
    Findings,
    /// Gaps that are meant to be.
    Gaps,
}

/// Where an exception stands in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionState {
    /// It applies.
    Active,
    /// It applies for 14 days more at most.
    Expiring,
    /// Its last day is over, so it applies to nothing.
    Expired,
}

/// What an exception did in a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExceptionEffect {
    /// It applied to something.
    Applied,
    /// What it matches counts again, since it has expired.
    Lapsed,
    /// Entries before it apply to all that it matches.
    Shadowed,
    /// There is nothing any more that it matches.
    MatchedNothing,
    /// It matched nothing, but not everything that it could match was evaluated.
    NotEvaluated,
}

macro_rules! string_enum {
    ($of:ty, $($variant:ident => $name:literal),+) => {
        impl $of {
            /// The `snake_case` word used in reports.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }
        }
    };
}

string_enum!(ExceptionKind, Findings => "findings", Gaps => "gaps");
string_enum!(ExceptionState, Active => "active", Expiring => "expiring", Expired => "expired");
string_enum!(ExceptionEffect, Applied => "applied", Lapsed => "lapsed", Shadowed => "shadowed",
    MatchedNothing => "matched_nothing", NotEvaluated => "not_evaluated");

/// An exception, and what it did in a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExceptionUse {
    #[serde(flatten)]
    /// Who accepts what it is about, why and until when.
    pub suppression: Suppression,
    /// Findings or gaps.
    pub kind: ExceptionKind,
    /// What it matches, in words. Not in an account's own part of the report, since it may name others.
    pub criteria: Option<String>,
    /// Where it stands in its life.
    pub state: ExceptionState,
    /// What it did.
    pub effect: ExceptionEffect,
    /// Findings or gaps that it matches, whether or not it applies to them.
    pub matched: u64,
    /// Those that it applies to.
    pub applied: u64,
    /// An entry before it that applies to some of what it matches.
    pub shadowed_by: Option<String>,
}

impl ExceptionUse {
    /// What its owner has to do; none if no action is required.
    pub fn remark(&self) -> Option<String> {
        let day = |text: &str| match self.suppression.expires {
            Some(day) => format!("{text} on {day}"),
            None => text.to_owned(),
        };
        let what = self.kind.as_str();
        match (self.state, self.effect) {
            (ExceptionState::Expired, ExceptionEffect::Lapsed) => {
                let (noun, verb) = match self.matched {
                    1 => (what.trim_end_matches('s'), "counts"),
                    _ => (what, "count"),
                };
                let expired = day("expired");
                Some(format!("{expired}; {} {noun} {verb} again", self.matched))
            }
            (ExceptionState::Expired, _) => Some(day("expired")),
            (_, ExceptionEffect::Shadowed) => {
                let by = self.shadowed_by.as_deref().unwrap_or_default();
                Some(format!(
                    "has no effect, because {by} comes first; remove one of them"
                ))
            }
            (_, ExceptionEffect::MatchedNothing) => Some(format!("matches no {what}; remove it")),
            (ExceptionState::Expiring, _) => Some(format!(
                "{}; fix the {what}, or renew the exception",
                day("expires")
            )),
            (ExceptionState::Active, _) => None,
        }
    }
}

/// The exceptions of a run and their effects.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, JsonSchema)]
pub struct ExceptionsReport {
    /// The location of the exceptions file; none without one.
    pub location: Option<String>,
    /// Why the list could not be used, so that nothing was suppressed.
    pub error: Option<String>,
    /// Every exception, in the list's order: those for findings first.
    pub entries: Vec<ExceptionUse>,
}

impl ExceptionsReport {
    /// How many exceptions there are of which this holds.
    pub fn count(&self, matches: impl Fn(&ExceptionUse) -> bool) -> u64 {
        self.entries.iter().filter(|one| matches(one)).count() as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_they_are_serialized() {
        use ExceptionEffect::*;
        use ExceptionState::*;
        for effect in [Applied, Lapsed, Shadowed, MatchedNothing, NotEvaluated] {
            assert_eq!(serde_json::json!(effect), effect.as_str());
        }
        for state in [Active, Expiring, Expired] {
            assert_eq!(serde_json::json!(state), state.as_str());
        }
        for kind in [ExceptionKind::Findings, ExceptionKind::Gaps] {
            assert_eq!(serde_json::json!(kind), kind.as_str());
        }
    }
}

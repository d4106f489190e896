//! An indicator's number in one run, and what may be said of two of them.

use orgscan_core::model::TrendNumber;
use schemars::JsonSchema;
use serde::Serialize;

use super::stored::StoredNumber;

/// An indicator's number in one run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Number {
    /// The number for a reader.
    pub shown: TrendNumber,
    /// Targets with a complete verdict.
    pub known: u64,
    /// Targets whose verdict was unknown.
    pub unknown: u64,
}

impl From<&StoredNumber> for Number {
    fn from(stored: &StoredNumber) -> Self {
        Self {
            shown: TrendNumber {
                value: stored.value,
                lower_bound: !stored.complete,
            },
            known: stored.targets_known,
            unknown: stored.targets_unknown,
        }
    }
}

/// How a number changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Direction {
    /// It fell.
    Better,
    /// It rose.
    Worse,
    /// It stayed.
    Same,
    /// Something else was evaluated, so nobody can say.
    NotComparable,
}

impl Direction {
    /// The `snake_case` word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Better => "better",
            Self::Worse => "worse",
            Self::Same => "same",
            Self::NotComparable => "not_comparable",
        }
    }
}

/// How a number changed from the first run to the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, JsonSchema)]
pub struct Change {
    /// Whether it got better or worse.
    pub direction: Direction,
    /// By how much; null where nobody can say.
    pub delta: Option<i64>,
    /// Whether it is by at least that much.
    pub lower_bound: bool,
}

impl Change {
    /// Nobody can say.
    pub const NOT_COMPARABLE: Self = Self {
        direction: Direction::NotComparable,
        delta: None,
        lower_bound: false,
    };

    /// From one complete number to another.
    pub(super) fn between(from: u64, to: u64) -> Self {
        let signed = |n| i64::try_from(n).unwrap_or(i64::MAX);
        Self::by(signed(to) - signed(from), false)
    }

    fn by(by: i64, at_least: bool) -> Self {
        let verdict = match by {
            0 => Direction::Same,
            ..0 => Direction::Better,
            1.. => Direction::Worse,
        };
        Self {
            direction: verdict,
            delta: Some(by),
            lower_bound: at_least,
        }
    }
}

/// What may be said of two numbers. `same_coverage` is whether what could be evaluated did not change between
/// the two runs, as far as is known.
///
/// A lower bound says what is there and not what is not: one that lies above a complete number before it
/// is a rise, and a complete number that lies below a lower bound before it is a fall. Otherwise two
/// numbers compare where both are complete, or where the same could be evaluated both times.
pub(super) fn compare(first: &Number, last: &Number, same_coverage: bool) -> Change {
    let (Some(from), Some(to)) = (first.shown.value, last.shown.value) else {
        return Change::NOT_COMPARABLE;
    };
    let by = i64::try_from(to).unwrap_or(i64::MAX) - i64::try_from(from).unwrap_or(i64::MAX);
    let same_coverage = same_coverage && (first.known, first.unknown) == (last.known, last.unknown);
    match (first.shown.lower_bound, last.shown.lower_bound) {
        (false, false) => Change::by(by, false),
        (true, true) if same_coverage => Change::by(by, false),
        (false, true) if by > 0 => Change::by(by, true),
        (true, false) if by < 0 => Change::by(by, true),
        _ => Change::NOT_COMPARABLE,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(value: Option<u64>, unknown: u64) -> Number {
        Number {
            shown: TrendNumber {
                value,
                lower_bound: unknown > 0,
            },
            known: 10 - unknown,
            unknown,
        }
    }

    #[test]
    fn a_lower_bound_is_compared_only_where_that_is_meaningful() {
        let complete = |value| number(Some(value), 0);
        let bound = |value| number(Some(value), 3);
        let message = |first, last, same_coverage| {
            let change = compare(&first, &last, same_coverage);
            (change.direction, change.delta, change.lower_bound)
        };
        use Direction::{Better, NotComparable, Same, Worse};
        let none = (NotComparable, None, false);
        assert_eq!(
            message(complete(5), complete(3), false),
            (Better, Some(-2), false)
        );
        assert_eq!(
            message(complete(5), complete(5), false),
            (Same, Some(0), false)
        );
        // Coverage was lost: more is more, and less is nothing.
        assert_eq!(
            message(complete(5), bound(7), false),
            (Worse, Some(2), true)
        );
        assert_eq!(message(complete(5), bound(3), true), none);
        assert_eq!(message(complete(5), bound(5), true), none);
        // Coverage was regained: the rise may have been there all the time.
        assert_eq!(message(bound(3), complete(5), true), none);
        assert_eq!(
            message(bound(5), complete(3), false),
            (Better, Some(-2), true)
        );
        // The same gap both times.
        assert_eq!(message(bound(5), bound(7), true), (Worse, Some(2), false));
        assert_eq!(message(bound(5), bound(7), false), none);
        assert_eq!(message(bound(5), number(Some(7), 4), true), none);
        assert_eq!(message(number(None, 10), complete(0), true), none);
    }
}

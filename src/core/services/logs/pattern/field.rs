//! What is assumed of one field of an event.

use std::cmp::Ordering;

use super::wildcard::{Wildcard, has_text};
use super::{Comparison, Test};

/// Why patterns cannot be compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Undecidable(pub(super) String);

/// How the undocumented is read. A result that depends on it is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Reading {
    /// Whether an absent field differs from every value.
    pub(super) absent_differs: bool,
    /// Whether conditions that cannot be compared hold.
    pub(super) unknown_is_true: bool,
}

/// The values that a field may have. What is assumed of texts and numbers counts only where it is one.
#[derive(Clone, Debug, Default)]
pub(super) struct Field {
    excluded: Excluded,
    like: Vec<Wildcard>,
    unlike: Vec<Wildcard>,
    regexes: Vec<(String, bool)>,
    numbers: Vec<(Ordering, bool, f64)>,
}

/// The kinds of value that a field cannot have.
#[derive(Clone, Copy, Debug, Default)]
struct Excluded {
    absent: bool,
    null: bool,
    truths: [bool; 2],
    text: bool,
    number: bool,
    other: bool,
}

impl Excluded {
    const ALL: Self = Self {
        absent: true,
        null: true,
        truths: [true; 2],
        text: true,
        number: true,
        other: true,
    };
}

impl Field {
    /// A field that every event has, with a text.
    pub(super) fn always_text() -> Self {
        Self {
            excluded: Excluded {
                text: false,
                ..Excluded::ALL
            },
            ..Self::default()
        }
    }

    /// The only text that it can have, if one is known.
    pub(super) fn literal(&self) -> Option<&str> {
        self.like.iter().find_map(Wildcard::literal)
    }

    /// The only value that it can have, if that is a text.
    pub(super) fn only_literal(&self) -> Option<&str> {
        let kinds = self.excluded;
        let is_text = kinds.absent && kinds.null && kinds.truths == [true; 2] && kinds.other;
        self.literal().filter(|_| is_text && kinds.number)
    }

    /// The text that it is known to be like.
    pub(super) fn text(&self) -> Option<&Wildcard> {
        let literal = self.like.iter().find(|one| one.literal().is_some());
        literal.or_else(|| self.like.first())
    }

    /// The fixed pieces of its text.
    pub(super) fn pieces(&self) -> impl Iterator<Item = &str> {
        self.like.iter().flat_map(Wildcard::pieces)
    }

    /// The same once a condition is true, or is not; none if that is impossible.
    ///
    /// # Errors
    /// If that cannot be decided.
    pub(super) fn assuming(
        &self,
        test: &Test,
        is_true: bool,
        reading: Reading,
    ) -> Result<Option<Self>, Undecidable> {
        let mut field = self.clone();
        match test {
            Test::Is(value) => field.compare(value, is_true, false),
            Test::IsNot(value) => {
                field.compare(value, !is_true, true);
                if is_true {
                    field.excluded.absent |= !reading.absent_differs;
                } else {
                    field.excluded.absent = self.excluded.absent || reading.absent_differs;
                }
            }
            Test::Number(comparison, number) => field.measure(*comparison, *number, is_true),
            Test::Exists | Test::NotExists => {
                if is_true == (*test == Test::NotExists) {
                    field.only(Excluded {
                        absent: false,
                        ..Excluded::ALL
                    });
                } else {
                    field.excluded.absent = true;
                }
            }
            Test::Null => {
                if is_true {
                    field.only(Excluded {
                        null: false,
                        ..Excluded::ALL
                    });
                } else {
                    field.excluded.null = true;
                }
            }
            Test::Bool(value) => field.truth(*value, is_true),
            Test::Regex(regex) => field.matched(regex, is_true),
        }
        field.possible(reading)
    }

    /// Assumes that the value is a text like this or this number, or that it is not. `keeps_absent` leaves to the caller
    /// what that means for an absent field.
    fn compare(&mut self, value: &Wildcard, is_same: bool, keeps_absent: bool) {
        let number = value.number();
        if is_same {
            let was_absent_excluded = self.excluded.absent;
            self.only(Excluded {
                text: false,
                number: number.is_none(),
                ..Excluded::ALL
            });
            if keeps_absent {
                self.excluded.absent = was_absent_excluded;
            }
            self.like.push(value.clone());
        } else {
            self.unlike.push(value.clone());
        }
        if let Some(number) = number {
            self.numbers.push((Ordering::Equal, is_same, number));
        }
    }

    fn measure(&mut self, comparison: Comparison, number: f64, is_true: bool) {
        let (ordering, is_this) = match comparison {
            Comparison::Less => (Ordering::Less, true),
            Comparison::AtMost => (Ordering::Greater, false),
            Comparison::Greater => (Ordering::Greater, true),
            Comparison::AtLeast => (Ordering::Less, false),
        };
        if is_true {
            self.only(Excluded {
                number: false,
                ..Excluded::ALL
            });
        }
        self.numbers.push((ordering, is_this == is_true, number));
    }

    fn truth(&mut self, value: bool, is_true: bool) {
        if is_true {
            let mut only = Excluded::ALL;
            only.truths[usize::from(value)] = false;
            self.only(only);
        } else {
            self.excluded.truths[usize::from(value)] = true;
        }
    }

    fn matched(&mut self, regex: &str, is_true: bool) {
        self.regexes.push((regex.to_owned(), is_true));
        if is_true {
            self.only_text();
        }
    }

    fn only_text(&mut self) {
        self.only(Excluded {
            text: false,
            ..Excluded::ALL
        });
    }

    fn only(&mut self, others: Excluded) {
        let own = self.excluded;
        self.excluded = Excluded {
            absent: own.absent || others.absent,
            null: own.null || others.null,
            truths: [
                own.truths[0] || others.truths[0],
                own.truths[1] || others.truths[1],
            ],
            text: own.text || others.text,
            number: own.number || others.number,
            other: own.other || others.other,
        };
    }

    fn possible(self, reading: Reading) -> Result<Option<Self>, Undecidable> {
        let kinds = self.excluded;
        let has_simple = !(kinds.absent && kinds.null && kinds.truths == [true; 2] && kinds.other);
        let is_possible = has_simple
            || !kinds.number && self.has_number()
            || !kinds.text && self.has_own_text(reading)?;
        Ok(is_possible.then_some(self))
    }

    fn has_own_text(&self, reading: Reading) -> Result<bool, Undecidable> {
        for (regex, is_wanted) in &self.regexes {
            let matches = match self.literal() {
                Some(text) => matches(regex, text)?,
                None => reading.unknown_is_true,
            };
            if matches != *is_wanted {
                return Ok(false);
            }
        }
        let like: Vec<&Wildcard> = self.like.iter().collect();
        let unlike: Vec<&Wildcard> = self.unlike.iter().collect();
        has_text(&like, &unlike)
    }

    /// Whether a number meets all conditions: one of those that they name, or one beside or between them.
    fn has_number(&self) -> bool {
        let mut named: Vec<f64> = self.numbers.iter().map(|(_, _, number)| *number).collect();
        named.sort_by(f64::total_cmp);
        let between = named.windows(2).map(|pair| (pair[0] + pair[1]) / 2.0);
        let beside = [
            named.first().map(|n| n - 1.0),
            named.last().map(|n| n + 1.0),
        ];
        let mut candidates: Vec<f64> = between.chain(beside.into_iter().flatten()).collect();
        candidates.extend(&named);
        candidates.push(0.0);
        candidates.into_iter().any(|candidate| {
            self.numbers.iter().all(|(ordering, is_this, number)| {
                (candidate.total_cmp(number) == *ordering) == *is_this
            })
        })
    }
}

/// Whether a regular expression matches somewhere in a text.
fn matches(regex: &str, text: &str) -> Result<bool, Undecidable> {
    let compiled = regex_lite::Regex::new(regex);
    let compiled = compiled.map_err(|_| Undecidable(format!("%{regex}% cannot be read")))?;
    Ok(compiled.is_match(text))
}

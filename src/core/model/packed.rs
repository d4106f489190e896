//! What a report holds of every account, in little room: there may be tens of thousands of them.

use std::iter;
use std::sync::Arc;

use super::{CheckChanges, CheckId, IndicatorCount, Severity, SeverityCounts};

/// Numbers that are small for the most part, each in as few bytes as it needs: seven bits a byte, the lowest
/// ones first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct PackedNumbers(Box<[u8]>);

impl FromIterator<u64> for PackedNumbers {
    fn from_iter<I: IntoIterator<Item = u64>>(numbers: I) -> Self {
        let mut bytes = Vec::new();
        for mut number in numbers {
            while number > 0x7f {
                bytes.push(number as u8 | 0x80);
                number >>= 7;
            }
            bytes.push(number as u8);
        }
        Self(bytes.into())
    }
}

impl PackedNumbers {
    fn iter(&self) -> impl Iterator<Item = u64> {
        let mut bytes = self.0.iter();
        iter::from_fn(move || {
            let mut number = 0;
            for shift in (0..).step_by(7) {
                let byte = bytes.next()?;
                number |= u64::from(byte & 0x7f) << shift;
                if byte & 0x80 == 0 {
                    break;
                }
            }
            Some(number)
        })
    }
}

/// One account's numbers, by the indicators' names, in registry order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Numbers {
    names: Arc<[&'static str]>,
    counted: PackedNumbers,
}

impl Numbers {
    /// The numbers of the indicators with these names, which all accounts share.
    pub fn new(names: &Arc<[&'static str]>, counted: impl Iterator<Item = IndicatorCount>) -> Self {
        let numbers = counted.flat_map(|one| {
            let more = [
                one.suppressed,
                one.resources_evaluated,
                one.targets_known,
                one.targets_unknown,
            ];
            by_severity(&one.by_severity).chain(more)
        });
        Self {
            names: names.clone(),
            counted: numbers.collect(),
        }
    }

    /// The number of one indicator, where the run selected it.
    pub fn get(&self, indicator: &str) -> Option<IndicatorCount> {
        let found = self.iter().find(|(name, _)| *name == indicator);
        found.map(|(_, counted)| counted)
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, IndicatorCount)> {
        let mut numbers = self.counted.iter();
        self.names.iter().map_while(move |name| {
            let counted = IndicatorCount {
                by_severity: severity_counts(&mut numbers)?,
                suppressed: numbers.next()?,
                resources_evaluated: numbers.next()?,
                targets_known: numbers.next()?,
                targets_unknown: numbers.next()?,
            };
            Some((*name, counted))
        })
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }
}

/// What changed in the findings of one account, by check, of those checks that have a change.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AccountChanges {
    checks: Box<[CheckId]>,
    counts: PackedNumbers,
}

impl FromIterator<CheckChanges> for AccountChanges {
    fn from_iter<I: IntoIterator<Item = CheckChanges>>(changes: I) -> Self {
        let changes: Vec<_> = changes.into_iter().collect();
        let counts = changes.iter().flat_map(|one| {
            let counts = [&one.new, &one.reopened, &one.worsened, &one.resolved];
            counts.into_iter().flat_map(by_severity)
        });
        Self {
            counts: counts.collect(),
            checks: changes.into_iter().map(|one| one.check_id).collect(),
        }
    }
}

impl AccountChanges {
    /// The changes of each check.
    pub fn iter(&self) -> impl Iterator<Item = CheckChanges> {
        let mut counts = self.counts.iter();
        self.checks.iter().map_while(move |check| {
            Some(CheckChanges {
                check_id: check.clone(),
                new: severity_counts(&mut counts)?,
                reopened: severity_counts(&mut counts)?,
                worsened: severity_counts(&mut counts)?,
                resolved: severity_counts(&mut counts)?,
            })
        })
    }

    /// Whether nothing changed.
    pub fn is_empty(&self) -> bool {
        self.checks.is_empty()
    }
}

fn by_severity(counts: &SeverityCounts) -> impl Iterator<Item = u64> + use<> {
    Severity::ALL
        .map(|severity| counts.of(severity))
        .into_iter()
}

fn severity_counts(numbers: &mut impl Iterator<Item = u64>) -> Option<SeverityCounts> {
    let mut counts = SeverityCounts::default();
    for severity in Severity::ALL {
        *counts.of_mut(severity) = numbers.next()?;
    }
    Some(counts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(n: u64) -> SeverityCounts {
        SeverityCounts {
            critical: n,
            high: 0,
            medium: n << 7,
            low: u64::MAX - n,
            informational: 127,
        }
    }

    #[test]
    fn numbers_of_any_size_come_back() {
        let numbers = [0, 1, 127, 128, 16_383, 16_384, u64::MAX];
        let packed: PackedNumbers = numbers.into_iter().collect();
        assert_eq!(packed.iter().collect::<Vec<_>>(), numbers);
        let small: PackedNumbers = [0; 9].into_iter().collect();
        assert_eq!(small.0.len(), 9);
    }

    #[test]
    fn an_accounts_numbers_come_back_by_their_names() {
        let counted = |n| IndicatorCount {
            by_severity: counts(n),
            suppressed: n,
            resources_evaluated: 300 * n,
            targets_known: 17,
            targets_unknown: 0,
        };
        let numbers = Numbers::new(&Arc::from(["A", "B"]), [1, 2].map(counted).into_iter());
        let all: Vec<_> = numbers.iter().collect();
        assert_eq!(all, [("A", counted(1)), ("B", counted(2))]);
        assert_eq!(numbers.get("B"), Some(counted(2)));
        assert_eq!(numbers.get("C"), None);
        assert!(!numbers.is_empty() && Numbers::default().is_empty());
    }

    #[test]
    fn an_accounts_changes_come_back_by_check() {
        let change = |check: &'static str, n| CheckChanges {
            check_id: check.into(),
            new: counts(n),
            resolved: counts(n + 1),
            ..CheckChanges::default()
        };
        let changes = [change("a", 1), change("b", 5)];
        let packed: AccountChanges = changes.clone().into_iter().collect();
        assert_eq!(packed.iter().collect::<Vec<_>>(), changes);
        assert!(!packed.is_empty() && AccountChanges::default().is_empty());
    }
}

//! The checks of Prowler that are similar to a check of orgscan. The import of mutelists (`exceptions::prowler`) and the
//! comparison of verdicts (`tests/prowler`) are derived from them.
//!
//! Source: <https://hub.prowler.com/check>

/// The checks of Prowler that are similar to one of orgscan.
#[derive(Clone, Copy, Debug)]
pub struct Counterparts {
    /// What a verdict of either is about.
    pub unit: Unit,
    /// The checks of Prowler.
    pub checks: &'static [Counterpart],
    /// Why there are none.
    pub why_none: Option<&'static str>,
}

/// What verdicts are compared by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unit {
    /// A resource.
    Resource,
    /// A Region of an account.
    Region,
    /// An account.
    Account,
}

impl Unit {
    /// Its name in `tests/prowler/counterparts.csv`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Region => "region",
            Self::Account => "account",
        }
    }
}

impl Counterparts {
    /// Checks with a verdict for each resource.
    pub const fn per_resource(checks: &'static [Counterpart]) -> Self {
        Self::per(Unit::Resource, checks)
    }

    /// Checks with a verdict for each Region.
    pub const fn per_region(checks: &'static [Counterpart]) -> Self {
        Self::per(Unit::Region, checks)
    }

    /// Checks with a verdict for each account.
    pub const fn per_account(checks: &'static [Counterpart]) -> Self {
        Self::per(Unit::Account, checks)
    }

    /// No check of Prowler is similar, for this reason.
    pub const fn none(why: &'static str) -> Self {
        Self {
            why_none: Some(why),
            ..Self::per_resource(&[])
        }
    }

    const fn per(unit: Unit, checks: &'static [Counterpart]) -> Self {
        Self {
            unit,
            checks,
            why_none: None,
        }
    }
}

/// A check of Prowler that is similar to one of orgscan.
#[derive(Clone, Copy, Debug)]
pub struct Counterpart {
    /// Prowler's id.
    pub id: &'static str,
    /// Its id in earlier versions of Prowler, if that was another one. Mutelists may still have it.
    pub former_id: Option<&'static str>,
    /// The TCP ports that it is about; empty if it is not about ports.
    pub ports: &'static [u16],
    /// The part of the check of orgscan that it is about, as findings have it; none if it is not about one part.
    pub part: Option<&'static str>,
    /// Whether it finds only some of what the check of orgscan finds. It is not imported from mutelists: an exception
    /// would cover more than was muted.
    pub is_part: bool,
    /// How an imported exception differs from what was muted.
    pub remark: Option<&'static str>,
    /// Why its verdicts are not compared.
    pub not_compared: Option<&'static str>,
}

/// A check that finds the same.
pub const fn same(id: &'static str) -> Counterpart {
    Counterpart {
        id,
        former_id: None,
        ports: &[],
        part: None,
        is_part: false,
        remark: None,
        not_compared: None,
    }
}

/// A check that finds a part of the same.
pub const fn part(id: &'static str) -> Counterpart {
    Counterpart {
        is_part: true,
        ..same(id)
    }
}

/// A check that finds the same about these TCP ports.
pub const fn on_ports(id: &'static str, ports: &'static [u16]) -> Counterpart {
    Counterpart {
        ports,
        ..same(id).with_remark("for rules that open these ports alone")
    }
}

/// A check that finds the same as one part of the check of orgscan.
pub const fn on_part(id: &'static str, part: &'static str) -> Counterpart {
    Counterpart {
        part: Some(part),
        ..same(id)
    }
}

impl Counterpart {
    /// The same with an earlier id.
    #[must_use]
    pub const fn formerly(self, id: &'static str) -> Self {
        Self {
            former_id: Some(id),
            ..self
        }
    }

    /// The same with a remark for imported exceptions.
    #[must_use]
    pub const fn with_remark(self, remark: &'static str) -> Self {
        Self {
            remark: Some(remark),
            ..self
        }
    }

    /// The same without a comparison of verdicts, for this reason.
    #[must_use]
    pub const fn not_compared(self, why: &'static str) -> Self {
        Self {
            not_compared: Some(why),
            ..self
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::services::CHECKS;
    use crate::testing::assert_fresh;

    fn ids(one: &Counterpart) -> impl Iterator<Item = &'static str> {
        [one.id].into_iter().chain(one.former_id)
    }

    #[test]
    fn a_check_has_counterparts_or_a_reason_why_not() {
        for check in CHECKS {
            let Counterparts {
                checks, why_none, ..
            } = check.prowler;
            assert_eq!(checks.is_empty(), why_none.is_some(), "{}", check.id);
            let all: Vec<&str> = checks.iter().flat_map(ids).collect();
            let distinct: BTreeSet<&str> = all.iter().copied().collect();
            assert_eq!(all.len(), distinct.len(), "{}", check.id);
            let is_id = |id: &str| id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
            assert!(all.iter().all(|id| is_id(id)), "{}: {all:?}", check.id);
        }
    }

    /// The rows of the comparison: one for each list of ports or part, with the checks that are about neither in each of
    /// them.
    fn rows(counterparts: &Counterparts) -> Vec<[String; 5]> {
        let unit = counterparts.unit.as_str();
        let compared = counterparts.checks.iter();
        let compared: Vec<&Counterpart> =
            compared.filter(|one| one.not_compared.is_none()).collect();
        let subject = |one: &Counterpart| (one.ports, one.part.unwrap_or_default());
        let mut subjects: Vec<(&[u16], &str)> = compared.iter().copied().map(subject).collect();
        subjects.retain(|(ports, part)| !(ports.is_empty() && part.is_empty()));
        subjects.dedup();
        if compared.is_empty() {
            let not_compared = counterparts.checks.iter().find_map(|one| one.not_compared);
            let why = counterparts.why_none.or(not_compared).unwrap_or_default();
            return vec![[unit, "", "", "", why].map(str::to_owned)];
        }
        if subjects.is_empty() {
            subjects.push((&[], ""));
        }
        let row = |about: &(&[u16], &str)| {
            let checks = compared.iter().copied();
            let checks = checks.filter(|one| [(&[][..], ""), *about].contains(&subject(one)));
            let checks: Vec<&str> = checks.map(|one| one.id).collect();
            let ports: Vec<String> = about.0.iter().map(u16::to_string).collect();
            let [ports, checks] = [ports.join(" "), checks.join(" ")];
            let part = about.1.to_owned();
            [unit.to_owned(), ports, part, checks, String::new()]
        };
        subjects.iter().map(row).collect()
    }

    #[test]
    fn the_counterparts_of_the_comparison_are_fresh() {
        let mut csv = "check,unit,ports,part,prowler,why\n".to_owned();
        for check in CHECKS {
            for row in rows(&check.prowler) {
                assert!(!row.concat().contains([',', '"']), "{row:?}");
                csv += &format!("{},{}\n", check.id, row.join(","));
            }
        }
        assert_fresh("tests/prowler/counterparts.csv", &csv);
    }
}

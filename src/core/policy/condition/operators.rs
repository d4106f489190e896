//! Operators of conditions.
//!
//! Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html>

use std::cmp::Ordering;
use std::net::IpAddr;

use ipnet::IpNet;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::Condition;
use crate::policy::pattern::Variables;
use crate::policy::truth::Truth;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Operator {
    pub(super) comparison: Comparison,
    pub(super) negated: bool,
    pub(super) if_exists: bool,
    pub(super) quantifier: Quantifier,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Comparison {
    Text {
        ignores_case: bool,
    },
    Like,
    Arn,
    Number(Order),
    Date(Order),
    Bool,
    Binary,
    Address,
    /// Whether the key is absent.
    Null,
}

/// Whether the request's value is less than the policy's, equal, or greater.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Order {
    less: bool,
    equal: bool,
    greater: bool,
}

impl Order {
    const fn new(less: bool, equal: bool, greater: bool) -> Self {
        Self {
            less,
            equal,
            greater,
        }
    }

    fn accepts(self, ordering: Ordering) -> bool {
        match ordering {
            Ordering::Less => self.less,
            Ordering::Equal => self.equal,
            Ordering::Greater => self.greater,
        }
    }
}

/// For how many of the request's values it has to hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Quantifier {
    /// For its one value.
    None,
    Any,
    All,
}

impl Operator {
    pub(super) fn parse(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let (quantifier, name) = match name.split_once(':') {
            Some(("foranyvalue", rest)) => (Quantifier::Any, rest),
            Some(("forallvalues", rest)) => (Quantifier::All, rest),
            Some(_) => return None,
            None => (Quantifier::None, name.as_str()),
        };
        let (name, if_exists) = match name.strip_suffix("ifexists") {
            Some(rest) => (rest, true),
            None => (name, false),
        };
        let (comparison, negated) = comparison(name)?;
        Some(Self {
            comparison,
            negated,
            if_exists,
            quantifier,
        })
    }
}

fn comparison(name: &str) -> Option<(Comparison, bool)> {
    let text = |ignores_case| Comparison::Text { ignores_case };
    Some(match name {
        "stringequals" => (text(false), false),
        "stringnotequals" => (text(false), true),
        "stringequalsignorecase" => (text(true), false),
        "stringnotequalsignorecase" => (text(true), true),
        "stringlike" => (Comparison::Like, false),
        "stringnotlike" => (Comparison::Like, true),
        "arnequals" | "arnlike" => (Comparison::Arn, false),
        "arnnotequals" | "arnnotlike" => (Comparison::Arn, true),
        "bool" => (Comparison::Bool, false),
        "binaryequals" => (Comparison::Binary, false),
        "ipaddress" => (Comparison::Address, false),
        "notipaddress" => (Comparison::Address, true),
        "null" => (Comparison::Null, false),
        _ => return ordering(name),
    })
}

fn ordering(name: &str) -> Option<(Comparison, bool)> {
    let (is_date, order) = match name.strip_prefix("numeric") {
        Some(order) => (false, order),
        None => (true, name.strip_prefix("date")?),
    };
    let (order, negated) = match order {
        "equals" => (Order::new(false, true, false), false),
        "notequals" => (Order::new(false, true, false), true),
        "lessthan" => (Order::new(true, false, false), false),
        "lessthanequals" => (Order::new(true, true, false), false),
        "greaterthan" => (Order::new(false, false, true), false),
        "greaterthanequals" => (Order::new(false, true, true), false),
        _ => return None,
    };
    let comparison = match is_date {
        true => Comparison::Date(order),
        false => Comparison::Number(order),
    };
    Some((comparison, negated))
}

impl Condition {
    /// Whether it is met by a request that has the key with these values, or without the key.
    ///
    /// `allows`: in an Allow, a policy variable is whatever the caller wants it to be. So it excludes nobody; S3 too
    /// takes no value with a variable for a fixed one.
    pub(super) fn is_met(
        &self,
        found: Option<&[String]>,
        variables: Variables<'_>,
        allows: bool,
    ) -> Truth {
        let Some(operator) = self.operator else {
            return Truth::Unknown;
        };
        if operator.comparison == Comparison::Null {
            let is_absent = found.is_none().to_string();
            return self.values.iter().any(|value| is(value, &is_absent)).into();
        }
        let Some(found) = found else {
            return operator.without_key();
        };
        let each = found.iter().map(|one| {
            let matched = self.matches(one, operator, variables, allows);
            match operator.negated {
                true => matched.not(),
                false => matched,
            }
        });
        match operator.quantifier {
            Quantifier::All => Truth::all(each),
            Quantifier::None if operator.negated => Truth::all(each),
            _ => Truth::any(each),
        }
    }

    /// Whether one of its values matches a value of the request.
    fn matches(
        &self,
        found: &str,
        operator: Operator,
        variables: Variables<'_>,
        allows: bool,
    ) -> Truth {
        let patterns = self.patterns(variables);
        if operator.syntax().is_some() {
            let itself = format!("${{{}}}", self.key);
            if variables.enabled && self.values.iter().any(|value| is(value, &itself)) {
                return Truth::True;
            }
            let each = patterns.iter().map(|one| match one.matches(found) {
                true if one.has_variable && allows => (!operator.negated).into(),
                true if one.has_variable || one.is_incomplete => Truth::Unknown,
                matches => matches.into(),
            });
            return Truth::any(each);
        }
        let each = self
            .values
            .iter()
            .map(|value| compare(operator.comparison, found, value));
        Truth::any(each.map(|one| one.map_or(Truth::Unknown, Truth::from)))
    }
}

impl Operator {
    /// Whether it is met by a request without the key.
    fn without_key(self) -> Truth {
        match self.quantifier {
            Quantifier::All => Truth::True,
            // AWS documents each, and not what they are together.
            Quantifier::Any if self.if_exists => Truth::Unknown,
            Quantifier::Any => Truth::False,
            Quantifier::None => (self.if_exists || self.negated).into(),
        }
    }
}

/// Compares a value of the request with one of the policy that is no pattern; none if the latter is not understood.
fn compare(comparison: Comparison, found: &str, value: &str) -> Option<bool> {
    match comparison {
        Comparison::Number(order) => {
            let value: f64 = value.trim().parse().ok()?;
            let found: Option<f64> = found.parse().ok();
            let ordering = found.and_then(|found| found.partial_cmp(&value));
            Some(ordering.is_some_and(|ordering| order.accepts(ordering)))
        }
        Comparison::Date(order) => {
            let value = date(value)?;
            Some(date(found).is_some_and(|found| order.accepts(found.cmp(&value))))
        }
        Comparison::Address => {
            let network = network(value)?;
            let found: Option<IpAddr> = found.parse().ok();
            Some(found.is_some_and(|found| network.contains(&found)))
        }
        Comparison::Bool => Some(is(value, found)),
        _ => Some(value == found),
    }
}

fn is(value: &str, other: &str) -> bool {
    value.eq_ignore_ascii_case(other)
}

/// An address range, or a single address.
pub(super) fn network(value: &str) -> Option<IpNet> {
    let network = value.parse::<IpNet>().ok();
    network.or_else(|| value.parse::<IpAddr>().ok().map(IpNet::from))
}

/// Seconds since 1970 of a date in one of the ISO 8601 formats, or in seconds.
pub(super) fn date(value: &str) -> Option<i64> {
    let seconds = value.parse::<i64>().ok();
    let seconds = seconds.or_else(|| Some(value.parse::<Timestamp>().ok()?.as_second()));
    seconds.or_else(|| {
        let date: Date = value.parse().ok()?;
        Some(date.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second())
    })
}

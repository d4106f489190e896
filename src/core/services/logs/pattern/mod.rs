//! Filter patterns of CloudWatch Logs for JSON events, and their comparison by meaning.
//!
//! Two patterns can have the same meaning in different order, quotes, spaces and parentheses. So a pattern is parsed
//! into conditions, and `coverage` looks for an event that one pattern matches and others miss.
//!
//! Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html>

mod coverage;
mod event;
mod field;
mod parse;
mod required;
mod terms;
mod wildcard;

pub use coverage::{Coverage, coverage};
pub use parse::parse;
pub use required::{EventRegions, PARTS, Part};
pub use wildcard::Wildcard;

/// A condition on events, or several.
#[derive(Clone, Debug, PartialEq)]
pub enum Pattern {
    /// All of these are true. Without any, every event matches.
    All(Vec<Self>),
    /// One of these is true. Without any, no event matches.
    Any(Vec<Self>),
    /// A condition on one field.
    Field(String, Test),
    /// The text of the event contains this term.
    Term(String),
    /// The text of the event does not contain this term.
    WithoutTerm(String),
    /// A condition that cannot be compared, with the reason.
    Unknown(String),
}

/// A condition on the value of a field.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// It is a text like this, or this number.
    Is(Wildcard),
    /// It is not a text like this, nor this number. AWS does not document whether an absent field counts.
    IsNot(Wildcard),
    /// It is a number of this size.
    Number(Comparison, f64),
    /// The field is there.
    Exists,
    /// The field is not there.
    NotExists,
    /// It is null.
    Null,
    /// It is this truth value.
    Bool(bool),
    /// It is a text that this regular expression matches somewhere.
    Regex(String),
}

/// How a number is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// Less than.
    Less,
    /// At most.
    AtMost,
    /// Greater than.
    Greater,
    /// At least.
    AtLeast,
}

impl Pattern {
    /// A field that is one of these texts, which may have wildcards.
    pub fn one_of(field: &str, values: &[&str]) -> Self {
        let values = values.iter();
        Self::Any(values.map(|value| Self::is(field, value)).collect())
    }

    /// A field that is this text, which may have wildcards.
    pub fn is(field: &str, value: &str) -> Self {
        Self::Field(field.to_owned(), Test::Is(Wildcard::new(value)))
    }

    /// A field that is not this text, which may have wildcards.
    pub fn is_not(field: &str, value: &str) -> Self {
        Self::Field(field.to_owned(), Test::IsNot(Wildcard::new(value)))
    }

    /// Whether a condition in it is of some kind.
    fn has(&self, is_one: fn(&Self) -> bool) -> bool {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().any(|part| part.has(is_one)),
            other => is_one(other),
        }
    }

    /// Whether a part of it cannot be compared.
    pub fn unknown(&self) -> Option<&str> {
        match self {
            Self::All(parts) | Self::Any(parts) => parts.iter().find_map(Self::unknown),
            Self::Unknown(reason) => Some(reason),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;

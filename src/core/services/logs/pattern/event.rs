//! The events that patterns are compared on: sets of them, by what is assumed of their fields.

use std::collections::BTreeMap;

use super::field::{Field, Reading, Undecidable};
use super::{Pattern, Test};

/// Fields that each event of CloudTrail has, with a text.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-record-contents.html>
const ALWAYS: [&str; 8] = [
    "awsRegion",
    "eventID",
    "eventName",
    "eventSource",
    "eventTime",
    "eventType",
    "eventVersion",
    "sourceIPAddress",
];

/// Some events, by what is assumed of them.
#[derive(Clone, Debug, Default)]
pub(super) struct Events(BTreeMap<String, Field>);

impl Events {
    /// Those for which a condition on a field is true, or is not; none if no event is left.
    pub(super) fn assuming(
        &self,
        name: &str,
        test: &Test,
        is_true: bool,
        reading: Reading,
    ) -> Result<Option<Self>, Undecidable> {
        let field = match self.0.get(name) {
            Some(field) => field.assuming(test, is_true, reading)?,
            None if ALWAYS.contains(&name) => {
                Field::always_text().assuming(test, is_true, reading)?
            }
            None => Field::default().assuming(test, is_true, reading)?,
        };
        Ok(field.map(|field| {
            let mut events = self.clone();
            events.0.insert(name.to_owned(), field);
            events
        }))
    }

    /// Whether a pattern matches all of them or none; an open condition where that depends on it.
    pub(super) fn matched_by<'a>(
        &self,
        pattern: &'a Pattern,
        reading: Reading,
    ) -> Result<Match<'a>, Undecidable> {
        match pattern {
            Pattern::All(parts) => self.combined(parts, reading, false),
            Pattern::Any(parts) => self.combined(parts, reading, true),
            Pattern::Unknown(_) => Ok(Match::certain(reading.unknown_is_true)),
            // Events without the term exist, unless a field that is known contains it.
            Pattern::Term(term) => Ok(Match::certain(self.contain(term))),
            // Any event may contain the term somewhere: in the name of a resource, say.
            Pattern::WithoutTerm(_) => Ok(Match::None),
            Pattern::Field(name, Test::Is(wildcard)) if self.literal(name).is_some() => {
                let literal = self.literal(name);
                Ok(Match::certain(
                    literal.is_some_and(|text| wildcard.matches(text)),
                ))
            }
            Pattern::Field(name, test) => {
                if self.assuming(name, test, false, reading)?.is_none() {
                    Ok(Match::All)
                } else if self.assuming(name, test, true, reading)?.is_none() {
                    Ok(Match::None)
                } else {
                    Ok(Match::Open(name, test))
                }
            }
        }
    }

    fn combined<'a>(
        &self,
        parts: &'a [Pattern],
        reading: Reading,
        is_any: bool,
    ) -> Result<Match<'a>, Undecidable> {
        let mut open = None;
        for part in parts {
            match (self.matched_by(part, reading)?, is_any) {
                (Match::All, true) => return Ok(Match::All),
                (Match::None, false) => return Ok(Match::None),
                (Match::Open(name, test), _) => open = open.or(Some(Match::Open(name, test))),
                _ => {}
            }
        }
        Ok(open.unwrap_or(Match::certain(!is_any)))
    }

    fn literal(&self, name: &str) -> Option<&str> {
        self.0.get(name).and_then(Field::only_literal)
    }

    fn contain(&self, term: &str) -> bool {
        let mut pieces = self.0.values().flat_map(Field::pieces);
        pieces.any(|piece| piece.contains(term))
    }

    /// What is known of the texts of some fields, for messages: `eventName = DeleteTrail`.
    pub(super) fn describe(&self, fields: &[&str]) -> String {
        let known = fields.iter().filter_map(|name| {
            let text = self.0.get(*name)?.text()?;
            Some(format!("{name} = {text}"))
        });
        known.collect::<Vec<_>>().join(" and ")
    }
}

/// Which of some events a pattern matches.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Match<'a> {
    /// All of them.
    All,
    /// None of them.
    None,
    /// Those for which this condition on a field decides it, perhaps with others.
    Open(&'a str, &'a Test),
}

impl Match<'_> {
    fn certain(is_all: bool) -> Self {
        if is_all { Self::All } else { Self::None }
    }
}

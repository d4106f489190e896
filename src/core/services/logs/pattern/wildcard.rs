//! Texts with wildcards, and whether a text exists that some of them match and others do not.

use std::collections::{BTreeSet, HashSet};
use std::fmt;
use std::sync::Arc;

use super::field::Undecidable;

/// How many states the search for a text may visit.
const MOST_STATES: usize = 5_000;

/// A text in which `*` stands for any text. Case matters.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wildcard(Arc<str>);

impl Wildcard {
    /// The text with its wildcards.
    pub fn new(text: &str) -> Self {
        Self(text.into())
    }

    /// The text, if it has no wildcard.
    pub fn literal(&self) -> Option<&str> {
        (!self.0.contains('*')).then_some(&*self.0)
    }

    /// The number that it is.
    pub fn number(&self) -> Option<f64> {
        self.0
            .parse()
            .ok()
            .filter(|number: &f64| number.is_finite())
    }

    /// Whether it matches a text.
    pub fn matches(&self, text: &str) -> bool {
        if let Some(literal) = self.literal() {
            return literal == text;
        }
        let end = text.chars().fold(Automaton::start(self), |state, next| {
            state.after(Some(next))
        });
        end.accepts()
    }

    /// The fixed pieces between its wildcards.
    pub fn pieces(&self) -> impl Iterator<Item = &str> {
        self.0.split('*').filter(|piece| !piece.is_empty())
    }
}

impl fmt::Display for Wildcard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Whether a text exists that all of `wanted` match and none of `unwanted`.
///
/// # Errors
/// If the search takes too many steps.
pub(super) fn has_text(wanted: &[&Wildcard], unwanted: &[&Wildcard]) -> Result<bool, Undecidable> {
    if let Some(text) = wanted.iter().find_map(|one| one.literal()) {
        let is_wanted = wanted.iter().all(|one| one.matches(text));
        return Ok(is_wanted && !unwanted.iter().any(|one| one.matches(text)));
    }
    // Some text is always none of a few.
    if wanted.is_empty() && unwanted.iter().all(|one| one.literal().is_some()) {
        return Ok(true);
    }
    let all = || wanted.iter().chain(unwanted);
    let letters: BTreeSet<char> = all().flat_map(|one| one.0.chars()).collect();
    // First, a letter that no text has.
    let letters: Vec<Option<char>> = [None]
        .into_iter()
        .chain(letters.into_iter().map(Some))
        .collect();
    let start: Vec<Automaton<'_>> = all().map(|one| Automaton::start(one)).collect();
    let is_found = |states: &[Automaton<'_>]| {
        let (wanted, unwanted) = states.split_at(wanted.len());
        wanted.iter().all(Automaton::accepts) && !unwanted.iter().any(Automaton::accepts)
    };
    let (mut seen, mut open) = (HashSet::from([start.clone()]), vec![start]);
    while let Some(states) = open.pop() {
        if is_found(&states) {
            return Ok(true);
        }
        for letter in &letters {
            let next: Vec<_> = states.iter().map(|state| state.after(*letter)).collect();
            let is_dead = next[..wanted.len()].iter().any(|state| state.at.is_empty());
            if is_dead || !seen.insert(next.clone()) {
                continue;
            }
            if seen.len() > MOST_STATES {
                return Err(Undecidable("its wildcards are too many to compare".into()));
            }
            open.push(next);
        }
    }
    Ok(false)
}

/// The positions in a text with wildcards that may be next.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
struct Automaton<'a> {
    text: &'a str,
    /// Offsets of bytes, at the beginnings of characters.
    at: BTreeSet<usize>,
}

impl<'a> Automaton<'a> {
    fn start(wildcard: &'a Wildcard) -> Self {
        let empty = Self {
            text: &wildcard.0,
            at: BTreeSet::new(),
        };
        empty.with(0)
    }

    /// A wildcard may also stand for nothing.
    fn with(mut self, mut position: usize) -> Self {
        self.at.insert(position);
        while self.text[position..].starts_with('*') {
            position += 1;
            self.at.insert(position);
        }
        self
    }

    /// After a letter; none is one that the text does not have.
    fn after(&self, letter: Option<char>) -> Self {
        let empty = Self {
            text: self.text,
            at: BTreeSet::new(),
        };
        self.at.iter().fold(empty, |next, position| {
            match self.text[*position..].chars().next() {
                Some('*') => next.with(*position),
                Some(own) if Some(own) == letter => next.with(position + own.len_utf8()),
                _ => next,
            }
        })
    }

    fn accepts(&self) -> bool {
        self.at.contains(&self.text.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn has(wanted: &[&str], unwanted: &[&str]) -> bool {
        let all = |texts: &[&str]| -> Vec<Wildcard> {
            texts.iter().map(|text| Wildcard::new(text)).collect()
        };
        let (wanted, unwanted) = (all(wanted), all(unwanted));
        let wanted: Vec<&Wildcard> = wanted.iter().collect();
        let unwanted: Vec<&Wildcard> = unwanted.iter().collect();
        has_text(&wanted, &unwanted).unwrap()
    }

    #[test]
    fn a_wildcard_stands_for_any_text_and_for_none() {
        for (wildcard, text, expected) in [
            ("AccessDenied*", "AccessDenied", true),
            ("AccessDenied*", "AccessDeniedException", true),
            ("AccessDenied*", "accessdenied", false),
            ("AccessDenied", "AccessDeniedException", false),
            (
                "*UnauthorizedOperation",
                "Client.UnauthorizedOperation",
                true,
            ),
            ("*UnauthorizedOperation", "UnauthorizedOperations", false),
            ("*a*b*", "xaxbx", true),
            ("*a*b*", "ba", false),
            ("**", "", true),
            ("", "", true),
            ("", "x", false),
            ("é*", "éa", true),
        ] {
            assert_eq!(
                Wildcard::new(wildcard).matches(text),
                expected,
                "{wildcard} {text}"
            );
        }
    }

    #[test]
    fn texts_that_some_match_and_others_do_not() {
        for (wanted, unwanted, expected) in [
            (&["Create*"][..], &["Create*"][..], false),
            (&["CreateTrail*"], &["Create*"], false),
            (&["Create*"], &["CreateTrail"], true),
            (&["*Policy", "Create*"], &["CreatePolicy"], true),
            (&["a*", "b*"], &[], false),
            (&["*"], &["*"], false),
            (&[], &["*"], false),
            (&[], &["?*", "x"], true),
            (&["CreatePolicy"], &["*Policy*"], false),
            (&["*Policy*"], &["*Policy", "*Policy?*"], true),
            (&["a*b"], &["a*", "*b"], false),
        ] {
            assert_eq!(has(wanted, unwanted), expected, "{wanted:?} {unwanted:?}");
        }
    }

    #[test]
    fn a_search_that_takes_too_long_ends() {
        let wildcard = |letter: &str| Wildcard::new(&format!("*{letter}").repeat(15));
        let wanted: Vec<Wildcard> = ["a", "b", "c", "d"].into_iter().map(wildcard).collect();
        let wanted: Vec<&Wildcard> = wanted.iter().collect();
        assert!(has_text(&wanted, &[&Wildcard::new("*")]).is_err());
    }
}

//! Texts that stand for all texts: one for each combination of patterns that some text matches.
//!
//! The patterns run side by side as one automaton, whose states are visited breadth first. So the answer is exact: two
//! denials that cover an action only together are found, and a text is found for whatever they leave.

use std::cell::Cell;
use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::pattern::{Pattern, Token};

/// A text, and which patterns it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    pub(super) text: String,
    pub(super) matched: Vec<bool>,
}

/// How much work the evaluation of a policy may cost, in steps.
#[derive(Debug)]
pub(super) struct Budget(Cell<usize>);

impl Budget {
    pub(super) const fn new() -> Self {
        Self(Cell::new(30_000_000))
    }

    /// None if it is used up.
    pub(super) fn spend(&self, steps: usize) -> Option<()> {
        self.0.set(self.0.get().checked_sub(steps)?);
        Some(())
    }
}

/// The atoms of all texts that match one of `universe`; none if they are too many for the budget.
pub(super) fn atoms(
    universe: &[Pattern],
    patterns: &[Pattern],
    budget: &Budget,
) -> Option<Vec<Atom>> {
    let automaton = Automaton::new(universe.iter().chain(patterns), universe.len());
    let first = automaton.first();
    let mut seen = BTreeSet::from([first.clone()]);
    let mut queue = VecDeque::from([(first, String::new())]);
    let mut found: BTreeMap<Vec<bool>, String> = BTreeMap::new();
    while let Some((state, text)) = queue.pop_front() {
        let matched = automaton.matched(&state);
        if matched[..universe.len()].contains(&true) {
            let matched = matched[universe.len()..].to_vec();
            found.entry(matched).or_insert_with(|| text.clone());
        }
        for letter in automaton.letters(&state) {
            budget.spend(state.len() + text.len())?;
            let next = automaton.next(&state, letter);
            if automaton.is_alive(&next) && seen.insert(next.clone()) {
                queue.push_back((next, format!("{text}{letter}")));
            }
        }
    }
    let atom = |(matched, text)| Atom { text, matched };
    Some(found.into_iter().map(atom).collect())
}

/// Positions in the patterns, sorted.
type Positions = Vec<usize>;

struct Automaton {
    /// The tokens of all patterns, one pattern after the other, each with whether it ignores case. None is the end of a
    /// pattern.
    tokens: Vec<Option<(Token, bool)>>,
    /// Where each pattern begins, and its end.
    spans: Vec<(usize, usize)>,
    /// The end of the patterns of which one has to match.
    universe: usize,
    /// A character of no pattern.
    fresh: char,
}

impl Automaton {
    fn new<'a>(patterns: impl Iterator<Item = &'a Pattern>, universe: usize) -> Self {
        let mut tokens = Vec::new();
        let mut spans = Vec::new();
        for pattern in patterns {
            let first = tokens.len();
            let ignores_case = pattern.ignores_case;
            tokens.extend(pattern.tokens.iter().map(|one| Some((*one, ignores_case))));
            spans.push((first, tokens.len()));
            tokens.push(None);
        }
        let taken: BTreeSet<char> = tokens.iter().flatten().flat_map(characters).collect();
        let fresh = ('a'..='z').chain('0'..='9').chain('\u{e100}'..='\u{efff}');
        Self {
            universe: spans[..universe].last().map_or(0, |(_, end)| *end),
            fresh: fresh
                .into_iter()
                .find(|one| !taken.contains(one))
                .unwrap_or('\u{e0ff}'),
            tokens,
            spans,
        }
    }

    fn first(&self) -> Positions {
        let mut state = Vec::new();
        for (first, _) in &self.spans {
            self.add(&mut state, *first);
        }
        state
    }

    /// Adds a position, and those after it as far as tokens can stand for nothing.
    fn add(&self, state: &mut Positions, at: usize) {
        state.push(at);
        if self.tokens[at].is_some_and(|(token, _)| token.repeats()) {
            self.add(state, at + 1);
        }
    }

    /// Characters that make a difference here, and one that stands for all others.
    fn letters(&self, state: &[usize]) -> BTreeSet<char> {
        let tokens = state.iter().filter_map(|at| self.tokens[*at].as_ref());
        tokens.flat_map(characters).chain([self.fresh]).collect()
    }

    fn next(&self, state: &[usize], letter: char) -> Positions {
        let mut next = Vec::new();
        for at in state {
            match self.tokens[*at] {
                Some((token, ignores_case)) if token.takes(letter, ignores_case) => {
                    self.add(&mut next, at + usize::from(!token.repeats()));
                }
                _ => {}
            }
        }
        next.sort_unstable();
        next.dedup();
        next
    }

    fn matched(&self, state: &[usize]) -> Vec<bool> {
        let ends = self.spans.iter();
        ends.map(|(_, end)| state.binary_search(end).is_ok())
            .collect()
    }

    /// Whether a pattern of the universe can still match.
    fn is_alive(&self, state: &[usize]) -> bool {
        state.first().is_some_and(|at| *at <= self.universe)
    }
}

/// The characters that a token takes and others do not, or the other way round.
fn characters((token, ignores_case): &(Token, bool)) -> Vec<char> {
    match token {
        Token::Char(one) if *ignores_case => {
            let mut all: Vec<char> = one.to_lowercase().chain(one.to_uppercase()).collect();
            all.push(*one);
            all
        }
        Token::Char(one) => vec![*one],
        Token::OneInField | Token::ManyInField => vec![':'],
        Token::One | Token::Many => Vec::new(),
    }
}

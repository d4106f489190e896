//! Texts that stand for all texts: one for each combination of patterns that some text matches.
//!
//! The patterns run side by side as one automaton, whose states are visited breadth first. So the answer is exact: two
//! denials that cover an action only together are found, and a text is found for whatever they leave.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use super::pattern::{Pattern, Token};

/// A text, and which patterns it matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Atom {
    pub(super) text: String,
    pub(super) matched: Vec<bool>,
}

/// How much work a search is worth, in words of 64 positions.
const MOST_WORK: usize = 4_000_000;

/// The atoms of all texts that match one of `universe`; none if there are too many to find.
pub(super) fn atoms(universe: &[Pattern], patterns: &[Pattern]) -> Option<Vec<Atom>> {
    let automaton = Automaton::new(universe.iter().chain(patterns));
    let first = automaton.first();
    let mut seen = BTreeSet::from([first.clone()]);
    let mut queue = VecDeque::from([(first, String::new())]);
    let mut found: BTreeMap<Vec<bool>, String> = BTreeMap::new();
    let mut work = 0;
    while let Some((state, text)) = queue.pop_front() {
        if automaton.matched(&state)[..universe.len()].contains(&true) {
            let matched = automaton.matched(&state)[universe.len()..].to_vec();
            found.entry(matched).or_insert_with(|| text.clone());
        }
        for letter in &automaton.letters {
            work += state.len();
            if work > MOST_WORK {
                return None;
            }
            let next = automaton.next(&state, letter);
            let alive = universe.len();
            if automaton.is_alive(&next, alive) && seen.insert(next.clone()) {
                queue.push_back((next, format!("{text}{}", letter.one)));
            }
        }
    }
    let atoms = found
        .into_iter()
        .map(|(matched, text)| Atom { text, matched });
    Some(atoms.collect())
}

/// A set of positions in the patterns, one after the other.
type Positions = Vec<u64>;

struct Letter {
    one: char,
    /// Positions that it leaves for the next one.
    advances: Positions,
    /// Positions that it stays at.
    stays: Positions,
}

struct Automaton {
    /// The first and the last position of each pattern.
    spans: Vec<(usize, usize)>,
    /// Positions whose token can also stand for nothing.
    skips: Positions,
    letters: Vec<Letter>,
}

fn set(positions: &mut [u64], at: usize) {
    positions[at / 64] |= 1 << (at % 64);
}

fn has(positions: &[u64], at: usize) -> bool {
    positions[at / 64] >> (at % 64) & 1 == 1
}

impl Automaton {
    fn new<'a>(patterns: impl Iterator<Item = &'a Pattern> + Clone) -> Self {
        let mut spans = Vec::new();
        let mut tokens: Vec<Option<(Token, bool)>> = Vec::new();
        for pattern in patterns.clone() {
            let first = tokens.len();
            tokens.extend(
                pattern
                    .tokens
                    .iter()
                    .map(|one| Some((*one, pattern.ignores_case))),
            );
            spans.push((first, tokens.len()));
            tokens.push(None);
        }
        let words = tokens.len().div_ceil(64);
        let select = |is: &dyn Fn(Token, bool) -> bool| {
            let mut selected = vec![0; words];
            for (at, token) in tokens.iter().enumerate() {
                if token.is_some_and(|(token, ignores_case)| is(token, ignores_case)) {
                    set(&mut selected, at);
                }
            }
            selected
        };
        let letters = alphabet(patterns).into_iter().map(|one| Letter {
            one,
            advances: select(&|token, case| !token.repeats() && token.takes(one, case)),
            stays: select(&|token, case| token.repeats() && token.takes(one, case)),
        });
        Self {
            letters: letters.collect(),
            skips: select(&|token, _| token.repeats()),
            spans,
        }
    }

    fn first(&self) -> Positions {
        let mut state = vec![0; self.skips.len()];
        for (first, _) in &self.spans {
            set(&mut state, *first);
        }
        self.skip(&mut state);
        state
    }

    fn next(&self, state: &[u64], letter: &Letter) -> Positions {
        let advanced = state
            .iter()
            .zip(&letter.advances)
            .map(|(state, mask)| state & mask);
        let mut next = shifted(&advanced.collect::<Positions>());
        for (at, word) in next.iter_mut().enumerate() {
            *word |= state[at] & letter.stays[at];
        }
        self.skip(&mut next);
        next
    }

    /// Two tokens in a row that repeat are possible in different fields only, but twice is cheap and enough for both.
    fn skip(&self, state: &mut Positions) {
        for _ in 0..2 {
            let skipping = state
                .iter()
                .zip(&self.skips)
                .map(|(state, mask)| state & mask);
            let skipped = shifted(&skipping.collect::<Positions>());
            for (word, more) in state.iter_mut().zip(skipped) {
                *word |= more;
            }
        }
    }

    fn matched(&self, state: &[u64]) -> Vec<bool> {
        let ends = self.spans.iter().map(|(_, last)| has(state, *last));
        ends.collect()
    }

    /// Whether one of the first patterns can still match.
    fn is_alive(&self, state: &[u64], patterns: usize) -> bool {
        let end = self.spans[..patterns].last().map_or(0, |(_, last)| *last);
        (0..=end).any(|at| has(state, at))
    }
}

/// Every position's successor.
fn shifted(positions: &[u64]) -> Positions {
    let mut carry = 0;
    let shift = |word: &u64| {
        let shifted = word << 1 | carry;
        carry = word >> 63;
        shifted
    };
    positions.iter().map(shift).collect()
}

/// The characters of the patterns, and one that none of them has.
fn alphabet<'a>(patterns: impl Iterator<Item = &'a Pattern>) -> BTreeSet<char> {
    let mut alphabet = BTreeSet::new();
    for pattern in patterns {
        for token in &pattern.tokens {
            let Token::Char(one) = *token else { continue };
            alphabet.insert(one);
            if pattern.ignores_case {
                alphabet.extend(one.to_lowercase().chain(one.to_uppercase()));
            }
        }
    }
    let fresh = ('a'..='z').chain('0'..='9').chain('\u{e100}'..='\u{efff}');
    let fresh = fresh.into_iter().find(|one| !alphabet.contains(one));
    alphabet.extend(fresh);
    alphabet
}

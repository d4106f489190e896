//! The search for a request that meets the conditions of an Allow and evades those of all Denies.

use std::collections::{BTreeMap, BTreeSet};

use super::atoms::Budget;
use super::condition::{Condition, Network, Request, Sample, samples};
use super::document::Statement;
use super::pattern::Variables;
use super::principal::Caller;
use super::truth::Truth;

/// A statement that denies the request if its conditions hold, and whether it covers the request.
pub(super) type Denial<'a> = (&'a Statement, Truth);

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    No,
    Yes,
    /// With the reason.
    Unknown(String),
    TooComplex,
}

/// How many combinations of values are tried.
const MOST_COMBINATIONS: usize = 20_000;

pub(super) struct Search<'a> {
    allow: &'a Statement,
    covers: Truth,
    denials: &'a [Denial<'a>],
    /// Those of the Allow, then of each denial.
    conditions: Vec<(&'a Condition, bool)>,
    /// The numbers of the conditions, by key.
    keys: BTreeMap<&'a str, Vec<usize>>,
}

impl<'a> Search<'a> {
    pub(super) fn new(allow: &'a Statement, covers: Truth, denials: &'a [Denial<'a>]) -> Self {
        let mut conditions: Vec<_> = allow.conditions.iter().map(|one| (one, true)).collect();
        let denied = denials.iter().flat_map(|(one, _)| &one.conditions);
        conditions.extend(denied.map(|one| (one, false)));
        let mut keys: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (at, (condition, _)) in conditions.iter().enumerate() {
            keys.entry(&condition.key).or_default().push(at);
        }
        Self {
            allow,
            covers,
            denials,
            conditions,
            keys,
        }
    }

    pub(super) fn run(&self, caller: Caller, variables: Variables<'_>, budget: &Budget) -> Outcome {
        let mut best = Outcome::No;
        for network in [Network::Internet, Network::Endpoint] {
            let request = Request {
                caller,
                network,
                variables,
                budget,
            };
            match self.combine(request) {
                Outcome::No => {}
                Outcome::Yes => return Outcome::Yes,
                other => best = other,
            }
        }
        best
    }

    /// Tries all combinations of the keys' values.
    fn combine(&self, request: Request<'_>) -> Outcome {
        let mut each: Vec<(&[usize], BTreeSet<Sample>)> = Vec::new();
        for (key, numbers) in &self.keys {
            let conditions: Vec<_> = numbers.iter().map(|at| self.conditions[*at]).collect();
            match samples(key, &conditions, request) {
                Some(samples) => each.push((numbers, samples)),
                None => return Outcome::TooComplex,
            }
        }
        let mut open = vec![vec![Truth::True; self.conditions.len()]];
        for (numbers, samples) in each {
            let combinations = open.len() * samples.len();
            let steps = combinations * self.conditions.len();
            if combinations > MOST_COMBINATIONS || request.budget.spend(steps).is_none() {
                return Outcome::TooComplex;
            }
            let with = |truths: &Vec<Truth>, sample: &Sample| {
                let mut truths = truths.clone();
                numbers
                    .iter()
                    .zip(sample)
                    .for_each(|(at, truth)| truths[*at] = *truth);
                truths
            };
            let next = open
                .iter()
                .flat_map(|truths| samples.iter().map(move |sample| with(truths, sample)));
            let allowed = self.allow.conditions.len();
            let next = next.filter(|truths| !truths[..allowed].contains(&Truth::False));
            open = next.collect::<BTreeSet<_>>().into_iter().collect();
        }
        let outcomes: Vec<Truth> = open.iter().map(|truths| self.evaluate(truths)).collect();
        match Truth::any(outcomes.iter().copied()) {
            Truth::True => Outcome::Yes,
            Truth::False => Outcome::No,
            Truth::Unknown => {
                let at = outcomes.iter().position(|one| *one == Truth::Unknown);
                Outcome::Unknown(self.reason(&open[at.unwrap_or_default()]))
            }
        }
    }

    /// Whether the request is allowed.
    fn evaluate(&self, truths: &[Truth]) -> Truth {
        let (allowed, mut rest) = truths.split_at(self.allow.conditions.len());
        let mut result = Truth::all(allowed.iter().copied()).and(self.covers);
        for (statement, covers) in self.denials {
            let (own, others) = rest.split_at(statement.conditions.len());
            rest = others;
            let denied = Truth::all(own.iter().copied()).and(*covers);
            result = result.and(denied.not());
        }
        result
    }

    fn reason(&self, truths: &[Truth]) -> String {
        let mut conditions = self.conditions.iter().zip(truths);
        let unknown = conditions.find(|(_, truth)| **truth == Truth::Unknown);
        match unknown {
            None => {
                "whether the principal or the resource of a statement includes the public's request \
                     is unknown"
                    .to_owned()
            }
            Some(((condition, _), _)) => format!(
                "whether `{}` with the condition key `{}` excludes the public is unknown",
                condition.operator_name,
                super::json::excerpt(&condition.key)
            ),
        }
    }
}

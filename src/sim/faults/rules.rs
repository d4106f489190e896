//! Which fault a request meets.

use std::sync::atomic::{AtomicU64, Ordering};

use globset::GlobMatcher;
use orgscan_core::document::{ConfigError, Problem};

use super::{Fault, FaultFile, FaultKind, matcher};
use crate::call::Call;
use crate::rng::SeededRng;

/// Faults in force.
#[derive(Debug, Default)]
pub(crate) struct Faults(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    account: Option<GlobMatcher>,
    region: Option<GlobMatcher>,
    service: Option<GlobMatcher>,
    operation: Option<GlobMatcher>,
    share: f64,
    kind: FaultKind,
    remaining: Option<AtomicU64>,
}

impl Faults {
    /// Takes faults into force.
    ///
    /// # Errors
    /// The first that does not fit.
    pub(crate) fn new(faults: &[Fault]) -> Result<Self, ConfigError> {
        let file = FaultFile {
            faults: faults.to_vec(),
        };
        if let Some((field, message)) = file.findings().into_iter().next() {
            let origin = String::new();
            return Err(Problem {
                origin,
                field,
                message,
            }
            .into());
        }
        Ok(Self(faults.iter().map(Rule::new).collect()))
    }

    /// Whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fault that a request meets, if any. `accounts` are the ids and names that it concerns.
    pub(crate) fn find_match(
        &self,
        call: &Call,
        accounts: &[&str],
        draw: SeededRng,
    ) -> Option<FaultKind> {
        let mut rules = self.0.iter().enumerate();
        let matched = rules.find(|(n, rule)| {
            rule.matches(call, accounts)
                && draw.with_number(*n as u64).unit() < rule.share
                && rule.take()
        });
        matched.map(|(_, rule)| rule.kind)
    }
}

impl Rule {
    /// The globs have been checked; one that is none would match nothing.
    fn new(fault: &Fault) -> Self {
        let glob = |pattern: &Option<String>| pattern.as_deref().and_then(|p| matcher(p).ok());
        Self {
            account: glob(&fault.account),
            region: glob(&fault.region),
            service: glob(&fault.service),
            operation: glob(&fault.operation),
            share: fault.share,
            kind: fault.kind,
            remaining: fault.times.map(AtomicU64::new),
        }
    }

    fn matches(&self, call: &Call, accounts: &[&str]) -> bool {
        let fits = |glob: &Option<GlobMatcher>, text: &str| {
            glob.as_ref().is_none_or(|glob| glob.is_match(text))
        };
        fits(&self.region, &call.region)
            && fits(&self.service, &call.service)
            && fits(&self.operation, &call.operation)
            && (self.account.is_none() || accounts.iter().any(|id| fits(&self.account, id)))
    }

    fn take(&self) -> bool {
        let Some(remaining) = &self.remaining else {
            return true;
        };
        let one_less = |remaining: u64| remaining.checked_sub(1);
        remaining
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
            .is_ok()
    }
}

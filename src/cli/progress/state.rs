//! How far a run is: from its events to one line of text. Pure; the caller has the clock.

use std::collections::HashSet;
use std::time::Duration;

use orgscan_core::model::{
    AccountId, AccountResult, Severity, SeverityCounts, TargetOutcome, TargetScope,
};
use orgscan_core::text::{count, number};

use orgscan_app::observe::RunEvent;

/// From this share of the work on, the rest can be estimated.
const ESTIMABLE: f64 = 0.05;

/// The rest is estimated after this time.
const ESTIMABLE_AFTER: Duration = Duration::from_secs(3);

/// How far a run is.
#[derive(Debug, Default)]
pub(super) struct RunState {
    stage: &'static str,
    accounts_listed: u64,
    all_listed: bool,
    accounts_done: u64,
    /// Accounts under way whose scopes are known.
    open: HashSet<AccountId>,
    /// Accounts whose scopes are known, done or not.
    accounts_planned: u64,
    /// Accounts that are done without any scope.
    accounts_empty: u64,
    scopes_planned: u64,
    scopes_done: u64,
    pairs_done: u64,
    findings: SeverityCounts,
    throttled: u64,
    /// When the first account was started.
    scanning_since: Option<Duration>,
}

impl RunState {
    /// Takes note of an event, this long after the start.
    pub(super) fn observe(&mut self, event: &RunEvent<'_>, elapsed: Duration) {
        match event {
            RunEvent::Stage(stage) => self.stage = stage,
            RunEvent::Planned { accounts } => self.accounts_listed += *accounts as u64,
            RunEvent::Listed => self.all_listed = true,
            RunEvent::AccountStarted { .. } => {
                self.scanning_since.get_or_insert(elapsed);
            }
            RunEvent::TargetsPlanned { account, scopes } => {
                self.open.insert(account.id.clone());
                self.accounts_planned += 1;
                self.scopes_planned += *scopes as u64;
            }
            RunEvent::TargetDone { scope, .. } => {
                self.scopes_done += 1;
                self.pairs_done += u64::from(matches!(scope, TargetScope::Region(_)));
            }
            RunEvent::AccountDone { result } => self.done(result),
        }
    }

    fn done(&mut self, result: &AccountResult) {
        self.accounts_done += 1;
        if !self.open.remove(&result.account.id) {
            self.accounts_empty += 1;
        }
        self.throttled += result.throttled;
        for verdict in &result.verdicts {
            if let TargetOutcome::Evaluated(verdict) = &verdict.outcome {
                let violations = verdict.violations.iter();
                violations.for_each(|violation| self.findings.count(violation.severity));
            }
        }
    }

    /// The run in one line: what matters most comes first, because a narrow terminal cuts the end off.
    pub(super) fn line(&self, elapsed: Duration) -> String {
        let mut parts = vec![clock(elapsed), self.accounts()];
        if self.stage == PUBLISHING {
            parts.push(PUBLISHING.to_owned());
        }
        if self.scanning_since.is_some() {
            parts.push(self.findings());
        }
        if let Some(rest) = self.rest(elapsed) {
            parts.push(format!("about {} left", rounded(rest)));
        }
        if self.pairs_done > 0 {
            parts.push(count(self.pairs_done, "account-Region pair"));
        }
        if self.throttled > 0 {
            parts.push(format!("{} throttled", number(self.throttled)));
        }
        parts.join(" | ")
    }

    /// Accounts that the plan fails are done without being listed for a scan.
    fn accounts(&self) -> String {
        let listed = self.accounts_listed.max(self.accounts_done);
        let (done, all) = (number(self.accounts_done), count(listed, "account"));
        match (self.all_listed, listed) {
            (true, _) => format!("{done} of {all}"),
            (false, 0) => "listing accounts".to_owned(),
            (false, _) => format!("{done} of {all}, still listing"),
        }
    }

    fn findings(&self) -> String {
        let by_severity_descending = Severity::ALL.into_iter().rev();
        let found = by_severity_descending.filter(|severity| self.findings.of(*severity) > 0);
        let found: Vec<String> = found
            .map(|severity| format!("{} {severity}", number(self.findings.of(severity))))
            .collect();
        match found.is_empty() {
            true => "no findings".to_owned(),
            false => format!("findings: {}", found.join(", ")),
        }
    }

    /// How long the rest will take if it goes on like this. Accounts that are not started are taken to have as many
    /// scopes as the others. None before that can be told.
    fn rest(&self, elapsed: Duration) -> Option<Duration> {
        let taken = elapsed.checked_sub(self.scanning_since?)?;
        if !self.all_listed || self.stage == PUBLISHING || taken < ESTIMABLE_AFTER {
            return None;
        }
        let mean = self.scopes_planned as f64 / self.accounts_planned.max(1) as f64;
        let known = self.accounts_planned + self.accounts_empty;
        let unknown = self.accounts_listed.saturating_sub(known);
        let expected = self.scopes_planned as f64 + mean * unknown as f64;
        let share = self.scopes_done as f64 / expected.max(1.0);
        (ESTIMABLE..1.0)
            .contains(&share)
            .then(|| taken.mul_f64((1.0 - share) / share))
    }
}

/// The stage after all accounts.
pub(super) const PUBLISHING: &str = "publishing";

/// `0:07`, `12:03`, `1:02:03`
fn clock(elapsed: Duration) -> String {
    let seconds = elapsed.as_secs();
    match (seconds / 3_600, seconds / 60 % 60, seconds % 60) {
        (0, minutes, seconds) => format!("{minutes}:{seconds:02}"),
        (hours, minutes, seconds) => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// An estimate, no more exact than it is: `5 s`, `40 s`, `3 min`, `2 h 10 min`.
fn rounded(rest: Duration) -> String {
    match rest.as_secs_f64() {
        seconds if seconds < 55.0 => format!("{:.0} s", (seconds / 5.0).ceil().max(1.0) * 5.0),
        seconds if seconds < 3_570.0 => format!("{:.0} min", (seconds / 60.0).round().max(1.0)),
        seconds => {
            let minutes = (seconds / 600.0).round() as u64 * 10;
            format!("{} h {} min", minutes / 60, minutes % 60)
        }
    }
}

/// When a line is due where there is no terminal: every so often, and late ones are not made up for.
#[derive(Debug)]
pub(super) struct Schedule {
    period: Duration,
    due: Duration,
}

impl Schedule {
    pub(super) const fn every(period: Duration) -> Self {
        let due = period;
        Self { period, due }
    }

    /// Whether a line is due now, this long after the start.
    pub(super) fn is_due(&mut self, elapsed: Duration) -> bool {
        if elapsed < self.due {
            return false;
        }
        while self.due <= elapsed {
            self.due += self.period;
        }
        true
    }
}

#[cfg(test)]
mod tests;

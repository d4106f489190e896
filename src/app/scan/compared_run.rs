//! The comparison of a run with the last known state, and the state that it leaves.
//!
//! The state is written last: after a process is killed before that, the next run reports the same changes again, and
//! no change is lost.

use std::path::PathBuf;

use jiff::Timestamp;
use orgscan_core::compare::ComparisonInput;
use orgscan_core::model::{
    Account, AlertOutcome, Baseline, BaselineRun, Destination, Report, RunInfo,
};
use orgscan_store::history::{History, HistoryError, HistoryJoin, JoinResult, join, write_state};
use orgscan_store::results::Inputs;
use orgscan_store::{StateCopy, StoreError, same};

use super::RunError;
use super::scanned_run::ScannedRun;
use crate::publish::{Delivery, PublishResult};

/// How often others may come first before it is given up.
const RACES: usize = 5;

/// The accounts of the state that the run leaves, in its own folder.
const ACCOUNTS: &str = "next.accounts.jsonl.gz";

/// The state that the run leaves, whole.
const NEXT: &str = "next.jsonl.gz";

/// The state as another run has left it meanwhile.
const NOW: &str = "now.jsonl.gz";

/// What a run was compared with, and what it leaves.
#[derive(Debug)]
pub(super) struct ComparedRun {
    pub(super) history: History,
    base: StateCopy,
    /// How many accounts the next state has, if its file could be written.
    next: std::io::Result<u64>,
}

/// Why the state was not brought up to date.
#[derive(Debug, thiserror::Error)]
enum StateWriteError {
    #[error(transparent)]
    History(#[from] HistoryError),
    #[error(transparent)]
    Store(#[from] StoreError),
    #[error("{0}")]
    Disk(#[from] std::io::Error),
    #[error("other runs write it all the time")]
    Races,
}

/// What became of the state.
enum StateWrite {
    /// This run's is there now.
    Written,
    /// It is there, joined with that of a run that came first.
    Joined(BaselineRun),
    /// A run that began later has evaluated all of it, so there is nothing to add.
    Newer(BaselineRun),
    /// It was there before.
    Before,
}

impl StateWrite {
    fn describe(&self, location: &str) -> String {
        match self {
            Self::Written | Self::Before => format!("the state of findings in {location}"),
            Self::Joined(other) => format!(
                "the run {} wrote the state of findings in {location} at the same time, so both states were merged: for \
                 accounts of both runs the later scan counts; the next run may report some changes again",
                other.id
            ),
            Self::Newer(other) => format!(
                "the run {} started later and scanned all accounts of this one, so its state of findings in {location} \
                 is kept",
                other.id
            ),
        }
    }
}

impl ScannedRun {
    /// Makes the report, and compares it where there is a history. A state that cannot be used is a note
    /// in the report.
    pub(super) async fn report(&self) -> Result<(Report, Option<ComparedRun>), RunError> {
        let base = self.base().await;
        let history = base.as_ref().ok().and_then(Option::as_ref);
        let history = history.map(|base| self.history(base));
        let store = &self.run.store;
        let join = history.as_ref().map(|one| self.start_join_from(one));
        let config = &self.run.request.config;
        let mut notes = self.found.notes.clone();
        notes.extend(self.run.exceptions.note());
        let checks = config.checks.select();
        let inputs = Inputs {
            plan: &self.found.plan,
            checks: &checks,
            frameworks: &config.checks.frameworks(),
            exceptions: &self.run.exceptions,
            thresholds: &config.thresholds,
            stack_set: &self.found.stack_set,
        };
        let of = |account: &Account| store.of(account).map_err(RunError::from);
        let (mut report, joined) = inputs.report(self.info(), notes, join, of)?;
        let compared = match (base, history, joined) {
            (Ok(Some(base)), Some(history), Some(Ok(joined))) => {
                let base = self.run.store.keep_base(base).await?;
                let next = joined.enter(&mut report, &config.thresholds);
                // The copy has another name by now.
                let history = History {
                    path: base.path.clone(),
                    ..history
                };
                Some(ComparedRun {
                    history,
                    base,
                    next,
                })
            }
            (Err(error), ..) => without_history(&mut report, &error),
            (.., Some(Err(error))) => without_history(&mut report, &error),
            _ => None,
        };
        Ok((report, compared))
    }

    /// The state to compare with; none where the run leaves nothing.
    async fn base(&self) -> Result<Option<StateCopy>, StoreError> {
        match self.run.store.state_location() {
            Some(_) => self.run.store.base().await.map(Some),
            None => Ok(None),
        }
    }

    fn history(&self, copy: &StateCopy) -> History {
        let config = &self.run.request.config;
        History {
            path: copy.path.clone(),
            location: copy.location.clone(),
            now: ComparisonInput::of(
                &self.info(),
                &config.checks.select(),
                &config.rule_parameters(),
            ),
            clock: Some(self.run.request.clock),
        }
    }

    fn start_join(&self, history: &History) -> Result<HistoryJoin, HistoryError> {
        HistoryJoin::start(history, &self.run.store.local(ACCOUNTS))
    }

    /// The same with what was known before, which the run itself has not written: compared with that, nothing
    /// would have changed.
    fn start_join_from(&self, history: &History) -> Result<HistoryJoin, HistoryError> {
        let join = self.start_join(history)?;
        let run = &self.run.request;
        match join.since() {
            Some(before) if is_same(before, run.run_id.as_str(), run.started) => {
                Err(HistoryError::OwnState {
                    location: history.location.clone(),
                    run: before.id.clone(),
                })
            }
            _ => Ok(join),
        }
    }

    /// Goes through all results once more, beside a history that was left meanwhile.
    fn join(
        &self,
        history: &History,
    ) -> Result<Option<Result<JoinResult, HistoryError>>, StoreError> {
        let (store, exceptions) = (&self.run.store, &self.run.exceptions);
        let started = Some(self.start_join(history));
        let of = |account: &Account| store.of(account);
        join(&self.found.plan, exceptions, started, of, |_| ())
    }

    /// Brings the state up to date, and says so in the report where that was not a matter of course.
    pub(super) async fn keep_history(
        &self,
        compared: &mut ComparedRun,
        report: &mut Report,
        published: &PublishResult,
    ) -> Delivery {
        let location = self.run.store.state_location().unwrap_or_default();
        let run = base_run(&report.run, published);
        let written = self.settle(compared, &run).await;
        let before = matches!(written, Ok(StateWrite::Before));
        let is_regression = matches!(written, Ok(StateWrite::Joined(_) | StateWrite::Newer(_)));
        // What stays is the base, for the next time that the run is started.
        for name in [ACCOUNTS, NEXT, NOW] {
            let _ = std::fs::remove_file(self.run.store.local(name));
        }
        let outcome = match written {
            Ok(written) => Ok(written.describe(&location)),
            Err(error) => Err(format!(
                "the state of findings in {location} is unchanged and complete; the next run reports \
                 the changes of this run again: {error}"
            )),
        };
        if let Ok(note) = &outcome
            && is_regression
        {
            report.notes.push(note.clone());
        }
        Delivery {
            destination: Destination::History,
            target: location,
            outcome,
            before,
        }
    }

    async fn settle(
        &self,
        compared: &mut ComparedRun,
        run: &BaselineRun,
    ) -> Result<StateWrite, StateWriteError> {
        let store = &self.run.store;
        let mut read = compared.base.version.clone();
        let mut first: Option<(BaselineRun, StateCopy)> = None;
        for _ in 0..RACES {
            if let Some(read) = &read {
                let other = first.as_ref().map(|(other, _)| other);
                let next = self.next(compared, later(run, other))?;
                if let Some((other, now)) = &first
                    && same(&next, &now.path)?
                {
                    return Ok(StateWrite::Newer(other.clone()));
                }
                if store.replace_state(&next, read).await? {
                    let joined = first.map(|(other, _)| StateWrite::Joined(other));
                    return Ok(joined.unwrap_or(StateWrite::Written));
                }
            }
            let now = store.copy_state(NOW).await?;
            let history = self.history(&now);
            let other = history.walk()?.run().cloned();
            if other
                .as_ref()
                .is_some_and(|other| is_same(other, &run.id, run.started))
            {
                return Ok(StateWrite::Before);
            }
            read.clone_from(&now.version);
            if let Some(other) = other
                && !same(&now.path, &compared.base.path)?
            {
                let joined = self.join(&history)?;
                compared.next = joined.transpose()?.map_or(Ok(0), |joined| joined.next);
                first = Some((other, now));
            }
        }
        Err(StateWriteError::Races)
    }

    /// The whole state that the run leaves, as a file.
    fn next(&self, compared: &ComparedRun, run: &BaselineRun) -> std::io::Result<PathBuf> {
        let store = &self.run.store;
        let (accounts, next) = (store.local(ACCOUNTS), store.local(NEXT));
        let count = compared.next.as_ref().map_err(copy_of)?;
        write_state(&next, Some(run), (&accounts, *count))?;
        Ok(next)
    }
}

/// Of two runs that leave a state together, the one that it is said to be of.
fn later<'a>(run: &'a BaselineRun, other: Option<&'a BaselineRun>) -> &'a BaselineRun {
    match other {
        Some(other) if other.started > run.started => other,
        _ => run,
    }
}

/// Whether a state is of this run. Its id may be used again once the run's folder has expired.
fn is_same(other: &BaselineRun, id: &str, started: Timestamp) -> bool {
    other.id == id && other.started == started
}

fn copy_of(error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), error.to_string())
}

fn without_history(report: &mut Report, error: &dyn std::fmt::Display) -> Option<ComparedRun> {
    let reason = error.to_string();
    tracing::error!(reason, "the run cannot be compared with the previous state");
    let note = format!(
        "the previous state is unavailable, so changes are not known and the state was not updated: {reason}"
    );
    report.notes.push(note);
    report.changes.baseline = Baseline::Unavailable { reason };
    None
}

fn base_run(run: &RunInfo, published: &PublishResult) -> BaselineRun {
    let alerts = published.deliveries.iter();
    let alerts = alerts.filter(|one| one.destination == Destination::Alert);
    // Of several messages, one that did not arrive.
    let alert = alerts.min_by_key(|one| one.outcome.is_ok());
    BaselineRun {
        id: run.id.clone(),
        started: run.started,
        finished: run.finished,
        alert: alert.map(|alert| AlertOutcome {
            delivered: alert.outcome.is_ok(),
            detail: match &alert.outcome {
                Ok(detail) | Err(detail) => detail.clone(),
            },
        }),
    }
}

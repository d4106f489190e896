//! The comparison of a run with the last known state, and the state that it leaves.
//!
//! The state is written last: whoever is killed before that is told of the same changes once more,
//! and nobody is never told.

use std::path::PathBuf;

use jiff::Timestamp;
use orgscan_core::compare::Now;
use orgscan_core::model::{Account, AlertOutcome, Base, BaseRun, Destination, Report, RunInfo};
use orgscan_store::history::{History, HistoryError, Join, Joined, join, put_together};
use orgscan_store::results::Inputs;
use orgscan_store::{StateCopy, StoreError, same};

use super::RunError;
use super::gathered::Gathered;
use crate::publish::{Delivery, Published};

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
pub(super) struct Compared {
    pub(super) history: History,
    base: StateCopy,
    /// How many accounts the next state has, if its file could be written.
    next: std::io::Result<u64>,
}

/// Why the state was not brought up to date.
#[derive(Debug, thiserror::Error)]
enum NotKept {
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
enum Settled {
    /// This run's is there now.
    Written,
    /// It is there, joined with that of a run that came first.
    Joined(BaseRun),
    /// A run that began later has looked at all of it, so there is nothing to add.
    Outdone(BaseRun),
    /// It was there before.
    Before,
}

impl Settled {
    fn in_words(&self, place: &str) -> String {
        match self {
            Self::Written | Self::Before => format!("the state of findings in {place}"),
            Self::Joined(other) => format!(
                "the run {} has written the state of findings in {place} meanwhile, so this run's was \
                 joined with it: of accounts that both looked at the later look counts, and the next \
                 run may tell of some changes once more",
                other.id
            ),
            Self::Outdone(other) => format!(
                "the run {} began later and has looked at all that this one has, so the state of \
                 findings in {place} stays as it left it",
                other.id
            ),
        }
    }
}

impl Gathered {
    /// Makes the report, and compares it where there is a history. A state that cannot be used is a note
    /// in the report.
    pub(super) async fn report(&self) -> Result<(Report, Option<Compared>), RunError> {
        let base = self.base().await;
        let history = base.as_ref().ok().and_then(Option::as_ref);
        let history = history.map(|base| self.history(base));
        let store = &self.begun.store;
        let going = history.as_ref().map(|history| self.going_from(history));
        let config = &self.begun.request.config;
        let mut notes = self.found.notes.clone();
        notes.extend(self.begun.exceptions.note());
        let checks = config.checks.select();
        let inputs = Inputs {
            plan: &self.found.plan,
            checks: &checks,
            frameworks: &config.checks.frameworks(),
            exceptions: &self.begun.exceptions,
            thresholds: &config.thresholds,
            stack_set: &self.found.stack_set,
        };
        let of = |account: &Account| store.of(account).map_err(RunError::from);
        let (mut report, joined) = inputs.report(self.info(), notes, going, of)?;
        let compared = match (base, history, joined) {
            (Ok(Some(base)), Some(history), Some(Ok(joined))) => {
                let base = self.begun.store.keep_base(base).await?;
                let next = joined.enter(&mut report, &config.thresholds);
                // The copy has another name by now.
                let history = History {
                    path: base.path.clone(),
                    ..history
                };
                Some(Compared {
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
        match self.begun.store.state_place() {
            Some(_) => self.begun.store.base().await.map(Some),
            None => Ok(None),
        }
    }

    fn history(&self, copy: &StateCopy) -> History {
        let config = &self.begun.request.config;
        History {
            path: copy.path.clone(),
            place: copy.place.clone(),
            now: Now::of(
                &self.info(),
                &config.checks.select(),
                &config.rule_parameters(),
            ),
            clock: Some(self.begun.request.clock),
        }
    }

    fn going(&self, history: &History) -> Result<Join, HistoryError> {
        Join::start(history, &self.begun.store.local(ACCOUNTS))
    }

    /// The same with what was known before, which the run itself has not written: compared with that, nothing
    /// would have changed.
    fn going_from(&self, history: &History) -> Result<Join, HistoryError> {
        let join = self.going(history)?;
        let run = &self.begun.request;
        match join.since() {
            Some(before) if is_same(before, run.run_id.as_str(), run.started) => {
                Err(HistoryError::OwnState {
                    place: history.place.clone(),
                    run: before.id.clone(),
                })
            }
            _ => Ok(join),
        }
    }

    /// Goes through all results once more, beside a history that was left meanwhile.
    fn join(&self, history: &History) -> Result<Option<Result<Joined, HistoryError>>, StoreError> {
        let (store, exceptions) = (&self.begun.store, &self.begun.exceptions);
        let going = Some(self.going(history));
        let of = |account: &Account| store.of(account);
        join(&self.found.plan, exceptions, going, of, |_| ())
    }

    /// Brings the state up to date, and says so in the report where that was not a matter of course.
    pub(super) async fn keep_history(
        &self,
        compared: &mut Compared,
        report: &mut Report,
        published: &Published,
    ) -> Delivery {
        let place = self.begun.store.state_place().unwrap_or_default();
        let run = base_run(&report.run, published);
        let settled = self.settle(compared, &run).await;
        let before = matches!(settled, Ok(Settled::Before));
        let is_news = matches!(settled, Ok(Settled::Joined(_) | Settled::Outdone(_)));
        // What stays is the base, for the next time that the run is started.
        for name in [ACCOUNTS, NEXT, NOW] {
            let _ = std::fs::remove_file(self.begun.store.local(name));
        }
        let outcome = match settled {
            Ok(settled) => Ok(settled.in_words(&place)),
            Err(error) => Err(format!(
                "the state of findings in {place} stays as it was, and nothing of it is lost: the next \
                 run tells of this one's changes once more; {error}"
            )),
        };
        if let Ok(note) = &outcome
            && is_news
        {
            report.notes.push(note.clone());
        }
        Delivery {
            destination: Destination::History,
            target: place,
            outcome,
            before,
        }
    }

    async fn settle(&self, compared: &mut Compared, run: &BaseRun) -> Result<Settled, NotKept> {
        let store = &self.begun.store;
        let mut read = compared.base.version.clone();
        let mut first: Option<(BaseRun, StateCopy)> = None;
        for _ in 0..RACES {
            if let Some(read) = &read {
                let other = first.as_ref().map(|(other, _)| other);
                let next = self.next(compared, later(run, other))?;
                if let Some((other, now)) = &first
                    && same(&next, &now.path)?
                {
                    return Ok(Settled::Outdone(other.clone()));
                }
                if store.replace_state(&next, read).await? {
                    let joined = first.map(|(other, _)| Settled::Joined(other));
                    return Ok(joined.unwrap_or(Settled::Written));
                }
            }
            let now = store.copy_state(NOW).await?;
            let history = self.history(&now);
            let other = history.walk()?.run().cloned();
            if other
                .as_ref()
                .is_some_and(|other| is_same(other, &run.id, run.started))
            {
                return Ok(Settled::Before);
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
        Err(NotKept::Races)
    }

    /// The whole state that the run leaves, as a file.
    fn next(&self, compared: &Compared, run: &BaseRun) -> std::io::Result<PathBuf> {
        let store = &self.begun.store;
        let (accounts, next) = (store.local(ACCOUNTS), store.local(NEXT));
        let count = compared.next.as_ref().map_err(copy_of)?;
        put_together(&next, Some(run), (&accounts, *count))?;
        Ok(next)
    }
}

/// Of two runs that leave a state together, the one that it is said to be of.
fn later<'a>(run: &'a BaseRun, other: Option<&'a BaseRun>) -> &'a BaseRun {
    match other {
        Some(other) if other.started > run.started => other,
        _ => run,
    }
}

/// Whether a state is of this run. Its id may be used again once the run's folder has expired.
fn is_same(other: &BaseRun, id: &str, started: Timestamp) -> bool {
    other.id == id && other.started == started
}

fn copy_of(error: &std::io::Error) -> std::io::Error {
    std::io::Error::new(error.kind(), error.to_string())
}

fn without_history(report: &mut Report, error: &dyn std::fmt::Display) -> Option<Compared> {
    let reason = error.to_string();
    tracing::error!(reason, "the run has no history");
    let note = format!("what changed is not known, and the history was not continued: {reason}");
    report.notes.push(note);
    report.changes.since = Base::Unavailable { reason };
    None
}

fn base_run(run: &RunInfo, published: &Published) -> BaseRun {
    let alerts = published.deliveries.iter();
    let alerts = alerts.filter(|one| one.destination == Destination::Alert);
    // Of several messages, one that did not arrive.
    let alert = alerts.min_by_key(|one| one.outcome.is_ok());
    BaseRun {
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

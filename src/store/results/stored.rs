//! A run's results, ready for its report to be regenerated.

use std::path::{Path, PathBuf};

use orgscan_core::checks::{Check, RuleParameters};
use orgscan_core::compare::{ComparisonInput, KnownAccount};
use orgscan_core::consolidate::PlanMismatch;
use orgscan_core::exceptions::Exceptions;
use orgscan_core::frameworks::{self, Framework};
use orgscan_core::model::{
    AccountId, AccountResult, Baseline, Plan, Report, RunInfo, StackSetFacts, Trend,
};
use orgscan_core::services::by_id;
use orgscan_core::settings::Thresholds;

use super::lines::{ResultsHeader, ResultsLine};
use super::reader::ResultsReader;
use super::{ExportFilter, Inputs, ResultsError};
use crate::history::{self, History, HistoryJoin, write_state};

/// What the folder for what is made on the way has in it.
const KNOWN: &str = "known.jsonl.gz";
const BASE: &str = "base.jsonl.gz";
const NEXT: &str = "next.jsonl.gz";

/// A run's results, or those of a part of it.
#[derive(Debug)]
pub struct StoredResults {
    path: PathBuf,
    location: String,
    filter: ExportFilter,
    /// For what is made on the way.
    scratch: PathBuf,
    run: RunInfo,
    plan: Plan,
    checks: Vec<&'static Check>,
    frameworks: Vec<&'static Framework>,
    exceptions: Exceptions,
    thresholds: Thresholds,
    stack_set: StackSetFacts,
    baseline: Baseline,
    notes: Vec<String>,
    trend: Option<Trend>,
    rules: RuleParameters,
    history: Option<History>,
}

impl StoredResults {
    /// Reads which accounts there are, and what was known of them. `location` is what errors call the file;
    /// `scratch` is a folder for what is made on the way.
    ///
    /// # Errors
    /// [`ResultsError`]
    pub fn open(
        path: &Path,
        location: &str,
        filter: ExportFilter,
        scratch: &Path,
    ) -> Result<Self, ResultsError> {
        let (reader, head) = ResultsReader::open(path, location)?;
        let checks = checks(&head, &filter, location)?;
        let frameworks = frameworks(&head, &filter, location)?;
        let exceptions = Exceptions::try_from(head.exceptions);
        let mut notes = head.notes;
        notes.extend(filter.note());
        let mut stored = Self {
            path: path.to_owned(),
            location: location.to_owned(),
            scratch: scratch.to_owned(),
            plan: Plan {
                organization: head.run.organization.clone(),
                central_account: head.run.central_account.clone(),
                accounts: Vec::new(),
            },
            run: head.run,
            checks,
            frameworks,
            exceptions: exceptions.map_err(|why| reader.damaged(why))?,
            thresholds: head.thresholds,
            stack_set: head.stack_set,
            baseline: head.baseline,
            notes,
            // It is the organization's.
            trend: head.trend.filter(|_| filter.is_everything()),
            rules: head.rules,
            history: None,
            filter,
        };
        stored.accounts(reader)?;
        Ok(stored)
    }

    /// How the numbers went in the runs before and in this one, where that is known.
    pub fn trend(&self) -> Option<&Trend> {
        self.trend.as_ref()
    }

    /// The run.
    pub fn run(&self) -> &RunInfo {
        &self.run
    }

    /// The checks that it is about.
    pub fn checks(&self) -> &[&'static Check] {
        &self.checks
    }

    /// Every account that it is about.
    pub fn plan(&self) -> &Plan {
        &self.plan
    }

    /// What was accepted.
    pub fn exceptions(&self) -> &Exceptions {
        &self.exceptions
    }

    /// What was known before, where there was a history.
    pub fn history(&self) -> Option<&History> {
        self.history.as_ref()
    }

    /// The report, as it was made by the run.
    ///
    /// # Errors
    /// [`ResultsError`]
    pub fn report(&self) -> Result<Report, ResultsError> {
        let inputs = Inputs {
            plan: &self.plan,
            checks: &self.checks,
            frameworks: &self.frameworks,
            exceptions: &self.exceptions,
            thresholds: &self.thresholds,
            stack_set: &self.stack_set,
        };
        let history = self.history.as_ref();
        let running = history.map(|history| HistoryJoin::start(history, &self.scratch.join(NEXT)));
        let mut of = self.results()?;
        let made = inputs.report(self.run.clone(), self.notes.clone(), running, |account| {
            of(&account.id).map_err(StopReason::Results)
        });
        let (mut report, joined) = made.map_err(|stopped| match stopped {
            StopReason::Results(error) => error,
            StopReason::Unaccounted(source) => ResultsError::Unaccounted {
                location: self.location.clone(),
                source,
            },
        })?;
        match joined.transpose()? {
            // The state that follows was written long ago.
            Some(joined) => drop(joined.enter(&mut report, &self.thresholds)),
            None => report.changes.baseline = self.baseline.clone(),
        }
        Ok(report)
    }

    /// Gives one result after the other, in the plan's order.
    ///
    /// # Errors
    /// [`ResultsError`]
    pub fn results(
        &self,
    ) -> Result<impl FnMut(&AccountId) -> Result<AccountResult, ResultsError> + '_, ResultsError>
    {
        let (mut reader, _) = ResultsReader::open(&self.path, &self.location)?;
        Ok(move |id: &AccountId| {
            let mut result = reader.result(id)?;
            self.filter.result(&mut result);
            Ok(result)
        })
    }

    /// Reads the accounts, and puts what was known of them where a comparison finds it.
    fn accounts(&mut self, mut reader: ResultsReader) -> Result<(), ResultsError> {
        let io = ResultsError::io(&self.location);
        let known_path = self.scratch.join(KNOWN);
        let mut known = history::HistoryWriter::create(&known_path).map_err(io)?;
        let mut last: Option<AccountId> = None;
        while let Some(line) = reader.next()? {
            let id = line
                .id()
                .ok_or_else(|| reader.damaged("it names no account"))?;
            if last.as_ref().is_some_and(|last| *last >= id) {
                return Err(reader.damaged(format_args!("account {id} is out of order")));
            }
            last = Some(id);
            if let Some(account) = self.account(line).map_err(|why| reader.damaged(why))? {
                let io = ResultsError::io(&self.location);
                known.account(&account).map_err(io)?;
            }
        }
        if self.plan.accounts.is_empty() {
            return Err(self.nothing());
        }
        let io = ResultsError::io(&self.location);
        let count = known.finish().map_err(io)?;
        let run = match &self.baseline {
            Baseline::FirstRun => None,
            Baseline::Compared { run } => Some(run),
            Baseline::NotKept | Baseline::Unavailable { .. } => return Ok(()),
        };
        let path = self.scratch.join(BASE);
        let io = ResultsError::io(&self.location);
        write_state(&path, run, (&known_path, count)).map_err(io)?;
        self.history = Some(History {
            path,
            location: self.location.clone(),
            now: ComparisonInput::of(&self.run, &self.checks, &self.rules),
            clock: None,
        });
        Ok(())
    }

    /// Enters an account in the plan. Gives what was known of it before.
    fn account(&mut self, line: ResultsLine) -> Result<Option<KnownAccount>, jiff::Error> {
        let known = line.known.map(KnownAccount::try_from).transpose()?;
        let is_in = match (&line.planned, &known) {
            (Some(planned), _) => self.filter.has(&planned.account),
            (None, Some(known)) => self.filter.has_known(known),
            (None, None) => false,
        };
        self.plan.accounts.extend(line.planned.filter(|_| is_in));
        Ok(known.filter(|_| is_in).map(|mut known| {
            self.filter.known(&mut known);
            known
        }))
    }

    fn nothing(&self) -> ResultsError {
        let why = match self.filter.is_everything() {
            true => "the run has no accounts".to_owned(),
            false => {
                "no account of the run matches --account or --ou; its coverage.csv lists the accounts"
                    .to_owned()
            }
        };
        ResultsError::Nothing {
            location: self.location.clone(),
            why,
        }
    }
}

/// Why a report was not finished.
enum StopReason {
    Results(ResultsError),
    Unaccounted(PlanMismatch),
}

impl From<PlanMismatch> for StopReason {
    fn from(source: PlanMismatch) -> Self {
        Self::Unaccounted(source)
    }
}

impl ResultsLine {
    /// The account's id.
    fn id(&self) -> Option<AccountId> {
        match (&self.planned, &self.known) {
            (Some(planned), _) => Some(planned.account.id.clone()),
            (None, Some(known)) => Some(known.id().clone()),
            (None, None) => None,
        }
    }
}

/// The checks of the run that the export is about.
fn checks(
    head: &ResultsHeader,
    filter: &ExportFilter,
    location: &str,
) -> Result<Vec<&'static Check>, ResultsError> {
    if let Some(wanted) = filter.checks.iter().find(|id| !head.checks.contains(id)) {
        return Err(ResultsError::Nothing {
            location: location.to_owned(),
            why: format!(
                "--check: the run has no check `{}`; it has {}",
                wanted.escape_debug(),
                head.checks.join(", ")
            ),
        });
    }
    let own: Vec<_> = head
        .checks
        .iter()
        .filter(|id| filter.has_check(id))
        .collect();
    if own.is_empty() {
        return Err(ResultsError::Nothing {
            location: location.to_owned(),
            why: format!(
                "--framework: the run has no check that maps to it; it has {}",
                head.checks.join(", ")
            ),
        });
    }
    own.into_iter()
        .map(|id| by_id(id).ok_or_else(|| not_here(head, location, "check", id)))
        .collect()
}

/// The frameworks of the run that the export is about.
fn frameworks(
    head: &ResultsHeader,
    filter: &ExportFilter,
    location: &str,
) -> Result<Vec<&'static Framework>, ResultsError> {
    if let Some(framework) = filter.framework {
        return Ok(vec![framework]);
    }
    let own = head.frameworks.iter();
    own.map(|id| frameworks::by_id(id).ok_or_else(|| not_here(head, location, "framework", id)))
        .collect()
}

fn not_here(head: &ResultsHeader, location: &str, what: &'static str, id: &str) -> ResultsError {
    ResultsError::NotHere {
        location: location.to_owned(),
        what,
        id: id.to_owned(),
        version: head.run.orgscan_version.clone(),
    }
}

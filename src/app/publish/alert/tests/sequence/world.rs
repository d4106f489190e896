//! An organization that changes, and the runs over it.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use jiff::civil::{Date, date};
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use orgscan_core::checks::Check;
use orgscan_core::compare::{AccountObservation, Comparison, ComparisonInput};
use orgscan_core::consolidate::Consolidation;
use orgscan_core::exceptions::Exceptions;
use orgscan_core::model::{
    AccountOutcome, AccountState, BaselineRun, ChangeKind, Plan, RunInfo, TargetVerdict,
};
use orgscan_core::testing::{exceptions_on, run, violated, violation};
use orgscan_store::history::{History, HistoryJoin, empty, join, write_state};
use tempfile::TempDir;

use super::*;

/// An organization, and the state that its runs leave.
pub(super) struct World {
    accounts: BTreeMap<u64, SimulatedAccount>,
    /// The checks that runs make.
    pub(super) checks: Vec<&'static Check>,
    /// The exceptions file.
    pub(super) exceptions: &'static str,
    /// The one account that a run is narrowed to.
    pub(super) only: Option<u64>,
    folder: TempDir,
    state: PathBuf,
}

/// An account as it is.
pub(super) struct SimulatedAccount {
    account: Account,
    /// What breaks which check, and how bad that is.
    broken: BTreeMap<(&'static str, &'static str), Severity>,
    /// Why the account cannot be evaluated.
    pub(super) closed_door: Option<Gap>,
    /// A check that cannot be made, and why.
    pub(super) denied: Option<(&'static str, Gap)>,
}

/// What came of a run.
pub(super) struct RunOutcome {
    /// What became of the findings of each account.
    compared: String,
    pub(super) report: Report,
    sends_alert: bool,
}

impl World {
    pub(super) fn new() -> Self {
        let folder = TempDir::new().unwrap();
        let state = folder.path().join("state-0");
        fs::write(&state, empty().unwrap()).unwrap();
        Self {
            accounts: BTreeMap::new(),
            checks: CHECKS.to_vec(),
            exceptions: "",
            only: None,
            folder,
            state,
        }
    }

    pub(super) fn account(&mut self, n: u64) -> &mut SimulatedAccount {
        self.accounts.get_mut(&n).unwrap()
    }

    pub(super) fn opens(&mut self, n: u64, name: &str, ou: &str) {
        let home = SimulatedAccount {
            account: account(n, name, ou),
            broken: BTreeMap::new(),
            closed_door: None,
            denied: None,
        };
        self.accounts.insert(n, home);
    }

    pub(super) fn moves(&mut self, n: u64, ou: &str) {
        let home = self.account(n);
        home.account = account(n, &home.account.name, ou);
    }

    pub(super) fn closes(&mut self, n: u64) {
        self.account(n).account.state = AccountState::Closed;
    }

    pub(super) fn leaves(&mut self, n: u64) {
        self.accounts.remove(&n);
    }

    pub(super) fn breaks(
        &mut self,
        n: u64,
        check: &'static str,
        what: &'static str,
        severity: Severity,
    ) {
        self.account(n).broken.insert((check, what), severity);
    }

    pub(super) fn fix(&mut self, n: u64, check: &'static str, what: &'static str) {
        self.account(n).broken.remove(&(check, what)).unwrap();
    }

    /// The run of a day in November, compared with the one before it, with the snapshot of its alert.
    pub(super) fn run(&mut self, day: i8, what: &str) -> RunOutcome {
        let day = date(2026, 11, day);
        let run = run_of(day);
        let exceptions = exceptions_on(day, self.exceptions);
        let plan = self.plan();
        let history = self.history(&run);
        let compared = self.compared(&history, &plan);
        let next = self.folder.path().join(format!("state-{day}"));
        let report = self.report(&history, (run, &plan), &exceptions, &next);
        self.state = next;
        let sends_alert = check_alert(&report, what);
        RunOutcome {
            compared,
            report,
            sends_alert,
        }
    }

    fn plan(&self) -> Plan {
        let skip = |reason| Decision::Skip {
            reason,
            detail: String::new(),
        };
        let accounts = self.accounts.iter().map(|(n, home)| {
            let decision = match home.account.state {
                AccountState::Closed => skip(SkipReason::AccountNotActive),
                _ if self.only.is_some_and(|only| only != *n) => skip(SkipReason::NotIncluded),
                _ => Decision::Scan,
            };
            (home.account.clone(), decision)
        });
        plan(accounts.collect())
    }

    fn history(&self, run: &RunInfo) -> History {
        History {
            path: self.state.clone(),
            location: "state".to_owned(),
            now: ComparisonInput {
                at: run.started,
                organization: run.organization.as_ref().map(|one| one.id.clone()),
                checks: self.checks.iter().map(|check| check.id).collect(),
                rules: Default::default(),
            },
            clock: None,
        }
    }

    fn result(&self, of: &Account) -> AccountResult {
        let home = self.accounts.values().find(|home| home.account.id == of.id);
        home.unwrap().result(&self.checks)
    }

    /// The changes of each account's findings, suppressed ones included: `web 1 new, 2 ongoing; dev 1 new`.
    fn compared(&self, history: &History, plan: &Plan) -> String {
        let mut walk = history.walk().unwrap();
        let mut all: Vec<Comparison> = Vec::new();
        for planned in &plan.accounts {
            let account = &planned.account;
            while let Some(gone) = walk.unlisted(Some(&account.id)).unwrap() {
                all.push(gone);
            }
            let result = self.result(account);
            let seen = match &planned.decision {
                Decision::Scan | Decision::Fail { .. } => AccountObservation::Result(&result),
                Decision::Skip { reason, .. } => AccountObservation::Skipped(account, *reason),
            };
            all.extend(walk.listed(&account.id, seen).unwrap());
        }
        while let Some(gone) = walk.unlisted(None).unwrap() {
            all.push(gone);
        }
        let of_accounts = all.iter().filter_map(|one| {
            let mut counts = BTreeMap::<ChangeKind, u64>::new();
            let kinds = one.findings.iter().filter_map(|finding| finding.kind);
            kinds.for_each(|kind| *counts.entry(kind).or_default() += 1);
            (!counts.is_empty()).then(|| format!("{} {}", one.account.name, describe(counts)))
        });
        of_accounts.collect::<Vec<_>>().join("; ")
    }

    /// The report as the pipeline makes it. The state that it leaves goes to the file `next`.
    fn report(
        &self,
        history: &History,
        (run, plan): (RunInfo, &Plan),
        exceptions: &Exceptions,
        next: &Path,
    ) -> Report {
        let mut consolidation = Consolidation::new(plan, run, &self.checks, exceptions);
        let lines = self.folder.path().join("lines");
        let joined = join(
            plan,
            exceptions,
            Some(HistoryJoin::start(history, &lines)),
            |account| Ok::<_, Infallible>(self.result(account)),
            |applied| consolidation.add(applied),
        );
        let joined = joined.unwrap().unwrap().unwrap();
        let mut report = consolidation.finish(&limits(), Vec::new()).unwrap();
        let accounts = joined.enter(&mut report, &limits()).unwrap();
        let left = BaselineRun {
            id: report.run.id.clone(),
            started: report.run.started,
            finished: report.run.finished,
            alert: None,
        };
        write_state(next, Some(&left), (&lines, accounts)).unwrap();
        report
    }
}

impl SimulatedAccount {
    fn result(&self, checks: &[&Check]) -> AccountResult {
        let verdicts = checks.iter().map(|check| self.verdict(check.id)).collect();
        let result = result(self.account.clone(), verdicts);
        match &self.closed_door {
            Some(gap) => AccountResult {
                outcome: AccountOutcome::Failed { gap: gap.clone() },
                ..result
            },
            None => result,
        }
    }

    fn verdict(&self, check: &'static str) -> TargetVerdict {
        let location = match check {
            VOLUMES => region("eu-west-1"),
            _ => TargetScope::Global,
        };
        let denied = self.denied.iter().filter(|(denied, _)| *denied == check);
        let gaps = self.closed_door.iter().chain(denied.map(|(_, gap)| gap));
        let gaps: Vec<_> = gaps.cloned().collect();
        if !gaps.is_empty() {
            return evaluated(check, location, 0, &[], &gaps);
        }
        let broken = self.broken.iter().filter(|((of, _), _)| *of == check);
        let broken = broken.map(|((_, what), severity)| violation(what, *severity));
        violated(check, location, 9, broken.collect())
    }
}

impl RunOutcome {
    /// The changes of the findings, suppressed ones included.
    #[track_caller]
    pub(super) fn found(&self, expected: &str) {
        assert_eq!(self.compared, expected);
    }

    /// That the alert is sent, and how many of the findings that are not suppressed changed how.
    #[track_caller]
    pub(super) fn assert_alert(&self, counts: &str) {
        assert!(self.sends_alert, "it should be sent");
        self.counts(counts);
    }

    /// That no alert is sent, and the same.
    #[track_caller]
    pub(super) fn assert_no_alert(&self, counts: &str) {
        assert!(!self.sends_alert, "it should not be sent");
        self.counts(counts);
    }

    #[track_caller]
    fn counts(&self, expected: &str) {
        let counts = self.report.changes.counts.iter();
        let counts = counts.map(|(kind, counts)| (*kind, counts.total()));
        assert_eq!(describe(counts.collect()), expected);
    }
}

/// `1 new, 2 ongoing`
fn describe(counts: BTreeMap<ChangeKind, u64>) -> String {
    let text = counts
        .iter()
        .map(|(kind, n)| format!("{n} {}", kind.as_str()));
    text.collect::<Vec<_>>().join(", ")
}

fn run_of(day: Date) -> RunInfo {
    let started: Timestamp = day.at(3, 0, 0, 0).to_zoned(TimeZone::UTC).unwrap().into();
    RunInfo {
        id: format!("{day}T03-00-00Z"),
        started,
        finished: started + SignedDuration::from_secs(450),
        ..run()
    }
}

/// Compares the run's alert with its snapshot. Gives whether it is sent.
fn check_alert(report: &Report, what: &str) -> bool {
    let exceptions = ExceptionNotice::all_of(report);
    let context = AlertContext {
        exceptions: &exceptions,
        report_location: Some("s3://audit/orgscan/"),
        has_page: false,
        manifest: None,
        ..context(report)
    };
    let alert = render(&context).unwrap();
    let sends_alert = needed(&context);
    let name = format!("{} {what}", report.run.id.get(8..10).unwrap()).replace(' ', "-");
    let sent = if sends_alert { "sent" } else { "not sent" };
    let text = format!(
        "{sent}\nSubject: {}\nSMS: {}\n\n{}",
        alert.subject, alert.sms, alert.email
    );
    insta::with_settings!({ description => what, prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
    sends_alert
}

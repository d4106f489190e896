//! Organizations that are made up, and their page.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::Path;

use jiff::Timestamp;
use orgscan_core::checks::Check;
use orgscan_core::compare::{
    AccountObservation, ChangesTally, Comparison, ComparisonInput, compare,
};
use orgscan_core::consolidate::Consolidation;
use orgscan_core::exceptions::Exceptions;
use orgscan_core::frameworks::FRAMEWORKS;
use orgscan_core::model::{
    Account, AccountId, AccountOutcome, AccountResult, AccountState, Baseline, BaselineRun,
    Decision, Gap, Organization, Plan, PlannedAccount, Region, RegionDecision, Report, RunInfo,
    Severity, SkipReason, TargetOutcome, TargetScope, TargetVerdict, Trend, Verdict, Violation,
};
use orgscan_core::settings::Thresholds;
#[cfg(feature = "judges")]
use orgscan_report::csv::FrameworksCsv;
use orgscan_report::html::PageHtml;
#[cfg(feature = "judges")]
use orgscan_report::json::ReportJson;
use orgscan_report::{AccountReport, Sink};

/// Everything that a page is made of.
pub(super) struct PageSample {
    /// The checks that the run selected.
    pub(super) checks: Vec<&'static Check>,
    pub(super) now: Vec<AccountResult>,
    /// What the run before found, where it differs.
    pub(super) before: BTreeMap<AccountId, AccountResult>,
    pub(super) skipped: Vec<(Account, String)>,
    pub(super) exceptions: Exceptions,
    pub(super) trend: Option<Trend>,
    pub(super) notes: Vec<String>,
}

pub(super) fn day(text: &str) -> Timestamp {
    format!("{text}T03:00:00Z").parse().unwrap()
}

impl PageSample {
    /// Writes the page, as a scan does.
    pub(super) fn write(&self, path: &Path) {
        let comparisons: Vec<Comparison> = self.now.iter().map(|one| self.compared(one)).collect();
        let report = self.report(&comparisons);
        let trend = self.trend.as_ref();
        let page = PageHtml::start(file(path), &report, &self.checks, trend);
        self.feed(&comparisons, vec![Box::new(page)]);
    }

    /// Writes `frameworks.csv` and `report.json` of the same report, for the browser to be held against.
    #[cfg(feature = "judges")]
    pub(super) fn write_beside(&self, csv: &Path, json: &Path) {
        let comparisons: Vec<Comparison> = self.now.iter().map(|one| self.compared(one)).collect();
        let report = self.report(&comparisons);
        let csv = FrameworksCsv::start(file(csv), &report.frameworks, &self.checks).unwrap();
        let json = ReportJson::start(file(json), &report, &self.checks).unwrap();
        self.feed(&comparisons, vec![Box::new(csv), Box::new(json)]);
    }

    fn feed(
        &self,
        comparisons: &[Comparison],
        mut sinks: Vec<Box<dyn Sink<BufWriter<File>> + '_>>,
    ) {
        for (result, comparison) in self.now.iter().zip(comparisons) {
            let applied = self.exceptions.apply(result.clone());
            let reported = AccountReport::new(&applied, Some(comparison), &self.checks);
            for sink in &mut sinks {
                sink.account(&reported).unwrap();
            }
        }
        for sink in sinks {
            sink.finish().unwrap().flush().unwrap();
        }
    }

    fn compared(&self, result: &AccountResult) -> Comparison {
        let at = |day| ComparisonInput {
            at: day,
            organization: Some("o-a1b2c3d4e5".into()),
            checks: self.checks.iter().map(|check| check.id).collect(),
            rules: BTreeMap::new(),
        };
        let earlier = self.before.get(&result.account.id).unwrap_or(result);
        let first = compare(
            None,
            AccountObservation::Result(earlier),
            &at(day("2026-11-14")),
        );
        let known = first.and_then(Comparison::into_known);
        let mut now = compare(
            known,
            AccountObservation::Result(result),
            &at(day("2026-11-15")),
        )
        .unwrap();
        now.except(&self.exceptions.apply(result.clone()));
        now
    }

    fn report(&self, comparisons: &[Comparison]) -> Report {
        let consolidation = Consolidation::new(&self.plan(), run(), &self.checks, &self.exceptions);
        let mut consolidation = consolidation.with_frameworks(&FRAMEWORKS);
        for result in &self.now {
            consolidation.add(&self.exceptions.apply(result.clone()));
        }
        let report = consolidation.finish(&Thresholds::default(), self.notes.clone());
        let mut tally = ChangesTally::default();
        comparisons.iter().for_each(|one| tally.add(one));
        let mut report = report.unwrap();
        report.changes = tally.finish(Baseline::Compared {
            run: BaselineRun {
                id: "20261114T030000Z".into(),
                started: day("2026-11-14"),
                finished: day("2026-11-14"),
                alert: None,
            },
        });
        for (summary, compared) in report.accounts.iter_mut().filter_map(|summary| {
            let mut all = comparisons.iter();
            let own = all.find(|one| one.account.id == summary.account.id)?;
            Some((summary, own))
        }) {
            summary.changes = orgscan_core::compare::by_check(compared)
                .into_iter()
                .collect();
        }
        report
    }

    fn plan(&self) -> Plan {
        let scanned = self.now.iter().map(|one| (&one.account, Decision::Scan));
        let skipped = self.skipped.iter().map(|(account, detail)| {
            let decision = Decision::Skip {
                reason: SkipReason::Excluded,
                detail: detail.clone(),
            };
            (account, decision)
        });
        let planned = scanned.chain(skipped).map(|(account, decision)| {
            let account = account.clone().into();
            PlannedAccount { account, decision }
        });
        let mut accounts: Vec<_> = planned.collect();
        accounts.sort_by(|a, b| a.account.id.cmp(&b.account.id));
        Plan {
            organization: run().organization,
            central_account: id(999),
            accounts,
        }
    }
}

fn file(path: &Path) -> BufWriter<File> {
    BufWriter::new(File::create(path).unwrap())
}

fn run() -> RunInfo {
    RunInfo {
        id: "20261115T030000Z".to_owned(),
        orgscan_version: "0.1.0".to_owned(),
        started: day("2026-11-15"),
        finished: "2026-11-15T03:07:30Z".parse().unwrap(),
        organization: Some(Organization {
            id: "o-a1b2c3d4e5".to_owned(),
            management_account: id(999),
        }),
        central_account: id(999),
        partition: "aws".to_owned(),
    }
}

pub(super) fn id(n: u64) -> AccountId {
    format!("{:012}", 111_100_000_000 + n).parse().unwrap()
}

pub(super) fn account(n: u64, name: &str, ou_path: &str) -> Account {
    let mut ou_ids = vec!["r-a1b2".to_owned()];
    ou_ids.extend(
        ou_path
            .split('/')
            .enumerate()
            .map(|(n, _)| format!("ou-a1b2-{n}")),
    );
    Account {
        id: id(n),
        name: name.to_owned(),
        state: AccountState::Active,
        ou_ids,
        ou_path: ou_path.to_owned(),
        tags: BTreeMap::new(),
    }
}

/// What was found in an account: the check, the scope, the resource, the part, the severity, the
/// message; and what could not be evaluated: the check, the scope, the gap.
#[derive(Clone, Debug, Default)]
pub(super) struct PageAccount {
    pub(super) violations: Vec<(&'static str, &'static str, Violation)>,
    pub(super) gaps: Vec<(&'static str, &'static str, Gap)>,
}

impl PageAccount {
    pub(super) fn violation(
        mut self,
        check: &'static str,
        scope: &'static str,
        severity: Severity,
        [resource, part, message]: [&str; 3],
    ) -> Self {
        let violation = Violation {
            resource: resource.into(),
            part: part.to_owned(),
            region: None,
            severity,
            message: message.to_owned(),
        };
        self.violations.push((check, scope, violation));
        self
    }

    /// A resource of the account as a whole.
    pub(super) fn bucket(self, check: &'static str, severity: Severity, name: &str) -> Self {
        let texts = [
            format!("arn:aws:s3:::{name}"),
            format!("Bucket {name} is public"),
        ];
        self.violation(check, "global", severity, [&texts[0], "", &texts[1]])
    }

    pub(super) fn gap(mut self, check: &'static str, scope: &'static str, gap: Gap) -> Self {
        self.gaps.push((check, scope, gap));
        self
    }

    /// The result: each of the checks in each scope where it belongs.
    pub(super) fn in_account(
        &self,
        account: &Account,
        regions: &[&str],
        checks: &[&Check],
    ) -> AccountResult {
        let mut verdicts = Vec::new();
        for check in checks {
            let scopes: BTreeSet<&str> = match check.rule {
                orgscan_core::checks::Rule::Account(_) => BTreeSet::from(["global"]),
                orgscan_core::checks::Rule::Organization(_) => BTreeSet::new(),
                orgscan_core::checks::Rule::Region(_) => regions.iter().copied().collect(),
            };
            verdicts.extend(
                scopes
                    .into_iter()
                    .map(|scope| self.verdict(check.id, scope)),
            );
        }
        let scanned = regions
            .iter()
            .map(|one| (Region::new(one), RegionDecision::Scan));
        AccountResult {
            run_id: run().id,
            account: account.clone(),
            outcome: AccountOutcome::Scanned,
            regions: scanned.collect(),
            verdicts,
            records: BTreeMap::new(),
            requests: BTreeMap::new(),
            throttled: 0,
            notes: Vec::new(),
            started: run().started,
            finished: run().finished,
        }
    }

    fn verdict(&self, check: &str, scope: &str) -> TargetVerdict {
        let here = |one: &(&str, &str)| *one == (check, scope);
        let violations = self.violations.iter().filter(|one| here(&(one.0, one.1)));
        let gaps = self.gaps.iter().filter(|one| here(&(one.0, one.1)));
        let mut violations: Vec<_> = violations.map(|one| one.2.clone()).collect();
        violations.sort();
        TargetVerdict {
            check_id: check.into(),
            scope: TargetScope::from(scope),
            outcome: TargetOutcome::Evaluated(Verdict {
                resources_evaluated: violations.len() as u64 + 3,
                violations,
                gaps: gaps.map(|one| one.2.clone()).collect(),
                ..Verdict::default()
            }),
        }
    }
}

use std::fs;
use std::path::{Path, PathBuf};

use flate2::Compression;
use orgscan_core::checks::Check;
use orgscan_core::frameworks::FRAMEWORKS;
use orgscan_core::jsonl;
use orgscan_core::model::Severity::{Critical, High};
use orgscan_core::model::{
    AccountResult, Decision, Plan, Report, RunInfo, SkipReason, StackSetFacts, TargetScope,
};
use orgscan_core::services::CHECKS;
use orgscan_core::settings::Config;
use orgscan_core::testing::{
    BUCKETS, USERS, account, evaluated, exceptions_none, failed, id, no_thresholds, plan, result,
    run,
};
use tempfile::TempDir;

use super::*;

/// Accounts 1 and 4 are skipped, 2 and 3 have results.
fn example() -> (Plan, Vec<AccountResult>) {
    let verdicts = vec![
        evaluated(USERS, TargetScope::Global, 2, &[High], &[]),
        evaluated(BUCKETS, TargetScope::Global, 4, &[Critical], &[]),
    ];
    let results = vec![
        result(account(2, "prod", "Work/Prod"), verdicts),
        failed(account(3, "b", "")),
    ];
    let skip = || Decision::Skip {
        reason: SkipReason::Excluded,
        detail: String::new(),
    };
    let plan = plan(vec![
        (account(1, "a", ""), skip()),
        (account(2, "prod", "Work/Prod"), Decision::Scan),
        (account(3, "b", ""), Decision::Scan),
        (account(4, "d", ""), skip()),
    ]);
    (plan, results)
}

fn of_run(plan: &Plan, results: &[AccountResult], checks: &[&'static Check]) -> Report {
    let inputs = Inputs {
        plan,
        checks,
        frameworks: &FRAMEWORKS,
        exceptions: exceptions_none(),
        thresholds: &no_thresholds(),
        stack_set: &StackSetFacts::default(),
    };
    let mut results = results.iter();
    let of =
        |_: &_| Ok::<_, orgscan_core::consolidate::PlanMismatch>(results.next().unwrap().clone());
    let run = RunInfo {
        organization: plan.organization.clone(),
        central_account: plan.central_account.clone(),
        ..run()
    };
    inputs
        .report(run, vec!["a note".into()], None, of)
        .unwrap()
        .0
}

/// The example's file in a folder, and its report.
fn written(folder: &Path) -> (PathBuf, Report) {
    let (plan, results) = example();
    let report = of_run(&plan, &results, CHECKS);
    let facts = StackSetFacts::default();
    let config = Config {
        thresholds: no_thresholds(),
        ..Config::default()
    };
    let head = ResultsHeader::new(&report, CHECKS, &config, exceptions_none(), &facts, None);
    let mut writer = ResultsWriter::start(Vec::new(), &head, &plan, None).unwrap();
    for result in &results {
        writer.result(result).unwrap();
    }
    let path = folder.join(RESULTS);
    fs::write(&path, writer.finish().unwrap()).unwrap();
    (path, report)
}

fn open(path: &Path, filter: ExportFilter) -> Result<Report, ResultsError> {
    let scratch = TempDir::new().unwrap();
    StoredResults::open(path, "s3://bucket/results", filter, scratch.path())?.report()
}

#[test]
fn the_regenerated_report_is_the_one_of_the_run() {
    let folder = TempDir::new().unwrap();
    let (path, report) = written(folder.path());
    let bytes = fs::read(&path).unwrap();
    assert_eq!(open(&path, ExportFilter::default()).unwrap(), report);
    written(folder.path());
    assert_eq!(fs::read(&path).unwrap(), bytes);
}

#[test]
fn a_part_has_the_numbers_of_the_part() {
    let folder = TempDir::new().unwrap();
    let (path, _) = written(folder.path());
    let filter = |change: fn(&mut ExportFilter)| {
        let mut filter = ExportFilter::default();
        change(&mut filter);
        open(&path, filter)
    };
    let one = filter(|filter| filter.ous = vec!["Work".into()]).unwrap();
    assert_eq!(one.accounts.len(), 1);
    assert_eq!((one.findings.total(), one.coverage.accounts_listed), (2, 1));
    assert_eq!(one.notes.len(), 2);
    let both = filter(|filter| {
        filter.accounts = vec![id(3)];
        filter.ous = vec!["Work/Prod".into()];
    });
    assert_eq!(both.unwrap().accounts.len(), 2);
    let users = filter(|filter| filter.checks = vec![USERS.into()]).unwrap();
    assert_eq!(users.findings.total(), 1);
    let cis =
        filter(|filter| filter.framework = orgscan_core::frameworks::by_id("cis-5.0")).unwrap();
    assert_eq!(cis.findings.total(), 1);
    let of = |report: &Report| {
        let views = report.frameworks.iter();
        views.map(|view| view.id).collect::<Vec<_>>()
    };
    assert_eq!(of(&cis), ["cis-5.0"]);
    assert_eq!(of(&users), ["cis-7.0", "cis-6.0", "cis-5.0", "aws-fsbp"]);
    let message = |error: Result<Report, ResultsError>| error.unwrap_err().to_string();
    let nobody = message(filter(|filter| filter.ous = vec!["Wor".into()]));
    assert!(nobody.contains("no account of the run matches"), "{nobody}");
    let check = message(filter(|filter| filter.checks = vec!["x".into()]));
    assert!(
        check.contains("--check: the run has no check `x`"),
        "{check}"
    );
}

#[test]
fn a_file_that_cannot_be_used_is_named_with_its_line() {
    let folder = TempDir::new().unwrap();
    let (path, _) = written(folder.path());
    let bytes = fs::read(&path).unwrap();
    let message = |bytes: &[u8]| {
        fs::write(&path, bytes).unwrap();
        open(&path, ExportFilter::default())
            .unwrap_err()
            .to_string()
    };
    let cut = message(&bytes[..bytes.len() - 9]);
    assert!(cut.starts_with("s3://bucket/results, line "), "{cut}");
    assert!(cut.contains("is damaged"), "{cut}");
    let line = |value: serde_json::Value| {
        let mut out = jsonl::JsonlWriter::new(Vec::new(), Compression::fast());
        out.write(&value).unwrap();
        out.finish().unwrap()
    };
    for version in [1, 2, 4] {
        let other = message(&line(
            serde_json::json!({ "format": "orgscan results", "version": version }),
        ));
        assert_eq!(
            other,
            format!(
                "s3://bucket/results has format {version}, and this version of orgscan reads 3; use the version that \
                 wrote it"
            )
        );
    }
    let other = message(&line(serde_json::json!({ "format": "x", "version": 1 })));
    assert!(other.contains("line 1") && other.contains("`x`"), "{other}");
    let twice = [bytes.clone(), bytes].concat();
    assert!(message(&twice).contains("line 6"));
}

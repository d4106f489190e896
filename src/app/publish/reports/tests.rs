use std::{fs, io};

use orgscan_core::model::Severity::{Critical, High};
use orgscan_core::model::{AccountResult, Decision, Report, SkipReason, TargetScope};
use orgscan_core::settings::{OcsfVersion, ReportFormat};
use orgscan_core::testing::{
    BUCKETS, CHECKS, USERS, account, evaluated, failed, id, plain, plan, report, result, run,
};

use super::write::FileWriter;
use super::*;
use crate::publish::messages::{Message, Messages};
use orgscan_report::{AccountReport, Sink};

const ALL: ReportFormats<'static> = ReportFormats {
    formats: &ReportFormat::ALL,
    ocsf: OcsfVersion::V1_3,
};

/// Accounts 1 and 4 are skipped, 2 and 3 have results.
fn example() -> (Report, Vec<AccountResult>) {
    let verdicts = vec![
        evaluated(USERS, TargetScope::Global, 2, &[High], &[]),
        evaluated(BUCKETS, TargetScope::Global, 4, &[Critical], &[]),
    ];
    let results = vec![
        result(account(2, "prod", "Work"), verdicts),
        failed(account(3, "b", "")),
    ];
    let skip = || Decision::Skip {
        reason: SkipReason::Excluded,
        detail: String::new(),
    };
    let plan = plan(vec![
        (account(1, "a", ""), skip()),
        (account(2, "prod", "Work"), Decision::Scan),
        (account(3, "b", ""), Decision::Scan),
        (account(4, "d", ""), skip()),
    ]);
    (
        report(
            &plan,
            &results,
            &orgscan_core::testing::no_thresholds(),
            vec![],
        ),
        results,
    )
}

fn messages(report: &Report) -> Vec<Message> {
    let messages = Messages {
        report,
        config: None,
        exceptions: &[],
        report_location: None,
        has_page: false,
        manifest: None,
    };
    messages.render().unwrap()
}

fn write(dir: &Path) -> Vec<ReportFile> {
    let (report, results) = example();
    let mut files = ReportFiles::create(dir, &report, None, CHECKS, ALL).unwrap();
    for result in &results {
        push(&mut files, result).unwrap();
    }
    files
        .finish(&messages(&report), std::iter::empty())
        .unwrap()
}

/// Writes a result to all files.
fn push(files: &mut ReportFiles<'_>, result: &AccountResult) -> Result<(), WriteError> {
    files.write(&[Entry::found(plain(result), None)], || ())
}

#[test]
fn files_lie_by_the_day_on_which_the_run_began() {
    let mut run = run();
    assert_eq!(folder(&run), "daily/2026/11/15/2026-11-15T03-00-00Z");
    run.started = "2026-01-02T23:59:59-05:00".parse().unwrap();
    run.id = "../../etc:passwd\\é".into();
    assert_eq!(folder(&run), "daily/2026/01/03/..-..-etc-passwd--");
    for id in ["..", ".", ""] {
        run.id = id.into();
        assert!(!folder(&run).ends_with('.'));
    }
}

#[test]
fn equal_results_produce_equal_bytes_and_nothing_else_in_the_folder() {
    let (one, two) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let (first, second) = (write(one.path()), write(two.path()));
    assert_eq!(first, write(one.path()), "writing again replaces the files");
    let names: Vec<_> = first.iter().map(|file| file.name).collect();
    assert_eq!(
        names,
        [
            "alert.txt",
            "messages.json",
            "metrics.jsonl",
            "exceptions.csv",
            "findings.csv",
            "coverage.csv",
            "findings.ocsf.jsonl.gz",
            "findings.asff.jsonl.gz",
            "findings.parquet",
            "coverage.parquet",
            "findings.sarif",
            "findings.junit.xml",
            "index.html",
            "report.json"
        ]
    );
    for (a, b) in first.iter().zip(&second) {
        assert_eq!(fs::read(&a.path).unwrap(), fs::read(&b.path).unwrap());
    }
    let folder = local_folder(one.path(), &run());
    assert_eq!(fs::read_dir(folder).unwrap().count(), 14);
    let ledger = first.iter().find(|file| file.name == "coverage.csv");
    let ledger = fs::read_to_string(&ledger.unwrap().path).unwrap();
    let ids: Vec<_> = ledger.lines().skip(1).map(|line| &line[..12]).collect();
    let expected = [1, 2, 2, 3, 3, 3, 4].map(|n| id(n).to_string());
    assert_eq!(ids, expected);
}

#[test]
fn how_many_accounts_are_written_at_a_time_makes_no_difference() {
    let (one, all) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let first = write(one.path());
    let (report, results) = example();
    let mut files = ReportFiles::create(all.path(), &report, None, CHECKS, ALL).unwrap();
    let entries = results
        .iter()
        .map(|result| Entry::found(plain(result), None));
    let meanwhile = files.write(&entries.collect::<Vec<_>>(), || "done");
    assert_eq!(meanwhile.unwrap(), "done");
    let second = files.finish(&messages(&report), std::iter::empty());
    for (a, b) in first.iter().zip(second.unwrap()) {
        let (one, all) = (fs::read(&a.path).unwrap(), fs::read(&b.path).unwrap());
        assert!(one == all, "{}", a.name);
    }
}

/// A file that cannot be written.
struct UnwritableFile(FileWriter);

impl Sink<FileWriter> for UnwritableFile {
    fn account(&mut self, _: &AccountReport<'_>) -> io::Result<()> {
        Err(io::Error::from(io::ErrorKind::StorageFull))
    }

    fn finish(self: Box<Self>) -> io::Result<FileWriter> {
        Ok(self.0)
    }
}

#[test]
fn a_file_that_cannot_be_written_leaves_no_files() {
    let dir = tempfile::tempdir().unwrap();
    let (report, results) = example();
    let mut files = ReportFiles::create(dir.path(), &report, None, CHECKS, ALL).unwrap();
    let added = files.add(FileOrder::First, "refused.txt", "text/plain", |out| {
        Ok::<_, WriteError>(UnwritableFile(out))
    });
    added.unwrap();
    let error = push(&mut files, &results[0]).unwrap_err().to_string();
    let folder = local_folder(dir.path(), &run());
    assert!(error.contains(&*folder.to_string_lossy()), "{error}");
    drop(files);
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
}

#[test]
fn a_result_that_is_missing_or_out_of_order_leaves_no_files() {
    let dir = tempfile::tempdir().unwrap();
    let (report, results) = example();
    let create = || ReportFiles::create(dir.path(), &report, None, CHECKS, ALL).unwrap();
    let mut files = create();
    let error = push(&mut files, &results[1]).unwrap_err().to_string();
    assert!(error.contains(id(2).as_str()), "{error}");
    drop(files);
    let mut files = create();
    push(&mut files, &results[0]).unwrap();
    assert!(push(&mut files, &results[0]).is_err());
    drop(files);
    let files = create();
    assert!(
        files
            .finish(&messages(&report), std::iter::empty())
            .is_err()
    );
    let folder = local_folder(dir.path(), &run());
    assert_eq!(fs::read_dir(folder).unwrap().count(), 0);
}

#[test]
fn an_accounts_own_part_replaces_the_one_before() {
    let dir = tempfile::tempdir().unwrap();
    let (report, results) = example();
    let part = || {
        parts(
            &report,
            &report.accounts[1],
            &plain(&results[0]),
            None,
            CHECKS,
        )
        .unwrap()
    };
    write_parts(dir.path(), &id(2), &part()).unwrap();
    write_parts(dir.path(), &id(2), &part()).unwrap();
    let folder = dir.path().join("accounts").join(id(2).as_str());
    assert_eq!(fs::read_dir(&folder).unwrap().count(), 2);
    let written = fs::read(folder.join("report.json")).unwrap();
    assert_eq!(written, part()[1].bytes);
}

#[test]
fn a_folder_that_cannot_be_made_is_named() {
    let file = tempfile::NamedTempFile::new().unwrap();
    let (report, _) = example();
    let error = ReportFiles::create(file.path(), &report, None, CHECKS, ALL)
        .err()
        .unwrap();
    assert!(
        error.to_string().contains(&*file.path().to_string_lossy()),
        "{error}"
    );
}

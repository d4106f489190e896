//! A summary says the same as the report that lies beside it.

use std::ops::ControlFlow;

use orgscan_core::compare::{AccountObservation, ComparisonInput, compare};
use orgscan_core::lines::LineVisitor;
use orgscan_core::model::{Baseline, Report};
use orgscan_core::testing::{CHECKS, plain};

use super::reading::example;
use super::*;
use crate::json::ReportJson;
use crate::trend::oldest::OldestFindings;
use crate::trend::{DamagedReport, Head, HeadOnly, ReportReader, SummaryJsonl, SummaryReader};
use crate::{AccountReport, Sink};

/// The example's report and its summary, with findings that are new.
fn written() -> [String; 2] {
    let (mut report, result) = example();
    report.changes.baseline = Baseline::FirstRun;
    let now = ComparisonInput {
        at: report.run.started,
        organization: None,
        checks: CHECKS.iter().map(|check| check.id).collect(),
        rules: BTreeMap::new(),
    };
    let comparison = compare(None, AccountObservation::Result(&result), &now);
    let applied = plain(&result);
    let reported = AccountReport::new(&applied, comparison.as_ref(), CHECKS);
    let fed = |mut sink: Box<dyn Sink<Vec<u8>>>| {
        sink.account(&reported).unwrap();
        String::from_utf8(sink.finish().unwrap()).unwrap()
    };
    let of = |report: &Report| SummaryJsonl::start(Vec::new(), report).unwrap();
    let summary = fed(Box::new(of(&report)));
    let json = ReportJson::start(Vec::new(), &report, CHECKS).unwrap();
    [fed(Box::new(json)), summary]
}

fn read<L: LineVisitor>(text: &str, mut reader: L) -> (L, usize) {
    let mut lines = text.lines();
    let is_unfinished = |line: &&str| reader.line(line.as_bytes()) == ControlFlow::Continue(());
    let read = lines.by_ref().take_while(is_unfinished).count();
    (reader, read)
}

fn summary<K: ReportVisitor>(text: &str, keep: K) -> Result<(Head, K), DamagedReport> {
    read(text, SummaryReader::new(keep)).0.finish()
}

#[test]
fn a_summary_has_what_the_report_has() {
    let [report, text] = written();
    fn same<K: ReportVisitor + std::fmt::Debug>(
        [report, text]: [&str; 2],
        keep: impl Fn() -> K,
    ) -> K {
        let (head, kept) = read(report, ReportReader::new(keep())).0.finish().unwrap();
        let (other, summed) = summary(text, keep()).unwrap();
        assert_eq!(format!("{head:?}"), format!("{other:?}"));
        assert_eq!(format!("{kept:?}"), format!("{summed:?}"));
        summed
    }
    let texts = [&*report, &*text];
    same(texts, || HeadOnly);
    let indicators: Arc<[Arc<str>]> = [Arc::from("PublicBuckets")].into();
    assert_eq!(same(texts, || Points::of(&indicators)).accounts.len(), 2);
    same(texts, ChangeCollector::default);
    assert_eq!(same(texts, OldestFindings::default).in_order().len(), 3);
}

#[test]
fn a_summary_is_read_as_far_as_is_asked_for() {
    let [_, text] = written();
    assert_eq!(text.lines().count(), 4);
    assert_eq!(read(&text, SummaryReader::new(HeadOnly)).1, 0);
    assert_eq!(
        read(&text, SummaryReader::new(ChangeCollector::default())).1,
        2
    );
    assert_eq!(
        read(&text, SummaryReader::new(OldestFindings::default())).1,
        3
    );
}

#[test]
fn a_summary_that_is_not_whole_or_of_another_version_is_damaged() {
    let [_, text] = written();
    let error = |text: &str| {
        summary(text, OldestFindings::default())
            .unwrap_err()
            .to_string()
    };
    let lines: Vec<&str> = text.lines().collect();
    for end in 0..lines.len() {
        let why = error(&lines[..end].join("\n"));
        assert!(why.contains("ends early"), "{end}: {why}");
    }
    let cut = error(&text[..text.len() / 2]);
    assert!(cut.starts_with("line "), "{cut}");
    for version in [1, 3] {
        let other = error(&text.replacen("\"version\":2", &format!("\"version\":{version}"), 1));
        assert_eq!(
            other,
            format!(
                "line 1: its format is {version}, and this version of orgscan reads 2; use the version that wrote it"
            )
        );
    }
    let other = error(&text.replacen("orgscan summary", "x", 1));
    assert!(other.contains("no summary of a run but `x`"), "{other}");
    // A newer one of this version may say more.
    let more = text.replacen("{\"id\"", "{\"y\":1,\"id\"", 1);
    assert!(summary(&more, OldestFindings::default()).is_ok());
}

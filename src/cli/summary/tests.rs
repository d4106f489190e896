//! What people see.

use orgscan_core::settings::Location;
use unicode_width::UnicodeWidthStr;

use super::*;
use crate::charset::Charset;
use crate::invocation::Invocation;
use crate::sample;

fn written(report: &Report, page: Page) -> String {
    let mut out = Vec::new();
    let invocation = Invocation::of(["orgscan", "scan", "--region", "eu-*"]);
    let summary = Summary {
        report,
        report_location: Some("report/daily/2026/11/22/20261122T060000Z"),
        undelivered: &[],
        sent_before: &[],
        page_url: Some("file:///home/ann/report/daily/2026/11/22/20261122T060000Z/index.html"),
        page,
        next: Some(NextSteps {
            invocation: &invocation,
            checks: orgscan_core::services::CHECKS,
            location: Some(&Location::Folder("report".into())),
            embedded: false,
        }),
    };
    summary.write(&mut out).unwrap();
    String::from_utf8(out)
        .unwrap()
        .replace("cargo run --", "orgscan")
}

const fn page(width: u16, charset: Charset) -> Page {
    Page { width, charset }
}

fn styled(report: &Report, width: u16) -> String {
    written(report, page(width, Charset::Unicode))
}

fn plain(report: &Report, width: u16) -> String {
    anstream::adapter::strip_str(&styled(report, width)).to_string()
}

/// Lines that are to be copied are as long as they are.
fn is_to_copy(line: &str) -> bool {
    let is_command = line.contains("orgscan ") && !line.starts_with("orgscan ");
    is_command || line.contains("/daily/")
}

#[test]
fn a_mixed_organization_at_every_width() {
    for width in [40, 60, 80, 120, 140] {
        let text = plain(&sample::mixed(), width);
        let too_long = |line: &&str| line.width() > width.into() && !is_to_copy(line);
        assert_eq!(text.lines().find(too_long), None, "{width}: {text}");
        insta::assert_snapshot!(format!("mixed_at_{width}_columns"), text);
    }
}

#[test]
fn no_word_is_broken_at_any_width() {
    let words = |width| -> Vec<String> {
        let text = plain(&sample::mixed(), width);
        text.split_whitespace().map(str::to_owned).collect()
    };
    for width in 40..=140 {
        let words = words(width);
        for word in [
            "UsersWithoutMfa",
            "222233334444",
            "ec2:DescribeVolumes",
            "eu-south-1",
            "assumed",
        ] {
            assert!(
                words.iter().any(|one| one.trim_end_matches(',') == word),
                "{word} at {width}"
            );
        }
    }
}

#[test]
fn without_unicode_everything_is_ascii() {
    let mut report = sample::mixed();
    report.notes.push("Zoë’s 東 … → ≥".into());
    for width in [40, 80, 120] {
        let text = written(&report, page(width, Charset::Ascii));
        assert!(text.is_ascii(), "{text}");
        let text = anstream::adapter::strip_str(&text).to_string();
        let too_long = |line: &&str| line.len() > width.into() && !is_to_copy(line);
        assert_eq!(text.lines().find(too_long), None, "{width}: {text}");
        assert!(text.contains(">= 17"), "{text}");
        assert!(text.contains("Zo\\u00eb"), "{text}");
    }
}

#[test]
fn a_wider_terminal_shows_the_same_on_fewer_lines() {
    let (narrow, wide) = (plain(&sample::mixed(), 80), plain(&sample::mixed(), 120));
    assert!(wide.lines().count() <= narrow.lines().count(), "{wide}");
    assert!(
        wide.contains("  Workloads/Production/Analytics  "),
        "{wide}"
    );
    assert!(
        wide.contains("  data[2J-lake 380, sandbox 24, prod-web 8"),
        "{wide}"
    );
}

#[test]
fn a_clean_account() {
    insta::assert_snapshot!("clean", plain(&sample::clean(), 80));
}

#[test]
fn unknown_differs_from_zero() {
    let mut report = sample::mixed();
    report.indicators.retain(|total| total.total.value() == 0);
    let text = styled(&report, 80);
    let count_of = |indicator: &str| {
        let line = text.lines().find(|line| line.contains(indicator)).unwrap();
        line.split_once(indicator)
            .unwrap()
            .1
            .split("  ")
            .find(|cell| !cell.trim().is_empty())
            .unwrap()
            .trim()
            .to_owned()
    };
    let zero = count_of("ExposedSensitivePorts");
    let bound = count_of("PublicInstances");
    let unknown = count_of("OpenSecurityGroupRules");
    assert_eq!(zero, paint(GOOD, "0"));
    assert_eq!(bound, paint(UNKNOWN, "≥ 0"));
    assert_eq!(unknown, paint(UNKNOWN, "unknown"));
}

#[test]
fn accounts_that_are_not_enrolled_are_counted() {
    let mut report = sample::mixed();
    assert!(!plain(&report, 80).contains("Enrollment"));
    report.enrollment = orgscan_core::enrollment::of_run(&report, &Default::default());
    let text = plain(&report, 80);
    let message = "Enrollment\n  1 of 14 accounts not enrolled: 1 role not assumable.\n";
    assert!(text.contains(message), "{text}");
}

#[test]
fn names_cannot_steer_the_terminal() {
    let text = styled(&sample::mixed(), 80);
    assert!(text.contains("data[2J-lake"), "{text}");
    assert!(!text.contains("\u{1b}[2J"));
}

#[test]
fn failed_and_earlier_deliveries_are_listed() {
    let report = sample::clean();
    let summary = Summary {
        report: &report,
        report_location: None,
        undelivered: &["alert: sns:Publish is denied".to_owned()],
        sent_before: &["metrics: 3 metrics".to_owned()],
        page_url: None,
        page: page(80, Charset::Unicode),
        next: None,
    };
    let mut out = Vec::new();
    summary.write(&mut out).unwrap();
    let text = anstream::adapter::strip_str(std::str::from_utf8(&out).unwrap()).to_string();
    assert!(
        text.contains("Not delivered\n  alert: sns:Publish is denied"),
        "{text}"
    );
    assert!(
        text.contains("Already delivered, not sent again\n  metrics: 3 metrics"),
        "{text}"
    );
    assert!(!text.contains("Next"), "{text}");
}

/// An exception of each kind that wants attention, and one that does not.
fn with_exceptions() -> Report {
    use orgscan_core::model::{ExceptionEffect as Effect, ExceptionState as State};
    let mut report = sample::clean();
    let yaml = "exceptions:\n- { id: x, checks: [s3-bucket-public], reason: r, owner: web team, \
                expires: 2026-11-30 }\n";
    let mut list = orgscan_core::testing::exceptions(yaml).report().entries;
    let one = list.remove(0);
    let uses = [
        ("fine", State::Active, Effect::Applied, 4, 4),
        ("soon", State::Expiring, Effect::Applied, 2, 2),
        ("over", State::Expired, Effect::Lapsed, 0, 3),
        ("hidden", State::Active, Effect::Shadowed, 0, 2),
        ("useless", State::Active, Effect::MatchedNothing, 0, 0),
        ("open", State::Active, Effect::NotEvaluated, 0, 0),
    ];
    for (id, state, effect, applied, matched) in uses {
        let mut line = one.clone();
        line.suppression.id = id.into();
        (line.state, line.effect) = (state, effect);
        (line.applied, line.matched) = (applied, matched);
        line.shadowed_by = (effect == Effect::Shadowed).then(|| "fine".into());
        report.exceptions.entries.push(line);
    }
    report.suppressed.high = 6;
    report
}

#[test]
fn suppressed_findings_are_counted_and_exceptions_that_need_attention_are_listed() {
    let text = plain(&with_exceptions(), 100);
    let (head, rest) = text
        .split_once("\n\n")
        .unwrap()
        .1
        .split_once("\n\n")
        .unwrap();
    insta::assert_snapshot!(head, @r#"
        No findings, except suppressed ones.
        Suppressed by 2 exceptions: 6 findings (6 high), not counted.
        1 of 1 account scanned, 0 skipped: complete.
        "#);
    let (_, listed) = rest.split_once("Exceptions that need attention\n").unwrap();
    let (listed, _) = listed.split_once("\n\n").unwrap();
    insta::assert_snapshot!(listed, @r#"
        exception  matched  owner     reason
        over             3  web team  expired on 2026-11-30; 3 findings count again
        soon             2  web team  expires on 2026-11-30; fix the findings, or renew the exception
        hidden           2  web team  has no effect, because fine comes first; remove one of them
        useless          0  web team  matches no findings; remove it
        "#);
}

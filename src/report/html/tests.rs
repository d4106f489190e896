use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use orgscan_core::model::Severity::{self, Critical, High, Low};
use orgscan_core::model::{AccountResult, Cause, Gap, TargetScope};
use orgscan_core::testing::{
    BUCKETS, CHECKS, USERS, account, evaluated, failed, id, plain, report_of, result, violated,
    violation,
};
use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

use super::*;
use crate::{AccountReport, Sink};

const HOSTILE: &str = "</script><script>alert(1)</script>\u{202e}";

fn example() -> Vec<AccountResult> {
    let gap = Gap::new("s3:GetBucketAcl", Cause::DeniedByScp);
    let verdicts = vec![
        evaluated(USERS, TargetScope::Global, 2, &[High, Low], &[]),
        evaluated(BUCKETS, TargetScope::Global, 4, &[Critical], &[gap]),
    ];
    vec![
        result(account(1, HOSTILE, "Work/<b>"), verdicts),
        failed(account(2, "two", "Work")),
    ]
}

fn page(results: &[AccountResult]) -> String {
    let report = report_of(results);
    let mut page = Box::new(PageHtml::start(Vec::new(), &report, CHECKS, None));
    for result in results {
        let applied = plain(result);
        page.account(&AccountReport::new(&applied, None, CHECKS))
            .unwrap();
    }
    String::from_utf8(page.finish().unwrap()).unwrap()
}

/// What stands between two texts, wherever they come.
fn between<'a>(text: &'a str, open: &str, close: &str) -> Vec<&'a str> {
    let parts = text.split(open).skip(1);
    parts
        .map(|part| part.split(close).next().unwrap())
        .collect()
}

fn data(page: &str) -> Value {
    let data = between(page, "id=\"data\">", "</script>");
    serde_json::from_str(data[0]).unwrap()
}

#[test]
fn the_policy_allows_the_pages_own_scripts_and_style_alone() {
    let page = page(&example());
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"")[0];
    let policy = policy.replace("&#39;", "'");
    let scripts = between(&page, "<script>", "</script>");
    assert_eq!(scripts.len(), SCRIPTS.len() + 1);
    let styles = between(&page, "<style>", "</style>");
    assert_eq!(styles.len(), 1);
    let hash = |text: &&str| format!("'sha256-{}'", STANDARD.encode(Sha256::digest(text)));
    let scripts: Vec<String> = scripts.iter().map(hash).collect();
    let mut allowed: Vec<&str> = between(&policy, "script-src ", ";")[0].split(' ').collect();
    allowed.rotate_right(1);
    assert_eq!(allowed, scripts);
    assert_eq!(between(&policy, "style-src ", ";"), [hash(&styles[0])]);
    assert!(policy.starts_with("default-src 'none'; "), "{policy}");
    for never in ["unsafe", "http", "*", "data:"] {
        assert!(!policy.contains(never), "{policy}");
    }
}

#[test]
fn a_name_is_text_wherever_it_stands() {
    let page = page(&example());
    assert!(!page.contains("alert(1)</script>"), "{HOSTILE}");
    assert!(!page.contains('\u{202e}') && !page.contains("<b>"));
    let shown = HOSTILE.replace('\u{202e}', "‹U+202E›");
    assert_eq!(data(&page)["accounts"]["name"][0], *shown);
    // No element has a style or a handler of its own: the policy would stop it.
    assert!(!page.contains(" style=\"") && !page.contains(" onclick"));
}

#[test]
fn critical_findings_come_first_and_unknown_is_not_zero() {
    let data = data(&page(&example()));
    assert_eq!(data["findings"]["severity"], serde_json::json!([4, 3, 1]));
    let numbers = &data["accounts"]["numbers"];
    // One bucket is known of the first account, where a gap is, and nothing of the second.
    let buckets = data["indicators"].as_array().unwrap();
    let buckets = buckets.iter().position(|one| one["check"] == BUCKETS);
    assert_eq!(numbers[buckets.unwrap()], serde_json::json!([-3, -1]));
    assert_eq!(data["accounts"]["outcome"], serde_json::json!([0, 1]));
    assert_eq!(data["gaps"].as_array().unwrap().len(), 2);
}

#[test]
fn omitted_findings_have_the_lowest_severity_and_are_counted() {
    let many = |severity: Severity, n: usize| {
        (0..n).map(move |n| violation(&format!("arn:aws:s3:::{severity}-{n}"), severity))
    };
    let violations = many(High, 5).chain(many(Low, 30_000)).collect();
    let verdicts = vec![violated(BUCKETS, TargetScope::Global, 40_000, violations)];
    let results = [result(account(1, "one", ""), verdicts)];
    let page = page(&results);
    let data = data(&page);
    let top_findings = data["findings"]["id"].as_array().unwrap().len();
    assert!(
        top_findings <= 25_000 && top_findings > 15_000,
        "{top_findings}"
    );
    assert_eq!(data["omitted"]["low"], 30_005 - top_findings);
    assert_eq!(data["omitted"]["high"], 0);
    assert!(page.contains("size limit") && page.len() < 5 << 20);
}

#[test]
fn what_else_the_page_has_leaves_room_for_fewer_findings() {
    let mut top_findings = TopFindings::default();
    top_findings.make_room(usize::MAX / 2);
    assert_eq!(top_findings.len(), 0);
    let result = result(account(1, "one", ""), example()[0].verdicts.clone());
    let applied = plain(&result);
    for row in AccountReport::new(&applied, None, CHECKS).rows() {
        top_findings.add(0, &result.account, row, CHECKS);
    }
    assert_eq!((top_findings.len(), top_findings.omitted.total()), (0, 3));
}

#[test]
fn a_result_that_the_report_does_not_have_is_skipped() {
    let results = example();
    let report = report_of(&results);
    let mut page = Box::new(PageHtml::start(Vec::new(), &report, CHECKS, None));
    let stranger = plain(&result(account(9, "stranger", ""), vec![]));
    page.account(&AccountReport::new(&stranger, None, CHECKS))
        .unwrap();
    let page = String::from_utf8(page.finish().unwrap()).unwrap();
    assert!(!page.contains("stranger") && !page.contains(id(9).as_str()));
}

#[test]
fn a_report_without_frameworks_states_it_and_has_no_link() {
    let page = page(&example());
    assert!(page.contains("This report has no control results."));
    assert!(!page.contains("<li><a href=\"#/frameworks\""));
    let frameworks = &data(&page)["frameworks"];
    assert_eq!(frameworks["list"], serde_json::json!([]));
    assert_eq!(frameworks["outcomes_of"], serde_json::json!([null, null]));
}

#[derive(Deserialize)]
struct VendoredFile {
    name: String,
    version: String,
    license: String,
    file: String,
    sha256: String,
}

#[test]
fn vendored_libraries_match_their_license() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("html/vendor");
    let list = std::fs::read_to_string(folder.join("vendored.json")).unwrap();
    let list: Vec<VendoredFile> = serde_json::from_str(&list).unwrap();
    for one in &list {
        let bytes = std::fs::read(folder.join(&one.file)).unwrap();
        let digest = Sha256::digest(&bytes);
        let sha256: String = digest.iter().map(|byte| format!("{byte:02x}")).collect();
        assert_eq!(sha256, one.sha256, "{} {}", one.name, one.version);
        let license = std::fs::read_to_string(folder.join(&one.name).join("LICENSE")).unwrap();
        let license_text = match &*one.license {
            "MIT" => "Permission is hereby granted, free of charge",
            "Apache-2.0" => "Apache License",
            other => panic!("{other} is no license that the page accepts"),
        };
        assert!(license.contains(license_text), "{}", one.name);
    }
    assert_eq!(
        SCRIPTS
            .iter()
            .filter(|script| list.iter().any(|one| {
                let text = std::fs::read_to_string(folder.join(&one.file)).unwrap();
                text == **script
            }))
            .count(),
        list.len()
    );
}

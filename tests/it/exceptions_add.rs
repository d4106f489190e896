//! `orgscan exceptions add`, from a demo's finding to the next run.

use serde_json::Value;

use crate::arguments::{demo, run};

#[test]
fn an_exception_is_added_for_a_finding_and_applies_in_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let reports = folder.path().join("reports");
    demo(&reports, &[]);
    let report = crate::run::find(&reports.join("daily"), "report.json").unwrap();
    let report: Value = serde_json::from_str(&std::fs::read_to_string(report).unwrap()).unwrap();
    let finding = &report["findings"][0];
    let id = finding["id"].as_str().unwrap();
    let list = folder.path().join("exceptions.yaml");
    let list_of = list.to_str().unwrap().to_owned();
    let add = |id: &str, more: &[&str]| {
        let args = [
            "exceptions",
            "add",
            id,
            "--owner",
            "web team",
            "--reason",
            "It is a website",
            "--days",
            "30",
        ];
        run(&[
            &args[..],
            &["--file", &list_of, "--report", reports.to_str().unwrap()],
            more,
        ]
        .concat())
    };
    let unknown = add("00", &[]);
    assert_eq!(unknown.code(), 2, "{}", unknown.stdout);
    assert!(
        unknown.stderr.contains("no finding 00"),
        "{}",
        unknown.stderr
    );
    assert!(!list.exists());

    let added = add(id, &["--ticket", "SEC-1"]);
    assert_eq!(added.code(), 0, "{}", added.stderr);
    let text = std::fs::read_to_string(&list).unwrap();
    assert!(
        text.contains("owner: \"web team\"") && text.contains("SEC-1"),
        "{text}"
    );
    let checked = run(&["exceptions", "check", &list_of]);
    assert_eq!(checked.code(), 0, "{}", checked.stderr);

    let again = add(id, &[]);
    assert_eq!(again.code(), 2, "{}", again.stdout);
    assert!(
        again
            .stderr
            .contains("already suppresses this finding until"),
        "{}",
        again.stderr
    );
    assert_eq!(std::fs::read_to_string(&list).unwrap(), text);
    let other = report["findings"][1]["id"].as_str().unwrap();
    assert_eq!(add(other, &[]).code(), 0);
    let both = std::fs::read_to_string(&list).unwrap();
    assert!(both.starts_with(&text), "{both}");

    let config = folder.path().join("orgscan.yaml");
    std::fs::write(
        &config,
        format!("exceptions: {{ location: '{list_of}' }}\n"),
    )
    .unwrap();
    demo(&reports, &["--config", config.to_str().unwrap()]);
    let exported = [
        "export",
        "--format",
        "json",
        "--to",
        "-",
        "--report",
        reports.to_str().unwrap(),
    ];
    let report: Value = serde_json::from_str(&run(&exported).stdout).unwrap();
    let suppressed: Vec<_> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|one| !one["exception"].is_null())
        .map(|one| one["id"].as_str().unwrap())
        .collect();
    let mut expected = vec![id, other];
    expected.sort_unstable();
    let mut found = suppressed.clone();
    found.sort_unstable();
    assert_eq!(found, expected);
}

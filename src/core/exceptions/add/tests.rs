use super::*;
use crate::model::{Severity, TargetScope};
use crate::settings::glob;

fn exception() -> Exception {
    Exception {
        checks: vec!["s3-bucket-public".to_owned()],
        accounts: AccountMatch {
            ids: vec!["111122223333".parse().unwrap()],
            ..AccountMatch::default()
        },
        regions: vec!["eu-west-1".to_owned()],
        resources: vec!["arn:aws:s3:::site".to_owned()],
        reason: "a \"website\": # 1\nwith two lines".to_owned(),
        owner: "web team".to_owned(),
        ticket: Some("SEC-1".to_owned()),
        expires: Some("2027-03-31".parse().unwrap()),
        ..Exception::default()
    }
}

const ENTRY: &str = r#"- checks: [s3-bucket-public]
  accounts: { ids: ["111122223333"] }
  regions: ["eu-west-1"]
  resources: ["arn:aws:s3:::site"]
  reason: "a \"website\": # 1\nwith two lines"
  owner: "web team"
  ticket: "SEC-1"
  expires: 2027-03-31
"#;

fn entry(indent: &str) -> String {
    ENTRY
        .lines()
        .map(|line| format!("{indent}{line}\n"))
        .collect()
}

fn added(text: &str) -> String {
    add("list.yaml", text, &exception(), true).unwrap()
}

const OTHER: &str = "reason: r, owner: o, expires: 2027-03-31";

#[test]
fn an_empty_file_gets_a_list() {
    let expected = format!("exceptions:\n{}", entry("  "));
    assert_eq!(added(""), expected);
    assert_eq!(added("# ours\n"), format!("# ours\n{expected}"));
    for empty in [
        "exceptions: []\n",
        "exceptions: [] \n",
        "exceptions:\n",
        "exceptions: ~",
    ] {
        assert_eq!(added(empty), expected, "{empty}");
    }
    assert_eq!(
        added("exceptions: [] # none\n"),
        format!("exceptions: # none\n{}", entry("  "))
    );
}

#[test]
fn comments_and_order_stay() {
    for indent in ["", "  ", "      "] {
        let before = format!(
            "# ours\nexceptions: # all of them\n\n{indent}# the first\n{indent}- {{ checks: [s3-bucket-public], {OTHER} }}\n\
             \n{indent}- checks: # the second\n{indent}    - ebs-volume-unencrypted\n{indent}  reason: |\n{indent}     # no comment\n\
             {indent}     text\n{indent}  owner: o\n{indent}  expires: 2027-03-31\n{indent}  # still the second\n"
        );
        let gaps = format!("\n# gaps\nexpected_gaps:\n  - {{ actions: [\"ec2:*\"], {OTHER} }}\n");
        let expected = format!("{before}{}{gaps}", entry(indent));
        assert_eq!(added(&format!("{before}{gaps}")), expected);
        assert_eq!(added(&before), format!("{before}{}", entry(indent)));
    }
    let gaps = format!("expected_gaps:\n  - {{ actions: [\"ec2:*\"], {OTHER} }}");
    assert_eq!(
        added(&gaps),
        format!("{gaps}\nexceptions:\n{}", entry("  "))
    );
}

#[test]
fn line_ends_stay() {
    let text = format!("exceptions:\r\n  - {{ checks: [s3-bucket-public], {OTHER} }}\r\n");
    let entry = entry("  ").replace('\n', "\r\n");
    assert_eq!(added(&text), format!("{text}{entry}"));
}

#[test]
fn another_layout_is_left_alone_and_the_entry_shown() {
    for text in [
        format!("exceptions: [{{ checks: [s3-bucket-public], {OTHER} }}]\n"),
        format!(
            "{{\"exceptions\": [], \"expected_gaps\": [{{ \"actions\": [\"ec2:*\"], {OTHER} }}]}}\n"
        ),
    ] {
        let error = add("list.yaml", &text, &exception(), true)
            .unwrap_err()
            .to_string();
        assert!(error.ends_with(entry("  ").trim_end()), "{error}");
    }
}

#[test]
fn a_duplicate_is_refused_with_any_terms() {
    let once = added("");
    let again = Exception {
        reason: "another".to_owned(),
        ..exception()
    };
    let error = add("list.yaml", &once, &again, true)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("exceptions[0] already matches exactly this finding"),
        "{error}"
    );
    let named = once.replace("- checks", "- id: site\n    checks");
    let error = add("list.yaml", &named, &again, true)
        .unwrap_err()
        .to_string();
    assert!(
        error.contains("the exception site already matches"),
        "{error}"
    );
}

#[test]
fn a_broken_file_and_an_impossible_exception_are_refused() {
    let error = add("list.yaml", "exceptions: [{}]\n", &exception(), true).unwrap_err();
    assert!(error.to_string().contains("list.yaml:1"), "{error}");
    let without = Exception {
        owner: " ".to_owned(),
        ..exception()
    };
    let error = add("list.yaml", "", &without, true)
        .unwrap_err()
        .to_string();
    assert!(error.contains("exceptions[0].owner: empty"), "{error}");
}

#[test]
fn the_exception_for_a_finding_matches_it_alone() {
    let target = crate::testing::evaluated(
        "s3-bucket-public",
        TargetScope::Global,
        1,
        &[Severity::High],
        &[],
    );
    let crate::model::TargetOutcome::Evaluated(verdict) = &target.outcome else {
        panic!("judged")
    };
    let mut violation = verdict.violations[0].clone();
    violation.resource = r"arn:aws:s3:::[a]*{b}?\c".into();
    violation.part = "tcp * from 0.0.0.0/0".to_owned();
    let account = "111122223333".parse().unwrap();
    let exception = exception_for(&account, &target, &violation);
    assert!(glob(&exception.resources[0], &violation.resource));
    assert!(!glob(&exception.resources[0], r"arn:aws:s3:::axbx\c"));
    assert!(glob(&exception.parts[0], &violation.part));
    assert!(!glob(&exception.parts[0], "tcp 22 from 0.0.0.0/0"));
    assert_eq!(exception.checks, ["s3-bucket-public"]);
    assert_eq!(exception.accounts.ids, [account]);
}

//! The content of each report format, as numbers that can be compared.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

pub(super) type Counts = BTreeMap<String, u64>;

/// By `report.json`.
pub(super) fn of_report(folder: &Path) -> Counts {
    let text = std::fs::read_to_string(folder.join("report.json")).unwrap();
    let report: Value = serde_json::from_str(&text).unwrap();
    let mut counts = Counts::new();
    let mut count = |name: String| *counts.entry(name).or_default() += 1;
    for finding in report["findings"].as_array().unwrap() {
        if finding["status"] == "unknown" {
            continue;
        }
        let word = |field: &str| finding[field].as_str().unwrap().to_owned();
        count("fail".to_owned());
        match finding["exception"].is_null() {
            true => count(format!("fail {}", word("severity"))),
            false => count("fail suppressed".to_owned()),
        }
        count(format!("account {}", word("account_id")));
        count(format!("check {}", word("check_id")));
    }
    for (severity, number) in report["findings_by_severity"].as_object().unwrap() {
        let listed = counts.get(&format!("fail {severity}")).copied();
        assert_eq!(
            number.as_u64(),
            Some(listed.unwrap_or_default()),
            "{severity}"
        );
    }
    let unknown = report["coverage"]["targets"]["unknown"].as_u64().unwrap();
    counts.insert("unknown targets".to_owned(), unknown);
    assert!(counts["fail suppressed"] > 0 && unknown > 0, "{counts:?}");
    counts
}

/// The same by the data inside of the page.
pub(super) fn of_page(folder: &Path) -> Counts {
    let page = std::fs::read_to_string(folder.join("index.html")).unwrap();
    let (_, data) = page
        .split_once("<script type=\"application/json\" id=\"data\">")
        .unwrap();
    let data: Value = serde_json::from_str(data.split_once("</script>").unwrap().0).unwrap();
    let (findings, accounts) = (&data["findings"], &data["accounts"]);
    let number = |column: &str, row: usize| findings[column][row].as_i64().unwrap();
    let index = |column: &str, row: usize| usize::try_from(number(column, row)).unwrap();
    let mut counts = Counts::new();
    let mut count = |name: String| *counts.entry(name).or_default() += 1;
    for row in 0..findings["id"].as_array().unwrap().len() {
        if findings["status"][row] == "unknown" {
            continue;
        }
        count("fail".to_owned());
        let severity = data["severities"][index("severity", row)].as_str().unwrap();
        count(match number("exception", row) {
            -1 => format!("fail {severity}"),
            _ => "fail suppressed".to_owned(),
        });
        let account = accounts["id"][index("account", row)].as_str().unwrap();
        count(format!("account {account}"));
        let check = data["labels"][index("check", row)].as_str().unwrap();
        count(format!("check {check}"));
    }
    let sum = |column: &Value| -> u64 {
        let column = column.as_array().unwrap().iter();
        column.map(|one| one.as_u64().unwrap()).sum()
    };
    for (level, severity) in data["severities"].as_array().unwrap().iter().enumerate() {
        let listed = counts.get(&format!("fail {}", severity.as_str().unwrap()));
        let listed = listed.copied().unwrap_or_default();
        assert_eq!(sum(&accounts["findings"][level]), listed, "{severity}");
    }
    counts.insert("unknown targets".to_owned(), sum(&accounts["unknown"]));
    counts
}

/// Whether a document is SARIF, by the published schema.
pub(crate) fn assert_sarif(document: &Value) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/ci");
    let text = std::fs::read(folder.join("sarif-2.1.0.json")).unwrap();
    let sum = orgscan_store::integrity::Sha256Sum::of(&text).to_string();
    assert_eq!(
        sum,
        "7c9688f0a1c4a4e1649ecc78521087e664729c1dff56ee8212ff195c7b16132a"
    );
    let schema: Value = serde_json::from_slice(&text).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator
        .iter_errors(document)
        .map(|error| error.to_string());
    assert_eq!(errors.collect::<Vec<_>>(), [""; 0]);
    // It has to be one that can say no.
    let mut wrong = document.clone();
    wrong["runs"][0]["results"][0]["level"] = "high".into();
    assert!(!validator.is_valid(&wrong));
}

/// The same by SARIF, which has no result for what was not evaluated.
pub(super) fn of_sarif(folder: &Path) -> Counts {
    let text = std::fs::read_to_string(folder.join("findings.sarif")).unwrap();
    let sarif: Value = serde_json::from_str(&text).unwrap();
    assert_sarif(&sarif);
    let run = &sarif["runs"][0];
    let mut counts = Counts::new();
    let mut paths = std::collections::BTreeSet::new();
    for result in run["results"].as_array().unwrap() {
        let properties = &result["properties"];
        let path = &result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"];
        let path = path.as_str().unwrap();
        assert!(
            !path.contains("..") && !path.contains(' ') && !path.starts_with('/'),
            "{path}"
        );
        paths.insert(path);
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        if properties["findingStatus"] == "unknown" {
            continue;
        }
        let mut count = |name: String| *counts.entry(name).or_default() += 1;
        count("fail".to_owned());
        match result["suppressions"].as_array() {
            Some(_) => count("fail suppressed".to_owned()),
            None => count(format!("fail {}", text(&properties["severity"]))),
        }
        count(format!("account {}", text(&properties["accountId"])));
        count(format!("check {}", text(&result["ruleId"])));
    }
    assert!(paths.len() > 10, "{paths:?}");
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let targets = regex_lite::Regex::new("not evaluated in ([0-9,]+) target").unwrap();
    let notifications = invocation["toolExecutionNotifications"].as_array().unwrap();
    let unknown = notifications.iter().filter_map(|one| {
        let text = one["message"]["text"].as_str().unwrap();
        let number = targets.captures(text)?[1].replace(',', "");
        Some(number.parse::<u64>().unwrap())
    });
    counts.insert("unknown targets".to_owned(), unknown.sum());
    counts
}

/// How many findings that nobody accepted JUnit has, and how many targets that were not evaluated.
pub(super) fn of_junit(folder: &Path) -> (u64, u64) {
    let text = std::fs::read_to_string(folder.join("findings.junit.xml")).unwrap();
    let document = roxmltree::Document::parse(&text).unwrap();
    let root = document.root_element();
    assert_eq!(root.tag_name().name(), "testsuites");
    let named = |name: &'static str| {
        let all = root.descendants();
        all.filter(move |node| node.tag_name().name() == name)
    };
    let mut names = std::collections::BTreeSet::new();
    for case in named("testcase") {
        let name = (
            case.attribute("classname").unwrap(),
            case.attribute("name").unwrap(),
        );
        assert!(names.insert(name), "{name:?} twice");
    }
    for (attribute, sum) in [("tests", "testcase"), ("failures", "failure")] {
        let message: usize = root.attribute(attribute).unwrap().parse().unwrap();
        assert_eq!(message, named(sum).count());
    }
    let passed = named("testcase")
        .filter(|case| !case.has_children())
        .count();
    assert!(passed > 0, "nothing passed");
    let findings = named("failure").map(|failure| {
        let (number, _) = failure
            .attribute("message")
            .unwrap()
            .split_once(' ')
            .unwrap();
        number.replace(',', "").parse::<u64>().unwrap()
    });
    (findings.sum(), named("error").count() as u64)
}

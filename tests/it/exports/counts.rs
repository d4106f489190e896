//! What each form of a report says, as numbers that can be compared.

use std::collections::BTreeMap;
use std::path::Path;

use serde_json::Value;

pub(super) type Counts = BTreeMap<String, u64>;

pub(super) fn counts(value: &Value) -> Counts {
    serde_json::from_value(value.clone()).unwrap()
}

/// What all forms say of findings and of what is not known.
pub(super) fn shared(counts: &Counts) -> Counts {
    let kept = ["fail", "account ", "check ", "unknown targets"];
    let kept = |name: &String| kept.iter().any(|prefix| name.starts_with(prefix));
    let counts = counts.iter().filter(|(name, _)| kept(name));
    counts.map(|(name, count)| (name.clone(), *count)).collect()
}

/// The same by `report.json`.
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
            false => count("fail excepted".to_owned()),
        }
        count(format!("account {}", word("account_id")));
        count(format!("check {}", word("check")));
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
    assert!(counts["fail excepted"] > 0 && unknown > 0, "{counts:?}");
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
            _ => "fail excepted".to_owned(),
        });
        let account = accounts["id"][index("account", row)].as_str().unwrap();
        count(format!("account {account}"));
        let check = data["words"][index("check", row)].as_str().unwrap();
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

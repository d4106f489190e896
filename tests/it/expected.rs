//! What a scan of the emulated organization, and of its recording, has to find: lists that were written by hand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use crate::run::rows;

/// check, account, Region, resource, part, severity
pub(crate) type Finding = [String; 6];

/// The rows of a file of `tests/expected`.
pub(crate) fn expected<const N: usize>(file: &str, columns: [&str; N]) -> BTreeSet<[String; N]> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/expected");
    let text = std::fs::read_to_string(path.join(file)).unwrap();
    let pick = |row: BTreeMap<String, String>| columns.map(|column| row[column].clone());
    rows(&text).into_iter().map(pick).collect()
}

pub(crate) fn expected_findings() -> BTreeSet<Finding> {
    let columns = ["check", "account", "region", "resource", "part", "severity"];
    expected("demo-findings.csv", columns)
}

/// Ids of accounts as `{logical-name}`: ARNs of what stands for an account as a whole.
pub(crate) fn without_ids(arn: &str, accounts: &BTreeMap<String, &str>) -> String {
    let parts: Vec<String> = arn
        .split(':')
        .map(|part| match accounts.get(part) {
            Some(name) => format!("{{{name}}}"),
            None => part.to_owned(),
        })
        .collect();
    parts.join(":")
}

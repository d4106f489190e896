//! The comparison with Prowler, `tests/prowler`, without Prowler: that it knows every check. Prowler itself takes
//! minutes and 2 GB.

#[cfg(feature = "judges")]
mod judged;

use std::collections::BTreeSet;

use orgscan_core::services::{CHECKS, by_id};

use crate::run::rows;

const COUNTERPARTS: &str = include_str!("../prowler/counterparts.csv");
const DIFFERENCES: &str = include_str!("../../docs/differences.md");

#[test]
fn every_check_has_counterparts_or_a_reason_why_not() {
    let rows = rows(COUNTERPARTS);
    for row in &rows {
        let (check, prowler, why) = (&row["check"], &row["prowler"], &row["why"]);
        assert!(by_id(check).is_some(), "{check} is no check");
        assert_ne!(prowler.is_empty(), why.is_empty(), "{check}");
        let ids = prowler.split_whitespace();
        let is_id = |id: &str| id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_');
        assert!(ids.into_iter().all(is_id), "{check}: {prowler}");
        assert!(["resource", "region", "account"].contains(&row["unit"].as_str()));
    }
    let named: BTreeSet<&str> = rows.iter().map(|row| row["check"].as_str()).collect();
    let missing = CHECKS.iter().filter(|check| !named.contains(check.id));
    let missing: Vec<&str> = missing.map(|check| check.id).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}

#[test]
fn every_documented_difference_is_about_a_check_and_names_what_it_follows() {
    for section in DIFFERENCES.split("\n## ").skip(1) {
        let title = section.lines().next().unwrap();
        assert!(section.contains("https://docs.aws.amazon.com/"), "{title}");
        let rows = section.lines().filter(|line| line.starts_with("| `"));
        let checks: Vec<&str> = rows.map(|row| row.split('`').nth(1).unwrap()).collect();
        assert!(!checks.is_empty(), "{title}");
        for check in checks {
            let id = check.split(' ').next().unwrap();
            assert!(by_id(id).is_some(), "{title}: {id} is no check");
        }
    }
}

//! The comparison with Prowler, `tests/prowler`, without Prowler, which takes minutes and 2 GB.

#[cfg(feature = "judges")]
mod judged;

use orgscan_core::services::by_id;

const DIFFERENCES: &str = include_str!("../../docs/differences.md");

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

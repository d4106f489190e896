use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use super::*;
use crate::checks::{INDICATORS, Parameters, Rule, RuleParameters};
use crate::facts::{FactSpec, FactStore};
use crate::model::{Gap, PortProtocol, RuleResult, SensitivePort, default_ports};

fn ids() -> BTreeSet<&'static str> {
    CHECKS.iter().map(|check| check.id).collect()
}

/// Whether it is lower-case words with single hyphens between them, as an id is.
fn is_kebab_case(id: &str) -> bool {
    id.split('-').all(|word| {
        let mut letters = word.bytes();
        !word.is_empty() && letters.all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    })
}

/// The source of each file with a check, by the id that goes with its name.
fn check_files() -> BTreeMap<String, String> {
    let services = Path::new(env!("CARGO_MANIFEST_DIR")).join("services");
    let folders = services.read_dir().unwrap();
    let folders = folders.map(|entry| entry.unwrap().path().join("checks"));
    let folders = folders.filter_map(|folder| folder.read_dir().ok());
    let paths = folders.flatten().map(|entry| entry.unwrap().path());
    let mut files = BTreeMap::new();
    for path in paths.filter(|path| path.is_file()) {
        let source = std::fs::read_to_string(&path).unwrap();
        if source.contains("const CHECK: Check = ") {
            let stem = path.file_stem().unwrap().to_str().unwrap();
            files.insert(stem.replace('_', "-"), source);
        }
    }
    files
}

#[test]
fn every_file_with_a_check_is_registered_under_its_own_name() {
    let files = check_files();
    let files: BTreeSet<&str> = files.keys().map(String::as_str).collect();
    assert_eq!(files, ids());
}

#[test]
fn texts_are_right_in_every_partition() {
    for check in CHECKS {
        for of_one in ["arn:aws:", "console.aws", "https://"] {
            let texts = [check.title, check.why, &check.numbered_fix()].concat();
            assert!(!texts.contains(of_one), "{}: {of_one}", check.id);
        }
    }
}

#[test]
fn ids_are_unique_and_in_kebab_case() {
    assert_eq!(ids().len(), CHECKS.len());
    for id in ids() {
        assert!(is_kebab_case(id), "{id}");
        assert_eq!(by_id(id).map(|check| check.id), Some(id));
    }
    assert!(by_id("no-such-check").is_none());
    for bad in ["", "A-b", "a--b", "-a", "a_b"] {
        assert!(!is_kebab_case(bad), "{bad}");
    }
}

#[test]
fn every_indicator_counts_a_check_of_its_own_category() {
    for indicator in INDICATORS {
        let check = by_id(indicator.check);
        let category = check.map(|check| check.category);
        assert_eq!(category, Some(indicator.category), "{}", indicator.name);
    }
}

#[test]
fn every_check_has_a_reason_and_commands() {
    for check in CHECKS {
        let fix = check.numbered_fix();
        let command = (check.remediation)(&check.example).unwrap();
        assert!(!check.title.is_empty() && !check.why.is_empty());
        assert!(!check.needs.is_empty(), "{}", check.id);
        assert!(fix.contains("console"), "{}", check.id);
        assert_eq!(fix.matches('`').count() % 2, 0, "{}", check.id);
        if matches!(check.rule, Rule::Region(_)) {
            assert!(command.ends_with("--region eu-west-1"), "{}", check.id);
        }
    }
}

/// Adds the specifications of what a fact may have read, and holds that it is not among them itself.
fn follow(
    spec: &'static FactSpec,
    above: &mut Vec<&'static str>,
    all: &mut Vec<&'static FactSpec>,
) {
    assert!(!above.contains(&spec.key), "{} waits for itself", spec.key);
    above.push(spec.key);
    all.push(spec);
    for other in spec.follows() {
        follow(other, above, all);
    }
    above.pop();
}

#[test]
fn a_key_stands_for_one_fact_which_does_not_wait_for_itself() {
    let mut all = Vec::new();
    for spec in CHECKS.iter().flat_map(|check| check.needs) {
        follow(spec, &mut Vec::new(), &mut all);
    }
    let mut known: BTreeMap<&str, &FactSpec> = BTreeMap::new();
    for spec in all {
        let other = known.entry(spec.key).or_insert(spec);
        assert_eq!(format!("{other:?}"), format!("{spec:?}"));
        let makes_requests = !spec.calls.is_empty();
        assert!(makes_requests || spec.least == 0, "{}", spec.key);
    }
}

#[test]
fn a_check_that_reads_nothing_does_not_pass() {
    use crate::checks::samples::{evaluate_account, evaluate_organization, evaluate_region};
    for check in CHECKS {
        let facts = &FactStore::default();
        let gaps =
            |evaluated: Result<RuleResult, Gap>| evaluated.map_or(1, |result| result.gaps.len());
        let gaps = match check.rule {
            Rule::Account(_) => gaps(evaluate_account(check, facts)),
            Rule::Region(_) => gaps(evaluate_region(check, facts)),
            Rule::Organization(_) => evaluate_organization(check, &[facts])[0].gaps.len(),
        };
        assert!(gaps > 0, "{}", check.id);
    }
}

const PORTS: &str = "security-group-sensitive-port-open";

fn fingerprint(ports: &[SensitivePort], check: &str) -> String {
    RuleParameters::of(CHECKS, ports).fingerprints()[check].clone()
}

#[test]
fn another_list_of_ports_is_another_rule_and_another_name_or_order_is_not() {
    let default = default_ports();
    let own = fingerprint(&default, PORTS);
    let mut same = default.clone();
    same.reverse();
    same[0].name = "other words".to_owned();
    assert_eq!(fingerprint(&same, PORTS), own);
    let fewer = &default[1..];
    assert_ne!(fingerprint(fewer, PORTS), own);
    assert_ne!(fingerprint(fewer, "ec2-instance-exposed"), own);
    let mut more = default.clone();
    more.push(SensitivePort {
        port: 22,
        protocol: PortProtocol::Udp,
        name: "x".to_owned(),
    });
    assert_ne!(fingerprint(&more, PORTS), own);
    let keys = "iam-access-key-not-rotated";
    assert_eq!(fingerprint(fewer, keys), fingerprint(&default, keys));
}

#[test]
fn the_parameters_are_those_of_the_rules() {
    let all = RuleParameters::of(CHECKS, &default_ports()[..2]);
    let all = serde_json::to_value(all).unwrap();
    assert_eq!(all[PORTS], "tcp 20, tcp 21");
    assert_eq!(all["iam-access-key-not-rotated"], "90 days");
    assert_eq!(all["network-acl-admin-port-open"], "ports 22, 3389");
}

/// A rule that reads the configuration's ports, or has a number of its own, says so.
#[test]
fn every_check_with_a_parameter_declares_it() {
    for (id, source) in check_files() {
        let rule = source.split("#[cfg(test)]").next().unwrap();
        let has_number = rule
            .lines()
            .any(|line| line.contains("const ") && line.contains(": u"));
        let names = ["sensitive_ports", "InstanceNetwork::of(", "admin_ports::"];
        let has_ports = names.iter().any(|name| rule.contains(name));
        let parameters = by_id(&id).unwrap().parameters;
        let has_parameters = !matches!(parameters, Parameters::None);
        assert_eq!(has_number || has_ports, has_parameters, "{id}");
    }
}

#[test]
fn a_code_of_an_api_has_one_meaning_and_a_source() {
    for api in APIS {
        let codes = || api.errors.iter().flat_map(|errors| errors.codes);
        for code in codes() {
            let same = codes().filter(|other| *other == code);
            assert_eq!(same.count(), 1, "{} {code}", api.name);
        }
        for errors in api.errors {
            assert!(!errors.codes.is_empty(), "{}", api.name);
            let is_of_aws = errors.source.starts_with("https://docs.aws.amazon.com/");
            assert!(is_of_aws, "{} {}", api.name, errors.source);
        }
    }
}

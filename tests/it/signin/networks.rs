//! Proxies, certificate authorities, FIPS and dual-stack endpoints, and endpoints of one's own, with orgscan's
//! HTTP client, which takes the place of the SDK's. The hosts are AWS's: a proxy answers in their place.

use std::collections::BTreeSet;
use std::process::Command;

use super::errors::{KEYS, closed};
use super::fake::{FakeEndpoint, assert_refused, authority};

/// The plan of the own account at AWS's own hosts.
fn at_aws(fake: &FakeEndpoint, variables: &[(&str, &str)]) -> Command {
    let mut command = fake.bare(&["plan", "--account", "self", "-vv"]);
    command
        .envs(KEYS)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_CA_BUNDLE", authority())
        .envs(variables.iter().copied());
    command
}

/// The hosts that the proxy connected to.
fn hosts(fake: &FakeEndpoint) -> BTreeSet<String> {
    let seen = fake.seen().into_iter();
    seen.map(|it| it.tunnel.map_or(it.target, |(target, _)| target))
        .collect()
}

fn set(hosts: &[&str]) -> BTreeSet<String> {
    hosts.iter().map(|host| format!("{host}:443")).collect()
}

#[test]
fn a_proxy_tunnels_every_request_and_its_password_is_not_shown() {
    let fake = FakeEndpoint::start();
    let proxy = format!("http://user:pa55word@{}", fake.address());
    for variable in ["HTTPS_PROXY", "https_proxy"] {
        let run = fake.run(at_aws(&fake, &[(variable, &proxy)]));
        fake.assert_signed_in(&run, "KEYS");
        let given = Some("Basic dXNlcjpwYTU1d29yZA==".to_owned());
        for seen in fake.seen() {
            assert_eq!(seen.tunnel.unwrap().1, given);
        }
        let names = [
            "sts.us-east-1.amazonaws.com",
            "iam.amazonaws.com",
            "ec2.us-east-1.amazonaws.com",
        ];
        assert_eq!(hosts(&fake), set(&names));
        for text in [&run.stdout, &run.stderr] {
            assert!(!text.contains("pa55word"), "{text}");
            assert!(!text.contains("dXNlcjpwYTU1d29yZA"), "{text}");
        }
    }
    let gone = closed().replace("http://", "http://user:pa55word@");
    let run = fake.run(at_aws(&fake, &[("HTTPS_PROXY", &gone)]));
    let named = format!(
        "no answer from https://sts.us-east-1.amazonaws.com through the proxy http://{}",
        gone.split_once('@').unwrap().1
    );
    assert_refused(&run, &["AWS cannot be reached", &named]);
    assert!(!run.stderr.contains("pa55word"), "{}", run.stderr);
}

#[test]
fn plain_http_goes_through_a_proxy_and_around_it() {
    let fake = FakeEndpoint::start();
    for variable in ["HTTP_PROXY", "http_proxy"] {
        let run = fake.plan(
            &[
                &KEYS[..],
                &[
                    ("AWS_ENDPOINT_URL", "http://aws.example"),
                    (variable, &fake.url),
                ],
            ]
            .concat(),
        );
        fake.assert_signed_in(&run, "KEYS");
        assert_eq!(
            hosts(&fake),
            BTreeSet::from(["POST http://aws.example/".to_owned()])
        );
    }
    let gone = closed();
    for (variable, hosts) in [
        ("NO_PROXY", "127.0.0.1"),
        ("no_proxy", "aws.example, 127.0.0.0/8"),
    ] {
        let around = [("HTTP_PROXY", gone.as_str()), (variable, hosts)];
        let run = fake.plan(&[&KEYS[..], &around].concat());
        fake.assert_signed_in(&run, "KEYS");
    }
}

#[test]
fn the_metadata_services_are_never_asked_through_a_proxy() {
    let (proxy, machine) = (FakeEndpoint::start(), FakeEndpoint::start());
    let token = machine.write("pod-token", "pod-token");
    let container = format!("{}/container", machine.url);
    let instance = [
        ("AWS_EC2_METADATA_DISABLED", "false"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", machine.url.as_str()),
    ];
    let container = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.as_str()),
        (
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            token.to_str().unwrap(),
        ),
    ];
    for (variables, key) in [(instance, "INSTANCE"), (container, "CONTAINER")] {
        let through = [
            ("AWS_ENDPOINT_URL", "http://aws.example"),
            ("HTTP_PROXY", proxy.url.as_str()),
        ];
        let run = proxy.plan(&[&through[..], &variables].concat());
        proxy.assert_signed_in(&run, key);
        assert!(
            proxy
                .seen()
                .iter()
                .all(|it| it.target == "POST http://aws.example/")
        );
        assert!(!machine.seen().is_empty());
    }
}

#[test]
fn a_bundle_of_authorities_replaces_the_systems() {
    let fake = FakeEndpoint::start();
    let proxy = ("HTTPS_PROXY", fake.url.as_str());
    let mut command = at_aws(&fake, &[proxy]);
    let run = fake.run({
        command.env_remove("AWS_CA_BUNDLE");
        command
    });
    assert_refused(
        &run,
        &["AWS cannot be reached", "certificate", "AWS_CA_BUNDLE"],
    );

    let mut command = at_aws(&fake, &[proxy]);
    let config = format!("[default]\nca_bundle = {}\n", authority().display());
    fake.write(".aws/config", &config);
    let run = fake.run({
        command.env_remove("AWS_CA_BUNDLE");
        command
    });
    fake.assert_signed_in(&run, "KEYS");
}

#[test]
fn a_bundle_that_cannot_be_used_is_named_with_what_is_wrong() {
    let fake = FakeEndpoint::start();
    let good = std::fs::read_to_string(authority()).unwrap();
    let (first, last) = good.split_at(good.len() / 2);
    let cases = [
        ("empty.pem", "", "has no certificate"),
        ("der.pem", "\u{1}\u{2}", "has no certificate"),
        ("cut.pem", first, "number 1 in it"),
        ("second.pem", &format!("{good}{first}"), "number 2 in it"),
        (
            "broken.pem",
            &format!("{good}{}", good.replacen("MII", "AAA", 1)),
            "number 2 in it",
        ),
        ("base64.pem", &format!("{first}!!{last}"), "number 1 in it"),
    ];
    for (name, text, problem) in cases {
        let path = fake.write(name, text);
        let run = fake.plan(&[&KEYS[..], &[("AWS_CA_BUNDLE", path.to_str().unwrap())]].concat());
        let expected = [name, "which AWS_CA_BUNDLE names", problem];
        assert_refused(&run, &expected);
    }
    let missing = [("AWS_CA_BUNDLE", "/nowhere/ca.pem")];
    let run = fake.plan(&[&KEYS[..], &missing].concat());
    assert_refused(
        &run,
        &["/nowhere/ca.pem", "cannot be read", "correct the path"],
    );
    fake.write(
        ".aws/config",
        "[default]\nca_bundle = /nowhere/of-profile.pem\n",
    );
    let run = fake.plan(&KEYS);
    assert_refused(
        &run,
        &["/nowhere/of-profile.pem, which ca_bundle of the profile `default` names"],
    );
    assert!(fake.seen().is_empty());
}

#[test]
fn fips_and_dual_stack_endpoints() {
    let fake = FakeEndpoint::start();
    let proxy = ("HTTPS_PROXY", fake.url.as_str());
    let fips = [
        "sts-fips.us-east-1.amazonaws.com",
        "iam-fips.amazonaws.com",
        "ec2-fips.us-east-1.amazonaws.com",
    ];
    let run = fake.run(at_aws(&fake, &[proxy, ("AWS_USE_FIPS_ENDPOINT", "true")]));
    fake.assert_signed_in(&run, "KEYS");
    assert_eq!(hosts(&fake), set(&fips));

    let run = fake.run(at_aws(
        &fake,
        &[proxy, ("AWS_USE_DUALSTACK_ENDPOINT", "true")],
    ));
    fake.assert_signed_in(&run, "KEYS");
    let hosts_of_run = hosts(&fake);
    let dual_stack = set(&["sts.us-east-1.api.aws", "ec2.us-east-1.api.aws"]);
    assert!(dual_stack.is_subset(&hosts_of_run), "{hosts_of_run:?}");

    fake.write(".aws/config", "[default]\nuse_fips_endpoint = TRUE\n");
    let run = fake.run(at_aws(&fake, &[proxy]));
    fake.assert_signed_in(&run, "KEYS");
    assert_eq!(hosts(&fake), set(&fips));
    let run = fake.run(at_aws(&fake, &[proxy, ("AWS_USE_FIPS_ENDPOINT", "false")]));
    fake.assert_signed_in(&run, "KEYS");
    assert!(hosts(&fake).is_disjoint(&set(&fips)));
}

#[test]
fn endpoints_of_ones_own() {
    let fake = FakeEndpoint::start();
    let proxy = ("HTTPS_PROXY", fake.url.as_str());
    let vpc = "vpce-1.sts.us-east-1.vpce.amazonaws.com";
    let url = format!("https://{vpc}");
    let own = set(&[vpc, "iam.amazonaws.com", "ec2.us-east-1.amazonaws.com"]);
    let run = fake.run(at_aws(&fake, &[proxy, ("AWS_ENDPOINT_URL_STS", &url)]));
    fake.assert_signed_in(&run, "KEYS");
    assert_eq!(hosts(&fake), own);

    let config =
        format!("[default]\nservices = mine\n[services mine]\nsts =\n  endpoint_url = {url}\n");
    fake.write(".aws/config", &config);
    let run = fake.run(at_aws(&fake, &[proxy]));
    fake.assert_signed_in(&run, "KEYS");
    assert_eq!(hosts(&fake), own);

    let ignored = ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true");
    let other = ("AWS_ENDPOINT_URL", "https://aws.example");
    let run = fake.run(at_aws(&fake, &[proxy, ignored, other]));
    fake.assert_signed_in(&run, "KEYS");
    let names = [
        "sts.us-east-1.amazonaws.com",
        "iam.amazonaws.com",
        "ec2.us-east-1.amazonaws.com",
    ];
    assert_eq!(hosts(&fake), set(&names));
}

//! The ways in which the AWS CLI signs in, each against a fake endpoint.

use super::fake::{FakeEndpoint, assert_refused};

/// `sha1("corp")` and `sha1("https://corp.awsapps.com/start")`: the names of cached tokens.
const OF_SESSION: &str = "ee0bfd2552fbd840c02cc48b6e823320543c450f";
const OF_START_URL: &str = "a51746d4aa793ae07b25e90c3a5db96fc7832bd7";

const KEYS: &str = "aws_access_key_id = KEYS\naws_secret_access_key = secret\n";

const SESSION: &str = "[profile sso]\nsso_session = corp\nsso_account_id = 111122223333\n\
    sso_role_name = Audit\n[sso-session corp]\nsso_region = us-east-1\n\
    sso_start_url = https://corp.awsapps.com/start\n";

fn token(token: &str, expires: &str, more: &str) -> String {
    format!("{{\"accessToken\": \"{token}\", \"expiresAt\": \"{expires}\"{more}}}")
}

#[test]
fn the_environment() {
    let fake = FakeEndpoint::start();
    let keys = [
        ("AWS_ACCESS_KEY_ID", "ENVIRONMENT"),
        ("AWS_SECRET_ACCESS_KEY", "secret"),
        ("AWS_SESSION_TOKEN", "session-token"),
    ];
    let run = fake.plan(&keys);
    fake.assert_signed_in(&run, "ENVIRONMENT");
    let seen = fake.seen();
    assert_eq!(seen[0].header("x-amz-security-token"), "session-token");
}

#[test]
fn a_profile_that_is_named_wins_over_the_environment() {
    let fake = FakeEndpoint::start();
    let config = format!("[profile other]\n{}", KEYS.replace("KEYS", "OTHER"));
    fake.write(".aws/config", &config);
    let mut command = fake.planning(&["--profile", "other"]);
    command
        .env("AWS_ACCESS_KEY_ID", "ENVIRONMENT")
        .env("AWS_SECRET_ACCESS_KEY", "secret")
        .env("AWS_SESSION_TOKEN", "session-token")
        .env("AWS_PROFILE", "nosuch");
    let run = fake.run(command);
    fake.assert_signed_in(&run, "OTHER");
    assert_eq!(fake.seen()[0].header("x-amz-security-token"), "");
}

#[test]
fn access_keys_in_the_shared_files() {
    let fake = FakeEndpoint::start();
    fake.write(".aws/credentials", &format!("[default]\n{KEYS}"));
    fake.assert_signed_in(&fake.plan(&[]), "KEYS");
    let config = format!("[profile other]\n{}", KEYS.replace("KEYS", "OTHER"));
    fake.write(".aws/config", &config);
    for variable in ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"] {
        fake.assert_signed_in(&fake.plan(&[(variable, "other")]), "OTHER");
    }
    // Set and empty is not set.
    fake.assert_signed_in(&fake.plan(&[("AWS_PROFILE", "")]), "KEYS");
}

#[test]
fn a_profile_without_a_region_uses_the_partitions_first() {
    let fake = FakeEndpoint::start();
    fake.write(".aws/credentials", &format!("[default]\n{KEYS}"));
    let token = fake.write("token", "web-token");
    let mut command = fake.bare(&["plan", "--account", "self"]);
    command
        .env("AWS_ENDPOINT_URL", &fake.url)
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("AWS_WEB_IDENTITY_TOKEN_FILE", token)
        .env("AWS_ROLE_ARN", "arn:aws:iam::111122223333:role/Ci")
        .env("AWS_SHARED_CREDENTIALS_FILE", fake.home.path().join("none"));
    let run = fake.run(command);
    fake.assert_signed_in(&run, "Ci");
}

#[test]
fn roles_of_profiles() {
    let fake = FakeEndpoint::start();
    let config = "[profile chained]\nrole_arn = arn:aws:iam::111122223333:role/Outer\n\
                  source_profile = middle\nexternal_id = ext\nrole_session_name = named\n\
                  [profile middle]\nrole_arn = arn:aws:iam::111122223333:role/Inner\n\
                  source_profile = base\n\
                  [profile of-environment]\nrole_arn = arn:aws:iam::111122223333:role/FromEnvironment\n\
                  credential_source = Environment\n\
                  [profile of-instance]\nrole_arn = arn:aws:iam::111122223333:role/FromInstance\n\
                  credential_source = Ec2InstanceMetadata\n\
                  [profile of-container]\nrole_arn = arn:aws:iam::111122223333:role/FromContainer\n\
                  credential_source = EcsContainer\n";
    fake.write(".aws/config", config);
    fake.write(".aws/credentials", &format!("[base]\n{KEYS}"));
    fake.assert_signed_in(&fake.plan(&[("AWS_PROFILE", "chained")]), "Outer");
    let seen = fake.seen();
    let assumed = |at: usize| {
        (
            seen[at].operation().to_owned(),
            seen[at].signer().to_owned(),
        )
    };
    assert_eq!(assumed(0), ("AssumeRole".to_owned(), "KEYS".to_owned()));
    assert_eq!(assumed(1), ("AssumeRole".to_owned(), "Inner".to_owned()));
    assert_eq!(seen[1].form["ExternalId"], "ext");
    assert_eq!(seen[1].form["RoleSessionName"], "named");

    let token = fake.write("pod-token", "pod-token");
    let (token, container) = (token.to_str().unwrap(), format!("{}/container", fake.url));
    for (profile, role, signer) in [
        ("of-instance", "FromInstance", "INSTANCE"),
        ("of-container", "FromContainer", "CONTAINER"),
    ] {
        let run = fake.plan(&[
            ("AWS_PROFILE", profile),
            ("AWS_EC2_METADATA_DISABLED", "false"),
            ("AWS_EC2_METADATA_SERVICE_ENDPOINT", &fake.url),
            ("AWS_CONTAINER_CREDENTIALS_FULL_URI", &container),
            ("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", token),
        ]);
        fake.assert_signed_in(&run, role);
        let seen = fake.seen();
        let assumed = seen.iter().find(|it| it.operation() == "AssumeRole");
        assert_eq!(assumed.unwrap().signer(), signer);
    }
}

#[test]
fn a_credential_process() {
    let fake = FakeEndpoint::start();
    let program = "#!/bin/sh\necho started >> \"$HOME/started\"\n\
                   echo '{\"Version\": 1, \"AccessKeyId\": \"PROCESS\", \"SecretAccessKey\": \"s\"}'\n";
    let program = fake.write("program", program);
    let config = format!(
        "[profile p]\ncredential_process = sh {}\n",
        program.display()
    );
    fake.write(".aws/config", &config);
    let run = fake.plan(&[("AWS_PROFILE", "p"), ("PATH", "/usr/bin:/bin")]);
    fake.assert_signed_in(&run, "PROCESS");
    let started = std::fs::read_to_string(fake.home.path().join("started")).unwrap();
    assert_eq!(started.lines().count(), 1, "it runs once for all requests");

    fake.write("program", "echo no session for a@example.com >&2; exit 3");
    let run = fake.plan(&[("AWS_PROFILE", "p"), ("PATH", "/usr/bin:/bin")]);
    let expected = [
        "the profile `p` (AWS_PROFILE)",
        "credential_process of the profile `p`",
        "no session for a@example.com",
        "Run its command to see its error",
    ];
    assert_refused(&run, &expected);
}

#[test]
fn identity_center_with_a_session() {
    let fake = FakeEndpoint::start();
    fake.write(".aws/config", SESSION);
    let cache = format!(".aws/sso/cache/{OF_SESSION}.json");
    fake.write(&cache, &token("valid", "9999-01-01T00:00:00Z", ""));
    let run = fake.plan(&[("AWS_PROFILE", "sso")]);
    fake.assert_signed_in(&run, "IDENTITYCENTER");

    // Ended, with what it takes to renew it.
    let client = ", \"clientId\": \"c\", \"clientSecret\": \"s\", \"refreshToken\": \"refresh\", \
                  \"registrationExpiresAt\": \"9999-01-01T00:00:00Z\"";
    fake.write(&cache, &token("ended", "2020-01-01T00:00:00Z", client));
    let run = fake.plan(&[("AWS_PROFILE", "sso")]);
    fake.assert_signed_in(&run, "IDENTITYCENTER");

    let expected = [
        "the profile `sso` (AWS_PROFILE)",
        "IAM Identity Center, session corp",
        "`aws sso login --profile sso`",
    ];
    fake.write(&cache, &token("ended", "2020-01-01T00:00:00Z", ""));
    assert_refused(&fake.plan(&[("AWS_PROFILE", "sso")]), &expected);
    // Ended on the other side: somebody signed out.
    fake.write(&cache, &token("revoked", "9999-01-01T00:00:00Z", ""));
    assert_refused(&fake.plan(&[("AWS_PROFILE", "sso")]), &expected);
    std::fs::remove_file(fake.home.path().join(&cache)).unwrap();
    assert_refused(&fake.plan(&[("AWS_PROFILE", "sso")]), &expected);
}

#[test]
fn identity_center_without_a_session() {
    let fake = FakeEndpoint::start();
    let config = "[profile legacy]\nsso_start_url = https://corp.awsapps.com/start\n\
                  sso_region = us-east-1\nsso_account_id = 111122223333\nsso_role_name = Audit\n\
                  [profile of-role]\nrole_arn = arn:aws:iam::111122223333:role/Scanner\n\
                  source_profile = legacy\n";
    fake.write(".aws/config", config);
    let cache = format!(".aws/sso/cache/{OF_START_URL}.json");
    fake.write(&cache, &token("valid", "9999-01-01T00:00:00Z", ""));
    let run = fake.plan(&[("AWS_PROFILE", "legacy")]);
    fake.assert_signed_in(&run, "IDENTITYCENTER");
    let run = fake.plan(&[("AWS_PROFILE", "of-role")]);
    fake.assert_signed_in(&run, "Scanner");

    fake.write(&cache, &token("ended", "2020-01-01T00:00:00Z", ""));
    let run = fake.plan(&[("AWS_PROFILE", "of-role")]);
    let expected = [
        "the profile `of-role` (AWS_PROFILE)",
        "the role arn:aws:iam::111122223333:role/Scanner, assumed with IAM Identity Center",
        "`aws sso login --profile legacy`",
    ];
    assert_refused(&run, &expected);
}

#[test]
fn web_identity() {
    let fake = FakeEndpoint::start();
    let file = fake.write("token", "web-token");
    let file = file.to_str().unwrap();
    let role = "arn:aws:iam::111122223333:role/Pipeline";
    let variables = [
        ("AWS_WEB_IDENTITY_TOKEN_FILE", file),
        ("AWS_ROLE_ARN", role),
    ];
    let run = fake.plan(&variables);
    fake.assert_signed_in(&run, "Pipeline");
    assert_eq!(fake.seen()[0].signer(), "", "the token signs");

    let config = format!("[profile ci]\nrole_arn = {role}\nweb_identity_token_file = {file}\n");
    fake.write(".aws/config", &config);
    fake.assert_signed_in(&fake.plan(&[("AWS_PROFILE", "ci")]), "Pipeline");

    fake.write("token", "other");
    let expected = [file, role, "trust policy", "No OpenIDConnect provider"];
    assert_refused(&fake.plan(&variables), &expected);
}

#[test]
fn a_container_and_an_instance() {
    let fake = FakeEndpoint::start();
    let token = fake.write("pod-token", "pod-token");
    let container = format!("{}/container", fake.url);
    let container = [
        ("AWS_CONTAINER_CREDENTIALS_FULL_URI", container.as_str()),
        (
            "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
            token.to_str().unwrap(),
        ),
    ];
    fake.assert_signed_in(&fake.plan(&container), "CONTAINER");
    let instance = [
        ("AWS_EC2_METADATA_DISABLED", "false"),
        ("AWS_EC2_METADATA_SERVICE_ENDPOINT", fake.url.as_str()),
    ];
    fake.assert_signed_in(&fake.plan(&instance), "INSTANCE");

    fake.write("pod-token", "another");
    let expected = ["the container's credentials endpoint, http://127.0.0.1:"];
    assert_refused(&fake.plan(&container), &expected);
}

#[test]
fn a_session_of_aws_login() {
    let fake = FakeEndpoint::start();
    let config = "[profile a@b]\nlogin_session = arn:aws:iam::111122223333:user/a\n\
                  [profile of-login]\nrole_arn = arn:aws:iam::111122223333:role/Scanner\n\
                  source_profile = a@b\n";
    fake.write(".aws/config", config);
    let cli = "#!/bin/sh\nprintf '%s,' \"$@\" > \"$HOME/asked\"\n\
               echo '{\"Version\": 1, \"AccessKeyId\": \"CONSOLE\", \"SecretAccessKey\": \"s\", \
               \"SessionToken\": \"t\", \"Expiration\": \"9999-01-01T00:00:00Z\"}'\n";
    let cli = fake.write("bin/aws", cli);
    std::fs::set_permissions(&cli, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let path = format!("{}:/usr/bin:/bin", cli.parent().unwrap().display());
    for (profile, key) in [("a@b", "CONSOLE"), ("of-login", "Scanner")] {
        let run = fake.plan(&[("AWS_PROFILE", profile), ("PATH", &path)]);
        fake.assert_signed_in(&run, key);
        let asked = std::fs::read_to_string(fake.home.path().join("asked")).unwrap();
        assert_eq!(
            asked,
            "configure,export-credentials,--profile,a@b,--format,process,"
        );
    }
    let ended =
        "#!/bin/sh\necho 'Your session has expired. Please reauthenticate.' >&2; exit 253\n";
    std::fs::write(&cli, ended).unwrap();
    let run = fake.plan(&[("AWS_PROFILE", "a@b"), ("PATH", &path)]);
    let expected = [
        "there are no AWS credentials",
        "the profile `a@b` (AWS_PROFILE)",
        "Your session has expired",
        "`aws login --profile a@b`",
    ];
    assert_refused(&run, &expected);
    std::fs::remove_file(&cli).unwrap();
    let run = fake.plan(&[("AWS_PROFILE", "a@b"), ("PATH", "/nowhere:/bin")]);
    assert_refused(&run, &["aws: ", "the AWS CLI, 2.32 or later"]);
}

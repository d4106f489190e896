//! A profile whose role needs the code of an MFA device.

use std::path::Path;
use std::process::Command;

use super::errors::KEYS;
use super::fake::{Fake, assert_refused};
use crate::world::Run;

const SERIAL: &str = "arn:aws:iam::111122223333:mfa/phone";

fn fake() -> Fake {
    let fake = Fake::start();
    let config = format!(
        "[profile guarded]\nrole_arn = arn:aws:iam::111122223333:role/Guarded\nsource_profile = base\n\
         mfa_serial = {SERIAL}\nduration_seconds = 7200\n\
         [profile behind]\nrole_arn = arn:aws:iam::111122223333:role/Behind\nsource_profile = guarded\n\
         [profile itself]\nrole_arn = arn:aws:iam::111122223333:role/Guarded\nsource_profile = itself\n\
         mfa_serial = {SERIAL}\naws_access_key_id = ITSELF\naws_secret_access_key = secret\n"
    );
    fake.write(".aws/config", &config);
    let keys = "[base]\naws_access_key_id = BASE\naws_secret_access_key = secret\n";
    fake.write(".aws/credentials", keys);
    fake
}

/// The plan on a terminal, where somebody types this when asked.
fn on_terminal(fake: &Fake, profile: &str, typed: &str) -> Run {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/it/terminal.py");
    let mut command = Command::new("python3");
    crate::isolated::isolate(&mut command)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        .env("HOME", fake.home.path())
        .env("AWS_PROFILE", profile)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", &fake.url)
        .arg(script)
        .arg(typed)
        .arg(env!("CARGO_BIN_EXE_orgscan"))
        .args(["plan", "--account", "self"]);
    fake.run(command)
}

#[test]
fn the_code_is_asked_for_once_on_a_terminal() {
    let fake = fake();
    for (profile, first, key) in [
        ("guarded", "BASE", "Guarded"),
        ("behind", "BASE", "Behind"),
        ("itself", "ITSELF", "Guarded"),
    ] {
        let run = on_terminal(&fake, profile, "123456");
        assert_eq!(run.code(), 0, "{}", run.stderr);
        assert_eq!(fake.callers(), [key]);
        let asked = format!("MFA code of {SERIAL}");
        assert_eq!(run.stderr.matches(&asked).count(), 1, "{}", run.stderr);
        let seen = fake.seen();
        let with_code = seen.iter().find(|it| it.form.contains_key("TokenCode"));
        let with_code = with_code.unwrap();
        assert_eq!(with_code.signer(), first);
        assert_eq!(with_code.form["SerialNumber"], SERIAL);
    }
    let run = on_terminal(&fake, "guarded", "123456");
    assert_eq!(run.code(), 0, "{}", run.stderr);
    assert_eq!(fake.seen()[0].form["DurationSeconds"], "7200");
}

#[test]
fn a_code_that_aws_refuses_and_one_that_is_none() {
    let fake = fake();
    let run = on_terminal(&fake, "guarded", "654321");
    assert_eq!(run.code(), 2, "{}", run.stderr);
    for says in [
        "the profile `guarded`",
        SERIAL,
        "invalid MFA one time pass code",
        "takes each code once",
    ] {
        assert!(run.stderr.contains(says), "{says}: {}", run.stderr);
    }
    let run = on_terminal(&fake, "guarded", "abc");
    assert_eq!(run.code(), 2, "{}", run.stderr);
    assert!(run.stderr.contains("it has to be digits"), "{}", run.stderr);
    assert!(fake.seen().is_empty());
}

#[test]
fn without_a_terminal_the_device_is_named_with_another_way() {
    let fake = fake();
    for (profile, guarded) in [
        ("guarded", "guarded"),
        ("behind", "guarded"),
        ("itself", "itself"),
    ] {
        let run = fake.plan(&[("AWS_PROFILE", profile)]);
        let export = format!("aws configure export-credentials --profile {guarded} --format env");
        let named = format!("the profile `{guarded}` assumes the role");
        assert_refused(&run, &[&named, SERIAL, "no terminal", &export]);
        assert!(
            fake.seen().is_empty(),
            "nothing is asked of AWS without the code"
        );
    }
    // Credentials of the environment go before the profile, as for the AWS CLI.
    let run = fake.plan(&[&KEYS[..], &[("AWS_PROFILE", "guarded")]].concat());
    fake.assert_signed_in(&run, "KEYS");
}

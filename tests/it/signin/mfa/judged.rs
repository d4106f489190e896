//! Asking for the code on a real terminal, which Python makes.

use super::super::fake::FakeEndpoint;
use super::{SERIAL, fake};
use crate::judged::installed;
use crate::run::Run;

/// The plan on a terminal, where somebody types this when asked.
fn on_terminal(fake: &FakeEndpoint, profile: &str, typed: &str) -> Run {
    let mut command = installed::terminal(typed);
    command
        .env("HOME", fake.home.path())
        .env("AWS_PROFILE", profile)
        .env("AWS_REGION", "us-east-1")
        .env("AWS_ENDPOINT_URL", &fake.url)
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
    for expected in [
        "the profile `guarded`",
        SERIAL,
        "invalid MFA one time pass code",
        "AWS accepts each code once",
    ] {
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
    }
    let run = on_terminal(&fake, "guarded", "abc");
    assert_eq!(run.code(), 2, "{}", run.stderr);
    assert!(run.stderr.contains("it has to be digits"), "{}", run.stderr);
    assert!(fake.seen().is_empty());
}

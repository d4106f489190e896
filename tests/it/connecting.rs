//! What keeps orgscan from talking to AWS is said with its cause, and never with a secret.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Command;

use tempfile::TempDir;

use crate::run::{Run, point_at};

/// A server that answers every request with the caller's identity under this date, if there is one.
fn server(date: Option<&str>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let date = date.map_or(String::new(), |date| format!("date: {date}\r\n"));
    let body = "<GetCallerIdentityResponse><GetCallerIdentityResult><Account>111122223333</Account>\
                <Arn>arn:aws:iam::111122223333:user/a</Arn></GetCallerIdentityResult>\
                </GetCallerIdentityResponse>";
    let answer = format!(
        "HTTP/1.1 200 OK\r\n{date}content-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    );
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let mut stream = stream.unwrap();
            let _ = stream.read(&mut [0; 65_536]);
            let _ = stream.write_all(answer.as_bytes());
        }
    });
    url
}

fn orgscan(url: &str, home: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgscan"));
    point_at(&mut command, url, home);
    command.args(["scan", "--account", "self", "--dry-run"]);
    command
}

#[test]
fn a_clock_that_differs_from_the_first_answer_refuses_the_run() {
    let home = TempDir::new().unwrap();
    for date in [
        "Mon, 01 Jan 2001 00:00:00 GMT",
        "Thu, 01 Jan 2099 00:00:00 GMT",
    ] {
        let command = orgscan(&server(Some(date)), home.path());
        let run = Run::of(command, home.path().to_owned());
        assert_eq!(run.code(), 2, "{}", run.stderr);
        for expected in ["sts:GetCallerIdentity: the clock is wrong", "NTP"] {
            assert!(run.stderr.contains(expected), "{}", run.stderr);
        }
    }
    // Without a date the server is believed, and fails at something else.
    let run = Run::of(orgscan(&server(None), home.path()), home.path().to_owned());
    assert!(!run.stderr.contains("clock"), "{}", run.stderr);
}

#[test]
fn credentials_that_cannot_sign_are_named_and_not_shown() {
    let home = TempDir::new().unwrap();
    let url = server(None);
    let config = home.path().join("config");
    let roles = "[profile role]\nrole_arn = arn:aws:iam::111122223333:role/r\n\
                 source_profile = base\n\
                 [profile base]\naws_access_key_id = AKIAHIDDEN\u{1}x\naws_secret_access_key = s\n\
                 [profile process]\ncredential_process = printf \
                 '{\"Version\":1,\"AccessKeyId\":\"AKIAHIDDEN\\\\n\",\"SecretAccessKey\":\"s\"}'\n";
    std::fs::write(&config, roles).unwrap();
    let cases = [
        (
            "AWS_ACCESS_KEY_ID",
            "AKIAHIDDEN\nx",
            None,
            "access key id of the credentials from the environment",
        ),
        (
            "AWS_SECRET_ACCESS_KEY",
            "HIDDEN\r\n",
            None,
            "secret access key of the credentials from the environment",
        ),
        (
            "AWS_SESSION_TOKEN",
            "HIDDEN\u{202e}x",
            None,
            "session token of the credentials from the environment",
        ),
        (
            "AWS_ACCESS_KEY_ID",
            "",
            Some("role"),
            "profile's role is assumed with cannot be used",
        ),
        (
            "AWS_ACCESS_KEY_ID",
            "",
            Some("process"),
            "access key id of the credentials from the profile",
        ),
    ];
    for (variable, value, profile, expected) in cases {
        let mut command = orgscan(&url, home.path());
        command.env("AWS_CONFIG_FILE", &config).env(variable, value);
        if let Some(profile) = profile {
            command.env("AWS_PROFILE", profile);
        }
        let run = Run::of(command, home.path().to_owned());
        assert_eq!(run.code(), 2, "{}", run.stderr);
        assert!(run.stderr.contains(expected), "{expected}: {}", run.stderr);
        assert!(!run.stderr.contains("HIDDEN"), "{}", run.stderr);
    }
}

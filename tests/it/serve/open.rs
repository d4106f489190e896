//! The page's address, and the browser that opens it.

use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::{ReportServer, header, reports, status};
use crate::isolated::orgscan;

/// A folder with a program of this name that writes down what it is asked to open.
#[cfg(unix)]
fn opener(code: u8) -> (TempDir, PathBuf) {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::with_prefix("orgscan-it-").unwrap();
    let opened = folder.path().join("opened");
    let names = [
        "xdg-open",
        "gio",
        "gnome-open",
        "kde-open6",
        "kde-open5",
        "kde-open",
        "open",
    ];
    for name in names {
        let program = folder.path().join(name);
        let script = format!(
            "#!/bin/sh\necho \"$@\" >> '{}'\nexit {code}\n",
            opened.display()
        );
        std::fs::write(&program, script).unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    (folder, opened)
}

#[cfg(unix)]
#[test]
fn the_browser_gets_an_address_that_works_once() {
    let (programs, opened) = opener(0);
    let mut command = orgscan();
    command.env("PATH", programs.path());
    let served = ReportServer::of(command, reports(), &["--open"]);
    let asked = loop {
        match std::fs::read_to_string(&opened) {
            Ok(text) if text.ends_with('\n') => break text,
            _ => std::thread::sleep(std::time::Duration::from_millis(20)),
        }
    };
    let ticket = format!("/{}", asked.trim().rsplit('/').next().unwrap());
    assert!(!served.url.contains(&ticket), "{asked}");
    let (head, _) = served.request("HEAD", &ticket, served.host());
    assert_eq!(status(&head), "403", "a look takes nothing");
    let (head, _) = served.get(&ticket);
    assert_eq!(
        (status(&head), header(&head, "location")),
        ("303", Some(&*served.path("")))
    );
    assert_eq!(status(&served.get(&ticket).0), "403");
}

#[cfg(unix)]
#[test]
fn a_scan_names_and_opens_its_page_and_no_browser_is_only_a_warning() {
    let folder = TempDir::with_prefix("orgscan-it-").unwrap();
    let demo = |path: &Path| {
        let mut demo = orgscan();
        demo.current_dir(folder.path()).env("PATH", path);
        demo.args([
            "demo",
            "--accounts",
            "16",
            "--latency",
            "0",
            "--quotas",
            "0",
            "--open",
        ]);
        demo.args(["--report", "50% & more"]);
        let output = demo.output().unwrap();
        assert_eq!(output.status.code(), Some(0), "{output:?}");
        let stdout = String::from_utf8(output.stdout).unwrap();
        (stdout, String::from_utf8(output.stderr).unwrap())
    };
    let (programs, opened) = opener(0);
    let (stdout, stderr) = demo(programs.path());
    let line = stdout
        .lines()
        .find(|line| line.starts_with("Open "))
        .unwrap();
    let url = line.split_whitespace().last().unwrap();
    assert!(url.contains("/50%25%20&%20more/daily/"), "{url}");
    assert_eq!(std::fs::read_to_string(opened).unwrap().trim(), url);
    assert!(!stderr.contains("warning"), "{stderr}");
    let page = url::Url::parse(url).unwrap().to_file_path().unwrap();
    assert!(page.is_absolute() && page.is_file(), "{url}");
    let (failing, _) = opener(3);
    let (_, stderr) = demo(failing.path());
    assert!(
        stderr.contains("warning: no browser could be started"),
        "{stderr}"
    );
}

//! `orgscan serve` as a process, with requests that a browser would send and with others.

mod hostile;
#[cfg(feature = "judges")]
mod judged;
mod open;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, ChildStdout, Command, Stdio};
use std::sync::OnceLock;

use tempfile::TempDir;

use crate::isolated::orgscan;

/// A folder with the reports of two days.
fn reports() -> &'static Path {
    static REPORTS: OnceLock<TempDir> = OnceLock::new();
    let folder = REPORTS.get_or_init(|| {
        let folder = TempDir::with_prefix("orgscan-it-").unwrap();
        let mut demo = orgscan();
        demo.args([
            "demo",
            "--accounts",
            "16",
            "--latency",
            "0",
            "--quotas",
            "0",
            "--days",
            "2",
        ]);
        demo.arg("--report").arg(folder.path().join("re ports"));
        let output = demo.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        folder
    });
    Box::leak(folder.path().join("re ports").into_boxed_path())
}

/// A server, which ends with this value.
struct ReportServer {
    process: Child,
    /// Open as long as the server may write to it.
    _out: BufReader<ChildStdout>,
    /// `http://127.0.0.1:7320/KEY/`
    url: String,
}

impl ReportServer {
    fn start(folder: &Path) -> Self {
        Self::of(orgscan(), folder, &[])
    }

    fn of(mut command: Command, folder: &Path, flags: &[&str]) -> Self {
        command
            .arg("serve")
            .arg(folder)
            .args(["--port", "0"])
            .args(flags);
        let mut process = command.stdout(Stdio::piped()).spawn().unwrap();
        let mut first = String::new();
        let mut out = BufReader::new(process.stdout.take().unwrap());
        out.read_line(&mut first).unwrap();
        let url = first.split_whitespace().last().unwrap().to_owned();
        assert!(url.starts_with("http://127.0.0.1:"), "{first}");
        Self {
            process,
            _out: out,
            url,
        }
    }

    fn host(&self) -> &str {
        self.url.split('/').nth(2).unwrap()
    }

    /// The path with the key in front.
    fn path(&self, path: &str) -> String {
        let key = self.url.split('/').nth(3).unwrap();
        format!("/{key}/{path}")
    }

    /// Sends a request as it is; gives the answer's head and body.
    fn sent(&self, request: &str) -> (String, String) {
        let mut stream = TcpStream::connect(self.host()).unwrap();
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
        (head.to_owned(), body.to_owned())
    }

    fn request(&self, method: &str, target: &str, host: &str) -> (String, String) {
        self.sent(&format!(
            "{method} {target} HTTP/1.1\r\nhost: {host}\r\nconnection: close\r\n\r\n"
        ))
    }

    fn get(&self, target: &str) -> (String, String) {
        self.request("GET", target, self.host())
    }
}

impl Drop for ReportServer {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn status(head: &str) -> &str {
    head.split(' ').nth(1).unwrap_or_default()
}

fn header<'h>(head: &'h str, name: &str) -> Option<&'h str> {
    let mut lines = head.lines().filter_map(|line| line.split_once(": "));
    lines
        .find(|(known, _)| *known == name)
        .map(|(_, value)| value)
}

/// The links in a page, in their order.
fn links(body: &str) -> Vec<String> {
    let parts = body.split("href=\"").skip(1);
    let links = parts.filter_map(|part| part.split('"').next());
    links.map(str::to_owned).collect()
}

fn assert_strict(head: &str) {
    for (name, value) in [
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        ("x-frame-options", "DENY"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(header(head, name), Some(value), "{head}");
    }
    let policy = header(head, "content-security-policy").unwrap();
    assert!(policy.starts_with("default-src 'none';"), "{policy}");
    assert!(policy.contains("frame-ancestors 'none'"), "{policy}");
    assert!(
        !policy.contains("unsafe") && !policy.contains("http"),
        "{policy}"
    );
}

#[test]
fn the_runs_are_listed_latest_first_and_lead_to_each_other() {
    let served = ReportServer::start(reports());
    let (head, body) = served.get(&served.path(""));
    assert_eq!(status(&head), "200", "{head}");
    assert_strict(&head);
    let runs = links(&body);
    assert_eq!(runs.len(), 2, "{body}");
    assert!(
        runs[0].ends_with("-day-2/") && runs[1].ends_with("-day-1/"),
        "{runs:?}"
    );
    assert!(
        body.contains("critical") && body.contains(", coverage "),
        "{body}"
    );

    let latest = served.path(&runs[0]);
    let (head, body) = served.get(&latest);
    assert_eq!(status(&head), "200", "{head}");
    assert_strict(&head);
    let file = std::fs::read_to_string(reports().join(&runs[0]).join("index.html")).unwrap();
    let own = file
        .split_once("Content-Security-Policy\" content=\"")
        .unwrap()
        .1;
    let own = own.split('"').next().unwrap().replace("&#39;", "'");
    let policy = format!("{own}; frame-ancestors 'none'");
    assert_eq!(header(&head, "content-security-policy"), Some(&*policy));
    let around: Vec<String> = links(&body).into_iter().take(2).collect();
    assert_eq!(around, [served.path(""), served.path(&runs[1])]);
    // Beside the links, it is the file.
    let (before, rest) = body
        .split_once("<footer><nav aria-label=\"Runs\">")
        .unwrap();
    let (_, after) = rest.split_once("</footer>").unwrap();
    assert_eq!(format!("{before}{after}"), file);

    let (head, _) = served.get(latest.trim_end_matches('/'));
    assert_eq!(
        (status(&head), header(&head, "location")),
        ("303", Some(&*latest))
    );
    let (head, body) = served.get(&format!("{latest}findings.csv"));
    assert_eq!(status(&head), "200", "{head}");
    assert_strict(&head);
    assert_eq!(
        body,
        std::fs::read_to_string(reports().join(&runs[0]).join("findings.csv")).unwrap()
    );
    let (head, body) = served.request("HEAD", &latest, served.host());
    assert_eq!((status(&head), &*body), ("200", ""));
    assert!(
        header(&head, "content-length")
            .unwrap()
            .parse::<usize>()
            .unwrap()
            > file.len()
    );
}

#[test]
fn a_folder_without_reports_and_a_location_in_s3_are_refused() {
    for folder in ["s3://bucket/prefix", "/nowhere"] {
        let output = orgscan().args(["serve", folder]).output().unwrap();
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            stderr.contains(folder) && stderr.contains("has no reports"),
            "{stderr}"
        );
    }
}

//! `orgscan serve` as a process, with requests that a browser would send and with others.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
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
        demo.arg("--output").arg(folder.path().join("re ports"));
        let output = demo.output().unwrap();
        assert!(output.status.success(), "{output:?}");
        folder
    });
    Box::leak(folder.path().join("re ports").into_boxed_path())
}

/// A server, which ends with this value.
struct Served {
    process: Child,
    /// `http://127.0.0.1:7320/KEY/`
    url: String,
}

impl Served {
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
        Self { process, url }
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

impl Drop for Served {
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
    let served = Served::start(reports());
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
        body.contains("critical") && body.contains("% of the checks evaluated"),
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
fn hostile_requests_get_nothing() {
    let served = Served::start(reports());
    let (_, list) = served.get(&served.path(""));
    let run = links(&list).remove(0);
    let secret = std::fs::read_to_string(reports().join("demo-signing-key.pem")).unwrap();
    for path in [
        "demo-signing-key.pem",
        "state/head.json",
        "runs/",
        "daily/",
        "daily/../demo-signing-key.pem",
        "../demo-signing-key.pem",
        "%2e%2e/%2e%2e/etc/passwd",
        "..%2f..%2f..%2fetc/passwd",
        "daily//etc/passwd",
        "/etc/passwd",
        "daily/2026/11/22/..%5c..%5cx/index.html",
        &format!("{run}../../../../../state/head.json"),
        &format!("{run}%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/state/head.json"),
        &format!("{run}index.html%00.txt"),
        &format!("{run}..%c0%af..%c0%afindex.html"),
        &format!("{run}none.csv"),
        &format!("{run}?x=../../../state/head.json/"),
    ] {
        let (head, body) = served.get(&served.path(path));
        let is_page = path.contains('?');
        assert_eq!(
            status(&head),
            if is_page { "200" } else { "404" },
            "{path}: {head}"
        );
        assert_strict(&head);
        assert!(
            !body.contains("root:") && !body.contains(secret.lines().nth(1).unwrap()),
            "{path}"
        );
    }
    for method in [
        "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "PATCH", "PROPFIND",
    ] {
        let (head, _) = served.request(method, &served.path(""), served.host());
        assert_eq!(
            (status(&head), header(&head, "allow")),
            ("405", Some("GET, HEAD")),
            "{method}"
        );
    }
    let (head, body) = served.get("/");
    assert_eq!(status(&head), "403");
    assert!(body.contains("orgscan serve"), "{body}");
    for key in ["/x/", "//", &format!("/{}/", "A".repeat(22))] {
        assert_eq!(status(&served.get(key).0), "403", "{key}");
    }
}

#[test]
fn only_requests_to_this_machine_are_answered() {
    let served = Served::start(reports());
    let port = served.host().rsplit(':').next().unwrap().to_owned();
    let list = served.path("");
    for host in [
        format!("127.0.0.1:{port}"),
        format!("LocalHost:{port}"),
        format!("[::1]:{port}"),
    ] {
        assert_eq!(
            status(&served.request("GET", &list, &host).0),
            "200",
            "{host}"
        );
    }
    for host in [
        "evil.example".to_owned(),
        format!("evil.example:{port}"),
        format!("127.0.0.1.evil.example:{port}"),
        format!("localhost.:{port}"),
        format!("0.0.0.0:{port}"),
        "127.0.0.1".to_owned(),
        "127.0.0.1:1".to_owned(),
        String::new(),
    ] {
        let (head, body) = served.request("GET", &list, &host);
        assert_eq!(status(&head), "421", "{host}: {head}");
        assert!(!body.contains("<table"), "{host}");
    }
    let own = served.host();
    for (request, expected) in [
        (
            format!("GET {list} HTTP/1.1\r\nconnection: close\r\n\r\n"),
            "421",
        ),
        (
            format!(
                "GET {list} HTTP/1.1\r\nhost: {own}\r\nhost: evil.example\r\nconnection: close\r\n\r\n"
            ),
            "421",
        ),
        (
            format!(
                "GET http://evil.example{list} HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n\r\n"
            ),
            "421",
        ),
        (
            format!("GET http://{own}{list} HTTP/1.1\r\nhost: {own}\r\nconnection: close\r\n\r\n"),
            "200",
        ),
        ("\u{1}\u{2}\r\n\r\n".to_owned(), "400"),
    ] {
        assert_eq!(status(&served.sent(&request).0), expected, "{request}");
    }
    // It is bound to loopback alone.
    assert!(served.url.starts_with("http://127.0.0.1:"));
}

#[cfg(unix)]
#[test]
fn no_link_leads_out_of_the_folder() {
    use std::os::unix::fs::symlink;
    let outside = TempDir::with_prefix("orgscan-it-").unwrap();
    std::fs::write(outside.path().join("index.html"), "<body>secret").unwrap();
    let folder = TempDir::with_prefix("orgscan-it-").unwrap();
    let day = folder.path().join("daily/2026/11/22");
    std::fs::create_dir_all(day.join("own")).unwrap();
    std::fs::write(
        day.join("own/index.html"),
        "<html><body>fine<script>1</script>",
    )
    .unwrap();
    symlink(outside.path(), day.join("linked")).unwrap();
    symlink(
        outside.path().join("index.html"),
        day.join("own/linked.html"),
    )
    .unwrap();
    // The folder itself may be named by a link.
    let name = outside.path().join("name");
    symlink(folder.path(), &name).unwrap();
    let served = Served::start(&name);
    let (head, body) = served.get(&served.path("daily/2026/11/22/own/"));
    assert_eq!(status(&head), "200", "{head}");
    assert!(body.contains("fine"), "{body}");
    // A page without a strict policy of its own may run nothing.
    let policy = header(&head, "content-security-policy").unwrap();
    assert!(
        policy.contains("sandbox") && !policy.contains("script-src"),
        "{policy}"
    );
    for path in [
        "daily/2026/11/22/linked/",
        "daily/2026/11/22/own/linked.html",
    ] {
        let (head, body) = served.get(&served.path(path));
        assert_eq!(status(&head), "404", "{path}");
        assert!(!body.contains("secret"), "{body}");
    }
}

/// A folder with a program of this name that writes down what it is asked to open.
#[cfg(unix)]
fn opener(code: u8) -> (TempDir, std::path::PathBuf) {
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
    let served = Served::of(command, reports(), &["--open"]);
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
        demo.args(["--output", "50% & more"]);
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

#[test]
fn the_pages_work_in_a_browser_under_their_headers() {
    let served = Served::start(reports());
    crate::page::python("served.py", Path::new(&served.url));
}

#[test]
fn a_folder_without_reports_and_a_place_in_s3_are_refused() {
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

//! Requests for what is not to be served, and from where nothing is to be served.

use tempfile::TempDir;

use super::{ReportServer, assert_strict, header, links, reports, status};

#[test]
fn hostile_requests_get_nothing() {
    let served = ReportServer::start(reports());
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
    let served = ReportServer::start(reports());
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
    let served = ReportServer::start(&name);
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

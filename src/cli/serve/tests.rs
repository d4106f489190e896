//! What is answered to requests that a browser would not send is tested over the wire, by `tests/it/serve`.

use super::*;

#[tokio::test]
async fn a_folder_without_reports_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    for path in [folder.path(), &folder.path().join("none")] {
        let error = Server::start(path, 0).await.unwrap_err().to_string();
        assert!(error.contains("has no reports"), "{error}");
    }
}

#[tokio::test]
async fn a_port_in_use_is_named() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(DAILY)).unwrap();
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = Server::start(folder.path(), port)
        .await
        .unwrap_err()
        .to_string();
    assert!(
        error.contains(&format!("port {port}")) && error.contains("--port 0"),
        "{error}"
    );
}

#[tokio::test]
async fn every_server_has_a_key_of_its_own() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join(DAILY)).unwrap();
    let mut seen = std::collections::HashSet::new();
    for _ in 0..3 {
        let server = Server::start(folder.path(), 0).await.unwrap();
        let key = server
            .url
            .trim_end_matches('/')
            .rsplit('/')
            .next()
            .unwrap()
            .to_owned();
        assert_eq!(key.len(), 22);
        assert!(!server.ticket_url.contains(&key));
        assert!(seen.insert(key));
    }
}

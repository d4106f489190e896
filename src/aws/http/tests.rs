use std::sync::Mutex;

use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorSettings, SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use futures::stream::{self, StreamExt};
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::*;
use crate::{Descriptors, OtherEnd};

/// Longer than any test: no connection ends for having been idle.
const FOREVER: Duration = Duration::from_secs(86_400);

/// 25 services in 17 Regions.
const HOSTS: usize = 425;

/// Every host is this machine.
#[derive(Debug)]
struct Loopback;

impl ResolveDns for Loopback {
    fn resolve_dns<'a>(&'a self, _: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(Ok(vec![[127, 0, 0, 1].into()]))
    }
}

/// A server that keeps connections open for as long as the client wants.
struct Server {
    port: u16,
    /// The hosts of the connections that the client has closed, in their order.
    closed: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let closed = Arc::<Mutex<Vec<String>>>::default();
        let log = closed.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let log = log.clone();
                tokio::spawn(async move {
                    let host = converse(stream).await;
                    log.lock().unwrap().push(host);
                });
            }
        });
        Self { port, closed }
    }

    /// Waits until the client has closed so many connections, and names their hosts.
    async fn closed(&self, count: usize) -> Vec<String> {
        loop {
            let closed = self.closed.lock().unwrap().clone();
            if closed.len() >= count {
                return closed;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }
}

/// Answers each request of a connection until its end, and gives the host of the last one.
async fn converse(stream: TcpStream) -> String {
    let mut stream = BufReader::new(stream);
    let mut host = String::new();
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.unwrap_or(0) == 0 {
            return host;
        }
        if let Some(name) = line.strip_prefix("host: ") {
            host = name.split('.').next().unwrap().to_owned();
        }
        if line == "\r\n" {
            let answer = b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n";
            stream.write_all(answer).await.unwrap();
        }
    }
}

fn client(settings: HttpSettings) -> (SharedHttpConnector, Arc<Connections>) {
    let settings = HttpSettings {
        idle_timeout: FOREVER,
        resolver: Some(SharedDnsResolver::new(Loopback)),
        ..settings
    };
    let (client, connections) = http_client(&settings).unwrap();
    let components = RuntimeComponentsBuilder::for_tests().build().unwrap();
    let connector = client.http_connector(&HttpConnectorSettings::default(), &components);
    (connector, connections)
}

async fn ask(client: &SharedHttpConnector, host: &str, port: u16) {
    let request = HttpRequest::get(format!("http://{host}.test:{port}/")).unwrap();
    let answer = client.call(request).await.unwrap();
    assert!(answer.status().is_success());
}

#[tokio::test]
async fn the_connection_that_was_idle_for_the_longest_is_closed_for_a_new_one() {
    let server = Server::start().await;
    let (client, connections) = client(HttpSettings {
        open_at_most: 3,
        ..HttpSettings::for_requests(1, 4)
    });
    for host in ["a", "b", "c", "a", "d"] {
        ask(&client, host, server.port).await;
    }
    assert_eq!(server.closed(1).await, ["b"]);
    for host in ["c", "e", "f"] {
        ask(&client, host, server.port).await;
    }
    assert_eq!(server.closed(3).await, ["b", "a", "d"]);
    assert_eq!((connections.opened(), connections.peak()), (6, 3));
}

/// The requests of a scan go to far more hosts than there are descriptors for.
async fn all_hosts_are_asked(descriptors: Descriptors) {
    let in_flight = descriptors.requests(480, OtherEnd::Elsewhere);
    let sockets = descriptors.sockets();
    let server = Server::start().await;
    let (client, connections) = client(HttpSettings::for_requests(in_flight, sockets));
    let hosts: Vec<String> = (0..HOSTS).map(|host| format!("host-{host}")).collect();
    let requests = hosts.iter().cycle().take(4 * HOSTS);
    stream::iter(requests)
        .for_each_concurrent(in_flight, |host| ask(&client, host, server.port))
        .await;
    assert!(
        connections.peak() <= sockets,
        "{descriptors:?}: {connections:?}"
    );
    assert!(
        connections.opened() >= HOSTS,
        "{descriptors:?}: {connections:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn hosts_of_25_services_share_the_descriptors_of_a_process() {
    Descriptors::raise();
    for limit in [256, 1_024] {
        all_hosts_are_asked(Descriptors::of_limit(limit)).await;
    }
}

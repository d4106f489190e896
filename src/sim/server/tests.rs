use std::time::Instant;

use tokio::io::{AsyncReadExt, AsyncWriteExt};

use super::*;
use crate::sample::recording;
use crate::{FaultFile, ServiceBehavior};

async fn replay(faults: &str) -> Replay {
    let settings = Settings {
        behavior: ServiceBehavior::none(),
        faults: FaultFile::parse("test", faults).unwrap().faults,
        ..Settings::default()
    };
    Replay::of(&recording(), settings).await.unwrap()
}

async fn connect(replay: &Replay) -> TcpStream {
    let address = replay.url.strip_prefix("http://").unwrap();
    TcpStream::connect(address).await.unwrap()
}

fn request(service: &str, body: &str) -> String {
    format!(
        "POST / HTTP/1.1\r\nhost: x\r\ncontent-length: {}\r\nauthorization: AWS4-HMAC-SHA256 \
         Credential=demo/20261122/us-east-1/{service}/aws4_request, Signature=0\r\n\r\n{body}",
        body.len()
    )
}

/// What comes back on a connection until its end.
async fn answer(stream: &mut TcpStream, request: &str) -> String {
    let request = request.replacen("host: x", "host: x\r\nconnection: close", 1);
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    String::from_utf8(answer).unwrap()
}

const REGIONS: &str = "Action=DescribeRegions&Version=2016-11-15";

#[tokio::test]
async fn requests_of_one_connection_are_answered_and_counted() {
    let replay = replay("").await;
    let mut stream = connect(&replay).await;
    let volumes = request(
        "ec2",
        "Action=DescribeVolumes&Version=2016-11-15&MaxResults=500",
    );
    stream.write_all(volumes.as_bytes()).await.unwrap();
    let answer = answer(&mut stream, &request("ec2", REGIONS)).await;
    assert_eq!(answer.matches("HTTP/1.1 200 OK").count(), 2);
    assert!(answer.contains("<volumeId>vol-1000000"), "{answer}");
    assert!(answer.contains("<regionName>eu-south-1"), "{answer}");
    let counts = replay.counts();
    assert_eq!((counts.requests, counts.peak), (2, 1));
    assert_eq!(replay.header().emulator, "by hand");
}

#[tokio::test]
async fn what_was_seen_can_be_asked_for() {
    let replay = replay("").await;
    let get = |what: &str| format!("GET /_replay/{what} HTTP/1.1\r\nhost: x\r\n\r\n");
    let publish = request("sns", "Action=Publish&Message=hello");
    answer(&mut connect(&replay).await, &publish).await;
    let writes = answer(&mut connect(&replay).await, &get("writes")).await;
    assert!(writes.contains("\"Message\":\"hello\""), "{writes}");
    let counts = answer(&mut connect(&replay).await, &get("counts")).await;
    assert!(counts.contains("\"sns:Publish\":{"), "{counts}");
    let nothing = answer(&mut connect(&replay).await, &get("x")).await;
    assert!(nothing.starts_with("HTTP/1.1 404"), "{nothing}");
}

#[tokio::test]
async fn what_cannot_be_read_is_refused() {
    let replay = replay("").await;
    let unsigned = "GET / HTTP/1.1\r\nhost: x\r\n\r\n";
    let refused = answer(&mut connect(&replay).await, unsigned).await;
    assert!(refused.contains("MissingAuthenticationToken"), "{refused}");
    let unknown = request("s3", "").replacen("POST /", "POST /bucket?delete", 1);
    let refused = answer(&mut connect(&replay).await, &unknown).await;
    assert!(refused.starts_with("HTTP/1.1 501"), "{refused}");
    assert_eq!(replay.missing(), ["POST /bucket?delete"]);
}

#[tokio::test]
async fn a_connection_may_end_before_or_in_an_answer() {
    let reset = replay("faults: [{ kind: reset }]").await;
    let got = answer(&mut connect(&reset).await, &request("ec2", REGIONS)).await;
    assert_eq!(got, "");
    let truncated = replay("faults: [{ kind: truncated }]").await;
    let got = answer(&mut connect(&truncated).await, &request("ec2", REGIONS)).await;
    let (head, body) = got.split_once("\r\n\r\n").unwrap();
    let length = head
        .lines()
        .find_map(|line| line.strip_prefix("content-length: "));
    let length: usize = length.unwrap().parse().unwrap();
    assert_eq!(body.len(), length / 2);
    assert!(body.starts_with("<R><regionInfo>"), "{body}");
}

#[tokio::test]
async fn an_answer_that_never_comes_ends_with_its_client() {
    let replay = replay("faults: [{ kind: hang }]").await;
    let mut stream = connect(&replay).await;
    no_answer(&replay, &mut stream).await;
    assert_eq!(replay.counts().open, 1);
    drop(stream);
    until(|| replay.counts().open == 0).await;
}

/// Waits until something is so.
async fn until(is_so: impl Fn() -> bool) {
    let patience = Instant::now() + Duration::from_secs(300);
    while !is_so() {
        assert!(Instant::now() < patience, "it does not come to that");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

/// Sends a request, and sees that no answer comes while it is there.
async fn no_answer(replay: &Replay, stream: &mut TcpStream) {
    let asked = request("ec2", REGIONS);
    stream.write_all(asked.as_bytes()).await.unwrap();
    until(|| replay.counts().requests == 1).await;
    let waited = tokio::time::timeout(Duration::from_millis(100), stream.read_u8()).await;
    assert!(waited.is_err());
}

#[tokio::test]
async fn only_the_first_answer_on_a_connection_waits_for_it_to_be_made() {
    let mut behavior = ServiceBehavior::none();
    behavior.connect = Duration::from_secs(24 * 3_600);
    let settings = Settings {
        behavior,
        ..Settings::default()
    };
    let replay = Replay::of(&recording(), settings).await.unwrap();
    no_answer(&replay, &mut connect(&replay).await).await;
    // What the server shows of itself comes at once, also as the first answer.
    let mut stream = connect(&replay).await;
    let counts = "GET /_replay/counts HTTP/1.1\r\nhost: x\r\n\r\n";
    stream.write_all(counts.as_bytes()).await.unwrap();
    let others = answer(&mut stream, &request("ec2", REGIONS)).await;
    assert_eq!(others.matches("HTTP/1.1 200 OK").count(), 2);
}

#[tokio::test]
async fn the_server_ends_with_its_value() {
    let replay = replay("").await;
    let mut stream = connect(&replay).await;
    let address = replay.url.strip_prefix("http://").unwrap().to_owned();
    drop(replay);
    assert_eq!(stream.read(&mut [0]).await.unwrap_or(0), 0);
    assert!(TcpStream::connect(address).await.is_err());
}

//! One HTTP request to the emulator, on a connection of its own.

use std::io::{Error, ErrorKind, Result};

use bytes::Bytes;
use http::{Request, Response};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// Headers that are about one connection, and are set again on each.
const PER_CONNECTION: &[&str] = &["connection", "content-length", "transfer-encoding", "date"];

/// Sends a request to `host`, and reads the whole answer.
///
/// # Errors
/// Where the emulator cannot be reached, or answers with something that is not HTTP, or cut short.
pub(crate) async fn forward(host: &str, request: &Request<Bytes>) -> Result<Response<Bytes>> {
    let mut stream = TcpStream::connect(host).await?;
    stream.set_nodelay(true)?;
    stream.write_all(&written(request)).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    parse(&answer).ok_or_else(|| {
        let what = format!("{} is answered with no whole HTTP answer", request.uri());
        Error::new(ErrorKind::InvalidData, what)
    })
}

fn written(request: &Request<Bytes>) -> Vec<u8> {
    let target = request.uri().path_and_query();
    let target = target.map_or("/", |target| target.as_str());
    let mut bytes = format!("{} {target} HTTP/1.1\r\n", request.method()).into_bytes();
    for (name, value) in request.headers() {
        if !PER_CONNECTION.contains(&name.as_str()) {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.extend_from_slice(b": ");
            bytes.extend_from_slice(value.as_bytes());
            bytes.extend_from_slice(b"\r\n");
        }
    }
    let length = request.body().len();
    let last = format!("connection: close\r\ncontent-length: {length}\r\n\r\n");
    bytes.extend_from_slice(last.as_bytes());
    bytes.extend_from_slice(request.body());
    bytes
}

fn parse(answer: &[u8]) -> Option<Response<Bytes>> {
    let end = answer.windows(4).position(|four| four == b"\r\n\r\n")?;
    let body = &answer[end + 4..];
    let mut lines = std::str::from_utf8(&answer[..end]).ok()?.split("\r\n");
    let status: u16 = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let mut response = Response::builder().status(status);
    for line in lines {
        let (name, value) = line.split_once(':')?;
        let (name, value) = (name.trim().to_ascii_lowercase(), value.trim());
        if name == "content-length" && value.parse() != Ok(body.len()) {
            return None;
        }
        if !PER_CONNECTION.contains(&name.as_str()) {
            response = response.header(name, value);
        }
    }
    response.body(Bytes::copy_from_slice(body)).ok()
}

#[test]
fn an_answer_that_is_cut_short_is_none() {
    let whole =
        b"HTTP/1.1 403 FORBIDDEN\r\nContent-Type: text/xml\r\nContent-Length: 4\r\n\r\n<a/>";
    let answer = parse(whole).unwrap();
    assert_eq!(answer.status(), 403);
    assert_eq!(answer.headers()["content-type"], "text/xml");
    assert!(!answer.headers().contains_key("content-length"));
    assert_eq!(answer.body(), "<a/>");
    for length in 0..whole.len() {
        assert!(parse(&whole[..length]).is_none(), "{length}");
    }
}

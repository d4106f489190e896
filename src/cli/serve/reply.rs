//! Answers, each with the headers that keep a page to itself.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use futures::stream::{self, Stream, StreamExt};
use http::header::{
    ALLOW, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue,
    LOCATION, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
};
use http::{HeaderName, Response, StatusCode};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::Frame;
use tokio::fs::File;
use tokio::io::AsyncReadExt;

use super::policy::NOTHING;

/// How much of a file is sent at a time.
const CHUNK: usize = 64 * 1_024;

/// An answer.
pub(super) type Reply = Response<UnsyncBoxBody<Bytes, io::Error>>;

const HEADERS: [(HeaderName, &str); 6] = [
    (X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (REFERRER_POLICY, "no-referrer"),
    (X_FRAME_OPTIONS, "DENY"),
    (CACHE_CONTROL, "no-store"),
    (
        HeaderName::from_static("cross-origin-opener-policy"),
        "same-origin",
    ),
    (
        HeaderName::from_static("cross-origin-resource-policy"),
        "same-origin",
    ),
];

/// A page that is in memory.
pub(super) fn page(content_type: &'static str, policy: &str, text: String) -> Reply {
    let length = text.len() as u64;
    let body = Full::new(Bytes::from(text)).map_err(never);
    of(
        StatusCode::OK,
        content_type,
        policy,
        length,
        body.boxed_unsync(),
    )
}

/// A file, with text before it.
pub(super) fn file(
    content_type: &'static str,
    policy: &str,
    before: Vec<u8>,
    file: File,
    rest: u64,
) -> Reply {
    let length = before.len() as u64 + rest;
    let first = stream::once(async { Ok(Frame::data(Bytes::from(before))) });
    // No more than was announced, even if the file grows.
    let body = StreamBody::new(first.chain(chunks(file.take(rest))));
    of(
        StatusCode::OK,
        content_type,
        policy,
        length,
        body.boxed_unsync(),
    )
}

fn chunks(file: tokio::io::Take<File>) -> impl Stream<Item = io::Result<Frame<Bytes>>> {
    stream::try_unfold(file, |mut file| async move {
        let mut chunk = Vec::with_capacity(CHUNK);
        let read = (&mut file)
            .take(CHUNK as u64)
            .read_to_end(&mut chunk)
            .await?;
        Ok((read > 0).then(|| (Frame::data(Bytes::from(chunk)), file)))
    })
}

/// A refusal, with the reason for a person.
pub(super) fn refusal(status: StatusCode, why: &'static str) -> Reply {
    let body = Full::new(Bytes::from_static(why.as_bytes())).map_err(never);
    let text = "text/plain; charset=utf-8";
    of(status, text, NOTHING, why.len() as u64, body.boxed_unsync())
}

/// That only reading is possible.
pub(super) fn not_allowed() -> Reply {
    let mut reply = refusal(
        StatusCode::METHOD_NOT_ALLOWED,
        "Only GET and HEAD are possible.\n",
    );
    let allowed = HeaderValue::from_static("GET, HEAD");
    reply.headers_mut().insert(ALLOW, allowed);
    reply
}

/// That the page is somewhere else on this server.
pub(super) fn redirect(path: &str) -> Reply {
    let mut reply = refusal(StatusCode::SEE_OTHER, "");
    match HeaderValue::from_str(path) {
        Ok(path) => drop(reply.headers_mut().insert(LOCATION, path)),
        Err(_) => return refusal(StatusCode::NOT_FOUND, "There is no such page.\n"),
    }
    reply
}

fn of(
    status: StatusCode,
    content_type: &'static str,
    policy: &str,
    length: u64,
    body: UnsyncBoxBody<Bytes, io::Error>,
) -> Reply {
    let mut reply = Response::new(body);
    *reply.status_mut() = status;
    let headers = reply.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CONTENT_LENGTH, length.into());
    let policy = HeaderValue::from_str(policy);
    let policy = policy.unwrap_or_else(|_| HeaderValue::from_static(NOTHING));
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    reply
}

fn never(never: Infallible) -> io::Error {
    match never {}
}

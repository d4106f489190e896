//! A bucket in memory, behind S3's wire protocol, with conditional writes.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use aws_config::{BehaviorVersion, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::{
    HttpConnector, HttpConnectorFuture, SharedHttpConnector, http_client_fn,
};
use aws_smithy_runtime_api::client::orchestrator::{HttpRequest, HttpResponse};
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_types::body::SdkBody;
use aws_smithy_types::byte_stream::ByteStream;
use aws_smithy_types::retry::RetryConfig;
use orgscan_core::model::Region;

use crate::rate_limit::{ApiCaller, Deadline, RateLimitSettings, RateLimits, RateScope};

/// A bucket named `bucket`. Copies share the objects.
#[derive(Clone, Debug, Default)]
pub struct FakeBucket(Arc<BucketState>);

#[derive(Debug, Default)]
struct BucketState {
    /// Contents and versions by key.
    objects: Mutex<BTreeMap<String, (Vec<u8>, usize)>>,
    versions: AtomicUsize,
    /// So many writes more take place without anybody hearing of it.
    dropped_responses: AtomicUsize,
    denied: AtomicUsize,
    /// Writes to keys with this in them are denied.
    read_only: Mutex<Option<&'static str>>,
}

impl FakeBucket {
    /// The rate limits of its caller, which are none.
    pub fn api_caller(&self) -> ApiCaller {
        let rate_limits = RateLimits::new(RateLimitSettings {
            api_share: 1.0,
            central_share: 1.0,
            requests_in_flight: 8,
            attempts: 3,
            attempt_timeout: Duration::from_secs(300),
        });
        let region = Region::new("us-east-1");
        rate_limits.api_caller(&RateScope::unknown_caller(&region), Deadline::never())
    }

    /// The configuration of a caller to whom it is all of S3.
    pub fn sdk(&self) -> SdkConfig {
        let connector = SharedHttpConnector::new(self.clone());
        let credentials = Credentials::new("id", "secret", None, None, "test");
        SdkConfig::builder()
            .behavior_version(BehaviorVersion::latest())
            .credentials_provider(SharedCredentialsProvider::new(credentials))
            .http_client(http_client_fn(move |_, _| connector.clone()))
            .region(aws_config::Region::from_static("us-east-1"))
            .retry_config(RetryConfig::disabled())
            .build()
    }

    pub fn keys(&self) -> Vec<String> {
        self.0.objects.lock().unwrap().keys().cloned().collect()
    }

    pub fn read(&self, key: &str) -> Vec<u8> {
        self.0.objects.lock().unwrap()[key].0.clone()
    }

    pub fn write(&self, key: &str, content: &[u8]) {
        let version = self.0.versions.fetch_add(1, Ordering::Relaxed);
        let object = (content.to_vec(), version);
        self.0
            .objects
            .lock()
            .unwrap()
            .insert(key.to_owned(), object);
    }

    pub fn remove(&self, key: &str) {
        self.0.objects.lock().unwrap().remove(key);
    }

    /// The next write takes place, but its answer is lost on the way.
    pub fn drop_next_response(&self) {
        self.0.dropped_responses.store(1, Ordering::Relaxed);
    }

    /// Denies everything from now on, or allows it again.
    pub fn deny(&self, deny: bool) {
        self.0.denied.store(usize::from(deny), Ordering::Relaxed);
    }

    /// Denies writes to keys with this in them.
    pub fn deny_writes_to(&self, part: Option<&'static str>) {
        *self.0.read_only.lock().unwrap() = part;
    }

    fn answer(&self, request: &HttpRequest, body: &[u8]) -> (u16, Option<usize>, Vec<u8>) {
        if self.0.denied.load(Ordering::Relaxed) == 1 {
            return error(403, "AccessDenied");
        }
        let (path, query) = split(request.uri());
        let path = decoded(path);
        let key = path.trim_start_matches('/').strip_prefix("bucket");
        let Some(key) = key.map(|key| key.trim_start_matches('/')) else {
            return error(404, "NoSuchBucket");
        };
        match (request.method(), key) {
            ("GET", "") => self.list(query),
            ("GET", key) => match self.0.objects.lock().unwrap().get(key) {
                Some((content, version)) => (200, Some(*version), content.clone()),
                None => error(404, "NoSuchKey"),
            },
            ("PUT", key) => self.put(key, request, body),
            _ => error(405, "MethodNotAllowed"),
        }
    }

    fn put(&self, key: &str, request: &HttpRequest, body: &[u8]) -> (u16, Option<usize>, Vec<u8>) {
        let read_only = *self.0.read_only.lock().unwrap();
        if read_only.is_some_and(|part| key.contains(part)) {
            return error(403, "AccessDenied");
        }
        let there = self.0.objects.lock().unwrap().get(key).map(|(_, v)| *v);
        let header = |name| request.headers().get(name);
        if header("if-none-match") == Some("*") && there.is_some() {
            return error(412, "PreconditionFailed");
        }
        if let Some(wanted) = header("if-match") {
            match there {
                None => return error(404, "NoSuchKey"),
                Some(version) if etag(version) != wanted => {
                    return error(412, "PreconditionFailed");
                }
                Some(_) => {}
            }
        }
        self.write(key, body);
        let version = self.0.objects.lock().unwrap()[key].1;
        (200, Some(version), Vec::new())
    }

    /// By pages of two.
    fn list(&self, query: &str) -> (u16, Option<usize>, Vec<u8>) {
        let query: BTreeMap<_, _> = form_urlencoded::parse(query.as_bytes()).collect();
        let after = query.get("continuation-token").map_or("", |token| token);
        let objects = self.0.objects.lock().unwrap();
        let keys = objects
            .keys()
            .filter(|key| key.starts_with(&*query["prefix"]) && key.as_str() > after);
        let page: Vec<&String> = keys.take(2).collect();
        let contents: String = page
            .iter()
            .map(|key| {
                let etag = etag(objects[*key].1);
                format!("<Contents><Key>{key}</Key><ETag>{etag}</ETag></Contents>")
            })
            .collect();
        let next = match page.len() {
            2 => format!("<NextContinuationToken>{}</NextContinuationToken>", page[1]),
            _ => String::new(),
        };
        let body = format!("<ListBucketResult>{contents}{next}</ListBucketResult>");
        (200, None, body.into_bytes())
    }
}

impl HttpConnector for FakeBucket {
    fn call(&self, mut request: HttpRequest) -> HttpConnectorFuture {
        let bucket = self.clone();
        let body = std::mem::replace(request.body_mut(), SdkBody::empty());
        HttpConnectorFuture::new(async move {
            let body = ByteStream::new(body).collect().await.unwrap().into_bytes();
            let is_chunked = request.headers().get("content-encoding") == Some("aws-chunked");
            let body = if is_chunked {
                unchunked(&body)
            } else {
                body.to_vec()
            };
            bucket.connect(&request, &body)
        })
    }
}

impl FakeBucket {
    fn connect(&self, request: &HttpRequest, body: &[u8]) -> Result<HttpResponse, ConnectorError> {
        let (status, version, body) = self.answer(request, body);
        let lost =
            request.method() == "PUT" && self.0.dropped_responses.swap(0, Ordering::Relaxed) == 1;
        if lost {
            let error = std::io::Error::other("connection reset");
            return Err(ConnectorError::io(error.into()));
        }
        let mut answer = HttpResponse::new(status.try_into().unwrap(), SdkBody::from(body));
        if let Some(version) = version {
            answer.headers_mut().insert("etag", etag(version));
        }
        Ok(answer)
    }
}

/// The content of a body that is sent in chunks, each after its length in hexadecimal digits.
fn unchunked(mut body: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let end = body.windows(2).position(|two| two == b"\r\n").unwrap();
        let length = std::str::from_utf8(&body[..end]).unwrap();
        let length = usize::from_str_radix(length, 16).unwrap();
        if length == 0 {
            return content;
        }
        let (chunk, rest) = body[end + 2..].split_at(length);
        content.extend_from_slice(chunk);
        body = &rest[2..];
    }
}

fn split(uri: &str) -> (&str, &str) {
    let rest = uri.split_once("://").map_or(uri, |(_, rest)| rest);
    let path = rest.find('/').map_or("/", |at| &rest[at..]);
    path.split_once('?').unwrap_or((path, ""))
}

/// A path without its percent signs.
fn decoded(path: &str) -> String {
    let escaped = path.replace('+', "%2B");
    let pairs = form_urlencoded::parse(escaped.as_bytes());
    pairs.map(|(key, _)| key.into_owned()).collect()
}

fn etag(version: usize) -> String {
    format!("\"{version}\"")
}

fn error(status: u16, code: &str) -> (u16, Option<usize>, Vec<u8>) {
    let body = format!("<Error><Code>{code}</Code><Message>{code}</Message></Error>");
    (status, None, body.into_bytes())
}

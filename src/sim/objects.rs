//! S3 objects: what is put there, and how it is read back.

use std::collections::BTreeMap;

use bytes::Bytes;
use http::HeaderMap;
use http::header::HeaderValue;
use jiff::Timestamp;

use super::call::Call;
use super::chunked;
use super::listing::page;
use super::reply::{ErrorFormat, Refusal, Reply, escape};
use super::rng::mix;

/// The largest page of a list, and the ordinary one.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>
const PAGE: usize = 1_000;

/// All objects, by bucket and key.
#[derive(Debug, Default)]
pub(super) struct Objects(BTreeMap<(String, String), Object>);

#[derive(Debug)]
struct Object {
    bytes: Bytes,
    etag: String,
    content_type: HeaderValue,
    modified: Timestamp,
}

/// Whether an operation is about objects.
pub(super) fn is_about_objects(operation: &str) -> bool {
    matches!(
        operation,
        "PutObject" | "GetObject" | "HeadObject" | "DeleteObject" | "ListObjectsV2"
    )
}

impl Objects {
    /// The answer to a request about objects.
    pub(super) fn reply(&mut self, call: &Call, headers: &HeaderMap, body: &Bytes) -> Reply {
        let text = |name: &str| call.parameter(name).unwrap_or_default().to_owned();
        let at = (text("Bucket"), text("Key"));
        let answer = match call.operation.as_str() {
            "PutObject" => self.put(at, headers, body),
            "DeleteObject" => self.delete(&at, headers),
            "ListObjectsV2" => self.list(call, &at.0),
            _ => self.get(&at),
        };
        answer.unwrap_or_else(|refusal| refusal.reply(ErrorFormat::S3))
    }

    /// Buckets and keys of all objects: `bucket/key`.
    pub(super) fn keys(&self) -> Vec<String> {
        let keys = self.0.keys();
        keys.map(|(bucket, key)| format!("{bucket}/{key}"))
            .collect()
    }

    fn put(
        &mut self,
        at: (String, String),
        headers: &HeaderMap,
        body: &Bytes,
    ) -> Result<Reply, Refusal> {
        self.check_conditions(&at, headers)?;
        let bytes = chunked::decode(headers, body).map_err(|reason| {
            Refusal::new(
                400,
                "IncompleteBody",
                format!("The request body is not as said: {reason}"),
            )
        })?;
        let etag = etag(&bytes);
        let octets = || HeaderValue::from_static("binary/octet-stream");
        let object = Object {
            etag: etag.clone(),
            bytes,
            content_type: headers.get("content-type").cloned().unwrap_or_else(octets),
            modified: Timestamp::now(),
        };
        self.0.insert(at, object);
        Ok(Reply::xml(200, "").with("etag", &etag))
    }

    /// `If-None-Match: *` and `If-Match`.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-requests.html>
    fn check_conditions(&self, at: &(String, String), headers: &HeaderMap) -> Result<(), Refusal> {
        let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
        let there = self.0.get(at);
        let failed = Refusal::new(
            412,
            "PreconditionFailed",
            "At least one of the pre-conditions you specified did not hold",
        );
        match (text("if-match"), there) {
            (Some(_), None) => return Err(no_such_key()),
            (Some(etag), Some(object)) if unquoted(etag) != unquoted(&object.etag) => {
                return Err(failed);
            }
            _ => {}
        }
        match (text("if-none-match"), there) {
            (Some("*"), Some(_)) => Err(failed),
            _ => Ok(()),
        }
    }

    fn get(&self, at: &(String, String)) -> Result<Reply, Refusal> {
        let object = self.0.get(at).ok_or_else(no_such_key)?;
        let reply = Reply::new(200, &object.content_type, object.bytes.clone());
        let modified = object.modified.strftime("%a, %d %b %Y %H:%M:%S GMT");
        let reply = reply.with("last-modified", &modified.to_string());
        Ok(reply.with("etag", &object.etag))
    }

    fn delete(&mut self, at: &(String, String), headers: &HeaderMap) -> Result<Reply, Refusal> {
        self.check_conditions(at, headers)?;
        self.0.remove(at);
        Ok(Reply::xml(204, ""))
    }

    fn list(&self, call: &Call, bucket: &str) -> Result<Reply, Refusal> {
        let known = ["Bucket", "prefix", "delimiter"];
        if let Some(other) = call
            .parameters
            .keys()
            .find(|name| !known.contains(&name.as_str()))
        {
            let message = format!("ListObjectsV2 is replayed without {other}");
            return Err(Refusal::new(501, "NotImplemented", message));
        }
        let prefix = call.parameter("prefix").unwrap_or_default();
        let from = (bucket.to_owned(), prefix.to_owned());
        let found = self.0.range(from..);
        let found = found.take_while(|((b, key), _)| b == bucket && key.starts_with(prefix));
        let mut found: Vec<_> = found
            .map(|((_, key), object)| listed(key, object, prefix, call.parameter("delimiter")))
            .collect();
        found.dedup();
        let size = call.page_size.unwrap_or(PAGE).min(PAGE);
        let Some((range, next)) = page(found.len(), size, call.page_token.as_deref()) else {
            let message = "The continuation token provided is incorrect";
            return Err(Refusal::new(400, "InvalidArgument", message));
        };
        let page = &found[range];
        let next = next.map_or(String::new(), |token| {
            format!("<NextContinuationToken>{token}</NextContinuationToken>")
        });
        Ok(Reply::xml(
            200,
            format!(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
                 <ListBucketResult xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">\
                 <Name>{bucket}</Name><Prefix>{}</Prefix><KeyCount>{}</KeyCount>\
                 <MaxKeys>{size}</MaxKeys><IsTruncated>{}</IsTruncated>{}{next}\
                 </ListBucketResult>",
                escape(prefix),
                page.len(),
                !next.is_empty(),
                page.concat(),
            ),
        ))
    }
}

/// An object of a list, or what stands for all of those whose names go on alike up to a delimiter.
fn listed(key: &str, object: &Object, prefix: &str, delimiter: Option<&str>) -> String {
    let rest = &key[prefix.len()..];
    let common = delimiter.and_then(|delimiter| Some(rest.find(delimiter)? + delimiter.len()));
    common.map_or_else(
        || contents(key, object),
        |end| {
            let common = escape(&key[..prefix.len() + end]);
            format!("<CommonPrefixes><Prefix>{common}</Prefix></CommonPrefixes>")
        },
    )
}

fn contents(key: &str, object: &Object) -> String {
    format!(
        "<Contents><Key>{}</Key><LastModified>{}</LastModified><ETag>{}</ETag><Size>{}</Size>\
         <StorageClass>STANDARD</StorageClass></Contents>",
        escape(key),
        object.modified.strftime("%Y-%m-%dT%H:%M:%S.000Z"),
        object.etag,
        object.bytes.len(),
    )
}

fn no_such_key() -> Refusal {
    Refusal::new(404, "NoSuchKey", "The specified key does not exist.")
}

fn unquoted(etag: &str) -> &str {
    etag.trim_matches('"')
}

/// Follows from the content; that AWS's is its MD5 is not promised, and with KMS it is not.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Object.html>
fn etag(bytes: &[u8]) -> String {
    let half = |seed: u64| {
        bytes
            .iter()
            .fold(seed, |hash, byte| mix(hash ^ u64::from(*byte)))
    };
    format!("\"{:016x}{:016x}\"", half(1), half(2))
}

#[cfg(test)]
mod tests;

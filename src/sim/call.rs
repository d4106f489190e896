//! What a request asks for, whichever of AWS's protocols it speaks.

mod paths;

use form_urlencoded::parse as pairs;
use http::{HeaderMap, Method, Uri, header};

use self::paths::operation_at;
use super::recording::Parameters;

/// A request, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Call {
    /// The id of the key that signed it.
    pub access_key: String,
    /// The service's name as in [`orgscan_core::api`]: `ec2`, `s3control`, `cloudwatch`.
    pub service: String,
    /// The Region of the credential scope.
    pub region: String,
    /// The operation as AWS names it: `GetBucketPolicyStatus`.
    pub operation: String,
    /// Parameters of the query string, the form or the JSON document, without those that name the
    /// operation, page or narrow a list of IAM's or differ in every run. S3's have `Bucket` and `Key`, S3 Control's
    /// `AccountId`, Lambda's `FunctionName`. Of a value that is no text, its JSON.
    pub parameters: Parameters,
    /// How many items the page may have, if that was asked for.
    pub page_size: Option<usize>,
    /// The token of the page that was asked for.
    pub page_token: Option<String>,
    /// AssumeRole's name for the session, which differs in every run.
    pub session_name: Option<String>,
}

/// Why a request cannot be taken apart.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum CallError {
    /// It has no credential scope.
    #[error("the request is not signed: it has no `Authorization: AWS4-HMAC-SHA256 Credential=…`")]
    Unsigned,
    /// It fits none of the operations that are known here.
    #[error("{method} {path} is no operation that `replay::call` knows; add it there")]
    Unknown {
        /// The HTTP method.
        method: String,
        /// The path and the query.
        path: String,
    },
    /// Its body is no JSON document.
    #[error("the body of {operation} is not a JSON object: {error}")]
    Body {
        /// The operation.
        operation: String,
        /// What is wrong.
        error: String,
    },
}

/// How each service's names for the page differ.
///
/// EC2: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-pagination.html>,
/// IAM: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html>,
/// S3: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html>,
/// KMS: <https://docs.aws.amazon.com/kms/latest/APIReference/API_ListKeys.html>,
/// CloudWatch Logs:
/// <https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DescribeMetricFilters.html>
const PAGE_SIZE: &[&str] = &[
    "MaxResults",
    "maxResults",
    "MaxItems",
    "MaxRecords",
    "PageSize",
    "Limit",
    "limit",
    "max-buckets",
    "max-keys",
];
const PAGE_TOKEN: &[&str] = &[
    "NextToken",
    "nextToken",
    "Marker",
    "marker",
    "position",
    "continuation-token",
];

/// What a list of IAM is about. The recording has all of it, and who asks for less takes what was asked for;
/// nobody in it has one of AWS's policies as a boundary only.
const FILTERS: &[&str] = &["Filter.member.", "PolicyUsageFilter"];

/// Names that say which operation it is.
const OPERATION: &[&str] = &["Action", "Version", "x-id", "list-type"];

/// Where S3 Control's paths begin.
const S3_CONTROL: &str = "/v20180820/";

/// S3's questions about a bucket, by the query's name.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html>
const BUCKET_READS: &[(&str, &str)] = &[
    ("publicAccessBlock", "GetPublicAccessBlock"),
    ("policyStatus", "GetBucketPolicyStatus"),
    ("policy", "GetBucketPolicy"),
    ("versioning", "GetBucketVersioning"),
    ("logging", "GetBucketLogging"),
    ("encryption", "GetBucketEncryption"),
    ("acl", "GetBucketAcl"),
    ("location", "GetBucketLocation"),
    ("list-type", "ListObjectsV2"),
];

impl Call {
    /// Takes a request apart.
    ///
    /// # Errors
    /// See [`CallError`].
    pub fn read(
        method: &Method,
        uri: &Uri,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Self, CallError> {
        let (access_key, region, service) = scope(headers).ok_or(CallError::Unsigned)?;
        let mut call = Self {
            access_key: access_key.to_owned(),
            service: service_name(service, uri.path()).to_owned(),
            region: region.to_owned(),
            ..Self::default()
        };
        for (name, value) in pairs(uri.query().unwrap_or_default().as_bytes()) {
            call.take(&name, value.into_owned());
        }
        let known = match call.service.as_str() {
            "s3" => call.read_s3(method, uri),
            "s3control" => call.read_s3_control(method, uri, headers),
            "lambda" if method == Method::POST => call.read_lambda(uri, headers),
            "access-analyzer" | "account" | "es" => call.read_document(uri, body),
            "apigateway" | "backup" | "cloudfront" | "elasticfilesystem" | "glacier"
            | "guardduty" | "inspector2" | "lambda" | "macie2" | "securityhub" => {
                call.read_path(uri)
            }
            "cloudwatch" if uri.path() != "/" => call.read_cloudwatch(uri),
            _ => match text(headers, "x-amz-target") {
                Some(target) => return call.read_json(target, body),
                None => call.read_form(body),
            },
        };
        known.map(|()| call).ok_or_else(|| CallError::Unknown {
            method: method.to_string(),
            path: uri.to_string(),
        })
    }

    /// Service and operation: `ec2:DescribeVolumes`.
    pub fn name(&self) -> String {
        format!("{}:{}", self.service, self.operation)
    }

    /// A parameter's value.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.parameters.get(name).map(String::as_str)
    }

    fn take(&mut self, name: &str, value: String) {
        if OPERATION.contains(&name) || FILTERS.iter().any(|filter| name.starts_with(filter)) {
        } else if PAGE_SIZE.contains(&name) {
            self.page_size = value.parse().ok();
        } else if PAGE_TOKEN.contains(&name) {
            self.page_token = Some(value);
        } else if name == "RoleSessionName" {
            self.session_name = Some(value);
        } else {
            self.parameters.insert(name.to_owned(), value);
        }
    }

    /// The query protocol: EC2, IAM, STS, SNS, CloudFormation.
    fn read_form(&mut self, body: &[u8]) -> Option<()> {
        let mut action = None;
        for (name, value) in pairs(body) {
            if name == "Action" {
                action = Some(value.into_owned());
            } else if name == "Version" && self.service == "elasticloadbalancing" {
                // Two APIs share their name and those of some operations.
                self.parameters
                    .insert(name.into_owned(), value.into_owned());
            } else {
                self.take(&name, value.into_owned());
            }
        }
        self.operation = action?;
        Some(())
    }

    /// The JSON protocols: Organizations, CloudTrail.
    fn read_json(mut self, target: &str, body: &[u8]) -> Result<Self, CallError> {
        let operation = target.rsplit('.').next().unwrap_or(target);
        self.operation = operation.to_owned();
        let document = serde_json::from_slice(body).map_err(|error| CallError::Body {
            operation: self.name(),
            error: error.to_string(),
        })?;
        self.take_fields(document);
        Ok(self)
    }

    fn take_fields(&mut self, document: serde_json::Map<String, serde_json::Value>) {
        for (name, value) in document {
            match value {
                serde_json::Value::String(text) => self.take(&name, text),
                other => self.take(&name, other.to_string()),
            }
        }
    }

    /// S3, path style.
    fn read_s3(&mut self, method: &Method, uri: &Uri) -> Option<()> {
        let path = uri.path().strip_prefix('/')?;
        let (bucket, key) = path.split_once('/').unwrap_or((path, ""));
        self.operation = match (bucket, key) {
            ("", _) if method == Method::GET => "ListBuckets",
            ("", _) => return None,
            (_, "") => bucket_operation(method, uri.query().unwrap_or_default())?,
            _ => object_operation(method)?,
        }
        .to_owned();
        for (query, operation) in BUCKET_READS {
            if self.operation == *operation {
                self.parameters.remove(*query);
            }
        }
        for (name, value) in [("Bucket", bucket), ("Key", key)] {
            if !value.is_empty() {
                self.parameters.insert(name.to_owned(), decoded(value));
            }
        }
        Some(())
    }

    fn read_s3_control(&mut self, method: &Method, uri: &Uri, headers: &HeaderMap) -> Option<()> {
        let path = uri.path().strip_prefix(S3_CONTROL)?;
        if path != "configuration/publicAccessBlock" || method != Method::GET {
            return None;
        }
        self.operation = "GetPublicAccessBlock".to_owned();
        let account = text(headers, "x-amz-account-id")?.to_owned();
        self.parameters.insert("AccountId".to_owned(), account);
        Some(())
    }

    /// `/2015-03-31/functions/NAME/invocations`
    fn read_lambda(&mut self, uri: &Uri, headers: &HeaderMap) -> Option<()> {
        let mut path = uri.path().split('/').skip(2);
        let (functions, name, what) = (path.next()?, path.next()?, path.next()?);
        if functions != "functions" || what != "invocations" {
            return None;
        }
        self.operation = "Invoke".to_owned();
        self.parameters.insert("FunctionName".into(), decoded(name));
        let kind = text(headers, "x-amz-invocation-type").unwrap_or("RequestResponse");
        self.parameters.insert("InvocationType".into(), kind.into());
        Some(())
    }

    /// A path with a JSON document, or without one: `/listRegions`, `/finding`, `/analyzer`, `/2021-01-01/domain`.
    ///
    /// Source: <https://docs.aws.amazon.com/accounts/latest/reference/API_ListRegions.html>,
    /// <https://docs.aws.amazon.com/access-analyzer/latest/APIReference/API_ListFindings.html> and
    /// <https://docs.aws.amazon.com/opensearch-service/latest/APIReference/API_DescribeDomains.html>
    fn read_document(&mut self, uri: &Uri, body: &[u8]) -> Option<()> {
        self.operation = operation_at(&self.service, uri.path())?.0.to_owned();
        if !body.is_empty() {
            self.take_fields(serde_json::from_slice(body).ok()?);
        }
        Some(())
    }

    /// REST with JSON, without a document: the query is read already.
    fn read_path(&mut self, uri: &Uri) -> Option<()> {
        let (operation, parameters) = operation_at(&self.service, uri.path())?;
        self.operation = operation.to_owned();
        let parameters = parameters.into_iter();
        self.parameters
            .extend(parameters.map(|(name, value)| (name.to_owned(), value)));
        Some(())
    }

    /// RPC v2 CBOR: `/service/GraniteServiceVersion20100801/operation/PutMetricData`. The body's
    /// fields are no parameters here.
    ///
    /// Source: <https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html>
    fn read_cloudwatch(&mut self, uri: &Uri) -> Option<()> {
        let (service, operation) = uri.path().rsplit_once("/operation/")?;
        if !service.contains("/service/") {
            return None;
        }
        self.operation = operation.to_owned();
        Some(())
    }
}

/// Key, Region and service of the credential scope:
/// `AWS4-HMAC-SHA256 Credential=KEY/20261122/eu-west-1/ec2/aws4_request, SignedHeaders=…`.
fn scope(headers: &HeaderMap) -> Option<(&str, &str, &str)> {
    let value = text(headers, header::AUTHORIZATION.as_str())?;
    let (_, scope) = value.split_once("Credential=")?;
    let mut parts = scope.split('/');
    let key = parts.next()?;
    let region = parts.nth(1)?;
    Some((key, region, parts.next()?))
}

/// The service's name in the credential scope is not always that in IAM actions.
fn service_name<'a>(scope: &'a str, path: &str) -> &'a str {
    match scope {
        "s3" if path.starts_with(S3_CONTROL) => "s3control",
        "monitoring" => "cloudwatch",
        service => service,
    }
}

fn bucket_operation(method: &Method, query: &str) -> Option<&'static str> {
    if method == Method::HEAD {
        return Some("HeadBucket");
    }
    let asked = |wanted: &str| pairs(query.as_bytes()).any(|(name, _)| name == wanted);
    let found = BUCKET_READS.iter().find(|(name, _)| asked(name));
    found
        .filter(|_| method == Method::GET)
        .map(|(_, operation)| *operation)
}

fn object_operation(method: &Method) -> Option<&'static str> {
    match *method {
        Method::GET => Some("GetObject"),
        Method::PUT => Some("PutObject"),
        Method::HEAD => Some("HeadObject"),
        Method::DELETE => Some("DeleteObject"),
        _ => None,
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

/// A part of a path without its percent signs. A `+` stands for itself there.
fn decoded(part: &str) -> String {
    let mut pieces = part.split('%');
    let mut bytes = pieces.next().unwrap_or_default().as_bytes().to_vec();
    for piece in pieces {
        let byte = piece.get(..2).map(|hex| u8::from_str_radix(hex, 16));
        match byte {
            Some(Ok(byte)) => {
                bytes.push(byte);
                bytes.extend(&piece.as_bytes()[2..]);
            }
            _ => {
                bytes.push(b'%');
                bytes.extend(piece.as_bytes());
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests;

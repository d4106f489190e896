//! A run's folder in S3.

use std::path::Path;

use aws_sdk_s3::Client;
use aws_sdk_s3::error::SdkError;
use aws_sdk_s3::operation::get_object::GetObjectError;
use aws_sdk_s3::operation::list_objects_v2::ListObjectsV2Output;
use aws_sdk_s3::operation::put_object::{PutObjectError, PutObjectOutput};
use aws_sdk_s3::primitives::ByteStream;
use aws_smithy_runtime_api::client::result::ConnectorError;
use bytes::Bytes;
use orgscan_aws::rate_limit::ApiCaller;
use orgscan_aws::{AwsError, Failure, encrypted, next_page, pages, require, whole_object};
use orgscan_core::lines::{LineSplitter, LineVisitor};
use orgscan_core::services::s3;
use tokio::io::AsyncWriteExt;

use super::{StoreError, Version};

/// A run's folder in S3. Every request goes through the API caller.
#[derive(Debug)]
pub struct Remote {
    /// The client, for the bucket's Region.
    pub s3: Client,
    /// The bucket.
    pub bucket: String,
    /// The key of the folder: empty, or with a slash at its end.
    pub prefix: String,
    /// The KMS key that encrypts the objects; S3's own keys otherwise.
    pub kms_key_id: Option<String>,
    /// Limits the rate of the requests.
    pub api_caller: ApiCaller,
}

/// What has to hold for an object to be written.
#[derive(Clone, Debug)]
pub(super) enum Condition {
    /// Nothing.
    Always,
    /// It is still of this version.
    Still(Version),
}

impl From<&Version> for Condition {
    fn from(read: &Version) -> Self {
        Self::Still(read.clone())
    }
}

/// What is written.
#[derive(Clone, Copy, Debug)]
pub enum Content<'a> {
    /// These bytes, of this media type.
    Bytes(&'a Bytes, &'static str),
    /// What is in this file, which is streamed.
    File(&'a Path, &'static str),
}

/// Codes that say that a condition does not hold. The second one: two requests raced.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>
const NOT_MET: &[&str] = &["PreconditionFailed", "ConditionalRequestConflict"];

/// Codes that say that there is no such object. A condition on one that has gone answers so too.
const NOT_THERE: &[&str] = &["NoSuchKey", "NotFound"];

impl Remote {
    /// The folder itself, for people.
    pub(super) fn url(&self) -> String {
        format!("s3://{}/{}", self.bucket, self.prefix)
    }

    /// Writes an object. Gives its version, or none where the condition does not hold.
    pub(super) async fn put(
        &self,
        name: &str,
        bytes: &Bytes,
        condition: &Condition,
    ) -> Result<Option<Version>, StoreError> {
        let content = Content::Bytes(bytes, content_type(name));
        self.put_content(&self.api_caller, name, content, condition)
            .await
    }

    /// The same with the content of a file, which is streamed.
    pub(super) async fn put_file(
        &self,
        name: &str,
        path: &Path,
        condition: &Condition,
    ) -> Result<Option<Version>, StoreError> {
        let content = Content::File(path, content_type(name));
        self.put_content(&self.api_caller, name, content, condition)
            .await
    }

    /// Writes an object, whatever was there, through this API caller.
    ///
    /// # Errors
    /// Where S3 refuses.
    pub async fn send(
        &self,
        api_caller: &ApiCaller,
        name: &str,
        content: Content<'_>,
    ) -> Result<(), StoreError> {
        let put = self.put_content(api_caller, name, content, &Condition::Always);
        put.await.map(drop)
    }

    pub(super) async fn put_content(
        &self,
        api_caller: &ApiCaller,
        name: &str,
        content: Content<'_>,
        condition: &Condition,
    ) -> Result<Option<Version>, StoreError> {
        let attempt = || self.put_once(name, content, condition);
        match api_caller.call(&s3::PUT_OBJECT, attempt).await {
            Ok(answer) => {
                let etag = require(s3::PUT_OBJECT.action, "ETag", answer.e_tag);
                etag.map(|etag| Some(Version::Of(etag)))
                    .map_err(|failure| self.error(name, failure))
            }
            Err(failure) if failure.has_code(NOT_MET) => Ok(None),
            Err(failure)
                if matches!(condition, Condition::Still(Version::Of(_)))
                    && failure.has_code(NOT_THERE) =>
            {
                Ok(None)
            }
            Err(failure) => Err(self.error(name, failure)),
        }
    }

    async fn put_once(
        &self,
        name: &str,
        content: Content<'_>,
        condition: &Condition,
    ) -> Result<PutObjectOutput, AwsError<PutObjectError>> {
        let (body, content_type) = match content {
            Content::Bytes(bytes, kind) => (ByteStream::from(bytes.clone()), kind),
            Content::File(path, kind) => {
                let body = ByteStream::from_path(path).await;
                (body.map_err(SdkError::construction_failure)?, kind)
            }
        };
        let request = self
            .s3
            .put_object()
            .bucket(&self.bucket)
            .key(self.key(name))
            .content_type(content_type)
            .body(body);
        let request = match condition {
            Condition::Always => request,
            Condition::Still(Version::Absent) => request.if_none_match("*"),
            Condition::Still(Version::Of(etag)) => request.if_match(etag),
        };
        encrypted(request, self.kms_key_id.as_deref()).send().await
    }

    /// An object with its version, or none if it does not exist.
    pub(super) async fn get(&self, name: &str) -> Result<Option<(Bytes, Version)>, StoreError> {
        let attempt = || self.get_once(name);
        match self.api_caller.call(&s3::GET_OBJECT, attempt).await {
            Ok((bytes, etag)) => {
                let etag = require(s3::GET_OBJECT.action, "ETag", etag);
                etag.map(|etag| Some((bytes, Version::Of(etag))))
                    .map_err(|failure| self.error(name, failure))
            }
            Err(failure) if failure.has_code(NOT_THERE) => Ok(None),
            Err(failure) => Err(self.error(name, failure)),
        }
    }

    /// The whole object in one attempt: a connection that breaks on the way is tried again.
    async fn get_once(
        &self,
        name: &str,
    ) -> Result<(Bytes, Option<String>), AwsError<GetObjectError>> {
        let request = self.s3.get_object().bucket(&self.bucket);
        let answer = request.key(self.key(name)).send().await?;
        let body = whole_object(answer.body).await;
        let body = body.map_err(SdkError::dispatch_failure)?;
        Ok((Bytes::from(body), answer.e_tag))
    }

    /// Copies an object to a file. Gives its version.
    pub(super) async fn get_file(&self, name: &str, path: &Path) -> Result<Version, StoreError> {
        let attempt = || self.get_file_once(name, path);
        match self.api_caller.call(&s3::GET_OBJECT, attempt).await {
            Ok(etag) => {
                let etag = require(s3::GET_OBJECT.action, "ETag", etag);
                etag.map(Version::Of)
                    .map_err(|failure| self.error(name, failure))
            }
            Err(failure) if failure.has_code(NOT_THERE) => Ok(Version::Absent),
            Err(failure) => Err(self.error(name, failure)),
        }
    }

    async fn get_file_once(
        &self,
        name: &str,
        path: &Path,
    ) -> Result<Option<String>, AwsError<GetObjectError>> {
        let request = self.s3.get_object().bucket(&self.bucket);
        let mut answer = request.key(self.key(name)).send().await?;
        let copied = async {
            let mut file = tokio::fs::File::create(path).await?;
            while let Some(bytes) = answer.body.try_next().await? {
                file.write_all(&bytes).await?;
            }
            file.flush().await
        };
        let copied: Result<(), std::io::Error> = copied.await;
        copied.map_err(|error| SdkError::dispatch_failure(ConnectorError::io(error.into())))?;
        Ok(answer.e_tag)
    }

    /// Goes through an object in chunks, from its beginning with each attempt. None if it does not exist.
    pub(super) async fn fold<S>(
        &self,
        name: &str,
        new: &impl Fn() -> S,
        add: &impl Fn(&mut S, &[u8]),
    ) -> Result<Option<S>, StoreError> {
        let attempt = || self.fold_once(name, new, add);
        match self.api_caller.call(&s3::GET_OBJECT, attempt).await {
            Ok(state) => Ok(Some(state)),
            Err(failure) if failure.has_code(NOT_THERE) => Ok(None),
            Err(failure) => Err(self.error(name, failure)),
        }
    }

    async fn fold_once<S>(
        &self,
        name: &str,
        new: &impl Fn() -> S,
        add: &impl Fn(&mut S, &[u8]),
    ) -> Result<S, AwsError<GetObjectError>> {
        let request = self.s3.get_object().bucket(&self.bucket);
        let mut answer = request.key(self.key(name)).send().await?;
        let mut state = new();
        let broken = |error| SdkError::dispatch_failure(ConnectorError::io(error));
        while let Some(chunk) = answer.body.next().await {
            add(&mut state, &chunk.map_err(|error| broken(error.into()))?);
        }
        Ok(state)
    }

    /// Reads an object line by line, as far as its reader wants; none if it does not exist. A connection
    /// that breaks on the way is tried again, with a new reader.
    pub(super) async fn read_lines<L: LineVisitor>(
        &self,
        name: &str,
        reader: impl Fn() -> L,
    ) -> Result<Option<L>, StoreError> {
        let attempt = || self.read_lines_once(name, reader());
        match self.api_caller.call(&s3::GET_OBJECT, attempt).await {
            Ok(read) => Ok(Some(read)),
            Err(failure) if failure.has_code(NOT_THERE) => Ok(None),
            Err(failure) => Err(self.error(name, failure)),
        }
    }

    async fn read_lines_once<L: LineVisitor>(
        &self,
        name: &str,
        mut reader: L,
    ) -> Result<L, AwsError<GetObjectError>> {
        let request = self.s3.get_object().bucket(&self.bucket);
        let mut answer = request.key(self.key(name)).send().await?;
        let broken = |error| SdkError::dispatch_failure(ConnectorError::io(error));
        let mut cutter = LineSplitter::default();
        while let Some(piece) = answer.body.next().await {
            let piece = piece.map_err(|error| broken(error.into()))?;
            let flow = cutter.piece(&piece, &mut reader);
            if flow.map_err(|error| broken(error.into()))?.is_break() {
                // What is left of the object stays where it is.
                return Ok(reader);
            }
        }
        cutter.rest(&mut reader);
        Ok(reader)
    }

    /// The names of those in a folder of it, which ends with a slash.
    pub(super) async fn names_below(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let page = async |token| {
            let answer = self.page(folder, None, token).await?;
            let keys = answer.contents.unwrap_or_default().into_iter();
            let names = keys.filter_map(|object| {
                let name = object.key?.strip_prefix(&self.prefix)?.to_owned();
                Some(name)
            });
            Ok((
                names.collect(),
                next(answer.is_truncated, answer.next_continuation_token)?,
            ))
        };
        let names = pages(s3::LIST_OBJECTS.action, page).await;
        names.map_err(|failure| self.error(folder, failure))
    }

    /// The names of the folders in a folder whose name ends with a slash, without the slashes.
    pub(super) async fn folders_in(&self, folder: &str) -> Result<Vec<String>, StoreError> {
        let page = async |token| {
            let answer = self.page(folder, Some("/"), token).await?;
            let found = answer.common_prefixes.unwrap_or_default().into_iter();
            let begin = self.key(folder);
            let names = found.filter_map(|one| {
                let name = one
                    .prefix?
                    .strip_prefix(&begin)?
                    .trim_end_matches('/')
                    .to_owned();
                Some(name)
            });
            Ok((
                names.collect(),
                next(answer.is_truncated, answer.next_continuation_token)?,
            ))
        };
        let names = pages(s3::LIST_OBJECTS.action, page).await;
        names.map_err(|failure| self.error(folder, failure))
    }

    pub(super) async fn page(
        &self,
        folder: &str,
        delimiter: Option<&str>,
        token: Option<String>,
    ) -> Result<ListObjectsV2Output, Failure> {
        let request = self.s3.list_objects_v2().bucket(&self.bucket);
        let request = request
            .prefix(self.key(folder))
            .set_delimiter(delimiter.map(str::to_owned))
            .set_continuation_token(token);
        let attempt = || request.clone().send();
        self.api_caller.call(&s3::LIST_OBJECTS, attempt).await
    }

    /// An object's URL, for people.
    pub(super) fn url_of(&self, name: &str) -> String {
        format!("{}{name}", self.url())
    }

    fn key(&self, name: &str) -> String {
        format!("{}{name}", self.prefix)
    }

    pub(super) fn error(&self, name: &str, failure: Failure) -> StoreError {
        let location = self.url_of(name);
        let failure = Box::new(failure);
        StoreError::S3 { location, failure }
    }
}

pub(super) fn next(
    is_truncated: Option<bool>,
    token: Option<String>,
) -> Result<Option<String>, Failure> {
    next_page(s3::LIST_OBJECTS.action, is_truncated, token)
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit('.').next() {
        Some("gz") => "application/gzip",
        Some("sig") => "text/plain; charset=utf-8",
        Some("csv") => "text/csv; charset=utf-8",
        Some("txt") => "text/plain; charset=utf-8",
        _ => "application/json",
    }
}

//! Writes in S3 on the condition that no other process has written the same: one that has lost the run may
//! not know it yet.

use orgscan_core::services::s3;
use std::collections::BTreeMap;
use std::path::Path;

use bytes::Bytes;
use orgscan_aws::rate_limit::ApiCaller;
use orgscan_aws::{Failure, pages, require};

use super::remote::{Condition, Content, next};
use super::{Remote, StoreError, Version};
use crate::integrity::{Tally, list_files};

impl Remote {
    /// Writes an object if it is still the version that this process knows. Gives its new version.
    ///
    /// # Errors
    /// [`StoreError::Lost`] where another process has written it meanwhile.
    pub(super) async fn put_fenced(
        &self,
        name: &str,
        bytes: &Bytes,
        read: &Version,
    ) -> Result<Version, StoreError> {
        let put = self.put(name, bytes, &Condition::from(read)).await?;
        if let Some(version) = put {
            return Ok(version);
        }
        // An answer may have been lost, and the next attempt refused for what the first one wrote.
        match self.get(name).await? {
            Some((there, version)) if there == *bytes => Ok(version),
            _ => Err(self.lost(format!("another process has written {name}"))),
        }
    }

    /// Writes a file if what is there is still this version, through this API caller.
    ///
    /// # Errors
    /// Where S3 refuses; [`StoreError::Lost`] where another process has written it meanwhile.
    pub async fn send_fenced(
        &self,
        name: &str,
        path: &Path,
        content_type: &'static str,
        read: &Version,
        api_caller: &ApiCaller,
    ) -> Result<(), StoreError> {
        let content = Content::File(path, content_type);
        let condition = Condition::from(read);
        if self
            .put_content(api_caller, name, content, &condition)
            .await?
            .is_some()
        {
            return Ok(());
        }
        // An answer may have been lost, and the next attempt refused for what the first one wrote.
        let add = |tally: &mut Tally, chunk: &[u8]| tally.add(chunk);
        let there = self.fold(name, &Tally::default, &add).await?;
        let there = there.map(Tally::finish);
        let own = list_files([(name.to_owned(), path)].into_iter());
        let own = own.map_err(StoreError::at(path))?.pop();
        match (there, own) {
            (Some(there), Some(own)) if there == (own.size, own.sha256) => Ok(()),
            _ => Err(self.lost(format!("another process has written {name}"))),
        }
    }

    /// The versions of all objects below a folder, by name.
    ///
    /// # Errors
    /// Where S3 refuses.
    pub async fn versions_below(
        &self,
        folder: &str,
    ) -> Result<BTreeMap<String, Version>, StoreError> {
        let page = async |token| {
            let answer = self.page(folder, None, token).await?;
            let objects = answer.contents.unwrap_or_default().into_iter();
            let versions = objects.map(|object| {
                let action = s3::LIST_OBJECTS.action;
                let key = require(action, "Key", object.key)?;
                let etag = require(action, "ETag", object.e_tag)?;
                let name = key.strip_prefix(&self.prefix).unwrap_or(&key).to_owned();
                Ok((name, Version::Of(etag)))
            });
            let versions = versions.collect::<Result<Vec<_>, Failure>>()?;
            let token = answer.next_continuation_token;
            Ok((versions, next(answer.is_truncated, token)?))
        };
        let versions = pages(s3::LIST_OBJECTS.action, page).await;
        let versions = versions.map_err(|failure| self.error(folder, failure))?;
        Ok(versions.into_iter().collect())
    }
}

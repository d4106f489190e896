//! The store of a distributed run, as its processes see it: each has a part of the results, and none
//! but the first and the last has the run to itself.
//!
//! What two of them write at the same time is an account's result, whole, and either is right. So the
//! children need no lease.

use bytes::Bytes;
use futures::stream::{self, StreamExt, TryStreamExt};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::remote::{Condition, Remote};
use super::{AT_A_TIME, RECORD, Record, RunStorage, Store, StoreError, Version};

impl Store {
    /// The store of a run that is planned: without results, and nobody else can work on the run as a
    /// whole until [`Store::release`].
    ///
    /// # Errors
    /// Where it is not in S3, or somebody else works on the run.
    pub async fn open_for_planning(shared: Option<RunStorage>) -> Result<Self, StoreError> {
        let store = Self::at(shared)?;
        store.objects()?;
        store.acquire().await?;
        if let Err(error) = store.fetch(vec![RECORD.to_owned()]).await {
            store.release().await;
            return Err(error);
        }
        Ok(store)
    }

    /// The store of a run that others work on too, without results.
    ///
    /// # Errors
    /// Where it is not in S3, or cannot be read.
    pub async fn join(shared: Option<RunStorage>) -> Result<Self, StoreError> {
        let store = Self::at(shared)?;
        store.objects()?;
        store.fetch(vec![RECORD.to_owned()]).await?;
        Ok(store)
    }

    /// Goes on with a run that another process has started with these settings.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where nobody has, [`StoreError::OtherSettings`] where it was started with
    /// others.
    pub fn resume(&self, record: &Record) -> Result<Record, StoreError> {
        let existing_record = self.existing_record(record)?;
        if let Some(id) = &record.run_id {
            let _ = self.run.set(id.clone());
        }
        existing_record.ok_or_else(|| StoreError::Missing {
            location: self.storage().location(RECORD),
        })
    }

    /// Writes objects that are no results, many at a time.
    ///
    /// # Errors
    /// Where S3 refuses, or this process has lost the run.
    pub async fn keep_all<T: Serialize>(
        &self,
        objects: impl Iterator<Item = (String, T)>,
    ) -> Result<(), StoreError> {
        let kept = stream::iter(objects).map(|(name, value)| self.keep(name, value));
        kept.buffer_unordered(AT_A_TIME).try_collect::<()>().await
    }

    /// Writes an object that is no result.
    ///
    /// # Errors
    /// Where S3 refuses, or this process has lost the run.
    pub async fn keep<T: Serialize>(&self, name: String, value: T) -> Result<(), StoreError> {
        self.check()?;
        let objects = self.objects()?;
        let bytes = serde_json::to_vec(&value).map_err(|source| damaged(objects, &name, source))?;
        let bytes = Bytes::from(bytes);
        objects.put(&name, &bytes, &Condition::Always).await?;
        Ok(())
    }

    /// Writes an object that is written once: what is there already is the same.
    ///
    /// # Errors
    /// Where S3 refuses; [`StoreError::Lost`] where another process has written something else.
    pub async fn keep_first<T: Serialize>(&self, name: &str, value: T) -> Result<(), StoreError> {
        self.confirm().await?;
        let objects = self.objects()?;
        let bytes = serde_json::to_vec(&value).map_err(|source| damaged(objects, name, source))?;
        let bytes = Bytes::from(bytes);
        let put = objects.put_fenced(name, &bytes, &Version::Absent);
        put.await.map(drop)
    }

    /// Reads an object that is no result; none if it does not exist.
    ///
    /// # Errors
    /// Where S3 refuses, or what is there is something else.
    pub async fn kept<T: DeserializeOwned>(&self, name: &str) -> Result<Option<T>, StoreError> {
        let objects = self.objects()?;
        let Some((bytes, _)) = objects.get(name).await? else {
            return Ok(None);
        };
        let value = serde_json::from_slice(&bytes);
        value
            .map(Some)
            .map_err(|source| damaged(objects, name, source))
    }

    /// Refuses an object that is about something else than its name says.
    ///
    /// # Errors
    /// [`StoreError::Foreign`]
    pub fn refuse_foreign(&self, name: &str, why: Option<String>) -> Result<(), StoreError> {
        let path = self.storage().location(name).into();
        why.map_or(Ok(()), |why| Err(StoreError::Foreign { path, why }))
    }

    /// Reads an object that has to be there.
    ///
    /// # Errors
    /// [`StoreError::Missing`] where it is not, and as [`Store::kept`].
    pub async fn needed<T: DeserializeOwned>(&self, name: &str) -> Result<T, StoreError> {
        let kept = self.kept(name).await?;
        kept.ok_or_else(|| StoreError::Missing {
            location: self.storage().location(name),
        })
    }

    /// The run's folder in S3.
    ///
    /// # Errors
    /// [`StoreError::NotInS3`]
    pub fn objects(&self) -> Result<&Remote, StoreError> {
        self.remote().ok_or(StoreError::NotInS3)
    }
}

fn damaged(objects: &Remote, name: &str, source: serde_json::Error) -> StoreError {
    StoreError::Damaged {
        path: objects.url_of(name).into(),
        source,
        remediation: "use another run id",
    }
}

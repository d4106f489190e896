//! The lease on a run: one process at a time works on it, wherever it runs.
//!
//! In S3 it is an object, `lease.json`, that is only ever written on a condition: that there is none,
//! or that it is still the version that was read. So of two processes that want it at once one gets it. The
//! process that has it renews it. A killed one does not, and after the lease's end another may take it over.

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use jiff::Timestamp;
use orgscan_core::clock::Clock;
use serde::{Deserialize, Serialize};
use tokio::task::JoinHandle;
use tokio::time::Instant;

use super::StoreError;
use super::remote::{Condition, Remote};
use super::version::Version;

/// The object's name.
pub(super) const NAME: &str = "lease.json";

/// How often others may come first before it is given up.
const RACES: usize = 5;

/// How a lease in S3 goes by.
#[derive(Clone, Copy, Debug)]
pub(super) struct LeaseTerms {
    /// How long it lasts without being renewed.
    pub(super) lasts: Duration,
    /// How often it is renewed.
    pub(super) renewed_every: Duration,
    /// How much longer others wait: their clocks may be ahead.
    pub(super) grace: Duration,
}

/// Together less than the minute after which Lambda first tries a failed invocation again, so that
/// the new attempt at a run whose process was killed finds the lease at its end.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html>
pub(super) const TERMS: LeaseTerms = LeaseTerms {
    lasts: Duration::from_secs(45),
    renewed_every: Duration::from_secs(15),
    grace: Duration::from_secs(5),
};

/// What keeps others from a run.
#[derive(Debug)]
pub(super) enum Lease {
    /// Nothing: nobody else can know its folder.
    Alone,
    /// A lock on a file, which ends with the process at the latest.
    Locked { file: File, path: PathBuf },
    /// An object in S3.
    Leased(S3Lease),
}

impl Lease {
    /// Whether it still holds.
    pub(super) fn check(&self) -> Result<(), StoreError> {
        match self {
            Self::Alone => Ok(()),
            Self::Locked { file, path } => check_lock(file, path),
            Self::Leased(leased) => leased.check(),
        }
    }

    /// What renews it, where somebody can take it over.
    pub(super) fn renewing(&self) -> Option<Arc<LeaseRenewal>> {
        match self {
            Self::Alone | Self::Locked { .. } => None,
            Self::Leased(leased) => Some(leased.kept.clone()),
        }
    }

    /// Gives it up, so that others need not wait for its end.
    pub(super) async fn release(self) {
        if let Self::Leased(leased) = self {
            leased.release().await;
        }
    }
}

/// A lock is on a file and not on its name: anyone who removes the file lets others lock another one.
fn check_lock(file: &File, path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let identity = |about: std::io::Result<std::fs::Metadata>| {
            let about = about.ok()?;
            Some((about.dev(), about.ino()))
        };
        if identity(file.metadata()) != identity(std::fs::symlink_metadata(path)) {
            let location = path.parent().unwrap_or(path).display().to_string();
            let why = "its lock file was removed or replaced".to_owned();
            return Err(StoreError::Lost { location, why });
        }
    }
    Ok(())
}

/// The object's content.
#[derive(Debug, Serialize, Deserialize)]
struct LeaseContent {
    /// Who has the lease, for people.
    holder: String,
    /// The same for programs: no two processes have the same.
    token: String,
    /// Its end; none once it was given up.
    until: Option<Timestamp>,
}

/// A lease in S3 that this process has. It is renewed in the background as long as this value lives.
#[derive(Debug)]
pub(super) struct S3Lease {
    kept: Arc<LeaseRenewal>,
    renewal: JoinHandle<()>,
}

/// What renews a lease.
#[derive(Debug)]
pub(super) struct LeaseRenewal {
    remote: Arc<Remote>,
    terms: LeaseTerms,
    holder: String,
    token: String,
    state: Mutex<LeaseState>,
}

#[derive(Debug)]
struct LeaseState {
    version: Version,
    /// Its end by this process's own clock, counted from before it was asked for.
    until: Instant,
    /// Why it is gone for good.
    lost: Option<String>,
}

impl S3Lease {
    /// Takes the lease, or takes it over after its end.
    ///
    /// # Errors
    /// [`StoreError::LeaseTaken`] where somebody else has it.
    pub(super) async fn acquire(
        remote: Arc<Remote>,
        holder: String,
        terms: LeaseTerms,
    ) -> Result<Self, StoreError> {
        let token = format!("{:016x}", fastrand::u64(..));
        for _ in 0..RACES {
            let condition = match remote.get(NAME).await? {
                None => Condition::Still(Version::Absent),
                Some((bytes, version)) => {
                    let other_holder = other_holder(&remote, &bytes, &token, terms);
                    if let Some((error, until)) = other_holder {
                        wait_if_unlikely(&remote, error, until, &version, terms).await?;
                    }
                    Condition::Still(version)
                }
            };
            let asked = Instant::now();
            let note = note(&holder, &token, Some(terms.lasts));
            if let Some(version) = remote.put(NAME, &note, &condition).await? {
                let state = LeaseState {
                    version,
                    until: asked + terms.lasts,
                    lost: None,
                };
                let kept = Arc::new(LeaseRenewal {
                    remote,
                    terms,
                    holder,
                    token,
                    state: Mutex::new(state),
                });
                let renewal = tokio::spawn(kept.clone().keep());
                return Ok(Self { kept, renewal });
            }
        }
        let why = "it changes all the time".to_owned();
        Err(remote.lost(why))
    }

    fn check(&self) -> Result<(), StoreError> {
        let state = self.kept.state();
        let why = match &state.lost {
            Some(why) => why.clone(),
            None if Instant::now() >= state.until => "it could not be renewed in time".to_owned(),
            None => return Ok(()),
        };
        Err(self.kept.remote.lost(why))
    }

    /// One that cannot be given up comes to its end by itself.
    async fn release(self) {
        self.renewal.abort();
        if let Err(error) = self.kept.write(None).await {
            tracing::warn!(%error, "the run's lease could not be released; it expires by itself");
        }
    }
}

impl Drop for S3Lease {
    fn drop(&mut self) {
        self.renewal.abort();
    }
}

impl LeaseRenewal {
    async fn keep(self: Arc<Self>) {
        loop {
            tokio::time::sleep(self.terms.renewed_every).await;
            if let Err(StoreError::Lost { .. }) = self.renew().await {
                return;
            }
        }
    }

    /// Renews the lease. What is lost is so for good.
    pub(super) async fn renew(&self) -> Result<(), StoreError> {
        let renewed = self.write(Some(self.terms.lasts)).await;
        match &renewed {
            Ok(()) => {}
            Err(StoreError::Lost { why, .. }) => {
                tracing::error!(reason = why, "the run's lease was lost");
                self.state().lost = Some(why.clone());
            }
            Err(error) => tracing::warn!(%error, "the run's lease could not be renewed"),
        }
        renewed
    }

    /// Renews the lease, or gives it up.
    async fn write(&self, lasts: Option<Duration>) -> Result<(), StoreError> {
        let mut version = self.state().version.clone();
        let asked = Instant::now();
        let note = note(&self.holder, &self.token, lasts);
        for _ in 0..RACES {
            let condition = Condition::Still(version);
            if let Some(version) = self.remote.put(NAME, &note, &condition).await? {
                let mut state = self.state();
                state.version = version;
                state.until = asked + lasts.unwrap_or_default();
                return Ok(());
            }
            version = self.own_version().await?;
        }
        Err(self.remote.lost("it changes all the time".to_owned()))
    }

    /// The version that is there, if it is this process's own: the answer to an earlier request may
    /// have been lost.
    async fn own_version(&self) -> Result<Version, StoreError> {
        let Some((bytes, version)) = self.remote.get(NAME).await? else {
            return Err(self.remote.lost("it was deleted".to_owned()));
        };
        match serde_json::from_slice::<LeaseContent>(&bytes) {
            Ok(note) if note.token == self.token => Ok(version),
            Ok(note) => Err(self.remote.lost(format!("{} holds it now", note.holder))),
            Err(_) => Err(self.remote.lost("it was overwritten".to_owned())),
        }
    }

    fn state(&self) -> MutexGuard<'_, LeaseState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Remote {
    pub(super) fn lost(&self, why: String) -> StoreError {
        let location = self.url();
        StoreError::Lost { location, why }
    }
}

/// Who has the lease, and until when. A note that cannot be read keeps nobody away.
fn other_holder(
    remote: &Remote,
    bytes: &[u8],
    token: &str,
    terms: LeaseTerms,
) -> Option<(StoreError, Timestamp)> {
    let note = serde_json::from_slice::<LeaseContent>(bytes).ok()?;
    let until = note.until.filter(|_| note.token != token)?;
    let error = StoreError::LeaseTaken {
        location: remote.url(),
        holder: note.holder,
        until,
    };
    (after(until, terms.grace) > Timestamp::now()).then_some((error, until))
}

/// An end that no lease can have is that of a process whose clock was ahead. If it is at work it renews the
/// lease; if it was killed nobody does, and others would wait for years.
async fn wait_if_unlikely(
    remote: &Remote,
    other_holder: StoreError,
    until: Timestamp,
    version: &Version,
    terms: LeaseTerms,
) -> Result<(), StoreError> {
    if until <= after(Clock::System.latest(), terms.lasts) {
        return Err(other_holder);
    }
    tracing::warn!(%until, "the run's lease has an impossible expiry time; waiting for a renewal");
    tokio::time::sleep(terms.lasts + terms.grace).await;
    match remote.get(NAME).await? {
        Some((_, now)) if now == *version => Ok(()),
        _ => Err(other_holder),
    }
}

fn note(holder: &str, token: &str, lasts: Option<Duration>) -> Bytes {
    let note = LeaseContent {
        holder: holder.to_owned(),
        token: token.to_owned(),
        until: lasts.map(|lasts| after(Timestamp::now(), lasts)),
    };
    // Texts and a time always are JSON.
    Bytes::from(serde_json::to_vec(&note).unwrap_or_default())
}

fn after(moment: Timestamp, time: Duration) -> Timestamp {
    moment.checked_add(time).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests;

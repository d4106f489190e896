//! Where a run's files lie for other processes.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use orgscan_aws::rate_limit::{Deadline, RateLimits};
use orgscan_aws::{AwsContext, s3_client};
use orgscan_core::model::RunId;
use orgscan_core::settings::{Location, ReportConfig, S3Prefix};

use super::lease::{S3Lease, TERMS};
use super::remote::Remote;
use super::{Storage, StoreError};

/// How long one attempt at an object may take. Results are a few megabytes at most.
const OBJECT_TIME: Duration = Duration::from_secs(60);

/// How long one attempt at the lease may take: short, so that there are several before it ends.
const LEASE_TIME: Duration = Duration::from_secs(5);

/// Where a run's files lie for other processes.
#[derive(Debug)]
pub struct RunStorage {
    /// The run's own folder.
    pub run: Storage,
    /// The folder of all runs, for what leads from one to the next.
    pub runs: Storage,
    /// The location that the report goes to, as a whole.
    pub root: Storage,
    /// What keeps others from the run in S3. A folder is locked.
    pub lease: Option<LeaseObject>,
}

/// The object that keeps others from a run.
#[derive(Debug)]
pub struct LeaseObject {
    /// The folder that it is in.
    pub folder: Arc<Remote>,
    /// Who this process is, for those who find the run taken.
    pub holder: String,
}

impl RunStorage {
    /// The files of a run lie where its report goes. In S3 the lease has to be renewed in time even while the
    /// accounts' requests all hang.
    pub fn of(
        run_id: &RunId,
        report: &ReportConfig,
        aws: &AwsContext,
        rate_limits: &Arc<RateLimits>,
        deadline: Deadline,
    ) -> Self {
        match &report.location {
            Location::Folder(root) => Self::in_folder(root.clone(), run_id.as_str()),
            Location::S3(location) => {
                let s3 = s3_client(&aws.config_in(report.region.as_ref().unwrap_or(&aws.home)));
                let scope = aws.scope(report.region.as_ref());
                let remote = |prefix: String, time| Remote {
                    s3: s3.clone(),
                    bucket: location.bucket.clone(),
                    prefix,
                    kms_key_id: report.kms_key_id.clone(),
                    api_caller: rate_limits
                        .api_caller(&scope, deadline)
                        .with_attempt_timeout(time),
                };
                Self::in_s3(location, run_id, remote, holder(aws))
            }
        }
    }

    /// The files of a run lie below the folder that reports go to.
    pub fn in_folder(root: PathBuf, run_id: &str) -> Self {
        let runs = root.join("runs");
        Self {
            run: Storage::in_folder(runs.join(run_id)),
            runs: Storage::in_folder(runs),
            root: Storage::in_folder(root),
            lease: None,
        }
    }

    fn in_s3(
        location: &S3Prefix,
        run_id: &RunId,
        remote: impl Fn(String, Duration) -> Remote,
        holder: String,
    ) -> Self {
        let root = location.key_prefix();
        let runs = format!("{root}runs/");
        let run = format!("{runs}{run_id}/");
        let lease = remote(run.clone(), LEASE_TIME);
        let storage = |prefix, time| Storage::S3(Arc::new(remote(prefix, time)));
        Self {
            run: storage(run, OBJECT_TIME),
            runs: storage(runs, LEASE_TIME),
            root: storage(root, OBJECT_TIME),
            lease: Some(LeaseObject {
                folder: Arc::new(Remote {
                    api_caller: lease.api_caller.urgent(),
                    ..lease
                }),
                holder,
            }),
        }
    }
}

impl LeaseObject {
    pub(super) async fn acquire(&self) -> Result<S3Lease, StoreError> {
        S3Lease::acquire(self.folder.clone(), self.holder.clone(), TERMS).await
    }
}

/// The caller, and the process; in Lambda its log stream, where a reader finds what it does.
fn holder(aws: &AwsContext) -> String {
    let process = match std::env::var("AWS_LAMBDA_LOG_STREAM_NAME") {
        Ok(stream) => format!("log stream {stream}"),
        Err(_) => format!("process {}", std::process::id()),
    };
    format!("{} ({process})", aws.caller.arn)
}

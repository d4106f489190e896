//! Where a run's store lies.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use orgscan_aws::pace::{Deadline, Pacer};
use orgscan_aws::{Aws, s3_client};
use orgscan_core::model::RunId;
use orgscan_core::settings::{Location, ReportConfig};

use super::StoreError;
use super::lease::{Lease, Leased, TERMS};
use super::remote::Remote;

/// How long one attempt at an object may take. Results are a few megabytes at most.
const OBJECT_TIME: Duration = Duration::from_secs(60);

/// How long one attempt at the lease may take: short, so that there are several before it ends.
const LEASE_TIME: Duration = Duration::from_secs(5);

/// Where a run's store lies.
#[derive(Debug)]
pub enum Place {
    /// In a folder that goes with the process.
    Temporary,
    /// In this folder.
    Folder(PathBuf),
    /// In S3, with a copy in a folder that goes with the process.
    S3(Box<Bucket>),
}

/// A run's folder in S3, and who works there.
#[derive(Debug)]
pub struct Bucket {
    /// For results.
    pub objects: Remote,
    /// The place that the report goes to, as a whole.
    pub root: Arc<Remote>,
    /// The folder of all runs, for what leads from one to the next.
    pub runs: Remote,
    /// For the lease.
    pub lease: Arc<Remote>,
    /// Who this process is, for whoever finds the run taken.
    pub holder: String,
}

impl Place {
    /// The store of a run lies where its report goes, or in a temporary folder if there is none.
    ///
    /// The lease has to be renewed in time even while the accounts' requests all hang.
    pub fn of(
        run_id: &RunId,
        report: Option<&ReportConfig>,
        aws: &Aws,
        pacer: &Arc<Pacer>,
        deadline: Deadline,
    ) -> Self {
        let Some(report) = report else {
            return Self::Temporary;
        };
        let place = match &report.location {
            Location::Folder(root) => {
                return Self::Folder(root.join("runs").join(run_id.as_str()));
            }
            Location::S3(prefix) => prefix,
        };
        let root = place.key_prefix();
        let runs = format!("{root}runs/");
        let prefix = format!("{runs}{run_id}/");
        let s3 = s3_client(&aws.config_in(report.region.as_ref().unwrap_or(&aws.home)));
        let scope = aws.scope(report.region.as_ref());
        let remote = |prefix: &str, time| Remote {
            s3: s3.clone(),
            bucket: place.bucket.clone(),
            prefix: prefix.to_owned(),
            kms_key_id: report.kms_key_id.clone(),
            lane: pacer.lane(&scope, deadline).with_attempt_timeout(time),
        };
        let lease = remote(&prefix, LEASE_TIME);
        Self::S3(Box::new(Bucket {
            objects: remote(&prefix, OBJECT_TIME),
            root: Arc::new(remote(&root, OBJECT_TIME)),
            runs: remote(&runs, LEASE_TIME),
            lease: Arc::new(Remote {
                lane: lease.lane.urgent(),
                ..lease
            }),
            holder: holder(aws),
        }))
    }
}

impl Bucket {
    pub(super) async fn acquire(&self) -> Result<Lease, StoreError> {
        let leased = Leased::acquire(self.lease.clone(), self.holder.clone(), TERMS);
        leased.await.map(Lease::Leased)
    }
}

/// The caller, and the process; in Lambda its log stream, where a reader finds what it does.
fn holder(aws: &Aws) -> String {
    let process = match std::env::var("AWS_LAMBDA_LOG_STREAM_NAME") {
        Ok(stream) => format!("log stream {stream}"),
        Err(_) => format!("process {}", std::process::id()),
    };
    format!("{} ({process})", aws.caller.arn)
}

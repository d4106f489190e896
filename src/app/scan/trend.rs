//! How the numbers went before, for the run's own report.

use std::time::Duration;

use orgscan_core::model::{Report, Trend};
use orgscan_store::Storage;

use super::run_handle::RunHandle;
use super::scanned_run::ScannedRun;
use crate::past;

/// How long reading may take. The report does without it rather than be late.
const TIME: Duration = Duration::from_secs(20);

impl ScannedRun {
    /// How the numbers went in the runs before and in this one; none where that is not known, and a note
    /// in the report says why.
    pub(super) async fn trend(&self, report: &mut Report) -> Option<Trend> {
        let request = &self.run.request;
        let config = request.config.destinations.report.as_ref();
        let config = config.filter(|_| !request.dry_run)?;
        let deadline = request.deadline.earlier_by(self.run.publish_time());
        let RunHandle {
            aws, rate_limits, ..
        } = &self.run;
        let api_caller = rate_limits.api_caller(&aws.scope(config.region.as_ref()), deadline);
        let archive = Storage::of(config, aws, api_caller);
        let read = tokio::time::timeout(TIME, past::recent(&archive, report, request.clock)).await;
        let why = match read {
            Ok(Ok(recent)) => {
                if let Some(one) = recent.missing.first() {
                    let (count, why) = (recent.missing.len(), &one.reason);
                    let note = format!(
                        "the trend goes without {count} earlier runs, whose reports cannot be read: {why}"
                    );
                    report.notes.push(note);
                }
                return recent.trend;
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("reading took longer than {} seconds", TIME.as_secs()),
        };
        tracing::warn!(reason = why, "the trend is not available");
        report
            .notes
            .push(format!("the trend is not available: {why}"));
        None
    }
}

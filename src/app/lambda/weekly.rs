//! The weekly report.

use orgscan_aws::pace::{Deadline, PaceSettings, Pacer};
use orgscan_core::clock::Clock;
use orgscan_store::Storage;
use orgscan_store::integrity::{SealError, Signer};

use super::{Call, Function, FunctionError, WeeklyDone, until};
use crate::config::{ConfigLayer, WeeklyReport};
use crate::past;
use crate::publish::reports::weekly::{WeeklyError, publish};

impl Function {
    /// Makes the report where the runs' reports are. Made again for the same week, it is the same.
    pub(super) async fn weekly(
        &self,
        asked: WeeklyReport,
        call: &Call,
    ) -> Result<WeeklyDone, FunctionError> {
        let until = until(call.deadline);
        let config = self.load(ConfigLayer::default(), until).await?;
        let report = config.destinations.report.as_ref();
        let report = report.ok_or(FunctionError::NoReports)?;
        let pacer = Pacer::new(PaceSettings::of(&config));
        let deadline = until.or_earlier(Deadline::of(&config));
        let scope = self.aws.scope(report.region.as_ref());
        let lane = pacer.lane(&scope, deadline);
        let archive = Storage::of(report, &self.aws, lane);
        let clock = Clock::System;
        let week = asked.week(clock)?;
        let lane = pacer.lane(&scope, deadline);
        let made = async {
            let weekly = past::week(&archive, week, clock).await?.weekly(clock.now());
            let signer = Signer::of(report, &self.aws, &lane).await;
            let signer = signer.map_err(SealError::from)?;
            let place = publish(&weekly, &archive, &config, &signer).await?;
            Ok::<_, WeeklyError>((weekly, place))
        };
        let made = made.await;
        let (weekly, place) = made.map_err(|source| FunctionError::Weekly { week, source })?;
        tracing::info!(%week, report = place.location, complete = weekly.complete, "weekly report made");
        Ok(WeeklyDone {
            week,
            complete: weekly.complete,
            report: place.location,
            files: place.files,
            days_missing: weekly.coverage.days_missing,
            runs_missing: weekly.missing_runs.len(),
        })
    }
}

//! The weekly report.

use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use orgscan_core::clock::Clock;
use orgscan_store::Storage;
use orgscan_store::integrity::{SealError, Signer};

use super::{Call, Function, FunctionError, WeeklySummary, until};
use crate::config::{ConfigLayer, WeeklyReport};
use crate::past;
use crate::publish::reports::weekly::{WeeklyError, publish};

impl Function {
    /// Makes the report where the runs' reports are. Made again for the same week, it is the same.
    pub(super) async fn weekly(
        &self,
        asked: WeeklyReport,
        call: &Call,
    ) -> Result<WeeklySummary, FunctionError> {
        let until = until(call.deadline);
        let (config, _) = self.load(ConfigLayer::default(), until).await?;
        let report = config.destinations.report.as_ref();
        let report = report.ok_or(FunctionError::ReportLocationMissing)?;
        let rate_limits = RateLimits::new(RateLimitSettings::of(&config));
        let deadline = until.or_earlier(Deadline::of(&config));
        let scope = self.aws.scope(report.region.as_ref());
        let api_caller = rate_limits.api_caller(&scope, deadline);
        let archive = Storage::of(report, &self.aws, api_caller);
        let clock = Clock::System;
        let week = asked.week(clock)?;
        let api_caller = rate_limits.api_caller(&scope, deadline);
        let made = async {
            let weekly = past::week(&archive, week, clock).await?.weekly(clock.now());
            let signer = Signer::of(report, &self.aws, &api_caller).await;
            let signer = signer.map_err(SealError::from)?;
            let location = publish(&weekly, &archive, &config, &signer).await?;
            Ok::<_, WeeklyError>((weekly, location))
        };
        let made = made.await;
        let (weekly, location) = made.map_err(|source| FunctionError::Weekly { week, source })?;
        tracing::info!(%week, report_location = location.location, complete = weekly.complete, "weekly report written");
        Ok(WeeklySummary {
            week,
            complete: weekly.complete,
            report_location: location.location,
            files: location.files,
            days_missing: weekly.coverage.days_missing,
            missing_runs: weekly.missing_runs.len(),
        })
    }
}

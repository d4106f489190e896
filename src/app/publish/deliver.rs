//! Sends what was rendered: each destination on its own, so that one that fails stops no other.

mod accounts;
mod files;
mod published;
mod results;
mod sealed;

use std::path::Path;

use aws_sdk_sns::error::SdkError;
use orgscan_aws::AwsContext;
use orgscan_aws::rate_limit::ApiCaller;
use orgscan_core::exceptions::Exceptions;
use orgscan_core::model::{
    Account, Arn, Destination, Plan, Region, Report, S3Object, StackSetFacts, Trend,
};
use orgscan_core::services::{cloudwatch, sns};
use orgscan_core::settings::{Config, Location, MetricsConfig, ReportConfig, ReportFormat};
use orgscan_files::disk::{self, advice};
use orgscan_report::trend::{SUMMARY, SummaryJsonl};
use orgscan_store::history::{History, HistoryError, Walk};
use orgscan_store::integrity::SealedLink;
use orgscan_store::results::RESULTS;
use orgscan_store::{Conclusion, Store, StoreError};

use super::alert;
use super::messages::{Message, Messages};
use super::metrics;
use super::reports::{
    FileOrder, GZIP, JSONL, ReportFile, ReportFiles, ReportFormats, ReportSource, WriteError, fill,
    folder, write_tables,
};

pub use published::{Delivery, PublishResult};

/// What is published, and with what.
#[derive(Debug)]
pub struct Publication<'a> {
    /// What the run was configured with.
    pub config: &'a Config,
    /// Nothing is published.
    pub dry_run: bool,
    /// The caller, who publishes.
    pub aws: &'a AwsContext,
    /// What was planned.
    pub plan: &'a Plan,
    /// What deploys the member role.
    pub stack_set: &'a StackSetFacts,
    /// What was found.
    pub report: &'a Report,
    /// How its numbers went in the runs before and in this one, where that is known.
    pub trend: Option<&'a Trend>,
    /// The results behind it.
    pub store: &'a Store,
    /// The exceptions.
    pub exceptions: &'a Exceptions,
    /// What they are compared with.
    pub history: Option<&'a History>,
    /// How the run ended before, if it was started again after its end.
    pub before: Option<&'a Conclusion>,
    /// Limits the rate of requests for metrics and report.
    pub api_caller: &'a ApiCaller,
    /// Limits the rate of the alert's, with time of its own.
    pub alert_api_caller: &'a ApiCaller,
}

/// Why there is nothing to publish.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The files could not be written.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The results could not be read back.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The state that the run is compared with could not be read once more.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// What the report is made of could not be written down.
    #[error("the results cannot be written beside the report: {0}; free disk space")]
    Results(#[source] std::io::Error),
    /// The alert cannot be written as JSON.
    #[error("the alert cannot be written as JSON: {0}")]
    Alert(#[from] serde_json::Error),
    /// There is no room for the files on their way to S3.
    #[error(
        "no temporary folder can be created: {}; {}",
        .0,
        advice(.0, "free disk space, or set TMPDIR to another folder")
    )]
    Temporary(std::io::Error),
}

/// Publishes the report to every configured destination; nowhere in a dry run. The alert goes last,
/// so that what it points to is there.
///
/// # Errors
/// Where the report's files cannot be written. A destination that cannot be reached is no error but
/// part of the answer.
pub async fn publish(publication: &Publication<'_>) -> Result<PublishResult, PublishError> {
    let series = metrics::render(publication.report).count();
    let mut published = PublishResult {
        metrics_cost: metrics::cost_per_month(series, 1.0),
        metrics_series: series,
        ..PublishResult::default()
    };
    if publication.dry_run {
        return Ok(published);
    }
    let destinations = &publication.config.destinations;
    if let Some(config) = &destinations.report {
        publication.publish_report(config, &mut published).await?;
    }
    if let Some(config) = &destinations.metrics {
        let target = publication.metrics_location(config);
        let send = async || publication.metrics(config, series).await;
        publication
            .once(Destination::Metrics, target, send, &mut published)
            .await?;
    }
    if let Some(config) = &destinations.report {
        publication.publish_parts(config, &mut published).await?;
    }
    let location = published.report_location.clone();
    for message in publication.messages(location.as_deref(), published.manifest.as_ref())? {
        if let Some(topic_arn) = &message.topic_arn {
            let send = async || publication.alert(topic_arn, &message).await;
            let target = topic_arn.to_string();
            publication
                .once(Destination::Alert, target, send, &mut published)
                .await?;
        }
    }
    Ok(published)
}

impl Publication<'_> {
    async fn publish_report(
        &self,
        config: &ReportConfig,
        published: &mut PublishResult,
    ) -> Result<(), PublishError> {
        self.store.confirm().await?;
        let (location, outcome) = self.report(config).await?;
        published.report_location = outcome.is_ok().then_some(location);
        published.manifest = outcome.as_ref().ok().and_then(|(_, sealed)| *sealed);
        let target = config.location.to_string();
        let outcome = outcome.map(|(detail, _)| detail);
        published.push(Destination::Report, target, outcome);
        Ok(())
    }

    /// Writes the accounts' own reports beside that of all, if it is there.
    async fn publish_parts(
        &self,
        config: &ReportConfig,
        published: &mut PublishResult,
    ) -> Result<(), PublishError> {
        if config.has_parts()
            && published.report_location.is_some()
            && let Some(archive) = self.store.archive()
        {
            self.store.confirm().await?;
            let outcome = self.accounts(archive).await;
            published.push(Destination::Accounts, config.location.to_string(), outcome);
        }
        Ok(())
    }

    /// Sends what cannot be called back, unless that was done when the run ended before.
    async fn once(
        &self,
        destination: Destination,
        target: String,
        send: impl AsyncFnOnce() -> Result<String, String>,
        published: &mut PublishResult,
    ) -> Result<(), StoreError> {
        match self.sent_before(destination, &target) {
            Some(detail) => published.was_sent(destination, target, detail),
            None => {
                self.store.confirm().await?;
                published.push(destination, target, send().await);
            }
        }
        Ok(())
    }

    /// What was sent to a target when the run ended before.
    fn sent_before(&self, destination: Destination, target: &str) -> Option<String> {
        let sent = self.before?.delivered_to(destination, target);
        sent.map(|one| one.detail.clone())
    }

    /// Writes the report's files, and sends them where that is S3. Returns the location with what became
    /// of it.
    async fn report(
        &self,
        config: &ReportConfig,
    ) -> Result<(String, Result<(String, Option<SealedLink>), String>), PublishError> {
        match &config.location {
            Location::Folder(root) => {
                let folder = super::reports::local_folder(root, &self.report.run);
                // The process that publishes the run has its lock, so no other process writes there.
                disk::remove_leftovers(&folder, None).map_err(|source| WriteError::Io {
                    folder: folder.clone(),
                    source,
                })?;
                let location = folder.display().to_string();
                let files = self.write(config, root, &location).await?;
                if config.tables {
                    let tables = write_tables(root, &self.report.run, &files);
                    tables.map_err(|source| WriteError::Io {
                        folder: root.join("tables"),
                        source,
                    })?;
                }
                let sealed = self.completed(config, root, &files).await;
                let detail = format!("{} files in {location}", files.len());
                Ok((location, sealed.map(|sealed| (detail, sealed))))
            }
            Location::S3(prefix) => {
                let location = S3Object {
                    bucket: prefix.bucket.clone(),
                    key: format!("{}{}/", prefix.key_prefix(), folder(&self.report.run)),
                }
                .to_string();
                let temporary = disk::temporary_folder().map_err(PublishError::Temporary)?;
                let files = self.write(config, temporary.path(), &location).await?;
                let sent = self.send_files(config, &files).await;
                let sealed = match sent {
                    Ok(()) => self.completed(config, temporary.path(), &files).await,
                    Err(failure) => Err(failure.to_string()),
                };
                let detail = format!("{} files in {location}", files.len());
                Ok((location, sealed.map(|sealed| (detail, sealed))))
            }
        }
    }

    async fn write(
        &self,
        config: &ReportConfig,
        root: &Path,
        location: &str,
    ) -> Result<Vec<ReportFile>, PublishError> {
        let checks = self.config.checks.select();
        let report_formats = ReportFormats {
            formats: &config.formats,
            ocsf: config.ocsf_version,
        };
        let mut files =
            ReportFiles::create(root, self.report, self.trend, &checks, report_formats)?;
        files.add(FileOrder::First, RESULTS, GZIP, |out| {
            self.results_file(out, &checks)
        })?;
        // A run without it is read by its report, so it is the one that may be missing.
        files.add(FileOrder::Last, SUMMARY, JSONL, |out| {
            SummaryJsonl::start(out, self.report).map_err(PublishError::Results)
        })?;
        let source = ReportSource {
            plan: self.plan,
            exceptions: self.exceptions,
            history: self.history,
        };
        let of = |account: &Account| Ok::<_, PublishError>(self.store.of(account)?);
        fill(source, &mut files, of).await?;
        // The manifest is about these files too, so they cannot say its hash.
        let messages = self.messages(Some(location), None)?;
        Ok(files.finish(&messages, metrics::render(self.report))?)
    }

    /// What the run has to tell, and whom.
    fn messages(
        &self,
        location: Option<&str>,
        manifest: Option<&SealedLink>,
    ) -> Result<Vec<Message>, serde_json::Error> {
        let report = self.config.destinations.report.as_ref();
        let messages = Messages {
            report: self.report,
            config: self.config.destinations.alert.as_ref(),
            exceptions: &alert::ExceptionNotice::all_of(self.report),
            report_location: location,
            has_page: report.is_some_and(|report| report.has(ReportFormat::Html)),
            manifest,
        };
        messages.render()
    }

    fn walk(&self) -> Result<Option<Walk>, HistoryError> {
        self.history.map(History::walk).transpose()
    }

    async fn metrics(&self, config: &MetricsConfig, series: usize) -> Result<String, String> {
        let region = self.metrics_region(config);
        let cloudwatch = aws_sdk_cloudwatch::Client::new(&self.aws.config_in(region));
        let namespace = &config.namespace;
        for batch in metrics::batches(metrics::render(self.report)) {
            self.store.check().map_err(|lost| lost.to_string())?;
            let request = metrics::put_metric_data(&cloudwatch, namespace, &batch);
            self.api_caller
                .call(&cloudwatch::PUT_METRIC_DATA, || request.clone().send())
                .await
                .map_err(|failure| failure.to_string())?;
        }
        Ok(format!(
            "{series} metrics in {}",
            self.metrics_location(config)
        ))
    }

    fn metrics_region<'a>(&'a self, config: &'a MetricsConfig) -> &'a Region {
        config.region.as_ref().unwrap_or(&self.aws.home)
    }

    fn metrics_location(&self, config: &MetricsConfig) -> String {
        let region = self.metrics_region(config);
        format!("namespace {} in {region}", config.namespace)
    }

    async fn alert(&self, topic_arn: &Arn, message: &Message) -> Result<String, String> {
        if !message.should_send {
            return Ok(format!("no message to {topic_arn}: nothing to report"));
        }
        let sdk = self.aws.config_in(&Region::new(topic_arn.region()));
        let sns = aws_sdk_sns::Client::new(&sdk);
        let request = alert::publish(&sns, topic_arn, &message.alert, message.chat_for_https)
            .map_err(|error| format!("the alert is no SNS message: {error}"))?;
        // A message cannot be called back, so a process that has lost the run meanwhile sends none.
        let attempt = async || {
            let lost = |error: StoreError| SdkError::construction_failure(error);
            self.store.check().map_err(lost)?;
            request.clone().send().await
        };
        self.alert_api_caller
            .call(&sns::PUBLISH, attempt)
            .await
            .map_err(|failure| format!("{failure}; the topic is {topic_arn}"))?;
        Ok(format!("one message to {topic_arn}"))
    }
}

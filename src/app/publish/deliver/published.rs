//! What became of the destinations.

use orgscan_core::model::{Baseline, Destination, Report};

use orgscan_store::integrity::SealedLink;
use orgscan_store::{Conclusion, DeliveryRecord};

/// What became of one destination.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    /// Where.
    pub destination: Destination,
    /// Which one: a topic's ARN, a namespace and its Region, a location.
    pub target: String,
    /// What was sent where, or why it was not.
    pub outcome: Result<String, String>,
    /// Whether it was sent when the run ended before, and so not again.
    pub before: bool,
}

/// What was published.
#[derive(Clone, Debug, Default)]
pub struct PublishResult {
    /// What became of each configured destination.
    pub deliveries: Vec<Delivery>,
    /// Where the report is, if it went anywhere.
    pub report_location: Option<String>,
    /// Its link of the chain of manifests, if it has one.
    pub manifest: Option<SealedLink>,
    /// US dollars a month that the metrics' series cost at one run a day.
    pub metrics_cost: f64,
    /// How many series there are.
    pub metrics_series: usize,
}

impl PublishResult {
    pub(super) fn push(
        &mut self,
        destination: Destination,
        target: String,
        outcome: Result<String, String>,
    ) {
        match &outcome {
            Ok(detail) => tracing::info!(%destination, detail, "delivered"),
            Err(error) => tracing::error!(%destination, error, "not delivered"),
        }
        self.deliveries.push(Delivery {
            destination,
            target,
            outcome,
            before: false,
        });
    }

    pub(super) fn was_sent(&mut self, destination: Destination, target: String, detail: String) {
        tracing::info!(%destination, detail, "already delivered, not sent again");
        self.deliveries.push(Delivery {
            destination,
            target,
            outcome: Ok(detail),
            before: true,
        });
    }

    /// Adds what became of a destination that is not published to.
    pub fn push_delivery(&mut self, delivery: Delivery) {
        let Delivery {
            destination,
            target,
            outcome,
            before,
        } = delivery;
        match before {
            true => self.was_sent(destination, target, outcome.unwrap_or_default()),
            false => self.push(destination, target, outcome),
        }
    }

    /// How it ended so far: what was sent was sent, and the history is still to be written.
    pub fn unsettled(&self, report: &Report) -> Conclusion {
        let mut conclusion = self.conclusion(report);
        conclusion.deliveries.push(DeliveryRecord {
            destination: Destination::History,
            target: String::new(),
            delivered: false,
            detail: "not written yet".to_owned(),
        });
        conclusion
    }

    /// How a run with this report ended, for its record.
    pub fn conclusion(&self, report: &Report) -> Conclusion {
        Conclusion {
            coverage: report.coverage.clone(),
            findings_by_severity: report.findings,
            thresholds_crossed: report.thresholds_crossed.len(),
            report_location: self.report_location.clone(),
            deliveries: self.deliveries.iter().map(DeliveryRecord::from).collect(),
            history_error: match &report.changes.baseline {
                Baseline::Unavailable { reason } => Some(reason.clone()),
                _ => None,
            },
        }
    }
}

impl From<&Delivery> for DeliveryRecord {
    fn from(delivery: &Delivery) -> Self {
        let (delivered, detail) = match &delivery.outcome {
            Ok(detail) => (true, detail.clone()),
            Err(error) => (false, error.clone()),
        };
        Self {
            destination: delivery.destination,
            target: delivery.target.clone(),
            delivered,
            detail,
        }
    }
}

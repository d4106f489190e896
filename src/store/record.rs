//! What is written down about the run as a whole: `run.json`.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use orgscan_core::model::{Coverage, Destination, RunId, SeverityCounts};

/// What is written down about a run when it begins, and when it has published.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// The run's id; none where an older version has started it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    /// How often a process has taken the run. Each writes the record with its own number first, so that one
    /// that was suspended meanwhile finds another version and writes nothing.
    #[serde(default)]
    pub epoch: u64,
    /// When it began; a run that goes on keeps its date.
    pub started: Timestamp,
    /// Everything that decides what is found: checks, Regions, ports and so on.
    pub settings: serde_json::Value,
    /// How it ended, once it has published.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub conclusion: Option<Conclusion>,
}

/// How a run ended: enough to answer the same again, and to send nothing twice.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Conclusion {
    /// What was evaluated and what was not.
    pub coverage: Coverage,
    /// Findings by severity.
    pub findings_by_severity: SeverityCounts,
    /// How many thresholds were crossed.
    pub thresholds_crossed: usize,
    /// Where the report is, if it went anywhere.
    pub report_location: Option<String>,
    /// What became of each configured destination.
    pub deliveries: Vec<DeliveryRecord>,
    /// Why the run was compared with nothing, though there is a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub history_error: Option<String>,
}

/// What became of one destination.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeliveryRecord {
    /// Where.
    pub destination: Destination,
    /// Which one: a topic's ARN, a namespace and its Region, a location. With `destination` it says what was
    /// sent where, for a run that is started again.
    #[serde(default)]
    pub target: String,
    /// Whether it got everything.
    pub delivered: bool,
    /// What was sent where, or why it was not.
    pub detail: String,
}

impl Conclusion {
    /// What was delivered to a destination.
    pub fn delivered_to(&self, destination: Destination, target: &str) -> Option<&DeliveryRecord> {
        let is_it = |one: &&DeliveryRecord| one.destination == destination && one.target == target;
        self.deliveries
            .iter()
            .filter(|one| one.delivered)
            .find(is_it)
    }

    /// Whether every destination got everything.
    pub fn is_delivered(&self) -> bool {
        self.deliveries.iter().all(|one| one.delivered)
    }
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::Destination::{Alert, Metrics};

    use super::*;

    #[test]
    fn what_was_sent_is_known_by_its_target_and_not_by_its_wording() {
        let one = |destination, target: &str, delivered: bool| DeliveryRecord {
            destination,
            target: target.to_owned(),
            delivered,
            detail: "one message to arn:security".to_owned(),
        };
        let conclusion = Conclusion {
            coverage: Coverage::default(),
            findings_by_severity: SeverityCounts::default(),
            thresholds_crossed: 0,
            report_location: None,
            deliveries: vec![
                one(Alert, "arn:other", true),
                one(Alert, "arn:failed", false),
                one(Metrics, "arn:metrics", true),
            ],
            history_error: None,
        };
        assert!(conclusion.delivered_to(Alert, "arn:other").is_some());
        for (destination, target) in [
            (Alert, "arn:security"),
            (Alert, "security"),
            (Alert, "arn:failed"),
            (Alert, "arn:metrics"),
            (Alert, ""),
        ] {
            let sent = conclusion.delivered_to(destination, target);
            assert_eq!(sent, None, "{target}");
        }
    }
}

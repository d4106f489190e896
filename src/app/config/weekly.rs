//! The event that asks for a weekly report.

use jiff::Timestamp;
use orgscan_core::clock::{Clock, FutureTimestamp};
use orgscan_core::document::ConfigError;
use orgscan_report::trend::Week;
use schemars::JsonSchema;
use serde::Deserialize;
use serde_json::Value;

use super::event::{read, some_time};

/// A weekly report from the reports of the week's runs. Nothing is scanned.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct WeeklyEvent {
    /// The report.
    weekly: WeeklyReport,
}

/// The requested weekly report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WeeklyReport {
    /// The ISO week, in UTC. By default the last full week before the time.
    week: Option<Week>,
    /// The time of the schedule; in EventBridge Scheduler `<aws.scheduler.scheduled-time>`.
    #[serde(deserialize_with = "some_time")]
    scheduled_time: Option<Timestamp>,
}

impl WeeklyReport {
    /// Reads an event. None where it asks for something else.
    ///
    /// # Errors
    /// Everything that is wrong with the event, each with its field and how to fix it.
    pub fn from_event(event: &Value) -> Result<Option<Self>, ConfigError> {
        if event.get("weekly").is_none() {
            return Ok(None);
        }
        read::<WeeklyEvent>(event).map(|event| Some(event.weekly))
    }

    /// The week, as asked for at that moment.
    ///
    /// # Errors
    /// [`FutureTimestamp`] where the schedule's time or the week is ahead of the clock.
    pub fn week(&self, clock: Clock) -> Result<Week, FutureTimestamp> {
        if let Some(time) = self.scheduled_time {
            clock.refuse_ahead("weekly.scheduled_time", time)?;
        }
        let now = self.scheduled_time.unwrap_or_else(|| clock.now());
        let week = self.week.unwrap_or_else(|| Week::ended_before(now));
        week.refuse_ahead(clock)?;
        Ok(week)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn the_week_is_the_one_named_or_the_one_before_the_schedules_time() {
        let now = Clock::Fixed("2026-11-30T07:00:00Z".parse().unwrap());
        let week = |event: Value| {
            let asked = WeeklyReport::from_event(&event).unwrap().unwrap();
            asked.week(now).unwrap().to_string()
        };
        assert_eq!(week(json!({"weekly": {}})), "2026-W48");
        assert_eq!(week(json!({"weekly": {"week": "2026-W02"}})), "2026-W02");
        let scheduled = json!({"weekly": {"scheduled_time": "2026-11-23T07:00:00Z"}});
        assert_eq!(week(scheduled), "2026-W47");
        assert!(WeeklyReport::from_event(&json!({})).unwrap().is_none());
        for ahead in [
            json!({"scheduled_time": "2099-11-23T07:00:00Z"}),
            json!({"week": "2026-W50"}),
        ] {
            let asked = WeeklyReport::from_event(&json!({"weekly": ahead})).unwrap();
            let error = asked.unwrap().week(now).unwrap_err().to_string();
            assert!(error.contains("ahead of this machine's clock"), "{error}");
        }
    }

    #[test]
    fn unknown_input_is_refused_with_a_fix() {
        let event = json!({"weekly": {"week": "47", "wek": 1}, "dry_run": true});
        let error = WeeklyReport::from_event(&event).unwrap_err().to_string();
        for part in [
            "weekly.week: `47` is not a week",
            "weekly.wek: unknown key",
            "dry_run",
        ] {
            assert!(error.contains(part), "{error}");
        }
    }
}

//! Credential reports in the making: one at most in four hours for each account.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>

use std::collections::HashMap;
use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::reply::{ErrorFormat, REQUEST_ID, Refusal, Reply};

/// How long a report serves before another is made.
const LIFETIME: Duration = Duration::from_secs(4 * 3_600);

/// The reports of all accounts.
#[derive(Debug, Default)]
pub(super) struct Reports {
    by_account: HashMap<u32, Report>,
}

#[derive(Clone, Copy, Debug)]
struct Report {
    started: Instant,
    ready: Instant,
    /// In seconds since 1970.
    generated: i64,
}

impl Reports {
    /// GenerateCredentialReport: begins a report that takes so long, if there is none to be had.
    pub(super) fn generate(&mut self, account: u32, takes: Duration, now: Instant) -> Reply {
        let known = self.by_account.get(&account).copied();
        let known = known.filter(|report| now.duration_since(report.started) < LIFETIME);
        let report = known.unwrap_or_else(|| {
            let generated = Timestamp::now().as_second();
            let taken = i64::try_from(takes.as_secs()).unwrap_or_default();
            Report {
                started: now,
                ready: now + takes,
                generated: generated + taken,
            }
        });
        self.by_account.insert(account, report);
        match (known, now >= report.ready) {
            (_, true) => state("COMPLETE", ""),
            (Some(_), false) => state("INPROGRESS", ""),
            (None, false) => state(
                "STARTED",
                "<Description>No report exists. Starting a new report generation task</Description>",
            ),
        }
    }

    /// How long the slowest report took.
    pub(super) fn slowest(&self) -> Duration {
        let took = |report: &Report| report.ready.duration_since(report.started);
        self.by_account.values().map(took).max().unwrap_or_default()
    }

    /// GetCredentialReport: when the report was made; or the answer that there is none.
    pub(super) fn get(&self, account: u32, now: Instant) -> Result<String, Reply> {
        let refused =
            |status, code, message| Refusal::new(status, code, message).reply(ErrorFormat::Query);
        match self.by_account.get(&account) {
            None => Err(refused(410, "ReportNotPresent", "No report exists.")),
            Some(report) if now < report.ready => Err(refused(
                404,
                "ReportInProgress",
                "Report generation is in progress.",
            )),
            Some(report) if now.duration_since(report.started) >= LIFETIME => {
                Err(refused(410, "ReportExpired", "The report has expired."))
            }
            Some(report) => {
                let generated = Timestamp::from_second(report.generated);
                Ok(generated.unwrap_or(Timestamp::UNIX_EPOCH).to_string())
            }
        }
    }
}

fn state(state: &str, description: &str) -> Reply {
    Reply::xml(
        200,
        format!(
            "<GenerateCredentialReportResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\">\
             <GenerateCredentialReportResult><State>{state}</State>{description}\
             </GenerateCredentialReportResult><ResponseMetadata><RequestId>{REQUEST_ID}</RequestId>\
             </ResponseMetadata></GenerateCredentialReportResponse>"
        ),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(reply: &Reply, word: &str) -> bool {
        String::from_utf8_lossy(&reply.body).contains(word)
    }

    #[test]
    fn a_report_takes_its_time_and_serves_for_four_hours() {
        let (mut reports, now) = (Reports::default(), Instant::now());
        let takes = Duration::from_secs(2);
        let after = |seconds| now + Duration::from_secs(seconds);
        assert!(contains(
            &reports.get(1, now).unwrap_err(),
            "ReportNotPresent"
        ));
        assert!(contains(&reports.generate(1, takes, now), "STARTED"));
        assert!(contains(
            &reports.generate(1, takes, after(1)),
            "INPROGRESS"
        ));
        assert!(contains(
            &reports.get(1, after(1)).unwrap_err(),
            "ReportInProgress"
        ));
        assert!(contains(&reports.generate(1, takes, after(2)), "COMPLETE"));
        let generated = reports.get(1, after(2)).unwrap();
        assert!(contains(
            &reports.generate(1, takes, after(14_000)),
            "COMPLETE"
        ));
        assert_eq!(reports.get(1, after(14_000)).unwrap(), generated);
        assert!(contains(
            &reports.get(1, after(14_400)).unwrap_err(),
            "ReportExpired"
        ));
        assert!(contains(
            &reports.generate(1, takes, after(14_400)),
            "STARTED"
        ));
        assert!(reports.get(2, after(2)).is_err());
    }

    #[test]
    fn without_latency_a_report_is_there_at_once() {
        let (mut reports, now) = (Reports::default(), Instant::now());
        assert!(contains(
            &reports.generate(1, Duration::ZERO, now),
            "COMPLETE"
        ));
        assert!(reports.get(1, now).is_ok());
    }
}

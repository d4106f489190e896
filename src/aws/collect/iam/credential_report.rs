//! The IAM credential report: one CSV about all users.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>

use std::time::{Duration, Instant};

use aws_sdk_iam::Client;
use aws_sdk_iam::types::ReportStateType;
use jiff::Timestamp;
use orgscan_core::api::{GENERATE_CREDENTIAL_REPORT, GET_CREDENTIAL_REPORT as API};
use orgscan_core::model::{Cause, Gap, UserSource, Users};

use super::report_rows::{self, malformed};
use crate::pace::Lane;
use crate::{Failure, require};

/// How long to wait for IAM to make the report, in all.
const PATIENCE: Duration = Duration::from_secs(60);

/// Codes that say that the report is not there yet.
const NOT_YET: &[&str] = &[
    "ReportInProgress",
    "CredentialReportNotReadyException",
    "ReportNotPresent",
    "CredentialReportNotPresentException",
    "ReportExpired",
    "CredentialReportExpiredException",
];

/// The pause before the report is read for the first time, and after IAM was asked for it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The pauses after that. Longer ones would cost a large account more time than they save requests.
const NEXT_PAUSE: Duration = Duration::from_secs(1);

/// A report that IAM has been asked for.
#[derive(Debug)]
pub struct ReportAsked {
    at: Instant,
    ready: Result<bool, Failure>,
}

/// Asks IAM to make the report. It makes one at most every four hours, and answers with the last one
/// until then.
pub(super) async fn ask(iam: &Client, lane: &Lane) -> ReportAsked {
    let answer = lane
        .call(&GENERATE_CREDENTIAL_REPORT, || {
            iam.generate_credential_report().send()
        })
        .await;
    ReportAsked {
        at: Instant::now(),
        ready: answer.map(|answer| answer.state == Some(ReportStateType::Complete)),
    }
}

/// Waits for the report and reads it. Its age is part of the answer.
///
/// # Errors
/// The failure of the request that failed, or [`Cause::TimedOut`] when IAM takes too long.
pub(super) async fn read(iam: &Client, lane: &Lane, asked: ReportAsked) -> Result<Users, Failure> {
    let ReportAsked { at, ready } = asked;
    if !ready? {
        let pause = FIRST_PAUSE.saturating_sub(at.elapsed());
        lane.pause(&API, pause).await?;
    }
    loop {
        let answer = lane.call(&API, || iam.get_credential_report().send()).await;
        match answer {
            Ok(report) => {
                let content = require(API.action, "Content", report.content)?;
                let generated = require(API.action, "GeneratedTime", report.generated_time)?;
                return users(content.as_ref(), generated.secs());
            }
            Err(failure) if failure.has_code(NOT_YET) && at.elapsed() < PATIENCE => {
                lane.pause(&API, NEXT_PAUSE).await?;
            }
            Err(failure) if failure.has_code(NOT_YET) => {
                return Err(Failure {
                    cause: Cause::TimedOut,
                    ..failure
                });
            }
            Err(failure) => return Err(failure),
        }
    }
}

fn users(content: &[u8], generated: i64) -> Result<Users, Failure> {
    let generated = Timestamp::from_second(generated).map_err(|error| malformed(&error))?;
    let age = Timestamp::now().duration_since(generated);
    let rows = report_rows::parse(content)?;
    let no_row = || Failure::new(API.action, Cause::Malformed, "no row for the root user");
    let root = rows.root.unwrap_or_else(|| Err(no_row()));
    Ok(Users {
        list: rows.users.into_iter().collect(),
        root: root.map_err(Gap::from).into(),
        source: UserSource::CredentialReport {
            generated,
            age_minutes: (age.as_secs() / 60).max(0),
            added: 0,
        },
    })
}

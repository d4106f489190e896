//! The IAM credential report: one CSV about all users.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>

use std::time::{Duration, Instant};

use aws_sdk_iam::types::ReportStateType;
use jiff::Timestamp;
use orgscan_core::api::Meaning;
use orgscan_core::model::{Cause, Gap};
use orgscan_core::services::iam::GET_CREDENTIAL_REPORT as API;
use orgscan_core::services::iam::{
    CredentialReportRequest, GENERATE_CREDENTIAL_REPORT, UserSource, Users,
};

use super::report_rows::{self, malformed};
use crate::collect::{AccountScope, Collect, CollectScope, FactError};
use crate::{Failure, require};

/// How long to wait for IAM to make the report, in all.
const PATIENCE: Duration = Duration::from_secs(60);

/// The pause before the report is read for the first time, and after IAM was asked for it.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The pauses after that. Longer ones would cost a large account more time than they save requests.
const NEXT_PAUSE: Duration = Duration::from_secs(1);

impl Collect<AccountScope<'_>> for CredentialReportRequest {
    /// Asks IAM to make the report. It makes one at most every four hours, and answers with the last one
    /// until then.
    async fn collect(scope: &AccountScope<'_>) -> Result<Self, FactError> {
        let iam = scope.iam();
        let request = || iam.generate_credential_report().send();
        let answer = scope
            .api_caller
            .call(&GENERATE_CREDENTIAL_REPORT, request)
            .await?;
        Ok(Self {
            at: Instant::now(),
            is_ready: answer.state == Some(ReportStateType::Complete),
        })
    }
}

/// Waits for the report and reads it. Its age is part of the answer.
///
/// # Errors
/// The failure of the request that failed, or [`Cause::TimedOut`] when IAM takes too long.
pub(super) async fn read(scope: &AccountScope<'_>) -> Result<Users, FactError> {
    let asked = scope.fact::<CredentialReportRequest>().await?;
    let (iam, api_caller, at) = (scope.iam(), &scope.api_caller, asked.at);
    if !asked.is_ready {
        let pause = FIRST_PAUSE.saturating_sub(at.elapsed());
        api_caller.pause(&API, pause).await?;
    }
    loop {
        let answer = api_caller
            .call(&API, || iam.get_credential_report().send())
            .await;
        match answer {
            Ok(report) => {
                let content = require(API.action, "Content", report.content)?;
                let generated = require(API.action, "GeneratedTime", report.generated_time)?;
                return Ok(users(content.as_ref(), generated.secs())?);
            }
            Err(failure) if failure.means(Meaning::NotReady) && at.elapsed() < PATIENCE => {
                api_caller.pause(&API, NEXT_PAUSE).await?;
            }
            Err(failure) if failure.means(Meaning::NotReady) => {
                let cause = Cause::TimedOut;
                return Err(Failure { cause, ..failure }.into());
            }
            Err(failure) => return Err(failure.into()),
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

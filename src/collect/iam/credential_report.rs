//! The IAM credential report: one CSV about all users.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_getting-report.html>

use std::time::{Duration, Instant};

use aws_sdk_iam::Client;
use aws_sdk_iam::types::ReportStateType;
use csv::StringRecord;
use jiff::Timestamp;

use crate::aws::{Failure, require};
use crate::model::{Cause, User, UserSource, Users};
use crate::pace::Lane;
use crate::pace::api::{GENERATE_CREDENTIAL_REPORT, GET_CREDENTIAL_REPORT as API};

/// How the root user's row is called.
const ROOT: &str = "<root_account>";

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
    Ok(Users {
        list: parse(content)?,
        source: UserSource::CredentialReport {
            generated,
            age_minutes: (age.as_secs() / 60).max(0),
        },
    })
}

fn parse(content: &[u8]) -> Result<Vec<User>, Failure> {
    let mut reader = csv::Reader::from_reader(content);
    let header = reader.headers().map_err(|error| malformed(&error))?.clone();
    let columns = Columns::find(&header)?;
    let mut users = Vec::new();
    for row in reader.records() {
        let row = row.map_err(|error| malformed(&error))?;
        if columns.text(&row, columns.user) != ROOT {
            users.push(columns.user(&row)?);
        }
    }
    Ok(users)
}

/// Where the columns are, by the header's names.
struct Columns {
    user: usize,
    arn: usize,
    password: usize,
    mfa: usize,
    keys: [usize; 2],
}

impl Columns {
    fn find(header: &StringRecord) -> Result<Self, Failure> {
        let find = |name: &str| {
            let position = header.iter().position(|column| column == name);
            require(API.action, &format!("the column {name}"), position)
        };
        Ok(Self {
            user: find("user")?,
            arn: find("arn")?,
            password: find("password_enabled")?,
            mfa: find("mfa_active")?,
            keys: [find("access_key_1_active")?, find("access_key_2_active")?],
        })
    }

    fn text<'a>(&self, row: &'a StringRecord, column: usize) -> &'a str {
        row.get(column).unwrap_or_default()
    }

    /// `true` or `false`; IAM writes `N/A` and `not_supported` where a field has no meaning.
    fn flag(&self, row: &StringRecord, column: usize) -> Result<bool, Failure> {
        match self.text(row, column).to_ascii_lowercase().as_str() {
            "true" => Ok(true),
            "false" | "n/a" | "not_supported" => Ok(false),
            other => Err(malformed(&format!("`{other}` is neither true nor false"))),
        }
    }

    fn user(&self, row: &StringRecord) -> Result<User, Failure> {
        let mut active_keys = 0;
        for key in self.keys {
            active_keys += u8::from(self.flag(row, key)?);
        }
        Ok(User {
            name: self.text(row, self.user).to_owned(),
            arn: self.text(row, self.arn).to_owned(),
            has_password: self.flag(row, self.password)?,
            has_mfa: self.flag(row, self.mfa)?,
            active_keys,
        })
    }
}

fn malformed(what: &dyn std::fmt::Display) -> Failure {
    let detail = format!("the credential report cannot be read: {what}");
    Failure::new(API.action, Cause::Malformed, detail)
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "user,arn,user_creation_time,password_enabled,password_last_used,mfa_active,\
                          access_key_1_active,access_key_2_active";

    fn parse_rows(rows: &str) -> Result<Vec<User>, Failure> {
        parse(format!("{HEADER}\n{rows}").as_bytes())
    }

    #[test]
    fn users_are_read_by_column_name_and_root_is_left_out() {
        let users = parse_rows(
            "<root_account>,arn:aws:iam::1:root,x,not_supported,x,false,false,false\n\
             ann,arn:aws:iam::1:user/ann,x,true,N/A,false,true,false\n\
             bot,arn:aws:iam::1:user/bot,x,false,N/A,true,true,true\n",
        )
        .unwrap();
        assert_eq!(users.len(), 2);
        assert!(users[0].has_password && !users[0].has_mfa && users[0].active_keys == 1);
        assert!(!users[1].has_password && users[1].has_mfa && users[1].active_keys == 2);
    }

    #[test]
    fn a_missing_column_or_an_unknown_word_is_malformed_and_never_false() {
        let failure = parse(b"user,arn\nann,arn:aws:iam::1:user/ann\n").unwrap_err();
        assert_eq!(failure.cause, Cause::Malformed);
        assert!(failure.detail.contains("password_enabled"), "{failure}");
        let failure = parse_rows("ann,a,x,true,x,perhaps,true,false\n").unwrap_err();
        assert!(failure.detail.contains("perhaps"), "{failure}");
        assert!(parse_rows("ann,a\n").is_err());
    }
}

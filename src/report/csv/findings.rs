//! `findings.csv`: one row per finding.

use std::io::{self, Write};

use orgscan_core::compare::ComparedFinding;
use orgscan_core::model::{ChangeKind, Suppression};

use super::cell;
use crate::columns::FINDINGS;
use crate::{AccountReport, Sink};

/// Writes `findings.csv`, one row per finding, suppressed ones too. Within an account the rows are ordered by check, in
/// registry order, then by scope.
///
/// | column | what |
/// | --- | --- |
/// | `severity` | `critical`, `high`, `medium`, `low` or `informational` |
/// | `check_id` | the check's id |
/// | `account_id`, `account_name`, `ou_path` | the account; the path is empty in the root |
/// | `region` | the resource's Region; `global` for the account as a whole |
/// | `resource` | its ARN |
/// | `part` | which part of the resource, where several can break the check |
/// | `message` | what is wrong |
/// | `run_id` | the run that this is the report of |
/// | `finding_id` | the finding's id, the same from run to run |
/// | `status` | `new`, `reopened`, `worsened`, `ongoing`, or `unknown` if it was open before and could not be evaluated; empty without a history |
/// | `first_seen`, `last_seen` | the beginning of the runs that found it first and last; empty without a history |
/// | `exception_id` | the id of the exception that suppresses it; empty if it counts |
/// | `exception_owner`, `exception_reason`, `exception_expires` | its owner, its reason, and its last day |
#[derive(Debug)]
pub struct FindingsCsv<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> FindingsCsv<W> {
    /// Writes the header.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(out: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(FINDINGS)?;
        Ok(Self { out })
    }
}

impl<W: Write> Sink<W> for FindingsCsv<W> {
    fn account(&mut self, reported: &AccountReport<'_>) -> io::Result<()> {
        let result = reported.applied.result();
        let account = &result.account;
        for row in reported.rows() {
            let (mut status, mut first, mut last) = ("", String::new(), String::new());
            if let Some(ComparedFinding { kind, finding, .. }) = row.compared {
                status = kind.map_or("", ChangeKind::as_str);
                first = finding.first_seen.to_string();
                last = finding.last_seen.to_string();
            }
            let of = |text: fn(&Suppression) -> &str| row.exception.map_or("", text);
            let expires = row.exception.and_then(|one| one.expires);
            self.out.write_record([
                row.severity.as_str(),
                &cell(row.check),
                account.id.as_str(),
                &cell(&account.name),
                &cell(&account.ou_path),
                &cell(row.region),
                &cell(row.resource),
                &cell(row.part),
                &cell(row.message),
                &cell(&result.run_id),
                &row.id,
                status,
                &first,
                &last,
                &cell(of(|one| &one.id)),
                &cell(of(|one| &one.owner)),
                &cell(of(|one| &one.reason)),
                &expires.map(|day| day.to_string()).unwrap_or_default(),
            ])?;
        }
        Ok(())
    }

    fn finish(self: Box<Self>) -> io::Result<W> {
        self.out
            .into_inner()
            .map_err(csv::IntoInnerError::into_error)
    }
}

#[cfg(test)]
mod tests {
    use orgscan_core::compare::{AccountObservation, ComparisonInput, compare};
    use orgscan_core::model::Severity::{Critical, High};
    use orgscan_core::model::{Region, TargetOutcome, TargetScope};
    use orgscan_core::testing::{BUCKETS, CHECKS, USERS, account, evaluated, plain, result};

    use super::*;

    #[test]
    fn findings_are_ordered_by_check_and_names_are_harmless() {
        let mut bucket = evaluated(BUCKETS, TargetScope::Global, 1, &[Critical], &[]);
        if let TargetOutcome::Evaluated(verdict) = &mut bucket.outcome {
            verdict.violations[0].region = Some(Region::new("eu-west-1"));
            verdict.violations[0].part = "policy".into();
        }
        let users = evaluated(USERS, TargetScope::Global, 9, &[High], &[]);
        let name = "=HYPERLINK(\"https://evil.example\",\"x\")";
        let result = result(account(1, name, "Work/Prod"), vec![bucket, users]);
        let now = ComparisonInput {
            at: result.started,
            organization: None,
            checks: Vec::new(),
            rules: Default::default(),
        };
        let comparison = compare(None, AccountObservation::Result(&result), &now);
        let mut csv = Box::new(FindingsCsv::start(Vec::new()).unwrap());
        let applied = plain(&result);
        csv.account(&AccountReport::new(&applied, comparison.as_ref(), CHECKS))
            .unwrap();
        let text = String::from_utf8(csv.finish().unwrap()).unwrap();
        insta::assert_snapshot!(text, @r#"
        severity,check_id,account_id,account_name,ou_path,region,resource,part,message,run_id,finding_id,status,first_seen,last_seen,exception_id,exception_owner,exception_reason,exception_expires
        high,iam-user-without-mfa,111100000001,"'=HYPERLINK(""https://evil.example"",""x"")",Work/Prod,global,iam-user-without-mfa/0,,iam-user-without-mfa/0 breaks the check,2026-11-15T03-00-00Z,2aeb85ce81dcfd16dcedaf283f236ccb,new,2026-11-15T03:00:00Z,2026-11-15T03:00:00Z,,,,
        critical,s3-bucket-public,111100000001,"'=HYPERLINK(""https://evil.example"",""x"")",Work/Prod,eu-west-1,s3-bucket-public/0,policy,s3-bucket-public/0 breaks the check,2026-11-15T03-00-00Z,41c8d310db999f8826502217207964d6,new,2026-11-15T03:00:00Z,2026-11-15T03:00:00Z,,,,
        "#);
    }
}

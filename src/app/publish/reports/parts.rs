//! An account's own part of the report, for those who look after the account.

use std::io;

use bytes::Bytes;
use orgscan_core::checks::Check;
use orgscan_core::compare::Comparison;
use orgscan_core::consolidate;
use orgscan_core::exceptions::ResultWithExceptions;
use orgscan_core::model::{AccountSummary, Report};

use orgscan_report::REPORT;
use orgscan_report::csv::FindingsCsv;
use orgscan_report::json::ReportJson;
use orgscan_report::{AccountReport, Sink};

pub(super) const FINDINGS: &str = "findings.csv";
pub(super) const OCSF: &str = "findings.ocsf.jsonl.gz";
/// The file of SARIF.
pub const SARIF: &str = "findings.sarif";
/// The file of JUnit.
pub const JUNIT: &str = "findings.junit.xml";
pub(super) const SARIF_TYPE: &str = "application/sarif+json";
pub(super) const XML: &str = "application/xml";
pub(super) const JSON: &str = "application/json";
pub(crate) const GZIP: &str = "application/gzip";
pub(crate) const JSONL: &str = "application/jsonl";
pub(super) const PARQUET: &str = "application/vnd.apache.parquet";
pub(super) const HTML: &str = "text/html; charset=utf-8";
pub(super) const CSV: &str = "text/csv; charset=utf-8";

/// A file of an account's own part.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its name, `report.json`.
    pub name: &'static str,
    /// Its media type.
    pub content_type: &'static str,
    /// What is in it.
    pub bytes: Bytes,
}

/// The files of an account's own part, of the same form as the organization's: `findings.csv`, and
/// `report.json` as the last one. `summary` is the report's line of the account, `applied` what it was
/// made of, `comparison` what became of it since the runs before.
///
/// # Errors
/// Where a value cannot be written as JSON or CSV.
pub fn parts(
    report: &Report,
    summary: &AccountSummary,
    applied: &ResultWithExceptions<'_>,
    comparison: Option<&Comparison>,
    checks: &[&'static Check],
) -> io::Result<[Part; 2]> {
    let own = consolidate::part(report, summary, applied);
    let reported = AccountReport::new(applied, comparison, checks);
    let mut json = Box::new(ReportJson::start(Vec::new(), &own, checks)?);
    json.account(&reported)?;
    let mut findings = Box::new(FindingsCsv::start(Vec::new())?);
    findings.account(&reported)?;
    Ok([
        Part {
            name: FINDINGS,
            content_type: CSV,
            bytes: findings.finish()?.into(),
        },
        Part {
            name: REPORT,
            content_type: JSON,
            bytes: json.finish()?.into(),
        },
    ])
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::Severity::{Critical, High};
    use orgscan_core::model::{AccountResult, Cause, Decision, Gap, TargetScope};
    use orgscan_core::testing::{
        BUCKETS, CHECKS, USERS, account, evaluated, failed, id, plain, plan, report, result,
    };
    use orgscan_report::json::schema;

    use super::*;

    /// Two accounts of one OU, of which the second failed; thresholds that all of them cross.
    fn example() -> (Report, Vec<AccountResult>) {
        let gap = Gap::new("s3:GetBucketAcl", Cause::DeniedByScp);
        let verdicts = vec![
            evaluated(USERS, TargetScope::Global, 2, &[High], &[]),
            evaluated(BUCKETS, TargetScope::Global, 4, &[Critical, High], &[gap]),
        ];
        let other = vec![evaluated(USERS, TargetScope::Global, 9, &[High; 7], &[])];
        let results = vec![
            result(account(1, "one", "Work"), verdicts),
            failed(account(2, "two", "Work")),
            result(account(3, "other", "Work"), other),
        ];
        let listed = results
            .iter()
            .map(|one| (one.account.clone(), Decision::Scan));
        let any = orgscan_core::settings::Threshold {
            count: Some(0),
            ..Default::default()
        };
        let mut thresholds = orgscan_core::testing::no_thresholds();
        thresholds
            .organization
            .insert("UsersWithoutMfa".into(), any);
        thresholds.accounts.insert("UsersWithoutMfa".into(), any);
        let notes = vec!["account other is slow".to_owned()];
        let report = report(&plan(listed.collect()), &results, &thresholds, notes);
        (report, results)
    }

    fn rendered(n: usize) -> (serde_json::Value, String) {
        let (report, results) = example();
        let [findings, json] = parts(
            &report,
            &report.accounts[n],
            &plain(&results[n]),
            None,
            CHECKS,
        )
        .unwrap();
        let text = String::from_utf8(json.bytes.to_vec()).unwrap();
        for other in (0..3).filter(|other| *other != n) {
            assert!(!text.contains(id(other as u64 + 1).as_str()), "{text}");
        }
        let document = serde_json::from_str(&text).unwrap();
        let findings = String::from_utf8(findings.bytes.to_vec()).unwrap();
        (document, findings)
    }

    #[test]
    fn a_part_is_a_report_about_one_account() {
        let (document, findings) = rendered(0);
        let schema = serde_json::to_value(schema()).unwrap();
        let validator = jsonschema::validator_for(&schema).unwrap();
        assert!(validator.is_valid(&document));
        assert_eq!(document["accounts"].as_array().unwrap().len(), 1);
        assert_eq!(document["coverage"]["accounts_listed"], 1);
        assert_eq!(document["coverage"]["targets"]["unknown"], 1);
        assert_eq!(document["findings_by_severity"]["high"], 2);
        assert_eq!(document["findings"].as_array().unwrap().len(), 3);
        let users = &document["indicators"][0];
        assert_eq!(
            (&users["indicator"], &users["value"]),
            (&"UsersWithoutMfa".into(), &1.into())
        );
        let crossed = document["thresholds_crossed"].as_array().unwrap();
        assert_eq!(crossed.len(), 1);
        assert_eq!(crossed[0]["scope"]["account"], id(1).as_str());
        // What is about others stays out.
        assert_eq!(document["notes"].as_array().unwrap().len(), 0);
        assert_eq!(document["ous"], serde_json::json!({}));
        assert_eq!(findings.lines().count(), 4);
    }

    #[test]
    fn an_account_that_failed_has_a_part_with_the_reason() {
        let (document, findings) = rendered(1);
        assert_eq!(
            document["accounts"][0]["gap"]["cause"],
            "role_not_assumable"
        );
        assert_eq!(document["coverage"]["complete"], false);
        assert_eq!(document["indicators"][0]["value"], serde_json::Value::Null);
        assert_eq!(findings.lines().count(), 1);
    }
}

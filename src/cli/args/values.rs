//! Arguments with a fixed set of values, each with its help text.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use orgscan_app::doctor::MemberRoleDeployment;
use orgscan_core::model::Severity;
use orgscan_core::settings::{OcsfVersion, ReportFormat};

/// A value's name, its help text, and the value.
type NamedValue<T> = (&'static str, &'static str, T);

pub(super) fn severity() -> impl TypedValueParser<Value = Severity> {
    const HELP: [&str; 5] = [
        "For information",
        "Fix when convenient",
        "Fix as part of regular work",
        "Fix soon: one more error makes it an incident",
        "Fix now: exposed to the internet or to everyone",
    ];
    one_of(std::array::from_fn::<_, 5, _>(|at| {
        let severity = Severity::ALL[at];
        (severity.as_str(), HELP[at], severity)
    }))
}

pub(super) fn report_format() -> impl TypedValueParser<Value = ReportFormat> {
    use ReportFormat::{Asff, Csv, Html, Json, Junit, Ocsf, Parquet, Sarif};
    let csv = "findings.csv, coverage.csv, frameworks.csv and exceptions.csv";
    let asff = "findings.asff.jsonl.gz: requests for Security Hub (BatchImportFindings)";
    let json = "report.json, and changes.jsonl if there is a previous run";
    let ocsf = "findings.ocsf.jsonl.gz: OCSF Compliance Findings";
    let sarif = "findings.sarif: SARIF 2.1.0, for code scanning";
    let junit = "findings.junit.xml: a test report, for CI systems";
    one_of([
        ("json", json, Json),
        ("csv", csv, Csv),
        ("html", "index.html: the report page", Html),
        ("ocsf", ocsf, Ocsf),
        ("asff", asff, Asff),
        ("parquet", "findings.parquet and coverage.parquet", Parquet),
        ("sarif", sarif, Sarif),
        ("junit", junit, Junit),
    ])
}

pub(super) fn ocsf_version() -> impl TypedValueParser<Value = OcsfVersion> {
    one_of([
        (
            "1.3.0",
            "The version that Security Lake accepts",
            OcsfVersion::V1_3,
        ),
        (
            "1.5.0",
            "With the check as a separate object",
            OcsfVersion::V1_5,
        ),
    ])
}

pub(super) fn member_role_deployment() -> impl TypedValueParser<Value = MemberRoleDeployment> {
    one_of([
        (
            "stackset",
            "The stack set of infra/orgscan.yaml",
            MemberRoleDeployment::Stackset,
        ),
        (
            "none",
            "Another pipeline deploys it",
            MemberRoleDeployment::None,
        ),
    ])
}

fn one_of<T: Copy + Send + Sync + 'static, const N: usize>(
    entries: [NamedValue<T>; N],
) -> impl TypedValueParser<Value = T> {
    let values = entries.map(|(name, help, _)| PossibleValue::new(name).help(help));
    PossibleValuesParser::new(values).try_map(move |given| {
        let found = entries.iter().find(|(name, ..)| *name == given);
        found
            .map(|(.., value)| *value)
            .ok_or("not a possible value")
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_report_format_has_a_value() {
        let parser = report_format();
        let entries = parser.possible_values().unwrap();
        let entries: BTreeSet<String> = entries.map(|word| word.get_name().to_owned()).collect();
        let formats = ReportFormat::ALL.map(|format| serde_json::to_value(format).unwrap());
        let formats = formats
            .iter()
            .map(|format| format.as_str().unwrap().to_owned());
        assert_eq!(entries, formats.collect());
    }
}

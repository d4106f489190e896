//! Arguments that take one of a few words of the pipeline, with what help and completion say of each.

use clap::builder::{PossibleValue, PossibleValuesParser, TypedValueParser};
use orgscan_app::doctor::MemberRoles;
use orgscan_core::model::Severity;
use orgscan_core::settings::{OcsfVersion, ReportFormat};

/// A word, what help says of it, and what it stands for.
type NamedValue<T> = (&'static str, &'static str, T);

pub(super) fn severity() -> impl TypedValueParser<Value = Severity> {
    const HELP: [&str; 5] = [
        "Good to know",
        "Fix when convenient",
        "Fix in the normal course of work",
        "Fix soon: one more mistake makes it an incident",
        "Fix now: it is reachable from the internet as it stands",
    ];
    one_of(std::array::from_fn::<_, 5, _>(|at| {
        let severity = Severity::ALL[at];
        (severity.as_str(), HELP[at], severity)
    }))
}

pub(super) fn report_format() -> impl TypedValueParser<Value = ReportFormat> {
    use ReportFormat::{Asff, Csv, Html, Json, Junit, Ocsf, Parquet, Sarif};
    let csv = "findings.csv, coverage.csv and exceptions.csv";
    let asff = "findings.asff.jsonl.gz: for Security Hub's BatchImportFindings";
    let json = "report.json, and changes.jsonl where there is a history";
    let ocsf = "findings.ocsf.jsonl.gz: OCSF Compliance Findings";
    let sarif = "findings.sarif: SARIF 2.1.0, for code scanning";
    let junit = "findings.junit.xml: a test report, for CI systems";
    one_of([
        ("json", json, Json),
        ("csv", csv, Csv),
        ("html", "index.html, the report as a page", Html),
        ("ocsf", ocsf, Ocsf),
        ("asff", asff, Asff),
        ("parquet", "findings.parquet and coverage.parquet", Parquet),
        ("sarif", sarif, Sarif),
        ("junit", junit, Junit),
    ])
}

pub(super) fn ocsf_version() -> impl TypedValueParser<Value = OcsfVersion> {
    one_of([
        ("1.3.0", "What Security Lake takes", OcsfVersion::V1_3),
        (
            "1.5.0",
            "With the check as an object of its own",
            OcsfVersion::V1_5,
        ),
    ])
}

pub(super) fn member_roles() -> impl TypedValueParser<Value = MemberRoles> {
    one_of([
        (
            "stackset",
            "The stack set of infra/orgscan.yaml",
            MemberRoles::Stackset,
        ),
        ("none", "Another pipeline", MemberRoles::None),
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
            .ok_or("it is not one of the values")
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

//! The columns of the tables: a column has the same name in every file and in the CSV that the page saves.

/// Those of `findings.csv`. The page's CSV has them too, and the title of the check.
pub(crate) const FINDINGS: [&str; 18] = [
    "severity",
    "check_id",
    "account_id",
    "account_name",
    "ou_path",
    "region",
    "resource",
    "part",
    "message",
    "run_id",
    "finding_id",
    "status",
    "first_seen",
    "last_seen",
    "exception_id",
    "exception_owner",
    "exception_reason",
    "exception_expires",
];

/// Those of `coverage.csv`.
pub(crate) const COVERAGE: [&str; 13] = [
    "account_id",
    "account_name",
    "ou_path",
    "region",
    "check_id",
    "outcome",
    "cause",
    "action",
    "detail",
    "resources_evaluated",
    "violations",
    "resource",
    "notes",
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use orgscan_core::testing::repository;

    use super::*;
    use crate::parquet;

    fn names<'a>(columns: impl IntoIterator<Item = &'a str>) -> BTreeSet<&'a str> {
        columns.into_iter().collect()
    }

    #[test]
    fn parquet_has_the_columns_of_the_csv_and_those_of_the_run_and_the_check() {
        let of = |glue: Vec<(&'static str, &'static str)>| {
            glue.into_iter().map(|(name, _)| name).collect::<Vec<_>>()
        };
        let findings = of(parquet::findings_in_glue());
        let more = ["run_started", "check_title", "category"];
        assert_eq!(names(findings), names(FINDINGS.into_iter().chain(more)));
        let coverage = of(parquet::coverage_in_glue());
        let more = ["run_id", "run_started"];
        assert_eq!(names(coverage), names(COVERAGE.into_iter().chain(more)));
    }

    #[test]
    fn the_tables_of_the_template_have_the_columns_of_parquet() {
        let template = std::fs::read_to_string(repository().join("infra/orgscan.yaml")).unwrap();
        let tables = [parquet::findings_in_glue(), parquet::coverage_in_glue()];
        for (table, columns) in ["findings", "coverage"].into_iter().zip(tables) {
            let (_, resource) = template
                .split_once(&format!("        Name: {table}\n"))
                .unwrap();
            let (_, listed) = resource.split_once("          Columns:\n").unwrap();
            let listed: Vec<_> = listed
                .lines()
                .map_while(|line| line.trim().strip_prefix("- {Name: ")?.strip_suffix('}'))
                .collect();
            let columns = columns.iter();
            let columns: Vec<_> = columns
                .map(|(name, kind)| format!("{name}, Type: {kind}"))
                .collect();
            assert_eq!(listed, columns, "{table}");
        }
    }

    #[test]
    fn the_csv_of_the_page_has_the_columns_of_findings_csv_and_the_title() {
        let script = include_str!("html/page/csv.js");
        let (_, columns) = script.split_once("const COLUMNS = [").unwrap();
        let (columns, _) = columns.split_once("];").unwrap();
        let columns = columns.split("['").skip(1);
        let columns: Vec<_> = columns.map(|one| one.split('\'').next().unwrap()).collect();
        let expected: Vec<_> = FINDINGS.into_iter().chain(["check_title"]).collect();
        assert_eq!(columns, expected);
    }
}

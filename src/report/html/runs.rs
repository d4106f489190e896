//! The list of a folder's runs.

use askama::Template;
use orgscan_core::model::{RunFolder, Severity};
use orgscan_core::text::{clean, count, number};

use super::{STYLE, hash};
use crate::trend::Head;

/// The most characters of a folder's path.
const PATH: usize = 300;

#[derive(Template)]
#[template(path = "runs.html", config = "html/askama.toml")]
struct RunList {
    policy: String,
    style: &'static str,
    folder: String,
    runs: Vec<RunLine>,
    older: u64,
}

/// A run, as the list shows it.
#[derive(Debug)]
pub struct RunLine {
    link: String,
    id: String,
    when: String,
    findings: String,
    coverage: String,
    is_complete: bool,
    has_page: bool,
}

/// The policy that the list is served with: its own style, and nothing else.
pub fn policy() -> String {
    format!("{}; frame-ancestors 'none'", own_policy())
}

fn own_policy() -> String {
    let style = hash(STYLE);
    format!("default-src 'none'; style-src {style}; base-uri 'none'; form-action 'none'")
}

/// The page with the list of runs of a folder, and how many older ones there are.
///
/// # Errors
/// Never, unless the template is wrong.
pub fn page(folder: &str, runs: Vec<RunLine>, older: u64) -> Result<String, askama::Error> {
    let list = RunList {
        policy: own_policy(),
        style: STYLE,
        folder: clean(folder, PATH),
        runs,
        older,
    };
    list.render()
}

impl RunLine {
    /// The run of this folder. Without a readable report its numbers are unknown.
    pub fn of(folder: &RunFolder, head: Option<&Head>, has_page: bool) -> Self {
        let link = folder.file("");
        let line = Self {
            link,
            id: clean(&folder.id, PATH),
            when: folder.day.to_string(),
            findings: "unknown".to_owned(),
            coverage: "the report cannot be read".to_owned(),
            is_complete: false,
            has_page,
        };
        let Some(head) = head else {
            return line;
        };
        let coverage = &head.coverage;
        let omitted = coverage
            .accounts_skipped
            .saturating_add(coverage.accounts_failed);
        let scanned = coverage.accounts_listed.saturating_sub(omitted);
        let known = match (coverage.complete, coverage.percent) {
            (true, _) => "complete".to_owned(),
            (false, Some(percent)) => format!("coverage {percent:.1}%"),
            (false, None) => "nothing evaluated".to_owned(),
        };
        Self {
            when: head.run.started.strftime("%Y-%m-%d %H:%M UTC").to_string(),
            findings: findings(head),
            coverage: format!("{}, {known}", count(scanned, "account")),
            is_complete: coverage.complete,
            ..line
        }
    }
}

/// `at least 2 critical, 12 high`
fn findings(head: &Head) -> String {
    let counts = &head.findings_by_severity;
    let found = Severity::ALL
        .into_iter()
        .rev()
        .filter(|one| counts.of(*one) > 0);
    let found: Vec<String> = found
        .map(|one| format!("{} {one}", number(counts.of(one))))
        .collect();
    match (found.is_empty(), head.coverage.complete) {
        (true, true) => "none".to_owned(),
        (true, false) => "none in what was evaluated".to_owned(),
        (false, true) => found.join(", "),
        (false, false) => format!("at least {}", found.join(", ")),
    }
}

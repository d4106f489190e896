//! The alert's subject.

use super::{Gist, accounts_planned, gist};
use crate::model::Report;
use crate::render::text::{count, number};

/// SNS: "ASCII text that begins with a letter, number, or punctuation mark; must not include line
/// breaks or control characters; and must be less than 100 characters long".
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_Publish.html>
const MAX: usize = 99;

/// The most important thing in a line. Only orgscan's own words and numbers go into it.
pub(super) fn render(report: &Report) -> String {
    let mut subject = "orgscan:".to_owned();
    for (n, part) in parts(report).iter().enumerate() {
        let separator = if n == 0 { " " } else { ", " };
        if subject.len() + separator.len() + part.len() <= MAX {
            subject.push_str(separator);
            subject.push_str(part);
        }
    }
    subject
}

/// What there is to say, the most important first.
fn parts(report: &Report) -> Vec<String> {
    let coverage = &report.coverage;
    let crossed = report.crossed.len() as u64;
    let planned = count(accounts_planned(report), "account");
    let incomplete = number(coverage.accounts_incomplete);
    let mut parts = Vec::new();
    if crossed > 0 {
        parts.push(format!("{} crossed", count(crossed, "threshold")));
    }
    match gist(report) {
        Gist::NothingPlanned => {
            let listed = count(coverage.accounts_listed, "account");
            parts.push(format!("nothing scanned, {listed} left out on purpose"));
        }
        Gist::NothingKnown => parts.push(format!("nothing could be looked at in {planned}")),
        Gist::Findings(findings) => {
            parts.push(findings);
            if !coverage.is_complete() {
                parts.push(format!("{incomplete} incomplete"));
            }
        }
        Gist::NoFindings if coverage.is_complete() => {
            parts.push(format!("no findings in {planned}"));
        }
        Gist::NoFindings => {
            parts.push(format!("{incomplete} of {planned} not fully scanned"));
            parts.push("no findings otherwise".to_owned());
        }
    }
    parts
}

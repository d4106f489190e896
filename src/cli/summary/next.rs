//! Where the report is, and the commands that help next.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::io::{self, Write};

use orgscan_core::checks::Check;
use orgscan_core::model::{AccountOutcome, AccountSummary, Cause, Report, Severity};
use orgscan_core::services::sts::ASSUME_ROLE;
use orgscan_core::settings::Location;
use orgscan_core::shell;
use orgscan_core::text::clean;

use super::{LINE, Summary};
use crate::catalog::actions;
use crate::invocation::Invocation;
use crate::style::{FAINT, HEADING, paint};

/// How wide `Report` is, with the space behind it.
const LABEL: usize = 8;

/// How many accounts a command names.
const NAMED: usize = 3;

/// What the next commands follow from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct NextSteps<'a> {
    pub(crate) invocation: &'a Invocation,
    pub(crate) checks: &'a [&'static Check],
    /// Where the run's report goes, if it goes anywhere.
    pub(crate) location: Option<&'a Location>,
    /// Whether the organization is an embedded one, gone by the time this is read.
    pub(crate) embedded: bool,
}

/// A command, and what it is for.
type Suggestion = (String, &'static str);

pub(super) fn write(summary: &Summary<'_>, out: &mut impl Write) -> io::Result<()> {
    writeln!(out)?;
    if let Some(location) = summary.report_location {
        labeled(summary, "Report", &clean(location, LINE), out)?;
    }
    if let Some(url) = summary.page_url {
        labeled(summary, "Open", url, out)?;
    }
    let Some(next) = summary.next else {
        return Ok(());
    };
    let mut label = "Next";
    for (command, purpose) in next.suggestions(summary.report) {
        let purpose = format!("  # {purpose}");
        let length = LABEL + command.len() + purpose.len();
        let purpose = match length <= usize::from(summary.page.width) {
            true => paint(FAINT, purpose),
            false => String::new(),
        };
        labeled(summary, label, &format!("{command}{purpose}"), out)?;
        label = "";
    }
    Ok(())
}

/// A line that can be copied: nothing breaks it. On a narrow terminal its label is above it.
fn labeled(summary: &Summary<'_>, label: &str, text: &str, out: &mut impl Write) -> io::Result<()> {
    let label = match label {
        "" => format!("{:LABEL$}", ""),
        label => format!("{}{:2$}", paint(HEADING, label), "", LABEL - label.len()),
    };
    match usize::from(summary.page.width) < super::STACKED && !label.trim().is_empty() {
        true => writeln!(out, "{}\n  {text}", label.trim_end()),
        false if usize::from(summary.page.width) < super::STACKED => writeln!(out, "  {text}"),
        false => writeln!(out, "{label}{text}"),
    }
}

impl NextSteps<'_> {
    fn suggestions(&self, report: &Report) -> Vec<Suggestion> {
        let mut suggestions: Vec<Option<Suggestion>> = vec![self.fix_first(report)];
        if self.embedded {
            suggestions.push(self.preview());
            let own = Invocation::of(["orgscan", "plan", "--account", "self"]);
            suggestions.push(self.suggest(&own, "plan a scan of your own account"));
        } else {
            suggestions.extend(self.after_gaps(report));
            suggestions.push(self.keep());
        }
        let mut shown: Vec<Suggestion> = Vec::new();
        for suggestion in suggestions.into_iter().flatten() {
            if shown.iter().all(|(command, _)| *command != suggestion.0) {
                shown.push(suggestion);
            }
        }
        shown
    }

    /// A command that does something else than the one that was given.
    fn suggest(&self, command: &Invocation, purpose: &'static str) -> Option<Suggestion> {
        let is_new = !command.does_the_same_as(self.invocation);
        let command = command.in_shell().filter(|_| is_new)?;
        Some((command, purpose))
    }

    fn explain(&self, check: &str, purpose: &'static str) -> Option<Suggestion> {
        let explain = self.invocation.for_command("explain").argument(check);
        self.suggest(&explain, purpose)
    }

    fn fix_first(&self, report: &Report) -> Option<Suggestion> {
        self.explain(highest_severity(report)?, "fix the highest severity first")
    }

    fn preview(&self) -> Option<Suggestion> {
        let folder = shell::path(&self.location?.to_string())?;
        let alert = Invocation::of(["orgscan", "alert", "--preview"]);
        let (command, purpose) = self.suggest(&alert, "the alert of this run")?;
        Some((format!("{command} --report {folder}"), purpose))
    }

    /// The same scan, with a report. A scan that publishes nothing is not turned into one that does.
    fn keep(&self) -> Option<Suggestion> {
        let publishes = !self.invocation.has("dry-run");
        let wanted = self.location.is_none() && publishes;
        let again = self.invocation.clone().without(&["run-id", "format"]);
        let again = again.with("report", &["report"]);
        self.suggest(&again, "write a report with every finding")
            .filter(|_| wanted)
    }

    /// What helps with the causes of which most checks are not evaluated.
    fn after_gaps(&self, report: &Report) -> Vec<Option<Suggestion>> {
        const CAUSES: usize = 2;
        let mut causes: BTreeMap<Cause, (u64, Vec<&AccountSummary>)> = BTreeMap::new();
        for account in &report.accounts {
            for (cause, targets) in &account.targets.causes {
                let (all, accounts) = causes.entry(*cause).or_default();
                *all += targets;
                accounts.push(account);
            }
            if let AccountOutcome::Failed { gap } = &account.outcome {
                let (_, accounts) = causes.entry(gap.cause).or_default();
                if accounts
                    .last()
                    .is_none_or(|last| last.account.id != account.account.id)
                {
                    accounts.push(account);
                }
            }
        }
        let mut causes: Vec<_> = causes.into_iter().collect();
        causes.sort_by_key(|(_, (targets, _))| Reverse(*targets));
        let causes = causes.into_iter().take(CAUSES);
        causes
            .map(|(cause, (_, accounts))| self.after(cause, &accounts))
            .collect()
    }

    fn after(&self, cause: Cause, accounts: &[&AccountSummary]) -> Option<Suggestion> {
        let action = accounts
            .iter()
            .find_map(|account| action_of(account, cause))?;
        if action == ASSUME_ROLE.action && !cause.may_pass() {
            return self.enrollment(accounts);
        }
        let needs = |check: &&&Check| actions(check).contains(&action);
        match self.checks.iter().find(needs) {
            Some(check) if cause.is_denial() => self.explain(check.id, "the required IAM actions"),
            _ => self.narrower(accounts.first()?, cause),
        }
    }

    /// Why the role cannot be assumed, in these accounts only if they are few.
    fn enrollment(&self, accounts: &[&AccountSummary]) -> Option<Suggestion> {
        let enrollment = self.invocation.for_command("enrollment");
        let ids = accounts.iter().map(|one| one.account.id.as_str());
        let enrollment = match accounts.len() > NAMED {
            true => enrollment,
            false => enrollment.narrowed_to_accounts(ids),
        };
        self.suggest(&enrollment, "why the role cannot be assumed")
    }

    /// A scan of what is missing in one account, which publishes nothing.
    fn narrower(&self, account: &AccountSummary, cause: Cause) -> Option<Suggestion> {
        let purpose = match cause.may_pass() {
            true => "retry what was not evaluated",
            false => "show the gaps",
        };
        let scan = self.invocation.for_command("scan").with("dry-run", &[]);
        let ids = std::iter::once(account.account.id.as_str());
        let account_alone = scan.narrowed_to_accounts(ids);
        let gaps = account.gaps.iter().filter(|gap| gap.cause == cause);
        let mut regions = gaps
            .map(|gap| &*gap.region)
            .filter(|region| region.contains('-'));
        self.suggest(&account_alone, purpose).or_else(|| {
            let region_alone = account_alone.clone().narrowed_to_region(regions.next()?);
            self.suggest(&region_alone, purpose)
        })
    }
}

/// The action that an account could not do for this cause.
fn action_of(account: &AccountSummary, cause: Cause) -> Option<&str> {
    let failed = match &account.outcome {
        AccountOutcome::Failed { gap } if gap.cause == cause => Some(&*gap.action),
        _ => None,
    };
    let mut gaps = account.gaps.iter().filter(|gap| gap.cause == cause);
    failed.or_else(|| gaps.next().map(|gap| &*gap.action))
}

/// The check with the most findings of the highest severity.
fn highest_severity(report: &Report) -> Option<&'static str> {
    let checks = report.findings_by_check.iter();
    let rank = |counts: &orgscan_core::model::SeverityCounts| {
        let mut counts = Severity::ALL.map(|severity| counts.of(severity));
        counts.reverse();
        counts
    };
    let found = checks.filter(|(_, counts)| counts.total() > 0);
    let (check, _) = found.max_by_key(|(id, counts)| (rank(counts), Reverse(**id)))?;
    Some(check)
}

#[cfg(test)]
mod tests;

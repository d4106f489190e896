//! `frameworks.csv`: what a run says to each control in each account.

use std::io::{self, Write};

use orgscan_core::checks::Check;
use orgscan_core::consolidate::framework_views::AccountControls;
use orgscan_core::frameworks::{Control, Framework, by_id};
use orgscan_core::model::{AccountOutcome, ControlOutcome, FrameworkView};

use super::cell;
use crate::{AccountReport, Sink};

const HEADER: [&str; 14] = [
    "framework_id",
    "control_id",
    "control_title",
    "account_id",
    "account_name",
    "ou_path",
    "outcome",
    "findings",
    "suppressed",
    "assessment",
    "manual_review",
    "calls",
    "collected_from",
    "collected_until",
];

/// Writes `frameworks.csv`: one row for every account and control that checks answer, and one row for all
/// accounts for a control that no check covers, or none that was made. A control of the organization itself has a
/// row for the account that can tell. Skipped accounts have no rows.
///
/// | column | what |
/// | --- | --- |
/// | `framework_id`, `control_id`, `control_title` | the control |
/// | `account_id`, `account_name`, `ou_path` | the account, or `*` for all accounts; the path is empty in the root |
/// | `outcome` | `pass`, `fail`, `unknown` (some targets could not be evaluated), `not_selected` (not all checks that answer it were made), `pass_in_part` (checks cover it in part, and nothing breaks that part), `not_covered` (no check covers it) or `manual` (it requires manual review: no program can evaluate it) |
/// | `findings` | how many findings break it |
/// | `suppressed` | how many more would, if no exception suppressed them |
/// | `assessment` | `automated` or `manual`: how the framework has it assessed, whatever the checks find |
/// | `manual_review` | what a person must review, where the outcome is `pass_in_part`, `not_covered` or `manual` |
/// | `calls` | the API calls that its checks read, where they are needed, separated by spaces; those of checks that the run made. Empty where the account was not scanned |
/// | `collected_from`, `collected_until` | when work on the account began and ended; empty where `calls` is |
#[derive(Debug)]
pub struct FrameworksCsv<'c, W: Write> {
    out: csv::Writer<W>,
    /// Those that checks of the run answer.
    controls: Vec<ListedControl>,
    checks: &'c [&'static Check],
}

/// A control, and what all its rows have.
#[derive(Debug)]
struct ListedControl {
    framework: &'static Framework,
    control: &'static Control,
    calls: String,
}

/// What the rows of a control differ in.
#[derive(Debug)]
struct ControlRow<'a> {
    /// Id, name and path.
    account: [&'a str; 3],
    outcome: ControlOutcome,
    /// Findings and suppressed ones.
    counts: [String; 2],
    /// When work on the account began and ended, where it was scanned.
    collected: Option<[&'a str; 2]>,
}

impl<'c, W: Write> FrameworksCsv<'c, W> {
    /// Writes the header, and what is the same for all accounts.
    ///
    /// # Errors
    /// The writer's own.
    pub fn start(
        out: W,
        views: &[FrameworkView],
        checks: &'c [&'static Check],
    ) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(HEADER)?;
        let frameworks = views.iter().filter_map(|view| by_id(view.id));
        let controls = frameworks.flat_map(|framework| {
            let controls = framework.controls.iter();
            controls.map(|control| ListedControl {
                framework,
                control,
                calls: control.calls(checks).join(" "),
            })
        });
        let is_selected = |listed: &ListedControl| {
            let mut checks = checks.iter();
            checks.any(|check| listed.control.is_mapped_to(check.id))
        };
        let (controls, same): (Vec<_>, Vec<_>) = controls.partition(is_selected);
        for listed in &same {
            let uncovered = listed.control.uncovered();
            let outcome = uncovered.unwrap_or(ControlOutcome::NotSelected);
            let row = ControlRow {
                account: ["*"; 3],
                outcome,
                counts: [String::new(), String::new()],
                collected: None,
            };
            write(&mut out, listed, &row)?;
        }
        Ok(Self {
            out,
            controls,
            checks,
        })
    }
}

fn write<W: Write>(
    out: &mut csv::Writer<W>,
    listed: &ListedControl,
    row: &ControlRow<'_>,
) -> io::Result<()> {
    let ListedControl {
        framework,
        control,
        calls,
    } = listed;
    let [id, name, path] = row.account;
    let [findings, suppressed] = &row.counts;
    let (calls, [from, until]) = match row.collected {
        Some(times) if !calls.is_empty() => (calls.as_str(), times),
        _ => Default::default(),
    };
    let review = match row.outcome.needs_review() {
        true => control.manual_review(),
        false => "",
    };
    out.write_record([
        framework.id,
        control.id,
        control.title,
        id,
        name,
        path,
        row.outcome.as_str(),
        findings,
        suppressed,
        control.assessment.as_str(),
        review,
        calls,
        from,
        until,
    ])?;
    Ok(())
}

impl<W: Write> Sink<W> for FrameworksCsv<'_, W> {
    fn account(&mut self, reported: &AccountReport<'_>) -> io::Result<()> {
        let result = reported.applied.result();
        let account = &result.account;
        let (name, path) = (cell(&account.name), cell(&account.ou_path));
        let times = [result.started, result.finished].map(|at| at.to_string());
        let is_scanned = result.outcome == AccountOutcome::Scanned;
        let evaluated = AccountControls::of(reported.applied, self.checks);
        for listed in &self.controls {
            let Some(line) = evaluated.line(listed.control) else {
                continue;
            };
            let row = ControlRow {
                account: [account.id.as_str(), &name, &path],
                outcome: line.outcome,
                counts: [line.findings, line.suppressed].map(|count| count.to_string()),
                collected: is_scanned.then(|| times.each_ref().map(String::as_str)),
            };
            write(&mut self.out, listed, &row)?;
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
    use orgscan_core::consolidate::framework_views::FrameworkViews;
    use orgscan_core::model::Severity::High;
    use orgscan_core::model::TargetScope;
    use orgscan_core::testing::{CHECKS, USERS, account, evaluated, failed, plain, result};

    use super::*;

    #[test]
    fn a_covered_control_has_a_row_for_every_account_and_the_others_one_for_all() {
        let cis = by_id("cis-7.0").unwrap();
        let views = FrameworkViews::new(&[cis], CHECKS).finish();
        let users = evaluated(USERS, TargetScope::Global, 9, &[High], &[]);
        let result = result(account(1, "=one", "Work/Prod"), vec![users]);
        let mut csv = Box::new(FrameworksCsv::start(Vec::new(), &views, CHECKS).unwrap());
        let applied = plain(&result);
        csv.account(&AccountReport::new(&applied, None, CHECKS))
            .unwrap();
        let text = String::from_utf8(csv.finish().unwrap()).unwrap();
        let lines: Vec<_> = text.lines().collect();
        let of = |end: &str| lines.iter().filter(|line| line.contains(end)).count();
        let mapped = cis.controls.iter();
        let mapped = mapped.filter(|one| CHECKS.iter().any(|c| one.is_mapped_to(c.id)));
        assert_eq!(of(",111100000001,'=one,Work/Prod,"), mapped.count());
        for outcome in [ControlOutcome::NotCovered, ControlOutcome::Manual] {
            let controls = cis.controls.iter();
            let controls = controls.filter(|one| one.uncovered() == Some(outcome));
            assert_eq!(
                of(&format!(",*,*,*,{},,", outcome.as_str())),
                controls.count()
            );
        }
        let mfa = cis.controls_of(USERS).next().unwrap();
        // These checks have no facts, so that nothing was called.
        let row = format!(
            "cis-7.0,{},{},111100000001,'=one,Work/Prod,fail,1,0,automated,,,,",
            mfa.id, mfa.title
        );
        assert!(lines.contains(&row.as_str()), "{text}");
    }

    #[test]
    fn a_pass_in_part_has_the_assessment_and_what_to_review() {
        let cis = by_id("cis-7.0").unwrap();
        let root = orgscan_core::services::by_id("root-used-recently").unwrap();
        let checks = [root];
        let views = FrameworkViews::new(&[cis], &checks).finish();
        let mut csv = Box::new(FrameworksCsv::start(Vec::new(), &views, &checks).unwrap());
        let clean = evaluated(root.id, TargetScope::Global, 1, &[], &[]);
        for result in [
            result(account(1, "one", ""), vec![clean]),
            failed(account(2, "two", "")),
        ] {
            let applied = plain(&result);
            csv.account(&AccountReport::new(&applied, None, &checks))
                .unwrap();
        }
        let bytes = csv.finish().unwrap();
        let mut rows = csv::Reader::from_reader(&*bytes);
        let rows: Vec<_> = rows.records().map(Result::unwrap).collect();
        let of = |account: &str| -> Vec<_> {
            let mut rows = rows.iter().filter(|row| &row[1] == "2.7");
            let row = rows.find(|row| &row[3] == account).unwrap();
            row.iter().skip(6).map(str::to_owned).collect()
        };
        let control = cis.controls_of(root.id).next().unwrap();
        let calls = control.calls(&checks).join(" ");
        let (from, until) = ("2026-11-15T03:00:00Z", "2026-11-15T03:07:30Z");
        let review = control.manual_review();
        assert_eq!(
            of("111100000001"),
            [
                "pass_in_part",
                "0",
                "0",
                "manual",
                review,
                &calls,
                from,
                until
            ]
        );
        assert_eq!(
            of("111100000002"),
            ["unknown", "0", "0", "manual", "", "", "", ""]
        );
        // No check covers it, and nothing was called for it.
        let tree = rows.iter().find(|row| &row[1] == "2.1.4").unwrap();
        assert_eq!((&tree[6], &tree[9], &tree[11]), ("manual", "manual", ""));
        assert!(tree[10].starts_with("Review "), "{tree:?}");
    }
}

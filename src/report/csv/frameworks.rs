//! `frameworks.csv`: what a run says to each control in each account.

use std::io::{self, Write};

use orgscan_core::checks::Check;
use orgscan_core::consolidate::framework_views::AccountControls;
use orgscan_core::frameworks::{Control, Framework, by_id};
use orgscan_core::model::{Account, ControlOutcome, FrameworkView};

use super::cell;
use crate::{AccountReport, Sink};

const HEADER: [&str; 9] = [
    "framework_id",
    "control_id",
    "control_title",
    "account_id",
    "account_name",
    "ou_path",
    "outcome",
    "findings",
    "suppressed",
];

/// Writes `frameworks.csv`: one row for every account and control that checks answer, and one row for all
/// accounts for a control that no check covers, or none that was made. A control of the organization itself has a
/// row for the account that can tell. Skipped accounts have no rows.
///
/// | column | what |
/// | --- | --- |
/// | `framework_id`, `control_id`, `control_title` | the control |
/// | `account_id`, `account_name`, `ou_path` | the account, or `*` for all accounts; the path is empty in the root |
/// | `outcome` | `pass`, `fail`, `unknown` (some targets could not be evaluated), `not_selected` (not all checks that answer it were made), `not_covered` (no check covers it) or `manual` (it requires manual review: no program can evaluate it, or checks cover it in part and found nothing) |
/// | `findings` | how many findings break it |
/// | `suppressed` | how many more would, if no exception suppressed them |
#[derive(Debug)]
pub struct FrameworksCsv<'c, W: Write> {
    out: csv::Writer<W>,
    frameworks: Vec<&'static Framework>,
    checks: &'c [&'static Check],
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
        let mut csv = Self {
            out,
            frameworks: frameworks.collect(),
            checks,
        };
        for (framework, control) in csv.controls() {
            let outcome = match control.uncovered() {
                Some(uncovered) => uncovered,
                None if csv.is_selected(control) => continue,
                None => ControlOutcome::NotSelected,
            };
            let all = ["*"; 3].map(str::to_owned);
            csv.row(
                framework,
                control,
                all,
                outcome,
                [String::new(), String::new()],
            )?;
        }
        Ok(csv)
    }

    fn controls(&self) -> Vec<(&'static Framework, &'static Control)> {
        let frameworks = self.frameworks.iter();
        frameworks
            .flat_map(|framework| framework.controls.iter().map(|one| (*framework, one)))
            .collect()
    }

    /// Whether a check that answers it was made.
    fn is_selected(&self, control: &Control) -> bool {
        let mut checks = self.checks.iter();
        checks.any(|check| control.is_mapped_to(check.id))
    }

    fn row(
        &mut self,
        framework: &Framework,
        control: &Control,
        [id, name, path]: [String; 3],
        outcome: ControlOutcome,
        [findings, suppressed]: [String; 2],
    ) -> io::Result<()> {
        self.out.write_record([
            framework.id,
            control.id,
            control.title,
            &id,
            &name,
            &path,
            outcome.as_str(),
            &findings,
            &suppressed,
        ])?;
        Ok(())
    }
}

impl<W: Write> Sink<W> for FrameworksCsv<'_, W> {
    fn account(&mut self, reported: &AccountReport<'_>) -> io::Result<()> {
        let Account {
            id, name, ou_path, ..
        } = &reported.applied.result().account;
        let evaluated = AccountControls::of(reported.applied, self.checks);
        for (framework, control) in self.controls() {
            if let Some(line) = evaluated
                .line(control)
                .filter(|_| self.is_selected(control))
            {
                let account = [id.to_string(), cell(name).into(), cell(ou_path).into()];
                let counts = [line.findings, line.suppressed].map(|count| count.to_string());
                self.row(framework, control, account, line.outcome, counts)?;
            }
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
    use orgscan_core::testing::{CHECKS, USERS, account, evaluated, plain, result};

    use super::*;

    #[test]
    fn a_covered_control_has_a_row_for_every_account_and_the_others_one_for_all() {
        let cis = by_id("cis-7.0").unwrap();
        let views = FrameworkViews::new(&[cis]).finish();
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
        let row = format!(
            "cis-7.0,{},{},111100000001,'=one,Work/Prod,fail,1,0",
            mfa.id, mfa.title
        );
        assert!(lines.contains(&row.as_str()), "{text}");
    }
}

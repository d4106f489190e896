//! How results become a report: the same in a run and in an export of it.

use orgscan_core::checks::Check;
use orgscan_core::consolidate::{Consolidation, PlanMismatch};
use orgscan_core::enrollment;
use orgscan_core::exceptions::Exceptions;
use orgscan_core::frameworks::Framework;
use orgscan_core::model::{Account, AccountResult, Plan, Report, RunInfo, StackSetFacts};
use orgscan_core::settings::Thresholds;

use crate::history::{HistoryError, HistoryJoin, JoinResult, join};

/// What results are held against.
#[derive(Clone, Copy, Debug)]
pub struct Inputs<'a> {
    /// Every account listed.
    pub plan: &'a Plan,
    /// The checks that were to be made, in registry order.
    pub checks: &'a [&'static Check],
    /// The frameworks that the report is a view of.
    pub frameworks: &'a [&'static Framework],
    /// What has been accepted.
    pub exceptions: &'a Exceptions,
    /// What is too much.
    pub thresholds: &'a Thresholds,
    /// What deploys the member role.
    pub stack_set: &'a StackSetFacts,
}

/// A report that is still to be told what changed, where it was compared.
type ReportWithJoin = (Report, Option<Result<JoinResult, HistoryError>>);

impl Inputs<'_> {
    /// Goes through all results, beside the history where there is one. `of` has the result of an account
    /// that was to be scanned; `notes` are what the reader should know about the run as a whole.
    ///
    /// # Errors
    /// Those of `of`, and where the results do not add up to the plan.
    pub fn report<E: From<PlanMismatch>>(
        &self,
        run: RunInfo,
        notes: Vec<String>,
        running: Option<Result<HistoryJoin, HistoryError>>,
        of: impl FnMut(&Account) -> Result<AccountResult, E>,
    ) -> Result<ReportWithJoin, E> {
        let mut consolidation = Consolidation::new(self.plan, run, self.checks, self.exceptions)
            .with_frameworks(self.frameworks);
        let joined = join(self.plan, self.exceptions, running, of, |applied| {
            consolidation.add(applied);
        })?;
        let mut report = consolidation.finish(self.thresholds, notes)?;
        report.enrollment = enrollment::of_run(&report, self.stack_set);
        Ok((report, joined))
    }
}

//! An account's findings, with what became of them since the runs before.

use orgscan_core::checks::Check;
use orgscan_core::compare::{ComparedFinding, Comparison, Key};
use orgscan_core::exceptions::ResultWithExceptions;
use orgscan_core::model::{ChangeKind, Severity, Suppression, TargetScope, region_of};

use crate::{rank, violations};

/// A finding for a reader.
#[derive(Debug)]
pub(super) struct Row<'r> {
    pub(super) id: String,
    pub(super) check: &'r str,
    pub(super) scope: &'r TargetScope,
    pub(super) severity: Severity,
    pub(super) region: &'r str,
    pub(super) resource: &'r str,
    pub(super) part: &'r str,
    pub(super) message: &'r str,
    /// The exception that suppresses it, if one does.
    pub(super) exception: Option<&'r Suppression>,
    /// Its past, where it is known.
    pub(super) compared: Option<&'r ComparedFinding>,
}

/// The findings of an account, ordered by check, as in `checks, and scope: those that were found, and
/// those that were open before and could not be evaluated.
pub(super) fn findings<'r>(
    applied: &'r ResultWithExceptions<'_>,
    comparison: Option<&'r Comparison>,
    checks: &[&Check],
) -> Vec<Row<'r>> {
    let result = applied.result();
    let account = &result.account.id;
    let found = violations(result, checks).map(|(target, violation)| {
        let key = Key::of(&target.check_id, &target.scope, violation);
        Row {
            id: key.id(account),
            check: &target.check_id,
            scope: &target.scope,
            severity: violation.severity,
            region: region_of(&target.scope, violation),
            resource: &violation.resource,
            part: &violation.part,
            message: &violation.message,
            exception: applied.exception(target, violation),
            compared: comparison.and_then(|comparison| comparison.of(&key)),
        }
    });
    let mut rows: Vec<Row<'r>> = found.collect();
    let known = comparison.map_or(&[][..], |comparison| &comparison.findings);
    let unseen = known
        .iter()
        .filter(|one| one.kind == Some(ChangeKind::Unknown));
    rows.extend(unseen.map(|one| Row {
        id: one.finding.key.id(account),
        check: &one.finding.key.check,
        scope: &one.finding.key.scope,
        severity: one.finding.severity,
        region: one.finding.region(),
        resource: &one.finding.key.resource,
        part: &one.finding.key.part,
        message: &one.finding.message,
        exception: None,
        compared: Some(one),
    }));
    rows.sort_by_cached_key(|row| (rank(row.check, checks), row.check, row.scope));
    rows
}

//! What has been accepted, and which exceptions want somebody's attention.

use std::io::{self, Write};

use orgscan_core::model::{ExceptionKind, ExceptionState, ExceptionUse, Report};
use orgscan_core::text::{clean, count, number};

use super::{LINE, MOST, by_severity, heading, more};
use crate::grid::{Grid, Page};
use crate::style::{BAD, FAINT, UNKNOWN, paint};

/// How many findings are accepted, and by how many exceptions; none where none are.
pub(super) fn headline(report: &Report) -> Option<String> {
    let suppressed = &report.suppressed;
    if suppressed.total() == 0 {
        return None;
    }
    let of_findings = |one: &ExceptionUse| one.kind == ExceptionKind::Findings && one.applied > 0;
    let by = count(report.exceptions.count(of_findings), "exception");
    let findings = count(suppressed.total(), "finding");
    let severities = by_severity(suppressed);
    Some(format!(
        "Suppressed by {by}: {findings} ({severities}), not counted."
    ))
}

pub(super) fn write(report: &Report, page: Page, out: &mut impl Write) -> io::Result<()> {
    let list = report.exceptions.entries.iter();
    let mut concerned: Vec<_> = list.filter_map(|one| Some((one, one.remark()?))).collect();
    if concerned.is_empty() {
        return Ok(());
    }
    concerned.sort_by_key(|(one, _)| match one.state {
        ExceptionState::Expired => 0,
        ExceptionState::Expiring => 1,
        ExceptionState::Active => 2,
    });
    heading(out, "Exceptions that need attention")?;
    let mut grid = Grid::new(page, &["exception", ">matched", "owner", "reason"]);
    for (one, remark) in concerned.iter().take(MOST) {
        let style = match one.state {
            ExceptionState::Expired => BAD,
            ExceptionState::Expiring => UNKNOWN,
            ExceptionState::Active => FAINT,
        };
        grid.row([
            clean(&one.suppression.id, LINE),
            number(one.matched),
            clean(&one.suppression.owner, LINE),
            paint(style, clean(remark, LINE)),
        ]);
    }
    grid.write(out)?;
    more(concerned.len(), "exceptions", out)
}

//! How many accounts are not enrolled.

use std::io::{self, Write};

use orgscan_core::enrollment::in_short;
use orgscan_core::model::Report;
use orgscan_core::text::clean;

use super::{LINE, heading};
use crate::grid::{Grid, Page};
use crate::style::{UNKNOWN, paint};

pub(super) fn write(report: &Report, page: Page, out: &mut impl Write) -> io::Result<()> {
    let Some(words) = report.enrollment.as_ref().and_then(in_short) else {
        return Ok(());
    };
    heading(out, &paint(UNKNOWN, "Enrollment"))?;
    let line = format!("{}.", clean(&words, LINE));
    let fix = "`orgscan enrollment` shows the reasons and the fixes.".to_owned();
    Grid::lines(page, [line, fix].into_iter()).write(out)
}

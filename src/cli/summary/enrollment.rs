//! How many accounts are not enrolled.

use std::io::{self, Write};

use orgscan_core::enrollment::summarize;
use orgscan_core::model::Report;
use orgscan_core::text::clean;

use super::{LINE, heading};
use crate::grid::{Grid, Page};
use crate::style::{UNKNOWN, paint};

pub(super) fn write(report: &Report, page: Page, out: &mut impl Write) -> io::Result<()> {
    let Some(text) = report.enrollment.as_ref().and_then(summarize) else {
        return Ok(());
    };
    heading(out, &paint(UNKNOWN, "Enrollment"))?;
    let line = format!("{}.", clean(&text, LINE));
    let fix = "`orgscan enrollment` shows the causes and how to fix them.".to_owned();
    Grid::lines(page, [line, fix].into_iter()).write(out)
}

//! How many accounts are not enrolled.

use std::io::{self, Write};

use super::{LINE, heading};
use crate::cli::grid::Grid;
use crate::cli::style::{UNKNOWN, paint};
use crate::enrollment::in_short;
use crate::model::Report;
use crate::render::text::clean;

pub(super) fn write(report: &Report, width: u16, out: &mut impl Write) -> io::Result<()> {
    let Some(words) = report.enrollment.as_ref().and_then(in_short) else {
        return Ok(());
    };
    heading(out, &paint(UNKNOWN, "Enrollment"))?;
    let line = format!("{}.", clean(&words, LINE));
    let mend = "`orgscan enrollment` says why, and how to mend it.".to_owned();
    Grid::lines(width, [line, mend].into_iter()).write(out)
}

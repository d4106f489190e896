//! The results file, from which the report can be rebuilt. It is one of the files of the report.

use std::io::{self, Write};

use orgscan_core::checks::Check;

use super::{Publication, PublishError};
use orgscan_report::{AccountReport, Sink};
use orgscan_store::history::History;
use orgscan_store::results::{ResultsHeader, ResultsWriter};

/// The file in the making.
pub(super) struct ResultsFile<'p, W: Write>(ResultsWriter<'p, W>);

impl Publication<'_> {
    pub(super) fn results_file<W: Write>(
        &self,
        out: W,
        checks: &[&Check],
    ) -> Result<ResultsFile<'_, W>, PublishError> {
        let head = ResultsHeader::new(
            self.report,
            checks,
            self.config,
            self.exceptions,
            self.stack_set,
            self.trend,
        );
        let known = self.history.map(History::read).transpose()?;
        let writer = ResultsWriter::start(out, &head, self.plan, known);
        writer.map(ResultsFile).map_err(PublishError::Results)
    }
}

impl<W: Write> Sink<W> for ResultsFile<'_, W> {
    fn account(&mut self, account: &AccountReport<'_>) -> io::Result<()> {
        self.0.result(account.applied.found())
    }

    fn finish(self: Box<Self>) -> io::Result<W> {
        self.0.finish()
    }
}

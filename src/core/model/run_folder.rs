//! Where a run's report lies.

use jiff::civil::Date;

/// The folder that all runs' reports are in.
pub const DAILY: &str = "daily/";

/// The folder of a run's report.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RunFolder {
    /// The day in UTC on which the run began.
    pub day: Date,
    /// The folder's own name: the run's id, fit for a path.
    pub id: String,
}

impl RunFolder {
    /// The name of one of its files, from where the reports go.
    pub fn file(&self, name: &str) -> String {
        format!("{}/{name}", self.path())
    }

    fn path(&self) -> String {
        format!("{}{}", day_folder(self.day), self.id)
    }
}

/// The folder of the reports of a day.
pub fn day_folder(day: Date) -> String {
    format!("{DAILY}{}/", day.strftime("%Y/%m/%d"))
}

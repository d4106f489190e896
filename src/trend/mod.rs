//! How an organization's numbers go from run to run, read from what the runs have left.

mod period;
mod reading;
mod stored;

pub use period::{InvalidWeek, Period, Week, day_of};
pub use reading::{Damaged, Depth, Head, HeadOnly, Keep, ReportReader};

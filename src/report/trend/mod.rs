//! How an organization's numbers go from run to run, read from what the runs have left.
//!
//! Pure. Memory grows with the accounts and the runs of a period, and not with
//! their findings.

mod accounts;
mod days;
mod news;
mod number;
mod oldest;
mod period;
mod reading;
mod recent;
mod resolved;
mod run;
mod scope;
mod series;
mod stored;
mod summary;
mod week;
pub mod weekly;

pub use accounts::{AccountTrends, Comparable, Points, Presence, Within};
pub use days::{Day, DayState, MissingRun, Runs};
pub use news::{Changed, Flow, PeriodNews};
pub use number::{Change, Number, Verdict};
pub use oldest::{Oldest, OpenFinding};
pub use period::{InvalidWeek, Period, Week, day_of};
pub use reading::{Damaged, Depth, Head, HeadOnly, Keep, ReportReader};
pub use recent::{RUNS, Recent};
pub use resolved::{ChangesReader, Resolved, TimeToResolve, TimesToResolve};
pub use run::{News, Numbers, PastRun};
pub use scope::{Part, Scope};
pub use series::{Line, Series, WeekFlow, names};
pub use stored::StoredRun;
pub(crate) use stored::cut;
pub use summary::{SUMMARY, SummaryJsonl, SummaryReader};
pub use week::Material;
pub use weekly::Weekly;

#[cfg(test)]
mod tests;

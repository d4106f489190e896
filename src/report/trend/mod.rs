//! How an organization's numbers go from run to run, read from what the runs have left.
//!
//! Pure. Memory grows with the accounts and the runs of a period, and not with
//! their findings.

mod accounts;
mod days;
mod finding_changes;
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

pub use accounts::{AccountTrends, ComparableChange, Points, Presence, TotalChange};
pub use days::{Day, DayState, MissingRun, Runs};
pub use finding_changes::{ChangeCollector, Flow, PeriodChanges};
pub use number::{Change, Direction, Number};
pub use oldest::{OldestFindings, OpenFinding};
pub use period::{InvalidWeek, Period, Week, day_of};
pub use reading::{DamagedReport, Depth, Head, HeadOnly, ReportReader, ReportVisitor};
pub use recent::{RUNS, RecentTrend};
pub use resolved::{ChangesReader, ResolutionTimes, ResolvedFindings, TimeToResolve};
pub use run::{FindingChanges, Numbers, PastRun};
pub use scope::{Part, Scope};
pub use series::{AccountTotals, IndicatorSeries, Series, WeekFlow, names};
pub use stored::StoredRun;
pub(crate) use stored::cut;
pub use summary::{SUMMARY, SummaryJsonl, SummaryReader};
pub use week::WeeklyInput;
pub use weekly::Weekly;

#[cfg(test)]
mod tests;

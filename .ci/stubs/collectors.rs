//! TODO: the service, by Region: what is read of it.

use super::{Collector, RegionScope, collectors};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![]
}

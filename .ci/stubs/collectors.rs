//! TODO: the service, by Region: what is read of it.

use aws_sdk_$name::Client;

use super::{Collector, RegionScope, collectors};

/// The facts of a Region.
pub(super) fn collectors<'a>() -> Vec<Collector<RegionScope<'a>>> {
    collectors![]
}

impl RegionScope<'_> {
    fn $name(&self) -> Client {
        self.session.clients.$name(self.region)
    }
}

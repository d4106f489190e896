//! The checks. A check is one file, and two lines here.

mod event_bus_public;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[&event_bus_public::CHECK];

//! The checks. A check is one file, and two lines here.

mod config_aggregator_missing;
mod config_global_types_not_recorded;
mod config_recorder_off;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &config_recorder_off::CHECK,
    &config_global_types_not_recorded::CHECK,
    &config_aggregator_missing::CHECK,
];

//! The checks. A check is one file, and two lines here.

mod cloudtrail_delivery_failing;
mod cloudtrail_missing;
mod cloudtrail_read_data_events_off;
mod cloudtrail_validation_off;
mod cloudtrail_without_kms;
mod cloudtrail_write_data_events_off;
mod logged_events;
mod object_events;
mod own_trails;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &cloudtrail_missing::CHECK,
    &cloudtrail_delivery_failing::CHECK,
    &cloudtrail_validation_off::CHECK,
    &cloudtrail_without_kms::CHECK,
    &cloudtrail_write_data_events_off::CHECK,
    &cloudtrail_read_data_events_off::CHECK,
];

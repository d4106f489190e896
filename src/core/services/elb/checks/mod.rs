//! The checks. A check is one file, and two lines here.

mod elb_classic_plain;
mod elb_listener_plain;
mod elb_logging_off;
mod elb_tls_policy_old;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &elb_listener_plain::CHECK,
    &elb_classic_plain::CHECK,
    &elb_tls_policy_old::CHECK,
    &elb_logging_off::CHECK,
];

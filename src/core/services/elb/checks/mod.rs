//! The checks. A check is one file, and two lines here.

mod elb_classic_plain;
mod elb_logging_off;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[&elb_classic_plain::CHECK, &elb_logging_off::CHECK];

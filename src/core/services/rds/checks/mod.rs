//! The checks. A check is one file, and two lines here.

mod rds_instance_public;
mod rds_instance_unencrypted;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &rds_instance_public::CHECK,
    &rds_instance_unencrypted::CHECK,
];

//! The checks. A check is one file, and two lines here.

mod efs_backup_off;
mod efs_policy_public;
mod efs_unencrypted;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &efs_unencrypted::CHECK,
    &efs_backup_off::CHECK,
    &efs_policy_public::CHECK,
];

//! The checks. A check is one file, and two lines here.

mod access_analyzer_missing;
mod owners;
mod resource_shared_outside;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &access_analyzer_missing::CHECK,
    &resource_shared_outside::CHECK,
];

//! The checks. A check is one file, and two lines here.

mod secret_public;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[&secret_public::CHECK];

//! The checks. A check is one file, and two lines here.

mod inspector_off;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[&inspector_off::CHECK];

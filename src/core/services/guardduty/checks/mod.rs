//! The checks. A check is one file, and two lines here.

mod guardduty_off;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[&guardduty_off::CHECK];

//! The checks. A check is one file, and two lines here.

mod ecr_repository_public;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[&ecr_repository_public::CHECK];

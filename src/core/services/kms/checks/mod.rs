//! The checks. A check is one file, and two lines here.

mod kms_key_pending_deletion;
mod kms_key_public;
mod kms_key_rotation_off;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &kms_key_rotation_off::CHECK,
    &kms_key_pending_deletion::CHECK,
    &kms_key_public::CHECK,
];

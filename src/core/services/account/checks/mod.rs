//! The checks. A check is one file, and two lines here.

mod account_contact_details_missing;
mod account_security_contact_missing;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &account_security_contact_missing::CHECK,
    &account_contact_details_missing::CHECK,
];

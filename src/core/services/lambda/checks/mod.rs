//! The checks. A check is one file, and two lines here.

mod lambda_environment_secret;
mod lambda_function_public;
mod lambda_url_public;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &lambda_function_public::CHECK,
    &lambda_url_public::CHECK,
    &lambda_environment_secret::CHECK,
];

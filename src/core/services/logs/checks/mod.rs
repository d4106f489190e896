//! The checks of Amazon CloudWatch Logs, in the order in which they are shown.

mod chain;
mod cloudtrail_alarm_missing;
mod logs_policy_public;
mod notification;
mod states;

use crate::checks::Check;

pub(super) const CHECKS: &[&Check] =
    &[&cloudtrail_alarm_missing::CHECK, &logs_policy_public::CHECK];

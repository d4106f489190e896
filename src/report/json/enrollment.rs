//! The section `enrollment`: how the accounts stand with the member role.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::Serialize;

use orgscan_core::model::{
    AccountEnrollment, AccountId, Drift, Enrollment, EnrollmentState, Gap, InstanceStatus, StackSet,
};

/// How the accounts stand with the member role, and with the stack set that deploys it.
#[derive(Debug, Serialize, JsonSchema)]
pub struct EnrollmentSection<'a> {
    /// Whether every account that is meant to be scanned is enrolled, as far as there was a stack set to
    /// ask.
    pub(super) complete: bool,
    /// The stack set that the accounts were compared with.
    pub(super) stack_set: &'a StackSet,
    /// How many accounts are in each state.
    pub(super) by_state: BTreeMap<&'static str, u64>,
    /// Every account listed, ordered by id.
    pub(super) accounts: Vec<EnrollmentEntry<'a>>,
}

/// How one account stands with the member role.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(rename = "AccountEnrollment")]
pub(super) struct EnrollmentEntry<'a> {
    /// The account's id.
    account_id: &'a AccountId,
    /// The account's name.
    account_name: &'a str,
    /// The verdict.
    state: EnrollmentState,
    /// Whether a session could be had; null where that was not tried or is not known.
    can_be_scanned: Option<bool>,
    /// Why no session could be had.
    #[serde(skip_serializing_if = "Option::is_none")]
    gap: Option<&'a Gap>,
    /// Why it stands so.
    #[serde(skip_serializing_if = "str::is_empty")]
    reason: &'a str,
    /// Its stack by the stack set; null where it has none, or the stack set was not read.
    stack_instance: Option<InstanceStatus>,
    /// Whether CloudFormation has found the role changed; null without a stack.
    drift: Option<Drift>,
    /// When CloudFormation looked for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    drift_checked: Option<jiff::Timestamp>,
    /// What to do.
    #[serde(skip_serializing_if = "str::is_empty")]
    remediation: &'a str,
}

impl<'a> From<&'a Enrollment> for EnrollmentSection<'a> {
    fn from(enrollment: &'a Enrollment) -> Self {
        let by_state = enrollment.by_state().into_iter();
        Self {
            complete: enrollment.is_complete(),
            stack_set: &enrollment.stack_set,
            by_state: by_state.map(|(state, n)| (state.as_str(), n)).collect(),
            accounts: enrollment.accounts.iter().map(line).collect(),
        }
    }
}

fn line(one: &AccountEnrollment) -> EnrollmentEntry<'_> {
    let instance = one.instance.as_ref();
    EnrollmentEntry {
        account_id: &one.account.id,
        account_name: &one.account.name,
        state: one.state,
        can_be_scanned: one.can_be_scanned,
        gap: one.gap.as_ref(),
        reason: &one.reason,
        stack_instance: instance.map(|instance| instance.status),
        drift: instance.map(|instance| instance.drift),
        drift_checked: instance.and_then(|instance| instance.drift_checked),
        remediation: &one.remediation,
    }
}

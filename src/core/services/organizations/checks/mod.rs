//! The checks. A check is one file, and two lines here. All of them are about the organization. All except one
//! report in the account that orgscan runs in alone.

mod central;
mod guardrails;
mod organization_declarative_policy_missing;
mod organization_delegated_administrator_missing;
mod organization_management_account_used;
mod organization_policy_delegation_missing;
mod organization_rcp_missing;
mod organization_scp_missing;

use crate::checks::Check;

/// All of them, in the order in which they are shown.
pub(super) const CHECKS: &[&Check] = &[
    &organization_scp_missing::CHECK,
    &organization_rcp_missing::CHECK,
    &organization_declarative_policy_missing::CHECK,
    &organization_management_account_used::CHECK,
    &organization_policy_delegation_missing::CHECK,
    &organization_delegated_administrator_missing::CHECK,
];

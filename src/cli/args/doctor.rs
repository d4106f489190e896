//! What can be said of `orgscan doctor`.

use clap::Args;
use orgscan_app::doctor::MemberRoles;
use orgscan_core::model::{AccountId, Region};
use orgscan_core::settings::ExternalId;

use super::Format;
use super::values;

/// `orgscan doctor`
#[derive(Debug, Args)]
pub struct DoctorArgs {
    /// How it is printed
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// Home Region, where the stack is or will be [default: as in a scan]
    #[arg(long, value_name = "REGION")]
    pub region: Option<Region>,
    /// Before a first deployment: the member role is not there yet
    #[arg(long)]
    pub preflight: bool,
    /// What deploys the member role
    #[arg(long, value_name = "WHAT", default_value = "stackset", value_parser = values::member_roles())]
    pub member_roles: MemberRoles,
    /// Executions that the stack will reserve: its parameter ReservedConcurrency
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub reserve: u32,
    /// Role that the function runs as
    #[arg(long, value_name = "NAME", default_value = "OrgScanCentral")]
    pub central_role: String,
    /// Role to assume in each account
    #[arg(long, value_name = "NAME")]
    pub role_name: Option<String>,
    /// External id that the role asks for
    #[arg(long, value_name = "ID")]
    pub external_id: Option<ExternalId>,
    /// Try the role in this account [default: the first other active account]
    #[arg(long, value_name = "ID", conflicts_with = "preflight")]
    pub account: Option<AccountId>,
}

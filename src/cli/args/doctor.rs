//! Arguments of `orgscan doctor`.

use clap::Args;
use orgscan_app::doctor::MemberRoleDeployment;
use orgscan_core::model::{AccountId, Region};
use orgscan_core::settings::ExternalId;

use super::Format;
use super::values;

/// `orgscan doctor`
#[derive(Debug, Args)]
#[command(after_help = crate::exit::DOCTOR)]
pub struct DoctorArgs {
    /// Output format
    #[arg(long, value_name = "FORMAT", default_value_t, value_enum)]
    pub format: Format,
    /// Home Region, which has or will have the stack [default: the same as in a scan]
    #[arg(long, value_name = "REGION")]
    pub region: Option<Region>,
    /// Check before a first deployment: the member role does not exist yet
    #[arg(long)]
    pub preflight: bool,
    /// How the member role is deployed
    #[arg(long, value_name = "METHOD", default_value = "stackset",
          value_parser = values::member_role_deployment())]
    pub member_role_deployment: MemberRoleDeployment,
    /// Concurrent executions that the stack reserves (its parameter ReservedConcurrency)
    #[arg(long, value_name = "N", default_value_t = 0)]
    pub reserved_concurrency: u32,
    /// Name of the role that the function runs with (CentralRoleName)
    #[arg(long, value_name = "NAME", default_value = "OrgScanCentral")]
    pub central_role_name: String,
    /// Name of the member role, which orgscan assumes in each account
    #[arg(long, value_name = "NAME")]
    pub role_name: Option<String>,
    /// External id that the member role requires
    #[arg(long, value_name = "ID")]
    pub external_id: Option<ExternalId>,
    /// Account in which to test the member role [default: the first other active account]
    #[arg(long, value_name = "ID", conflicts_with = "preflight")]
    pub account: Option<AccountId>,
}

//! What is known for the rules.

use orgscan_core::model::{AccountId, Arn, Organization, Region};

use orgscan_aws::{Caller, Failure};

/// AWS's answer to a question, or why there is none.
pub(super) type FactResult<T> = Result<T, Failure>;

/// What doctor is asked to check.
#[derive(Clone, Debug)]
pub struct Options {
    /// Before a first deployment: the roles are not there yet.
    pub preflight: bool,
    /// The concurrency that the stack reserves for its function.
    pub reserved_concurrency: u32,
    /// What deploys the member role.
    pub member_role_deployment: MemberRoleDeployment,
    /// The name of the role that the function runs as.
    pub central_role: String,
    /// The member account to try the role in; any if left out.
    pub account: Option<AccountId>,
}

/// What deploys the member role.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MemberRoleDeployment {
    /// The stack set of infra/orgscan.yaml
    #[default]
    Stackset,
    /// Another pipeline
    None,
}

#[derive(Debug)]
pub(super) struct Facts {
    pub(super) caller: Caller,
    pub(super) home: Region,
    pub(super) organization: FactResult<OrganizationFacts>,
    pub(super) accounts: FactResult<AccountPage>,
    /// The services with trusted access.
    pub(super) access: FactResult<Vec<String>>,
    /// The services that the caller's account is a delegated administrator for; not asked in the management
    /// account.
    pub(super) delegated: Option<FactResult<Vec<String>>>,
    pub(super) concurrency: FactResult<Concurrency>,
    pub(super) central_role: RoleName,
    pub(super) member_role: RoleName,
    pub(super) role_test: RoleTest,
    pub(super) destinations: Vec<DestinationFact>,
}

#[derive(Clone, Debug)]
pub(super) struct OrganizationFacts {
    pub(super) organization: Organization,
    /// Whether all features are on, and not consolidated billing alone.
    pub(super) has_all_features: bool,
}

/// The first page of the organization's accounts.
#[derive(Clone, Debug)]
pub(super) struct AccountPage {
    pub(super) accounts: usize,
    pub(super) has_more: bool,
    /// The first active account that is not the caller's.
    pub(super) member: Option<AccountId>,
}

/// Lambda's quota in the home Region.
#[derive(Clone, Copy, Debug)]
pub(super) struct Concurrency {
    pub(super) limit: i64,
    /// What no function has reserved.
    pub(super) unreserved: i64,
}

/// A name for a role, and who has it.
#[derive(Clone, Debug)]
pub(super) struct RoleName {
    pub(super) name: String,
    /// The role of this name in the caller's account; none where the name is free.
    pub(super) found: FactResult<Option<ExistingRole>>,
}

#[derive(Clone, Debug)]
pub(super) struct ExistingRole {
    /// The stack of the home Region that made it; none where no stack did.
    pub(super) stack: FactResult<Option<String>>,
}

/// What came of assuming the member role in one account.
#[derive(Clone, Debug)]
pub(super) enum RoleTest {
    /// It was not tried, for this reason.
    Not(String),
    /// It was tried.
    Tried {
        account: AccountId,
        role: String,
        /// A remark where the caller's own credentials had to serve.
        outcome: FactResult<Option<String>>,
    },
}

/// What is known of a destination, or of a file that a run reads.
#[derive(Debug)]
pub(super) enum DestinationFact {
    Metrics {
        namespace: String,
    },
    Topic {
        arn: Arn,
        subscriptions: FactResult<Subscriptions>,
    },
    Bucket {
        name: String,
        region: Region,
        found: FactResult<()>,
    },
    Folder {
        path: String,
        state: FolderState,
    },
    /// The key that encrypts reports.
    ReportKey {
        id: String,
        dry_run: FactResult<()>,
    },
    /// The key that signs manifests.
    SigningKey {
        id: String,
        is_usable: FactResult<bool>,
        dry_run: FactResult<()>,
    },
    /// The list of exceptions; the text is all that is wrong with it.
    Exceptions {
        location: String,
        read: Result<(), String>,
    },
}

#[derive(Clone, Copy, Debug)]
pub(super) struct Subscriptions {
    pub(super) confirmed: u64,
    pub(super) pending: u64,
}

/// What is at the path of a report folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum FolderState {
    /// The folder.
    There,
    /// Nothing yet; the folder around it is there.
    Missing,
    /// Something else: at the path itself or around it.
    Blocked(String),
}

/// What this process may have.
#[derive(Clone, Copy, Debug)]
pub(super) struct Machine {
    /// Files and sockets open at the same time.
    pub(super) open_files: usize,
    /// Requests in flight by the configuration.
    pub(super) wanted: usize,
    /// Requests in flight that there are sockets for.
    pub(super) possible_in_flight: usize,
}

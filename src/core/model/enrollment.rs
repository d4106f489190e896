//! How the accounts stand with the member role: what the attempt to assume it says, and what the
//! CloudFormation stack set says that deploys it.

use std::collections::BTreeMap;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Account, AccountId, Gap};

/// As whom CloudFormation is asked for a stack set.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_ListStackInstances.html>
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum CallAs {
    /// As the management account.
    #[default]
    #[serde(rename = "SELF")]
    Own,
    /// As the account of a delegated administrator.
    DelegatedAdmin,
}

impl FromStr for CallAs {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            "SELF" => Ok(Self::Own),
            "DELEGATED_ADMIN" => Ok(Self::DelegatedAdmin),
            _ => {
                let text = text.escape_debug();
                Err(format!(
                    "`{text}` is unknown; write SELF or DELEGATED_ADMIN"
                ))
            }
        }
    }
}

/// The stack set that deploys the member role, as far as it was evaluated.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum StackSet {
    /// None is configured, so that the attempt to assume the role decides alone.
    #[default]
    NotConfigured,
    /// It could not be read.
    Unreadable {
        /// Its name.
        name: String,
        /// Why.
        gap: Gap,
    },
    /// It was read.
    Read(StackSetInfo),
}

/// What CloudFormation says about a stack set as a whole.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StackSetInfo {
    /// Its name.
    pub name: String,
    /// As whom CloudFormation was asked.
    pub call_as: CallAs,
    /// Ids of the OUs, or of the root, whose accounts it is for. Empty where it has its accounts listed
    /// one by one.
    pub targets: Vec<String>,
    /// Regions that it has stacks in.
    pub regions: Vec<String>,
    /// Whether accounts that come to its OUs get their stack by themselves.
    pub auto_deployment: bool,
}

/// How the stack of one account stands to the stack set.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_StackInstanceSummary.html>
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum InstanceStatus {
    /// As the stack set wants it.
    Current,
    /// CloudFormation says something that this version of orgscan does not know.
    Unknown,
    /// An operation is under way or waits.
    Pending,
    /// Behind the stack set.
    Outdated,
    /// The last operation on it failed.
    Failed,
}

impl InstanceStatus {
    /// The `snake_case` word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Current => "current",
            Self::Unknown => "unknown",
            Self::Pending => "pending",
            Self::Outdated => "outdated",
            Self::Failed => "failed",
        }
    }
}

/// Whether what is in an account is still what was deployed, as far as CloudFormation has looked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Drift {
    /// It is.
    InSync,
    /// It is not.
    Drifted,
    /// Nobody has had CloudFormation look.
    NotChecked,
    /// CloudFormation does not say.
    Unknown,
}

impl Drift {
    /// The `snake_case` word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::InSync => "in_sync",
            Self::Drifted => "drifted",
            Self::NotChecked => "not_checked",
            Self::Unknown => "unknown",
        }
    }

    /// In words, for people.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::InSync => "in sync",
            Self::Drifted => "drifted",
            Self::NotChecked => "not checked",
            Self::Unknown => "unknown",
        }
    }
}

/// An account's stack, by the stack set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackInstance {
    /// How it stands.
    pub status: InstanceStatus,
    /// CloudFormation's own words, shortened. Empty where it has none.
    pub reason: String,
    /// Whether it has been changed since.
    pub drift: Drift,
    /// When CloudFormation looked for drift, if it has.
    pub drift_checked: Option<Timestamp>,
}

/// The stack set and what it says about each account. Without instances where it was not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct StackSetFacts {
    /// The stack set.
    pub stack_set: StackSet,
    /// The stacks by account. Of an account with several the worst.
    pub instances: BTreeMap<AccountId, StackInstance>,
    /// Stacks that are listed without saying which account they are in: an account without a stack may have
    /// one of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub incomplete: Option<Gap>,
}

/// Where an account stands with the member role.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum EnrollmentState {
    /// It can be scanned, and nothing is known to be wrong with its role.
    Enrolled,
    /// The stack set has no stack in it.
    NoStackInstance,
    /// The stack set's last operation in it failed.
    InstanceFailed,
    /// Its stack is behind the stack set.
    InstanceOutdated,
    /// The stack set is at work in it.
    InstancePending,
    /// No session could be had: the role is missing, or something forbids it.
    RoleNotAssumable,
    /// Its role is not what was deployed.
    Drifted,
    /// It could not be found out.
    Unknown,
    /// Organizations says that it is not active.
    AccountNotActive,
    /// Skipped on purpose: a filter, or an expected gap.
    Skipped,
}

impl EnrollmentState {
    /// The `snake_case` word used in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::NoStackInstance => "no_stack_instance",
            Self::InstanceFailed => "instance_failed",
            Self::InstanceOutdated => "instance_outdated",
            Self::InstancePending => "instance_pending",
            Self::RoleNotAssumable => "role_not_assumable",
            Self::Drifted => "drifted",
            Self::Unknown => "unknown",
            Self::AccountNotActive => "account_not_active",
            Self::Skipped => "skipped",
        }
    }

    /// The state in a few words, for people.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::Enrolled => "enrolled",
            Self::NoStackInstance => "no stack instance",
            Self::InstanceFailed => "stack instance failed",
            Self::InstanceOutdated => "stack instance outdated",
            Self::InstancePending => "stack instance pending",
            Self::RoleNotAssumable => "role not assumable",
            Self::Drifted => "role drifted",
            Self::Unknown => "unknown",
            Self::AccountNotActive => "not active",
            Self::Skipped => "skipped",
        }
    }

    /// Whether there is something to fix, or to find out. Neither is there with an account that is not
    /// meant to be scanned.
    pub const fn is_open(self) -> bool {
        !matches!(
            self,
            Self::Enrolled | Self::AccountNotActive | Self::Skipped
        )
    }
}

/// How one account stands with the member role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountEnrollment {
    /// The account.
    pub account: Arc<Account>,
    /// The verdict.
    pub state: EnrollmentState,
    /// Whether a session could be had in it; none where that was not tried or is not known.
    pub can_be_scanned: Option<bool>,
    /// Why no session could be had.
    pub gap: Option<Gap>,
    /// Why it stands so, for people. Empty where the state says it all.
    pub reason: String,
    /// Its stack by the stack set; none where it has none or the stack set was not read.
    pub instance: Option<StackInstance>,
    /// What to do. Empty where nothing is.
    pub remediation: String,
}

/// How all accounts stand with the member role.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Enrollment {
    /// The stack set that they were compared with.
    pub stack_set: StackSet,
    /// One entry for every account listed, ordered by account id.
    pub accounts: Vec<AccountEnrollment>,
}

impl Enrollment {
    /// Whether every account that is meant to be scanned is enrolled, as far as there was a stack set to
    /// ask.
    pub fn is_complete(&self) -> bool {
        let is_readable = !matches!(self.stack_set, StackSet::Unreadable { .. });
        is_readable && self.open().next().is_none()
    }

    /// The accounts with something to fix, or to find out.
    pub fn open(&self) -> impl Iterator<Item = &AccountEnrollment> {
        self.accounts.iter().filter(|one| one.state.is_open())
    }

    /// How many accounts are in each state.
    pub fn by_state(&self) -> BTreeMap<EnrollmentState, u64> {
        let mut counts = BTreeMap::new();
        for one in &self.accounts {
            *counts.entry(one.state).or_default() += 1;
        }
        counts
    }

    /// The part of one account.
    #[must_use]
    pub fn part(&self, account: &AccountId) -> Self {
        let own = self
            .accounts
            .iter()
            .filter(|one| one.account.id == *account);
        Self {
            stack_set: self.stack_set.clone(),
            accounts: own.cloned().collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_written_as_they_are_serialized() {
        for state in [
            EnrollmentState::NoStackInstance,
            EnrollmentState::RoleNotAssumable,
            EnrollmentState::Skipped,
        ] {
            assert_eq!(serde_json::json!(state), state.as_str());
        }
        for drift in [Drift::InSync, Drift::NotChecked] {
            assert_eq!(serde_json::json!(drift), drift.as_str());
        }
        let status = InstanceStatus::Outdated;
        assert_eq!(serde_json::json!(status), status.as_str());
        assert_eq!(serde_json::json!(CallAs::Own), "SELF");
        assert_eq!(serde_json::json!(CallAs::DelegatedAdmin), "DELEGATED_ADMIN");
    }
}

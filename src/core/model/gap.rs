//! Facts, and the gaps where a fact could not be had.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Region;

/// Why something could not be had.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// A service control policy of the organization denies it.
    DeniedByScp,
    /// A resource control policy of the organization denies it.
    DeniedByRcp,
    /// The role's permissions boundary denies it.
    DeniedByPermissionsBoundary,
    /// The session policy denies it.
    DeniedBySessionPolicy,
    /// A VPC endpoint's policy denies it.
    DeniedByVpcEndpoint,
    /// A policy of the role itself denies it explicitly.
    DeniedByIdentityPolicy,
    /// The resource's own policy (a bucket policy, say) denies it.
    DeniedByResourcePolicy,
    /// No policy of the role allows it.
    MissingPermission,
    /// Denied, and AWS does not say by which policy.
    DeniedUnexplained,
    /// The member role could not be assumed: missing, not trusting this caller, or another external id.
    RoleNotAssumable,
    /// STS is not active for the account in the Region: the account has it off, or has STS deactivated in it.
    StsNotActivated,
    /// AWS kept throttling after all retries.
    Throttled,
    /// No answer in time, after all retries.
    TimedOut,
    /// The run's own deadline came first.
    DeadlineExceeded,
    /// The credentials expired and could not be renewed.
    CredentialsExpired,
    /// AWS does not accept the credentials.
    CredentialsRejected,
    /// This machine's clock and AWS's are too far apart.
    ClockSkew,
    /// AssumeRole returned a session of another account or role.
    UnexpectedRole,
    /// AWS has blocked the account or has not verified it yet.
    AccountBlocked,
    /// The connection failed, after all retries.
    Network,
    /// FIPS endpoints are switched on, and AWS has none for the service in the Region.
    NoFipsEndpoint,
    /// AWS answered with an error of its own, after all retries.
    ServiceError,
    /// AWS's answer could not be understood.
    Malformed,
    /// It belongs to another account, which does not show it to this one.
    OwnedByOtherAccount,
    /// AWS answers it to other accounts of the organization only, whatever this account's policies allow.
    DelegationRequired,
    /// AWS does not offer the service in the Region.
    NotOffered,
    /// The feature of AWS that answers it is not enabled.
    NotEnabled,
    /// What AWS answers does not decide it; the detail says why.
    Undecided,
    /// An error code that orgscan has no class for; the detail has AWS's own words.
    Other,
    /// No selected check asked for it. A rule that meets this reads a fact that it does not declare.
    NotCollected,
}

impl Cause {
    /// The `snake_case` word used in reports and configuration.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::DeniedByScp => "denied_by_scp",
            Self::DeniedByRcp => "denied_by_rcp",
            Self::DeniedByPermissionsBoundary => "denied_by_permissions_boundary",
            Self::DeniedBySessionPolicy => "denied_by_session_policy",
            Self::DeniedByVpcEndpoint => "denied_by_vpc_endpoint",
            Self::DeniedByIdentityPolicy => "denied_by_identity_policy",
            Self::DeniedByResourcePolicy => "denied_by_resource_policy",
            Self::MissingPermission => "missing_permission",
            Self::DeniedUnexplained => "denied_unexplained",
            Self::RoleNotAssumable => "role_not_assumable",
            Self::StsNotActivated => "sts_not_activated",
            Self::Throttled => "throttled",
            Self::TimedOut => "timed_out",
            Self::DeadlineExceeded => "deadline_exceeded",
            Self::CredentialsExpired => "credentials_expired",
            Self::CredentialsRejected => "credentials_rejected",
            Self::ClockSkew => "clock_skew",
            Self::UnexpectedRole => "unexpected_role",
            Self::AccountBlocked => "account_blocked",
            Self::Network => "network",
            Self::NoFipsEndpoint => "no_fips_endpoint",
            Self::ServiceError => "service_error",
            Self::Malformed => "malformed",
            Self::OwnedByOtherAccount => "owned_by_other_account",
            Self::DelegationRequired => "delegation_required",
            Self::NotOffered => "not_offered",
            Self::NotEnabled => "not_enabled",
            Self::Undecided => "undecided",
            Self::Other => "other",
            Self::NotCollected => "not_collected",
        }
    }

    /// Whether the same request may be answered when it is sent again at once.
    pub const fn is_transient(self) -> bool {
        matches!(
            self,
            Self::Throttled
                | Self::TimedOut
                | Self::Network
                | Self::ServiceError
                // A proxy may have cut or replaced the answer.
                | Self::Malformed
        )
    }

    /// Whether the next attempt at the same may well end otherwise, so that a run that is started
    /// again tries it again.
    pub const fn may_pass(self) -> bool {
        self.is_transient()
            || matches!(
                self,
                Self::DeadlineExceeded | Self::CredentialsExpired | Self::ClockSkew
            )
    }

    /// Whether somebody or something forbids it, so that it has to be allowed again.
    pub const fn is_denial(self) -> bool {
        matches!(
            self,
            Self::DeniedByScp
                | Self::DeniedByRcp
                | Self::DeniedByPermissionsBoundary
                | Self::DeniedBySessionPolicy
                | Self::DeniedByVpcEndpoint
                | Self::DeniedByIdentityPolicy
                | Self::DeniedByResourcePolicy
                | Self::MissingPermission
                | Self::DeniedUnexplained
                | Self::RoleNotAssumable
        )
    }

    /// The cause in a few words, for people.
    pub const fn describe(self) -> &'static str {
        match self {
            Self::DeniedByScp => "denied by a service control policy",
            Self::DeniedByRcp => "denied by a resource control policy",
            Self::DeniedByPermissionsBoundary => "denied by the role's permissions boundary",
            Self::DeniedBySessionPolicy => "denied by the session policy",
            Self::DeniedByVpcEndpoint => "denied by a VPC endpoint policy",
            Self::DeniedByIdentityPolicy => "denied by a policy of the role",
            Self::DeniedByResourcePolicy => "denied by the resource's own policy",
            Self::MissingPermission => "the role lacks the permission",
            Self::DeniedUnexplained => "denied, AWS does not say by what",
            Self::RoleNotAssumable => "the role cannot be assumed",
            Self::StsNotActivated => "STS is not active in the Region",
            Self::Throttled => "throttled",
            Self::TimedOut => "timed out",
            Self::DeadlineExceeded => "the run ran out of time",
            Self::CredentialsExpired => "the credentials expired",
            Self::CredentialsRejected => "the credentials were rejected",
            Self::ClockSkew => "the clock is wrong",
            Self::UnexpectedRole => "AWS returned a session of another role",
            Self::AccountBlocked => "AWS has blocked the account",
            Self::Network => "the connection failed",
            Self::NoFipsEndpoint => "there is no FIPS endpoint",
            Self::ServiceError => "AWS answered with an error",
            Self::Malformed => "AWS's answer could not be understood",
            Self::OwnedByOtherAccount => "it belongs to another account, which does not show it",
            Self::DelegationRequired => "AWS answers it to other accounts only",
            Self::NotOffered => "the service is not offered in the Region",
            Self::NotEnabled => "the feature that answers it is not enabled",
            Self::Undecided => "AWS's answer does not decide it",
            Self::Other => "an error of no known class",
            Self::NotCollected => "not collected",
        }
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A fact that could not be had.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema, thiserror::Error,
)]
#[error("{action}: {}", cause.describe())]
pub struct Gap {
    /// The IAM action that was needed, `ec2:DescribeVolumes`.
    pub action: String,
    /// Why it could not be had.
    pub cause: Cause,
    /// AWS's own words, shortened; without secrets.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub detail: String,
    /// The resource that it is about, by its id or name; empty if it is about all that the action reads.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub resource: String,
    /// The Region that the resource is in, where that is not the target's: a bucket's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<Region>,
}

impl Gap {
    /// A gap whose cause says all there is to say.
    pub fn new(action: impl Into<String>, cause: Cause) -> Self {
        Self {
            action: action.into(),
            cause,
            detail: String::new(),
            resource: String::new(),
            region: None,
        }
    }

    /// A field that AWS always sends is missing of one resource.
    pub fn lacks(action: impl Into<String>, resource: &str, field: &str) -> Self {
        Self {
            detail: format!("the answer lacks {field}"),
            ..Self::new(action, Cause::Malformed).of(resource)
        }
    }

    /// The same gap, of one resource.
    pub fn of(self, resource: impl Into<String>) -> Self {
        let resource = resource.into();
        Self { resource, ..self }
    }

    /// The same gap, of a resource in this Region.
    pub fn in_region(self, region: &Region) -> Self {
        let region = Some(region.clone());
        Self { region, ..self }
    }
}

/// Something read from AWS, or the gap where it could not be had.
///
/// Rules call [`Reading::get`] with `?`, so that what is missing makes the verdict unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reading<T>(Result<T, Gap>);

impl<T> Reading<T> {
    /// A fact that was read.
    pub fn known(value: T) -> Self {
        Self(Ok(value))
    }

    /// A fact that could not be had.
    pub fn missing(gap: Gap) -> Self {
        Self(Err(gap))
    }

    /// The fact, or a copy of its gap for the verdict.
    ///
    /// # Errors
    /// The gap, where the fact could not be had.
    pub fn get(&self) -> Result<&T, Gap> {
        self.0.as_ref().map_err(Clone::clone)
    }

    /// The fact itself, or its gap.
    ///
    /// # Errors
    /// The gap, where the fact could not be had.
    pub fn into_result(self) -> Result<T, Gap> {
        self.0
    }
}

impl<T> Default for Reading<T> {
    /// A fact that nobody asked for.
    fn default() -> Self {
        Self::missing(Gap::new("", Cause::NotCollected))
    }
}

impl<T> From<Result<T, Gap>> for Reading<T> {
    fn from(result: Result<T, Gap>) -> Self {
        Self(result)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fact_that_was_not_collected_is_a_gap_and_not_an_empty_answer() {
        let fact = Reading::<Vec<u8>>::default();
        assert_eq!(fact.get().unwrap_err().cause, Cause::NotCollected);
    }

    #[test]
    fn causes_are_written_as_they_are_serialized() {
        for cause in [
            Cause::DeniedByScp,
            Cause::StsNotActivated,
            Cause::NotCollected,
        ] {
            assert_eq!(serde_json::json!(cause), cause.as_str());
        }
    }
}

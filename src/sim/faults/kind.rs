//! How a request fails, in AWS's words.

use serde::{Deserialize, Serialize};

use super::messages::{
    clock_skew, denied, expired, internal_error, region_disabled, throttled, unavailable,
    unexplained,
};
use crate::call::Call;
use crate::reply::{ErrorFormat, Refusal};

/// How a request fails. Each is said in the words and the wire format of the service that is called.
///
/// Denials: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>,
/// EC2: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html>,
/// the query protocol: <https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html>,
/// S3: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultKind {
    /// More requests than the quota has.
    Throttled,
    /// A service control policy denies it.
    DeniedByScpExplicit,
    /// No service control policy allows it.
    DeniedByScpImplicit,
    /// A resource control policy denies it.
    DeniedByRcp,
    /// The role's permissions boundary does not allow it.
    DeniedByPermissionsBoundary,
    /// The session's policy does not allow it.
    DeniedBySessionPolicy,
    /// The VPC endpoint's policy does not allow it.
    DeniedByVpcEndpoint,
    /// No policy of the role allows it.
    MissingPermission,
    /// A policy of the role denies it.
    DeniedByIdentityPolicy,
    /// The resource's policy denies it.
    DeniedByResourcePolicy,
    /// The role's trust policy does not allow it.
    DeniedByTrustPolicy,
    /// AssumeRole's denial, which reads the same whatever is behind it.
    AssumeRoleDenied,
    /// The Region is off.
    RegionDisabled,
    /// The session has ended.
    Expired,
    /// AWS has blocked the account.
    AccountBlocked,
    /// Denied, and the text names no policy.
    DeniedUnexplained,
    /// No answer, until the client goes.
    Hang,
    /// The connection is closed before an answer.
    Reset,
    /// The connection is closed in the middle of the answer.
    Truncated,
    /// The answer ends after a complete element, and its length says so: a proxy on the way may do this.
    CutCleanly,
    /// Success, with a body that is none.
    Malformed,
    /// The service fails.
    InternalError,
    /// The service is not available.
    Unavailable,
    /// The client's clock is wrong.
    ClockSkew,
}

/// The request that fails.
#[derive(Clone, Copy, Debug)]
pub(crate) struct FaultContext<'a> {
    pub(crate) call: &'a Call,
    /// Who asks.
    pub(crate) caller_arn: &'a str,
    /// The IAM action that it needs.
    pub(crate) action: &'a str,
    /// How its service says it.
    pub(crate) format: ErrorFormat,
}

/// A policy in the examples of AWS's documentation.
const SCP: &str =
    "arn:aws:organizations::123456789012:policy/o-exampleorgid/service_control_policy/p-examplescp";

impl FaultKind {
    /// What AWS says; none for a failure without words.
    pub(crate) fn refusal(self, on: &FaultContext<'_>) -> Option<Refusal> {
        match self {
            Self::Hang | Self::Reset | Self::Truncated | Self::CutCleanly | Self::Malformed => None,
            Self::Throttled => Some(throttled(on)),
            Self::Expired => Some(expired(on.format)),
            Self::RegionDisabled => Some(region_disabled(on.format)),
            Self::AccountBlocked => Some(Refusal::new(
                403,
                "Blocked",
                "This account is currently blocked and not recognized as a valid account.",
            )),
            Self::InternalError => Some(internal_error(on.format)),
            Self::Unavailable => Some(unavailable(on.format)),
            Self::ClockSkew => Some(clock_skew(on.format)),
            Self::AssumeRoleDenied => Some(denied(on, "")),
            Self::DeniedUnexplained => Some(unexplained(on.format)),
            _ => Some(denied(on, &self.because(on.action))),
        }
    }

    /// The end of a denial's sentence.
    fn because(self, action: &str) -> String {
        match self {
            Self::DeniedByScpExplicit => {
                format!("with an explicit deny in a service control policy: {SCP}")
            }
            Self::DeniedByScpImplicit => not_allowed_by("service control policy", action),
            Self::DeniedByRcp => "with an explicit deny in a resource control policy".to_owned(),
            Self::DeniedByPermissionsBoundary => not_allowed_by("permissions boundary", action),
            Self::DeniedBySessionPolicy => not_allowed_by("session policy", action),
            Self::DeniedByVpcEndpoint => not_allowed_by("VPC endpoint policy", action),
            Self::MissingPermission => not_allowed_by("identity-based policy", action),
            Self::DeniedByIdentityPolicy => {
                "with an explicit deny in an identity-based policy".to_owned()
            }
            Self::DeniedByTrustPolicy => not_allowed_by("role trust policy", action),
            _ => "with an explicit deny in a resource-based policy".to_owned(),
        }
    }
}

fn not_allowed_by(policy: &str, action: &str) -> String {
    format!("because no {policy} allows the {action} action")
}

#[cfg(test)]
mod tests;

//! How a request fails, in AWS's words.

use serde::{Deserialize, Serialize};

use crate::replay::call::Call;
use crate::replay::reply::{Form, Refusal};

/// How a request fails. Each is said in the words and the wire format of the service that is called.
///
/// Denials: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>,
/// EC2: <https://docs.aws.amazon.com/ec2/latest/devguide/ec2-api-error-codes.html>,
/// the query protocol: <https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html>,
/// S3: <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
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
pub(in crate::replay) struct Occasion<'a> {
    pub(in crate::replay) call: &'a Call,
    /// Who asks.
    pub(in crate::replay) caller_arn: &'a str,
    /// The IAM action that it needs.
    pub(in crate::replay) action: &'a str,
    /// How its service says it.
    pub(in crate::replay) form: Form,
}

/// A policy in the examples of AWS's documentation.
const SCP: &str =
    "arn:aws:organizations::123456789012:policy/o-exampleorgid/service_control_policy/p-examplescp";

const NOT_AUTHORIZED: &str = "You are not authorized to perform this operation.";
const EXPIRED: &str = "The security token included in the request is expired";
const INVALID: &str = "The security token included in the request is invalid";

impl Kind {
    /// What AWS says; none for a failure without words.
    pub(in crate::replay) fn refusal(self, on: &Occasion<'_>) -> Option<Refusal> {
        match self {
            Self::Hang | Self::Reset | Self::Truncated | Self::Malformed => None,
            Self::Throttled => Some(throttled(on)),
            Self::Expired => Some(expired(on.form)),
            Self::RegionDisabled => Some(region_disabled(on.form)),
            Self::AccountBlocked => Some(Refusal::new(
                403,
                "Blocked",
                "This account is currently blocked and not recognized as a valid account.",
            )),
            Self::InternalError => Some(internal_error(on.form)),
            Self::Unavailable => Some(unavailable(on.form)),
            Self::ClockSkew => Some(clock_skew(on.form)),
            Self::AssumeRoleDenied => Some(denied(on, "")),
            Self::DeniedUnexplained => Some(unexplained(on.form)),
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

fn denied(on: &Occasion<'_>, because: &str) -> Refusal {
    let sentence = format!(
        "User: {} is not authorized to perform: {}{} {because}",
        on.caller_arn,
        on.action,
        resource(on.call)
    );
    let refusal = unexplained(on.form);
    let message = match on.form {
        Form::Ec2 => format!("{NOT_AUTHORIZED} {sentence}"),
        _ => sentence,
    };
    Refusal {
        message: message.trim_end().to_owned(),
        ..refusal
    }
}

/// EC2 names no resource in denied lists, IAM names all, S3 the bucket and STS the role.
fn resource(call: &Call) -> String {
    if let Some(bucket) = call.parameter("Bucket") {
        return format!(" on resource: \"arn:aws:s3:::{bucket}\"");
    }
    match call.parameter("RoleArn") {
        Some(role) => format!(" on resource: {role}"),
        None if call.service == "iam" => " on resource: *".to_owned(),
        None => String::new(),
    }
}

fn unexplained(form: Form) -> Refusal {
    match form {
        Form::Ec2 => Refusal::new(403, "UnauthorizedOperation", NOT_AUTHORIZED),
        Form::Json => Refusal::new(400, "AccessDeniedException", "Access Denied"),
        Form::Rest => Refusal::new(403, "AccessDeniedException", "Access Denied"),
        _ => Refusal::new(403, "AccessDenied", "Access Denied"),
    }
}

fn throttled(on: &Occasion<'_>) -> Refusal {
    match on.form {
        Form::Ec2 => Refusal::new(503, "RequestLimitExceeded", "Request limit exceeded."),
        Form::S3 | Form::S3Control => {
            Refusal::new(503, "SlowDown", "Please reduce your request rate.")
        }
        Form::Query => Refusal::new(400, "Throttling", "Rate exceeded"),
        Form::Cbor => Refusal::new(400, "ThrottlingException", "Rate exceeded"),
        Form::Rest => Refusal::new(429, "TooManyRequestsException", "Rate Exceeded."),
        Form::Json => Refusal::new(
            400,
            "TooManyRequestsException",
            "You have sent too many requests in too short a period of time.",
        ),
    }
}

fn expired(form: Form) -> Refusal {
    match form {
        Form::Ec2 => Refusal::new(400, "RequestExpired", "Request has expired."),
        Form::S3 | Form::S3Control => {
            Refusal::new(400, "ExpiredToken", "The provided token has expired.")
        }
        Form::Query => Refusal::new(403, "ExpiredToken", EXPIRED),
        Form::Rest => Refusal::new(403, "ExpiredTokenException", EXPIRED),
        Form::Json | Form::Cbor => Refusal::new(400, "ExpiredTokenException", EXPIRED),
    }
}

fn region_disabled(form: Form) -> Refusal {
    match form {
        Form::Ec2 => Refusal::new(
            401,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
        ),
        Form::S3 | Form::S3Control => Refusal::new(
            400,
            "InvalidToken",
            "The provided token is malformed or otherwise invalid.",
        ),
        Form::Query => Refusal::new(403, "InvalidClientTokenId", INVALID),
        Form::Rest => Refusal::new(403, "UnrecognizedClientException", INVALID),
        Form::Json | Form::Cbor => Refusal::new(400, "UnrecognizedClientException", INVALID),
    }
}

fn internal_error(form: Form) -> Refusal {
    match form {
        Form::Ec2 => Refusal::new(500, "InternalError", "An internal error has occurred"),
        Form::S3 | Form::S3Control => Refusal::new(
            500,
            "InternalError",
            "We encountered an internal error. Please try again.",
        ),
        Form::Json => Refusal::new(
            500,
            "ServiceException",
            "AWS Organizations can't complete your request because of an internal service error. \
             Try again later.",
        ),
        Form::Rest => Refusal::new(500, "ServiceException", "Service encountered an error."),
        Form::Query | Form::Cbor => Refusal::new(
            500,
            "InternalFailure",
            "The request processing has failed because of an unknown error, exception or failure.",
        ),
    }
}

fn unavailable(form: Form) -> Refusal {
    match form {
        Form::Ec2 => Refusal::new(
            503,
            "Unavailable",
            "The service is unavailable. Please try again shortly.",
        ),
        Form::S3 | Form::S3Control => Refusal::new(
            503,
            "ServiceUnavailable",
            "Service is unable to handle request.",
        ),
        _ => Refusal::new(
            503,
            "ServiceUnavailable",
            "The request has failed due to a temporary failure of the server.",
        ),
    }
}

/// EC2 says that it cannot validate the credentials, S3 that the clock is wrong, and the others
/// that the signature has expired.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>
fn clock_skew(form: Form) -> Refusal {
    const SIGNATURE: &str = "Signature expired: 20260101T000000Z is now earlier than \
                             20260101T001000Z (20260101T001500Z - 5 min.)";
    match form {
        Form::Ec2 => region_disabled(form),
        Form::S3 | Form::S3Control => Refusal::new(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        Form::Query => Refusal::new(403, "SignatureDoesNotMatch", SIGNATURE),
        Form::Rest => Refusal::new(403, "InvalidSignatureException", SIGNATURE),
        Form::Json | Form::Cbor => Refusal::new(400, "InvalidSignatureException", SIGNATURE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::classify;
    use crate::model::Cause;

    const FORMS: &[Form] = &[
        Form::Ec2,
        Form::Query,
        Form::Json,
        Form::S3,
        Form::S3Control,
        Form::Cbor,
        Form::Rest,
    ];

    fn causes(kind: Kind, action: &str) -> Vec<Cause> {
        let mut causes = Vec::new();
        for form in FORMS {
            let on = Occasion {
                call: &Call::default(),
                caller_arn: "arn:aws:sts::111122223333:assumed-role/OrgScanMember/orgscan",
                action,
                form: *form,
            };
            let said = kind.refusal(&on).unwrap();
            causes.push(classify(
                action,
                Some(said.code),
                &said.message,
                said.status,
            ));
        }
        causes.dedup();
        causes
    }

    #[test]
    fn each_kind_is_understood_as_what_it_is_in_every_form() {
        let cases = [
            (Kind::Throttled, Cause::Throttled),
            (Kind::DeniedByScpExplicit, Cause::DeniedByScp),
            (Kind::DeniedByScpImplicit, Cause::DeniedByScp),
            (Kind::DeniedByRcp, Cause::DeniedByRcp),
            (
                Kind::DeniedByPermissionsBoundary,
                Cause::DeniedByPermissionsBoundary,
            ),
            (Kind::DeniedBySessionPolicy, Cause::DeniedBySessionPolicy),
            (Kind::DeniedByVpcEndpoint, Cause::DeniedByVpcEndpoint),
            (Kind::MissingPermission, Cause::MissingPermission),
            (Kind::DeniedByIdentityPolicy, Cause::DeniedByIdentityPolicy),
            (Kind::DeniedByResourcePolicy, Cause::DeniedByResourcePolicy),
            (Kind::RegionDisabled, Cause::CredentialsRejected),
            (Kind::Expired, Cause::Expired),
            (Kind::AccountBlocked, Cause::AccountBlocked),
            (Kind::DeniedUnexplained, Cause::DeniedUnexplained),
            (Kind::InternalError, Cause::ServiceError),
            (Kind::Unavailable, Cause::ServiceError),
            (Kind::ClockSkew, Cause::CredentialsRejected),
        ];
        for (kind, cause) in cases {
            assert_eq!(causes(kind, "ec2:DescribeVolumes"), [cause], "{kind:?}");
        }
        for kind in [Kind::AssumeRoleDenied, Kind::DeniedByTrustPolicy] {
            assert_eq!(causes(kind, "sts:AssumeRole"), [Cause::RoleNotAssumable]);
        }
    }

    #[test]
    fn a_denial_names_who_what_and_on_which_resource() {
        let mut call = Call::default();
        call.parameters.insert("Bucket".into(), "data".into());
        let on = Occasion {
            call: &call,
            caller_arn: "arn:me",
            action: "s3:GetBucketAcl",
            form: Form::S3,
        };
        assert_eq!(
            Kind::MissingPermission.refusal(&on).unwrap().message,
            "User: arn:me is not authorized to perform: s3:GetBucketAcl on resource: \
             \"arn:aws:s3:::data\" because no identity-based policy allows the s3:GetBucketAcl action"
        );
    }
}

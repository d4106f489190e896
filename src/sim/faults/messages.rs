//! Errors in each service's own words.

use super::kind::FaultContext;
use crate::call::Call;
use crate::reply::{ErrorFormat, Refusal};

const NOT_AUTHORIZED: &str = "You are not authorized to perform this operation.";
const EXPIRED: &str = "The security token included in the request is expired";
const INVALID: &str = "The security token included in the request is invalid";

pub(super) fn denied(on: &FaultContext<'_>, because: &str) -> Refusal {
    let sentence = format!(
        "User: {} is not authorized to perform: {}{} {because}",
        on.caller_arn,
        on.action,
        resource(on.call)
    );
    let refusal = unexplained(on.format);
    let message = match on.format {
        ErrorFormat::Ec2 => format!("{NOT_AUTHORIZED} {sentence}"),
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

pub(super) fn unexplained(format: ErrorFormat) -> Refusal {
    match format {
        ErrorFormat::Ec2 => Refusal::new(403, "UnauthorizedOperation", NOT_AUTHORIZED),
        ErrorFormat::Json => Refusal::new(400, "AccessDeniedException", "Access Denied"),
        ErrorFormat::Rest => Refusal::new(403, "AccessDeniedException", "Access Denied"),
        _ => Refusal::new(403, "AccessDenied", "Access Denied"),
    }
}

pub(super) fn throttled(on: &FaultContext<'_>) -> Refusal {
    match on.format {
        ErrorFormat::Ec2 => Refusal::new(503, "RequestLimitExceeded", "Request limit exceeded."),
        ErrorFormat::S3 | ErrorFormat::S3Control => {
            Refusal::new(503, "SlowDown", "Please reduce your request rate.")
        }
        ErrorFormat::Query => Refusal::new(400, "Throttling", "Rate exceeded"),
        ErrorFormat::Cbor => Refusal::new(400, "ThrottlingException", "Rate exceeded"),
        ErrorFormat::Rest => Refusal::new(429, "TooManyRequestsException", "Rate Exceeded."),
        ErrorFormat::Json => Refusal::new(
            400,
            "TooManyRequestsException",
            "You have sent too many requests in too short a period of time.",
        ),
    }
}

pub(super) fn expired(format: ErrorFormat) -> Refusal {
    match format {
        ErrorFormat::Ec2 => Refusal::new(400, "RequestExpired", "Request has expired."),
        ErrorFormat::S3 | ErrorFormat::S3Control => {
            Refusal::new(400, "ExpiredToken", "The provided token has expired.")
        }
        ErrorFormat::Query => Refusal::new(403, "ExpiredToken", EXPIRED),
        ErrorFormat::Rest => Refusal::new(403, "ExpiredTokenException", EXPIRED),
        ErrorFormat::Json | ErrorFormat::Cbor => {
            Refusal::new(400, "ExpiredTokenException", EXPIRED)
        }
    }
}

pub(super) fn region_disabled(format: ErrorFormat) -> Refusal {
    match format {
        ErrorFormat::Ec2 => Refusal::new(
            401,
            "AuthFailure",
            "AWS was not able to validate the provided access credentials",
        ),
        ErrorFormat::S3 | ErrorFormat::S3Control => Refusal::new(
            400,
            "InvalidToken",
            "The provided token is malformed or otherwise invalid.",
        ),
        ErrorFormat::Query => Refusal::new(403, "InvalidClientTokenId", INVALID),
        ErrorFormat::Rest => Refusal::new(403, "UnrecognizedClientException", INVALID),
        ErrorFormat::Json | ErrorFormat::Cbor => {
            Refusal::new(400, "UnrecognizedClientException", INVALID)
        }
    }
}

pub(super) fn internal_error(format: ErrorFormat) -> Refusal {
    match format {
        ErrorFormat::Ec2 => Refusal::new(500, "InternalError", "An internal error has occurred"),
        ErrorFormat::S3 | ErrorFormat::S3Control => Refusal::new(
            500,
            "InternalError",
            "We encountered an internal error. Please try again.",
        ),
        ErrorFormat::Json => Refusal::new(
            500,
            "ServiceException",
            "AWS Organizations can't complete your request because of an internal service error. \
             Try again later.",
        ),
        ErrorFormat::Rest => Refusal::new(500, "ServiceException", "Service encountered an error."),
        ErrorFormat::Query | ErrorFormat::Cbor => Refusal::new(
            500,
            "InternalFailure",
            "The request processing has failed because of an unknown error, exception or failure.",
        ),
    }
}

pub(super) fn unavailable(format: ErrorFormat) -> Refusal {
    match format {
        ErrorFormat::Ec2 => Refusal::new(
            503,
            "Unavailable",
            "The service is unavailable. Please try again shortly.",
        ),
        ErrorFormat::S3 | ErrorFormat::S3Control => Refusal::new(
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
pub(super) fn clock_skew(format: ErrorFormat) -> Refusal {
    const SIGNATURE: &str = "Signature expired: 20260101T000000Z is now earlier than \
                             20260101T001000Z (20260101T001500Z - 5 min.)";
    match format {
        ErrorFormat::Ec2 => region_disabled(format),
        ErrorFormat::S3 | ErrorFormat::S3Control => Refusal::new(
            403,
            "RequestTimeTooSkewed",
            "The difference between the request time and the current time is too large.",
        ),
        ErrorFormat::Query => Refusal::new(403, "SignatureDoesNotMatch", SIGNATURE),
        ErrorFormat::Rest => Refusal::new(403, "InvalidSignatureException", SIGNATURE),
        ErrorFormat::Json | ErrorFormat::Cbor => {
            Refusal::new(400, "InvalidSignatureException", SIGNATURE)
        }
    }
}

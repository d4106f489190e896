//! What an AWS error means, from its code and text.

use orgscan_core::model::Cause;

/// Codes with one meaning whatever the text says.
///
/// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/errors-overview.html> and the
/// services' own lists of common errors.
const BY_CODE: &[(Cause, &[&str])] = &[
    (
        Cause::Throttled,
        &[
            "RequestLimitExceeded",
            "Client.RequestLimitExceeded",
            "Throttling",
            "ThrottlingException",
            "ThrottledException",
            "RequestThrottled",
            "RequestThrottledException",
            "TooManyRequestsException",
            "SlowDown",
            "LimitExceeded",
            "LimitExceededException",
            "BandwidthLimitExceeded",
            "PriorRequestNotComplete",
        ],
    ),
    (
        Cause::CredentialsExpired,
        &["ExpiredToken", "ExpiredTokenException"],
    ),
    // EC2 says RequestExpired of credentials that have expired as well; orgscan renews its sessions before.
    (
        Cause::ClockSkew,
        &[
            "RequestExpired",
            "RequestInTheFuture",
            "RequestTimeTooSkewed",
        ],
    ),
    (
        Cause::AccountBlocked,
        &[
            "Blocked",
            "PendingVerification",
            "AccountDisabled",
            "NotSignedUp",
        ],
    ),
    // None of these proves that a Region is off.
    (
        Cause::CredentialsRejected,
        &[
            "AuthFailure",
            "OptInRequired",
            "InvalidAccessKeyId",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "InvalidToken",
        ],
    ),
    (
        Cause::TimedOut,
        &["RequestTimeout", "RequestTimeoutException"],
    ),
    (
        Cause::ServiceError,
        &[
            "InternalError",
            "InternalFailure",
            "InternalServerError",
            "InternalServiceError",
            "ServiceFailure",
            "ServiceUnavailable",
            "ServiceUnavailableException",
            "Unavailable",
        ],
    ),
];

/// Codes that mean denied; the text says by what.
const DENIED: &[&str] = &[
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "UnauthorizedAccess",
    "AllAccessDisabled",
];

/// What the text of a denial says, in lower case, and what it means.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html>
const BY_TEXT: &[(Cause, &[&str])] = &[
    (
        Cause::DeniedByScp,
        &[
            "with an explicit deny in a service control policy",
            "because no service control policy allows the ",
        ],
    ),
    (
        Cause::DeniedByRcp,
        &[
            "with an explicit deny in a resource control policy",
            "because no resource control policy allows the ",
        ],
    ),
    (
        Cause::DeniedByPermissionsBoundary,
        &[
            "with an explicit deny in a permissions boundary",
            "because no permissions boundary allows the ",
        ],
    ),
    (
        Cause::DeniedBySessionPolicy,
        &[
            "with an explicit deny in a session policy",
            "because no session policy allows the ",
        ],
    ),
    (
        Cause::DeniedByVpcEndpoint,
        &[
            "with an explicit deny in a vpc endpoint policy",
            "because no vpc endpoint policy allows the ",
        ],
    ),
    (
        Cause::MissingPermission,
        &["because no identity-based policy allows the "],
    ),
    (
        Cause::DeniedByIdentityPolicy,
        &["with an explicit deny in an identity-based policy"],
    ),
    (
        Cause::DeniedByResourcePolicy,
        &[
            "because no resource-based policy allows the ",
            "with an explicit deny in a resource-based policy",
        ],
    ),
    (
        Cause::RoleNotAssumable,
        &[
            "because no role trust policy allows the sts:assumerole action",
            "with an explicit deny in the role trust policy",
        ],
    ),
];

/// What the text of a rejected signature says where the time is wrong, in lower case: the signature has
/// expired, or it is not valid yet.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-troubleshooting.html>
const SKEWED: &[&str] = &["signature expired", "signature not yet current"];

/// The cause behind an error answer whose code means the same with every API.
///
/// `action` is the IAM action of the request: a denied `sts:AssumeRole` whose text names no policy
/// reads the same for a missing role, a role that trusts somebody else and a wrong external id.
/// `status` is the HTTP status, 0 where there was none.
pub fn classify(action: &str, code: Option<&str>, message: &str, status: u16) -> Cause {
    let code = code.unwrap_or_default();
    let text = message.to_lowercase();
    match BY_CODE.iter().find(|(_, codes)| codes.contains(&code)) {
        Some((Cause::CredentialsRejected, _))
            if SKEWED.iter().any(|phrase| text.contains(phrase)) =>
        {
            return Cause::ClockSkew;
        }
        Some((cause, _)) => return *cause,
        None => {}
    }
    // S3's way to say that a token is not valid in this Region.
    if text.contains("the provided token is malformed or otherwise invalid") {
        return Cause::CredentialsRejected;
    }
    if DENIED.contains(&code) || status == 403 {
        return by_text(&text).unwrap_or(if action == "sts:AssumeRole" {
            Cause::RoleNotAssumable
        } else {
            Cause::DeniedUnexplained
        });
    }
    match status {
        // Success with a body that is none of the operation's answers.
        200..300 if code.is_empty() => Cause::Malformed,
        429 => Cause::Throttled,
        500.. => Cause::ServiceError,
        _ => Cause::Other,
    }
}

fn by_text(text: &str) -> Option<Cause> {
    BY_TEXT
        .iter()
        .find(|(_, phrases)| phrases.iter().any(|phrase| text.contains(phrase)))
        .map(|(cause, _)| *cause)
}

#[cfg(test)]
mod tests {
    use super::*;

    const EC2: &str = "ec2:DescribeInstances";
    const ROLE: &str = "arn:aws:sts::123456789012:assumed-role/OrgScanMember/orgscan-1";

    fn denied(reason: &str) -> Cause {
        let message = format!(
            "You are not authorized to perform this operation. User: {ROLE} is not authorized \
             to perform: ec2:DescribeInstances {reason}"
        );
        classify(EC2, Some("UnauthorizedOperation"), &message, 403)
    }

    #[test]
    fn a_denial_names_the_policy_type() {
        use Cause::*;
        let cases = [
            (
                "with an explicit deny in a service control policy: arn:aws:organizations::1:policy/p",
                DeniedByScp,
            ),
            (
                "because no service control policy allows the ec2:DescribeInstances action",
                DeniedByScp,
            ),
            (
                "with an explicit deny in a resource control policy",
                DeniedByRcp,
            ),
            (
                "because no permissions boundary allows the ec2:DescribeInstances action",
                DeniedByPermissionsBoundary,
            ),
            (
                "with an explicit deny in a session policy",
                DeniedBySessionPolicy,
            ),
            (
                "with an explicit deny in a VPC endpoint policy",
                DeniedByVpcEndpoint,
            ),
            (
                "because no identity-based policy allows the ec2:DescribeInstances action",
                MissingPermission,
            ),
            (
                "with an explicit deny in an identity-based policy",
                DeniedByIdentityPolicy,
            ),
            (
                "with an explicit deny in a resource-based policy",
                DeniedByResourcePolicy,
            ),
            ("", DeniedUnexplained),
        ];
        for (reason, cause) in cases {
            assert_eq!(denied(reason), cause, "{reason}");
        }
    }

    #[test]
    fn a_role_that_cannot_be_assumed_differs_from_one_that_a_policy_forbids() {
        let plain = "User: arn:aws:sts::632617325597:assumed-role/Central/x is not authorized to \
                     perform: sts:AssumeRole on resource: arn:aws:iam::654654472939:role/OrgScanMember";
        let assume = |message: &str| classify("sts:AssumeRole", Some("AccessDenied"), message, 403);
        assert_eq!(assume(plain), Cause::RoleNotAssumable);
        assert_eq!(
            assume(&format!(
                "{plain} with an explicit deny in a service control policy"
            )),
            Cause::DeniedByScp
        );
        assert_eq!(
            assume(&format!(
                "{plain} because no identity-based policy allows the sts:AssumeRole action"
            )),
            Cause::MissingPermission
        );
        assert_eq!(
            assume(&format!(
                "{plain} because no role trust policy allows the sts:AssumeRole action"
            )),
            Cause::RoleNotAssumable
        );
    }

    #[test]
    fn codes_have_their_meaning() {
        let cases = [
            ("RequestLimitExceeded", 503, Cause::Throttled),
            ("SlowDown", 503, Cause::Throttled),
            ("LimitExceeded", 409, Cause::Throttled),
            ("OptInRequired", 401, Cause::CredentialsRejected),
            ("RequestTimeTooSkewed", 403, Cause::ClockSkew),
            ("RequestExpired", 400, Cause::ClockSkew),
            ("SignatureDoesNotMatch", 403, Cause::CredentialsRejected),
            ("NotSignedUp", 403, Cause::AccountBlocked),
            ("RegionDisabledException", 403, Cause::DeniedUnexplained),
            ("InvalidSignatureException", 400, Cause::CredentialsRejected),
            ("AuthFailure", 401, Cause::CredentialsRejected),
            ("InvalidClientTokenId", 403, Cause::CredentialsRejected),
            ("ExpiredToken", 400, Cause::CredentialsExpired),
            ("Blocked", 403, Cause::AccountBlocked),
            ("InternalError", 500, Cause::ServiceError),
            ("NoSuchBucketPolicy", 404, Cause::Other),
        ];
        for (code, status, cause) in cases {
            assert_eq!(classify(EC2, Some(code), "", status), cause, "{code}");
        }
    }

    #[test]
    fn a_signature_that_is_rejected_for_its_time_is_clock_skew() {
        let expired = "Signature expired: 20261122T000000Z is now earlier than 20261122T001000Z";
        let early =
            "Signature not yet current: 20261122T001000Z is still later than 20261122T000000Z";
        for code in ["SignatureDoesNotMatch", "InvalidSignatureException"] {
            for (phrase, cause) in [
                (expired, Cause::ClockSkew),
                (early, Cause::ClockSkew),
                (
                    "The request signature we calculated does not match",
                    Cause::CredentialsRejected,
                ),
            ] {
                assert_eq!(
                    classify(EC2, Some(code), phrase, 403),
                    cause,
                    "{code} {phrase}"
                );
            }
        }
    }

    #[test]
    fn without_a_code_the_status_decides() {
        assert_eq!(classify(EC2, None, "<html>", 500), Cause::ServiceError);
        assert_eq!(classify(EC2, None, "", 429), Cause::Throttled);
        assert_eq!(classify(EC2, None, "", 200), Cause::Malformed);
        assert_eq!(classify(EC2, None, "", 403), Cause::DeniedUnexplained);
        let s3 = "The provided token is malformed or otherwise invalid.";
        assert_eq!(
            classify("s3:GetBucketAcl", Some("InvalidTokenX"), s3, 400),
            Cause::CredentialsRejected
        );
    }
}

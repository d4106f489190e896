//! Why orgscan cannot connect to AWS.

use aws_credential_types::provider::error::CredentialsError;
use orgscan_core::model::{Arn, Cause};
use orgscan_core::partition;
use orgscan_core::services::sts::GET_CALLER_IDENTITY;

use super::mfa::MfaError;
use super::source::SignIn;
use crate::Failure;
use crate::trust::BadBundle;

/// Why orgscan cannot connect to AWS.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The HTTP client's settings contradict each other.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(#[from] aws_smithy_http_client::pool::BuildError),
    /// The bundle of certificate authorities cannot be used.
    #[error(transparent)]
    Bundle(#[from] BadBundle),
    /// The shared AWS configuration files have errors.
    #[error("the shared AWS configuration files cannot be read: {0}")]
    SharedFiles(String),
    /// A profile is named that no file has.
    #[error("{0}")]
    NoSuchProfile(String),
    /// A setting that is on or off is neither. The SDK would take it for off.
    #[error("{name} is `{}`; use `true` or `false`", value.escape_debug())]
    NotBoolean {
        /// The variable, or the profile's setting.
        name: String,
        /// What it says.
        value: String,
    },
    /// FIPS endpoints are asked for, and a host of the caller's own.
    #[error(
        "FIPS endpoints are enabled, and {0} is set for all services, which the SDK does not support together. Unset \
         one of them: AWS_USE_FIPS_ENDPOINT (use_fips_endpoint), or the endpoint URL"
    )]
    FipsAndEndpoint(String),
    /// A role that needs an MFA code could not be assumed.
    #[error(transparent)]
    Mfa(Box<MfaError>),
    /// There are no credentials.
    #[error("there are no AWS credentials{detail}\nSource: {}.\n{}", sign_in.source, sign_in.fix)]
    NoCredentials {
        /// Why the source gives none, after a colon; empty where no source is configured.
        detail: String,
        /// Where the credentials would come from.
        sign_in: Box<SignIn>,
    },
    /// AWS does not accept the credentials.
    #[error(
        "AWS does not accept the credentials: {failure}\nSource: {}.{}\n{}",
        sign_in.source, at(endpoint), sign_in.fix
    )]
    NotSignedIn {
        /// The request, and what came of it.
        failure: Box<Failure>,
        /// Where the credentials come from.
        sign_in: Box<SignIn>,
        /// Scheme and host of the request; empty where nothing was sent.
        endpoint: String,
    },
    /// An endpoint does not answer. Nothing is known of the credentials.
    #[error(
        "AWS cannot be reached: {failure}\n\
         The credentials were not tested; they come from {}. Check the network: VPN and DNS; HTTPS_PROXY and NO_PROXY; \
         AWS_ENDPOINT_URL and interface VPC endpoints; AWS_CA_BUNDLE if a proxy decrypts TLS. The Region in the host \
         name comes from AWS_REGION, the profile or home_region.",
        sign_in.source
    )]
    Unreachable {
        /// The request, and what came of it.
        failure: Failure,
        /// Where the credentials come from.
        sign_in: Box<SignIn>,
    },
    /// FIPS endpoints are switched on, and AWS has none for STS in the Region.
    #[error(
        "{0}\n\
         Set AWS_REGION or home_region to a Region that has one (https://aws.amazon.com/compliance/fips/), or \
         disable FIPS endpoints: AWS_USE_FIPS_ENDPOINT, or use_fips_endpoint of the profile."
    )]
    NoFipsEndpoint(Failure),
    /// The Region that requests would go to is of no partition that orgscan knows.
    #[error(
        "Region `{}` is not in a partition that orgscan {} supports ({}); correct AWS_REGION, the profile's \
         Region or `home_region`, or use a newer version",
        .0.escape_debug(), env!("CARGO_PKG_VERSION"), partition::names().join(", ")
    )]
    UnknownRegion(String),
    /// The caller is of a partition that orgscan does not know.
    #[error(
        "the caller {} is not in a partition that orgscan {} supports ({}); use a newer version",
        .0, env!("CARGO_PKG_VERSION"), partition::names().join(", ")
    )]
    UnknownPartition(Arn),
    /// This machine's clock is wrong.
    #[error(
        "{0}\n\
         Set the clock of this machine, for example with NTP, and start again. AWS refuses requests with a wrong \
         time."
    )]
    Clock(Failure),
    /// The configuration names another partition than the caller's.
    #[error(
        "the configured partition is {configured}, but the caller {arn} belongs to {actual}; \
         correct `partition`, or use credentials of that partition"
    )]
    Partition {
        /// From the configuration.
        configured: String,
        /// The caller's.
        actual: String,
        /// The caller's ARN.
        arn: Arn,
    },
}

fn at(endpoint: &str) -> String {
    match endpoint {
        "" => String::new(),
        endpoint => format!(" The request went to {endpoint}."),
    }
}

impl From<MfaError> for ConnectError {
    fn from(error: MfaError) -> Self {
        Self::Mfa(Box::new(error))
    }
}

impl ConnectError {
    /// Why there are no credentials.
    pub(super) fn no_credentials(error: &CredentialsError, sign_in: SignIn) -> Self {
        let failure = Failure::of_credentials(GET_CALLER_IDENTITY.action, error);
        match (failure.cause, error) {
            (Cause::CredentialsRejected, CredentialsError::CredentialsNotLoaded(_)) => {
                Self::without_credentials(String::new(), sign_in)
            }
            (Cause::CredentialsRejected, _) => {
                Self::without_credentials(format!(": {}", failure.detail), sign_in)
            }
            _ => Self::of(failure, sign_in, String::new()),
        }
    }

    fn without_credentials(detail: String, sign_in: SignIn) -> Self {
        let sign_in = Box::new(sign_in);
        Self::NoCredentials { detail, sign_in }
    }

    /// Why AWS does not say who the caller is.
    pub(super) fn of(failure: Failure, sign_in: SignIn, endpoint: String) -> Self {
        let sign_in = Box::new(sign_in);
        match failure.cause {
            Cause::ClockSkew => Self::Clock(failure),
            Cause::NoFipsEndpoint => Self::NoFipsEndpoint(failure),
            Cause::Network | Cause::TimedOut => Self::Unreachable { failure, sign_in },
            _ => Self::NotSignedIn {
                failure: Box::new(failure),
                sign_in,
                endpoint,
            },
        }
    }
}

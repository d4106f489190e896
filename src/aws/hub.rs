//! The caller: who orgscan runs as, and where its conversation with AWS starts.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::endpoint::EndpointFuture;
use aws_smithy_types::endpoint::Endpoint;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;

use super::credentials::ValidCredentials;
use super::{
    CONNECT_TIMEOUT, Clients, Connections, Descriptors, Failure, HttpSettings, SessionCredentials,
    http_client,
};
use crate::config::Config;
use crate::model::{AccountId, Cause, Region};
use crate::pace::{Deadline, Lane, PaceSettings, Pacer, RateScope, api};
use crate::partition::{self, Partition};

/// Everything that all accounts share.
#[derive(Debug)]
pub struct Aws {
    /// The caller's own configuration: credentials, HTTP client, endpoints.
    pub config: SdkConfig,
    /// Who the caller is.
    pub caller: Caller,
    /// The Region whose endpoints serve what is not regional.
    pub home: Region,
    /// Clients that sign with the caller's own credentials.
    pub own: Arc<Clients>,
    /// Clients that sign with those of the session that a request is sent under.
    pub members: Arc<Clients>,
    /// How many connections there are.
    pub connections: Arc<Connections>,
}

/// Where the caller's credentials and endpoints come from.
#[derive(Clone, Debug, Default)]
pub enum Source {
    /// The environment, the shared configuration files, the instance or function: AWS's own chain.
    #[default]
    Environment,
    /// An emulator at this URL, which takes any credentials.
    Emulator(String),
}

/// Who orgscan runs as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The caller's account.
    pub account: AccountId,
    /// The caller's ARN.
    pub arn: String,
    /// The caller's partition.
    pub partition: String,
}

/// Why orgscan cannot start to talk to AWS.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// The HTTP client's settings contradict each other.
    #[error("the HTTP client cannot be set up: {0}")]
    Http(#[from] aws_smithy_http_client::pool::BuildError),
    /// Nobody knows who the caller is.
    #[error(
        "AWS does not say who the caller is: {0}\n\
         Check the credentials: `aws sts get-caller-identity` should answer with them. With IAM \
         Identity Center, run `aws sso login`; otherwise set AWS_PROFILE or the AWS_* variables. \
         Credentials of another partition than `aws` need a Region of that partition: set AWS_REGION."
    )]
    Caller(Failure),
    /// The Region that requests would go to is of no partition that orgscan knows.
    #[error(
        "Region `{}` is in no partition that orgscan {} knows ({}): correct AWS_REGION, the profile's \
         Region or `home_region`, or use a newer version",
        .0.escape_debug(), env!("CARGO_PKG_VERSION"), partition::names().join(", ")
    )]
    UnknownRegion(String),
    /// The caller is of a partition that orgscan does not know.
    #[error(
        "the caller {} is in no partition that orgscan {} knows ({}): use a newer version",
        .0, env!("CARGO_PKG_VERSION"), partition::names().join(", ")
    )]
    UnknownPartition(String),
    /// This machine's clock is wrong.
    #[error(
        "{0}\n\
         Set the clock of this machine, best by NTP, and start again: AWS refuses requests that are dated \
         wrongly, and the run would be dated wrongly."
    )]
    Clock(Failure),
    /// The configuration names another partition than the caller's.
    #[error(
        "the configuration says partition {configured}, but the caller {arn} belongs to {actual}: \
         correct `partition`, or use credentials of that partition"
    )]
    Partition {
        /// From the configuration.
        configured: String,
        /// The caller's.
        actual: String,
        /// The caller's ARN.
        arn: String,
    },
}

impl Aws {
    /// Loads the caller's configuration, and asks AWS who the caller is.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn connect(config: &Config, source: &Source) -> Result<Self, ConnectError> {
        let (sdk, connections) = own_config(config, source).await?;
        let home = home_region(config, sdk.region().map(AsRef::as_ref))?;
        let pacer = Pacer::new(PaceSettings::of(config));
        let scope = RateScope::unknown_caller(&home);
        let caller = identify(&sdk, &pacer.lane(&scope, Deadline::never())).await?;
        check_partition(config, &caller)?;
        let s3_control = S3ControlEndpoint::from_environment(&sdk);
        Ok(Self::new(sdk, s3_control, caller, home, connections))
    }

    /// What all accounts share, for a caller who is known. `s3_control` is where S3 Control is, if
    /// not at AWS's own hosts.
    pub fn new(
        config: SdkConfig,
        s3_control: Option<S3ControlEndpoint>,
        caller: Caller,
        home: Region,
        connections: Arc<Connections>,
    ) -> Self {
        let members = config
            .to_builder()
            .credentials_provider(SharedCredentialsProvider::new(SessionCredentials))
            // Sessions keep their credentials themselves.
            .identity_cache(IdentityCache::no_cache())
            .build();
        Self {
            own: Arc::new(Clients::new(config.clone(), s3_control.clone())),
            members: Arc::new(Clients::new(members, s3_control)),
            config,
            caller,
            home,
            connections,
        }
    }

    /// What AWS counts the caller's own requests by: in this Region, or else in the home Region.
    pub fn scope(&self, region: Option<&Region>) -> RateScope {
        RateScope::new(&self.caller.account, region.unwrap_or(&self.home))
    }

    /// The caller's configuration for another Region.
    pub fn config_in(&self, region: &Region) -> SdkConfig {
        let region = aws_config::Region::new(region.as_str().to_owned());
        self.config.clone().into_builder().region(region).build()
    }
}

/// The caller's own configuration, for requests in the home Region; who the caller is, nobody has asked
/// yet.
///
/// # Errors
/// [`ConnectError::Http`] and [`ConnectError::UnknownRegion`]
pub async fn own_config(
    config: &Config,
    source: &Source,
) -> Result<(SdkConfig, Arc<Connections>), ConnectError> {
    let sockets = Descriptors::of_process().sockets();
    let settings = HttpSettings::for_requests(config.concurrency.requests, sockets);
    let (http, connections) = http_client(&settings)?;
    // Retries are orgscan's own, around each request, so that each attempt is paced.
    let loader = aws_config::defaults(aws_config::BehaviorVersion::latest())
        .http_client(http)
        .retry_config(RetryConfig::disabled())
        .timeout_config(
            TimeoutConfig::builder()
                .connect_timeout(CONNECT_TIMEOUT)
                .build(),
        );
    let loader = match &config.profile {
        Some(profile) => loader.profile_name(profile),
        None => loader,
    };
    let sdk = match source {
        Source::Environment => loader.load().await,
        Source::Emulator(url) => {
            loader
                .endpoint_url(url)
                .credentials_provider(emulator_credentials())
                .region(aws_config::Region::from_static("us-east-1"))
                .load()
                .await
        }
    };
    let home = home_region(config, sdk.region().map(AsRef::as_ref))?;
    let credentials = sdk.credentials_provider().map(ValidCredentials);
    let mut sdk = sdk.into_builder();
    sdk.set_credentials_provider(credentials.map(SharedCredentialsProvider::new));
    let sdk = sdk
        .region(aws_config::Region::new(home.as_str().to_owned()))
        .build();
    Ok((sdk, connections))
}

fn emulator_credentials() -> Credentials {
    Credentials::new("demo", "demo", None, None, "emulator")
}

/// The configured home Region; else the caller's own where every account has it enabled, so that
/// tokens of its STS endpoint are valid everywhere; else the partition's first.
///
/// # Errors
/// A Region of no known partition is refused by name. The SDK would send its requests to hosts of the
/// partition `aws`.
fn home_region(config: &Config, own: Option<&str>) -> Result<Region, ConnectError> {
    let known = |region: &str| {
        Partition::of_region(region).ok_or_else(|| ConnectError::UnknownRegion(region.to_owned()))
    };
    if let Some(region) = &config.home_region {
        return known(region.as_str()).map(|_| region.clone());
    }
    let of_own = own.map(known).transpose()?;
    let configured = config.partition.as_deref().and_then(Partition::named);
    let partition = configured.or(of_own).unwrap_or(&partition::PARTITIONS[0]);
    Ok(Region::new(match own {
        Some(own) if partition.default_regions.contains(&own) => own,
        _ => partition.first_region(),
    }))
}

async fn identify(sdk: &SdkConfig, lane: &Lane) -> Result<Caller, ConnectError> {
    let sts = aws_sdk_sts::Client::new(sdk);
    let answer = lane
        .call(&api::GET_CALLER_IDENTITY, || {
            sts.get_caller_identity().send()
        })
        .await
        .map_err(|failure| match failure.cause {
            Cause::ClockSkew => ConnectError::Clock(failure),
            _ => ConnectError::Caller(failure),
        })?;
    caller(answer.account(), answer.arn()).ok_or_else(|| {
        let detail = "the answer lacks the account or the ARN";
        ConnectError::Caller(Failure::new(
            api::GET_CALLER_IDENTITY.action,
            Cause::Malformed,
            detail,
        ))
    })
}

fn caller(account: Option<&str>, arn: Option<&str>) -> Option<Caller> {
    let arn = arn?;
    Some(Caller {
        account: account?.parse().ok()?,
        partition: arn.split(':').nth(1)?.to_owned(),
        arn: arn.to_owned(),
    })
}

fn check_partition(config: &Config, caller: &Caller) -> Result<(), ConnectError> {
    if Partition::named(&caller.partition).is_none() {
        return Err(ConnectError::UnknownPartition(caller.arn.clone()));
    }
    match &config.partition {
        Some(configured) if *configured != caller.partition => Err(ConnectError::Partition {
            configured: configured.clone(),
            actual: caller.partition.clone(),
            arn: caller.arn.clone(),
        }),
        _ => Ok(()),
    }
}

/// Where S3 Control is, instead of AWS's own host for each account. `{account}` stands for the
/// account's id; AWS puts it before the host's name, which an emulator or a proxy cannot serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3ControlEndpoint(pub String);

impl S3ControlEndpoint {
    /// The endpoint that the environment names for S3 Control or for all services.
    fn from_environment(sdk: &SdkConfig) -> Option<Self> {
        std::env::var("AWS_ENDPOINT_URL_S3_CONTROL")
            .ok()
            .or_else(|| sdk.endpoint_url().map(str::to_owned))
            .map(Self)
    }
}

impl aws_sdk_s3control::config::endpoint::ResolveEndpoint for S3ControlEndpoint {
    fn resolve_endpoint<'a>(
        &'a self,
        params: &'a aws_sdk_s3control::config::endpoint::Params,
    ) -> EndpointFuture<'a> {
        let account = params.account_id().unwrap_or_default();
        let url = self.0.replace("{account}", account);
        EndpointFuture::ready(Ok(Endpoint::builder().url(url).build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn home_is_a_region_that_every_account_has() {
        let mut config = Config::default();
        let home = |config: &Config, own| home_region(config, own).unwrap().to_string();
        assert_eq!(home(&config, None), "us-east-1");
        let cases = [
            ("eu-west-1", "eu-west-1"),
            ("me-south-1", "us-east-1"),
            ("eu-east-9", "us-east-1"),
            ("cn-northwest-1", "cn-northwest-1"),
            ("eusc-de-east-1", "eusc-de-east-1"),
            ("us-iso-west-1", "us-iso-west-1"),
            ("us-isob-east-9", "us-isob-east-1"),
            ("eu-isoe-west-1", "eu-isoe-west-1"),
            ("us-isof-north-1", "us-isof-south-1"),
        ];
        for (own, expected) in cases {
            assert_eq!(home(&config, Some(own)), expected, "{own}");
        }
        config.partition = Some("aws-us-gov".to_owned());
        assert_eq!(home(&config, None), "us-gov-west-1");
        assert_eq!(home(&config, Some("eu-west-1")), "us-gov-west-1");
        config.home_region = Some(Region::new("us-gov-east-1"));
        assert_eq!(home(&config, None), "us-gov-east-1");
    }

    #[test]
    fn a_region_of_an_unknown_partition_is_refused_by_name() {
        let mut config = Config::default();
        for region in ["xx-north-1", "eusc-fr-east-1", "eu-west-1a", "aws-global"] {
            let error = home_region(&config, Some(region)).unwrap_err().to_string();
            assert!(
                error.contains(region) && error.contains("aws-eusc"),
                "{error}"
            );
        }
        config.home_region = Some(Region::new("xx-north-1"));
        assert!(home_region(&config, Some("eu-west-1")).is_err());
    }

    #[test]
    fn a_caller_of_an_unknown_partition_is_refused() {
        let arn = "arn:aws-moon:iam::123456789012:user/x";
        let caller = caller(Some("123456789012"), Some(arn)).unwrap();
        let error = check_partition(&Config::default(), &caller).unwrap_err();
        assert!(error.to_string().contains("aws-moon"));
    }

    #[test]
    fn the_partition_is_the_callers() {
        let arn = "arn:aws-us-gov:sts::123456789012:assumed-role/Central/x";
        let caller = caller(Some("123456789012"), Some(arn)).unwrap();
        assert_eq!(caller.partition, "aws-us-gov");
        let config = Config {
            partition: Some("aws".to_owned()),
            ..Config::default()
        };
        let error = check_partition(&config, &caller).unwrap_err().to_string();
        assert!(error.contains("aws-us-gov") && error.contains("correct `partition`"));
    }
}

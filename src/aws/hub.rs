//! The caller: who orgscan runs as, and where its conversation with AWS starts.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::endpoint::EndpointFuture;
use aws_smithy_types::endpoint::Endpoint;
use aws_types::service_config::ServiceConfigKey;
use orgscan_core::model::{AccountId, Region};
use orgscan_core::partition::{self, Partition};
use orgscan_core::settings::Config;

use super::signin::{self, SignedIn};
use super::{Clients, ConnectError, Connections, SessionCredentials};
use crate::pace::{Deadline, PaceSettings, Pacer, RateScope};

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

impl Aws {
    /// Loads the caller's configuration, and asks AWS who the caller is.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn connect(config: &Config, source: &Source) -> Result<Self, ConnectError> {
        let signed_in = signin::sign_in(config, source).await?;
        let home = home_region(config, signed_in.sdk.region().map(AsRef::as_ref))?;
        let pacer = Pacer::new(PaceSettings::of(config));
        let scope = RateScope::unknown_caller(&home);
        let lane = pacer.lane(&scope, Deadline::never()).first_contact();
        let caller = signin::identify(&signed_in, &lane).await?;
        check_partition(config, &caller)?;
        let SignedIn {
            sdk, connections, ..
        } = signed_in;
        let s3_control = S3ControlEndpoint::configured(&sdk);
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

/// The configured home Region; else the caller's own where every account has it enabled, so that
/// tokens of its STS endpoint are valid everywhere; else the partition's first.
///
/// # Errors
/// A Region of no known partition is refused by name. The SDK would send its requests to hosts of the
/// partition `aws`.
pub(super) fn home_region(config: &Config, own: Option<&str>) -> Result<Region, ConnectError> {
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
    /// The endpoint that is configured for S3 Control or for all services, if the account's id does not go
    /// before its host's name: where a URL says its place, and before an address. The SDK puts it before any
    /// other name, as AWS's own hosts and interface VPC endpoints need it.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html>
    fn configured(sdk: &SdkConfig) -> Option<Self> {
        let key = ServiceConfigKey::builder()
            .service_id("S3 Control")
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        let of_service = sdk
            .service_config()
            .and_then(|config| config.load_config(key));
        let url = of_service.or_else(|| sdk.endpoint_url().map(str::to_owned))?;
        Self::of(url)
    }

    fn of(url: String) -> Option<Self> {
        let is_placed = url.contains("{account}");
        let uri: Option<http::Uri> = url.parse().ok();
        let host = uri.as_ref().and_then(http::Uri::host);
        let is_name = host.is_some_and(|host| host.contains('.') && !is_address(host));
        (is_placed || !is_name).then_some(Self(url))
    }
}

/// Whether it is an IP address, in brackets for version 6.
fn is_address(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse::<std::net::IpAddr>().is_ok()
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
    fn the_account_goes_before_the_name_of_an_s3_control_endpoint_as_the_sdk_puts_it() {
        let own = |url: &str| S3ControlEndpoint::of(url.to_owned()).is_some();
        for url in [
            "http://127.0.0.1:5000",
            "http://[::1]:5000",
            "http://localhost:4566",
            "https://{account}.control.vpce-1.s3.eu-west-1.vpce.amazonaws.com",
        ] {
            assert!(own(url), "{url}");
        }
        assert!(!own(
            "https://control.vpce-1.s3.eu-west-1.vpce.amazonaws.com"
        ));
    }

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
        let caller = signin::caller(Some("123456789012"), Some(arn)).unwrap();
        let error = check_partition(&Config::default(), &caller).unwrap_err();
        assert!(error.to_string().contains("aws-moon"));
    }

    #[test]
    fn the_partition_is_the_callers() {
        let arn = "arn:aws-us-gov:sts::123456789012:assumed-role/Central/x";
        let caller = signin::caller(Some("123456789012"), Some(arn)).unwrap();
        assert_eq!(caller.partition, "aws-us-gov");
        let config = Config {
            partition: Some("aws".to_owned()),
            ..Config::default()
        };
        let error = check_partition(&config, &caller).unwrap_err().to_string();
        assert!(error.contains("aws-us-gov") && error.contains("correct `partition`"));
    }
}

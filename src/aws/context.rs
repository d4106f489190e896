//! The caller: who orgscan runs as, and where its conversation with AWS starts.

use std::sync::Arc;

use aws_config::SdkConfig;
use aws_config::identity::IdentityCache;
use aws_credential_types::provider::SharedCredentialsProvider;
use orgscan_core::model::Region;
use orgscan_core::partition::Partition;
use orgscan_core::settings::Config;

use super::caller::{Caller, Source};
use super::s3_control::S3ControlEndpoint;
use super::signin::{self, SignInResult};
use super::{Availability, Clients, ConnectError, Connections, SessionCredentials};
use crate::rate_limit::{Deadline, RateLimitSettings, RateLimits, RateScope};

/// Everything that all accounts share.
#[derive(Debug)]
pub struct AwsContext {
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
    /// Which services exist in which Regions.
    pub availability: Arc<Availability>,
    /// How many connections there are.
    pub connections: Arc<Connections>,
}

impl AwsContext {
    /// Loads the caller's configuration, and asks AWS who the caller is.
    ///
    /// # Errors
    /// See [`ConnectError`].
    pub async fn connect(config: &Config, source: &Source) -> Result<Self, ConnectError> {
        let signed_in = signin::sign_in(config, source).await?;
        let home = signin::home_region(config, signed_in.sdk.region().map(AsRef::as_ref))?;
        let rate_limits = RateLimits::new(RateLimitSettings::of(config));
        let scope = RateScope::unknown_caller(&home);
        let api_caller = rate_limits
            .api_caller(&scope, Deadline::never())
            .first_contact();
        let caller = signin::identify(&signed_in, &api_caller).await?;
        check_partition(config, &caller)?;
        let SignInResult {
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
            availability: Arc::new(Availability::of(&config, &caller.partition)),
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

#[cfg(test)]
mod tests {
    use super::*;

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

//! Signing in: the caller's configuration and credentials, in every way that the AWS CLI knows.

mod chain;
mod error;
mod files;
mod home;
mod identify;
mod mfa;
mod session;
mod settings;
mod source;

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use aws_config::ecs::EcsCredentialsProvider;
use aws_config::identity::IdentityCache;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::meta::credentials::CredentialsProviderChain;
use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, ConfigLoader, SdkConfig};
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use aws_smithy_runtime_api::client::http::SharedHttpClient;
use aws_smithy_types::retry::RetryConfig;
use aws_smithy_types::timeout::TimeoutConfig;
use orgscan_core::settings::Config;

use super::credentials::ValidCredentials;
use super::{CONNECT_TIMEOUT, Connections, Descriptors, HttpSettings, Source, http_client};

pub use error::ConnectError;
use files::{SelectedBy, SharedFiles};
pub(super) use home::home_region;
#[cfg(test)]
pub(super) use identify::caller;
pub(super) use identify::identify;
pub use mfa::MfaError;
use session::ProfileSession;
pub use source::SignIn;

/// How long credentials may take where a request waits for them: a `credential_process` starts a program.
const LOAD_TIMEOUT: Duration = Duration::from_secs(60);

/// The first pause before a provider of credentials asks again. Short, so that an endpoint that does not
/// answer is known soon.
const PROVIDER_PAUSE: Duration = Duration::from_millis(200);

/// The caller's own configuration, with credentials.
#[derive(Debug)]
pub(super) struct SignInResult {
    pub(super) sdk: SdkConfig,
    pub(super) connections: Arc<Connections>,
    pub(super) sign_in: SignIn,
}

/// The caller's own configuration, for requests in the home Region; who the caller is, nobody has asked
/// yet.
///
/// # Errors
/// All of [`ConnectError`] but those that follow from the caller's identity.
pub async fn own_config(
    config: &Config,
    source: &Source,
) -> Result<(SdkConfig, Arc<Connections>), ConnectError> {
    let SignInResult {
        sdk, connections, ..
    } = sign_in(config, source).await?;
    Ok((sdk, connections))
}

/// The same, with where the credentials come from. On the heap: the futures of the SDK's providers are large,
/// and so deep that the compiler gives up on what contains them.
pub(super) async fn sign_in(
    config: &Config,
    source: &Source,
) -> Result<SignInResult, ConnectError> {
    match source {
        Source::Environment => Box::pin(in_environment(config)).await,
        Source::Emulator(url) => Box::pin(to_emulator(config, url)).await,
    }
}

async fn to_emulator(config: &Config, url: &str) -> Result<SignInResult, ConnectError> {
    let (http, connections) = http_client(&http_settings(config))?;
    let sdk = loader(http)
        .endpoint_url(url)
        .credentials_provider(Credentials::new("demo", "demo", None, None, "emulator"))
        .region(aws_config::Region::from_static("us-east-1"))
        .load()
        .await;
    let sdk = at_home(config, &sdk)?;
    Ok(SignInResult {
        sdk,
        connections,
        sign_in: SignIn::emulator(),
    })
}

async fn in_environment(config: &Config) -> Result<SignInResult, ConnectError> {
    let files = SharedFiles::read(config.profile.as_deref()).await?;
    settings::check_booleans(&files)?;
    let mut http = http_settings(config);
    http.direct = settings::direct_hosts(&files);
    http.trust = settings::trust(&files)?;
    let (http, connections) = http_client(&http)?;
    let loader = loader(http.clone()).profile_name(&files.name);
    let sdk = loader.no_credentials().load().await;
    settings::check_fips(&sdk)?;
    let home = at_home(config, &sdk)?;
    let region = sdk.region().or(home.region()).cloned();
    let providers = ProviderConfig::without_region()
        .with_behavior_version(Some(BehaviorVersion::latest()))
        .with_http_client(http)
        .with_region(region.clone())
        .with_retry_config(RetryConfig::standard().with_initial_backoff(PROVIDER_PAUSE))
        .with_timeout_config(connecting())
        .with_use_dual_stack(sdk.use_dual_stack())
        .with_use_fips(sdk.use_fips());
    let sdk = home.into_builder().region(region).build();
    let sign_in = SignIn::of(&files, variable);
    let credentials = ValidCredentials::new(provider(&files, &providers, &sdk).await?);
    credentials
        .sign_in()
        .await
        .map_err(|error| ConnectError::no_credentials(&error, sign_in.clone()))?;
    let sdk = at_home(config, &sdk)?
        .into_builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .identity_cache(IdentityCache::lazy().load_timeout(LOAD_TIMEOUT).build())
        .build();
    Ok(SignInResult {
        sdk,
        connections,
        sign_in,
    })
}

fn http_settings(config: &Config) -> HttpSettings {
    let sockets = Descriptors::of_process().sockets();
    HttpSettings::for_requests(config.concurrency.requests, sockets)
}

/// Retries are orgscan's own, around each request, so that each attempt is rate-limited.
fn loader(http: SharedHttpClient) -> ConfigLoader {
    aws_config::defaults(BehaviorVersion::latest())
        .http_client(http)
        .retry_config(RetryConfig::disabled())
        .timeout_config(connecting())
}

fn connecting() -> TimeoutConfig {
    TimeoutConfig::builder()
        .connect_timeout(CONNECT_TIMEOUT)
        .build()
}

/// The same configuration, for requests in the home Region.
fn at_home(config: &Config, sdk: &SdkConfig) -> Result<SdkConfig, ConnectError> {
    let home = home_region(config, sdk.region().map(AsRef::as_ref))?;
    let home = aws_config::Region::new(home.as_str().to_owned());
    Ok(sdk.to_builder().region(home).build())
}

/// The SDK's own order. A profile that a flag names goes before the environment, as for the AWS CLI.
async fn provider(
    files: &SharedFiles,
    providers: &ProviderConfig,
    sdk: &SdkConfig,
) -> Result<SharedCredentialsProvider, ConnectError> {
    let is_flag = files.selected_by == SelectedBy::Flag;
    let has_variables = !is_flag && variable("AWS_ACCESS_KEY_ID").is_some();
    let chain = chain::RoleChain::of(&files.profiles, &files.name);
    let is_own = chain.needs_mfa() || matches!(chain.base, chain::Base::Login(_));
    if is_own && !has_variables {
        let session = ProfileSession::new(&files.name, chain, &files.profiles, providers, sdk);
        Box::pin(session.open_with_code()).await?;
        return Ok(SharedCredentialsProvider::new(session));
    }
    if !is_flag {
        let chain = aws_config::default_provider::credentials::DefaultCredentialsChain::builder()
            .profile_name(&files.name)
            .region(sdk.region().cloned())
            .configure(providers.clone());
        return Ok(SharedCredentialsProvider::new(chain.build().await));
    }
    let profile = ProfileFileCredentialsProvider::builder()
        .profile_name(&files.name)
        .configure(providers);
    let container = EcsCredentialsProvider::builder().configure(providers);
    let instance = ImdsCredentialsProvider::builder().configure(providers);
    let chain = CredentialsProviderChain::first_try("Profile", profile.build())
        .or_else("EcsContainer", container.build())
        .or_else("Ec2InstanceMetadata", instance.build());
    Ok(SharedCredentialsProvider::new(chain))
}

/// An environment variable; none if it is empty.
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// What an error and its sources say.
fn texts(error: &(dyn Error + 'static)) -> String {
    let chain = std::iter::successors(Some(error), |&error| error.source());
    let texts: Vec<String> = chain.map(ToString::to_string).collect();
    texts.join(": ")
}

//! Sessions of profiles that the SDK cannot open itself: roles with an MFA code, and what begins with `aws login`.

use std::collections::BTreeMap;
use std::time::{Duration, SystemTime};

use aws_config::SdkConfig;
use aws_config::credential_process::CredentialProcessProvider;
use aws_config::ecs::EcsCredentialsProvider;
use aws_config::environment::EnvironmentVariableCredentialsProvider;
use aws_config::imds::credentials::ImdsCredentialsProvider;
use aws_config::profile::{ProfileFileCredentialsProvider, ProfileSet};
use aws_config::provider_config::ProviderConfig;
use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use orgscan_core::services::sts::ASSUME_ROLE;
use orgscan_core::shell;
use tokio::sync::Mutex;

use super::chain::{Base, ProfileRole, RoleChain};
use super::mfa::{MfaError, ask};
use super::{ConnectError, source};
use crate::{Failure, require};

/// The sessions of this process with an MFA code, by profile. AWS takes a code once, and a configuration in S3
/// is read before anything else.
static WITH_CODE: Mutex<BTreeMap<String, Credentials>> = Mutex::const_new(BTreeMap::new());

/// A session that ends sooner is not used again.
const USABLE: Duration = Duration::from_secs(60);

/// A session has ended that only a person can open again.
#[derive(Debug, thiserror::Error)]
#[error(
    "the session of the profile `{0}` has ended, and another one needs an MFA code: run the command again, and \
     set `duration_seconds` of the profile for longer sessions"
)]
struct SessionEnded(String);

#[derive(Debug)]
pub(super) struct ProfileSession {
    profile: String,
    chain: RoleChain,
    profiles: ProfileSet,
    providers: ProviderConfig,
    sdk: SdkConfig,
}

impl ProfileSession {
    pub(super) fn new(
        profile: &str,
        chain: RoleChain,
        profiles: &ProfileSet,
        providers: &ProviderConfig,
        sdk: &SdkConfig,
    ) -> Self {
        Self {
            profile: profile.to_owned(),
            chain,
            profiles: profiles.clone(),
            providers: providers.clone(),
            sdk: sdk.clone(),
        }
    }

    /// Asks for the code of a session that needs one, unless this process has such a session.
    ///
    /// # Errors
    /// [`ConnectError::Mfa`], and those of the credentials that the role is assumed with.
    pub(super) async fn open_with_code(&self) -> Result<(), ConnectError> {
        let mut sessions = WITH_CODE.lock().await;
        let known = sessions.get(&self.profile);
        if !self.chain.needs_mfa() || known.is_some_and(|session| !ends_within(session, USABLE)) {
            return Ok(());
        }
        let session = self.open().await?;
        sessions.insert(self.profile.clone(), session);
        Ok(())
    }

    async fn open(&self) -> Result<Credentials, ConnectError> {
        let mut credentials = self.first().await?;
        for role in &self.chain.roles {
            credentials = assume(role, credentials, &self.sdk).await?;
        }
        Ok(credentials)
    }

    async fn provide(&self) -> Result<Credentials, CredentialsError> {
        if !self.chain.needs_mfa() {
            return self.open().await.map_err(CredentialsError::provider_error);
        }
        let sessions = WITH_CODE.lock().await;
        let session = sessions.get(&self.profile);
        let session = session.filter(|session| !ends_within(session, Duration::ZERO));
        session
            .cloned()
            .ok_or_else(|| CredentialsError::provider_error(SessionEnded(self.profile.clone())))
    }

    /// The credentials that the first role is assumed with.
    async fn first(&self) -> Result<Credentials, ConnectError> {
        let provider = match &self.chain.base {
            Base::Keys(profile) => return Ok(keys(&self.profiles, profile)),
            Base::Process(profile) => {
                let profile = self.profiles.get_profile(profile);
                let command = profile.and_then(|profile| profile.get("credential_process"));
                process(command.unwrap_or_default())
            }
            Base::Login(profile) => process(&of_cli(profile)),
            Base::Named(source) => named(source, &self.providers),
            Base::IdentityCenter(profile, _) | Base::Unusable(profile) => {
                of_profile(profile, &self.providers)
            }
            Base::WebIdentity { .. } => of_profile(&self.profile, &self.providers),
        };
        let provided = provider.provide_credentials().await;
        provided.map_err(|error| {
            ConnectError::no_credentials(&error, source::of_base(&self.chain.base))
        })
    }
}

impl ProvideCredentials for ProfileSession {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(Box::pin(self.provide()))
    }
}

fn ends_within(credentials: &Credentials, time: Duration) -> bool {
    let expiry = credentials.expiry();
    expiry.is_some_and(|expiry| expiry <= SystemTime::now() + time)
}

/// The AWS CLI's command that returns the credentials of a session of `aws login`, renewed if needed. The SDK's
/// own feature for it, `credentials-login`, adds 30 crates; and only the AWS CLI opens such a session, so it is
/// there.
///
/// Source: <https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-sign-in.html>
fn of_cli(profile: &str) -> String {
    let profile = shell::quote(profile).unwrap_or_default();
    format!("aws configure export-credentials --profile {profile} --format process")
}

fn process(command: &str) -> SharedCredentialsProvider {
    SharedCredentialsProvider::new(CredentialProcessProvider::new(command.to_owned()))
}

fn of_profile(profile: &str, providers: &ProviderConfig) -> SharedCredentialsProvider {
    let provider = ProfileFileCredentialsProvider::builder()
        .profile_name(profile)
        .configure(providers);
    SharedCredentialsProvider::new(provider.build())
}

fn named(source: &str, providers: &ProviderConfig) -> SharedCredentialsProvider {
    match source.to_ascii_lowercase().as_str() {
        "environment" => {
            SharedCredentialsProvider::new(EnvironmentVariableCredentialsProvider::new())
        }
        "ecscontainer" => SharedCredentialsProvider::new(
            EcsCredentialsProvider::builder()
                .configure(providers)
                .build(),
        ),
        _ => SharedCredentialsProvider::new(
            ImdsCredentialsProvider::builder()
                .configure(providers)
                .build(),
        ),
    }
}

fn keys(profiles: &ProfileSet, profile: &str) -> Credentials {
    let profile = profiles.get_profile(profile);
    let text = |key| profile.and_then(|profile| profile.get(key));
    Credentials::new(
        text("aws_access_key_id").unwrap_or_default(),
        text("aws_secret_access_key").unwrap_or_default(),
        text("aws_session_token").map(str::to_owned),
        None,
        "ProfileFile",
    )
}

async fn assume(
    role: &ProfileRole,
    credentials: Credentials,
    sdk: &SdkConfig,
) -> Result<Credentials, ConnectError> {
    let code = match &role.mfa_serial {
        Some(serial) => Some(ask(role, serial).await?),
        None => None,
    };
    let config = sdk
        .to_builder()
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .build();
    let session = role.session_name.as_deref().unwrap_or("orgscan");
    let answer = aws_sdk_sts::Client::new(&config)
        .assume_role()
        .role_arn(&role.arn)
        .role_session_name(session)
        .set_external_id(role.external_id.clone())
        .set_duration_seconds(role.duration_seconds)
        .set_serial_number(role.mfa_serial.clone())
        .set_token_code(code)
        .send()
        .await;
    let given = answer
        .map_err(|error| Failure::of(&ASSUME_ROLE, &error))
        .and_then(|answer| require(ASSUME_ROLE.action, "Credentials", answer.credentials));
    let given = given.map_err(|failure| refused(role, failure))?;
    Ok(Credentials::new(
        given.access_key_id,
        given.secret_access_key,
        Some(given.session_token),
        SystemTime::try_from(given.expiration).ok(),
        "AssumeRole",
    ))
}

fn refused(role: &ProfileRole, failure: Failure) -> MfaError {
    let serial = role.mfa_serial.as_ref();
    let with = serial.map(|serial| format!(" with the MFA device {serial}"));
    MfaError::Refused {
        profile: role.profile.clone(),
        role: role.arn.clone(),
        with: with.unwrap_or_default(),
        failure: Box::new(failure),
    }
}

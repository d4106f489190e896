//! Credentials are checked before anything is signed with them.
//!
//! The SDK writes the access key id and the session token into headers, and panics where they cannot be
//! written there.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, PoisonError};

use aws_credential_types::Credentials;
use aws_credential_types::credential_feature::AwsCredentialFeature as Feature;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider, future};
use futures::FutureExt;

/// Credentials that cannot sign a request. Never says a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the {field} of the credentials from {source_name} {problem}; correct it there")]
pub struct BadCredentials {
    source_name: &'static str,
    field: &'static str,
    problem: &'static str,
}

/// Accepts credentials that can be used.
///
/// # Errors
/// The first field that cannot, with the source of the credentials.
pub fn validate(
    credentials: &Credentials,
    source_name: &'static str,
) -> Result<(), BadCredentials> {
    let fields = [
        ("access key id", Some(credentials.access_key_id())),
        ("secret access key", Some(credentials.secret_access_key())),
        ("session token", credentials.session_token()),
    ];
    for (field, value) in fields {
        if let Some(problem) = value.and_then(problem) {
            return Err(BadCredentials {
                source_name,
                field,
                problem,
            });
        }
    }
    Ok(())
}

/// What a header cannot carry, or no such value has.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc9110#name-field-values>
fn problem(value: &str) -> Option<&'static str> {
    if value.trim().is_empty() {
        Some("is empty")
    } else if value.contains(['\r', '\n']) {
        Some("has a line break")
    } else if value.contains(char::is_whitespace) {
        Some("has a space")
    } else if !value.chars().all(|c| c.is_ascii_graphic()) {
        Some("has a character that an HTTP header cannot carry")
    } else {
        None
    }
}

/// Where the SDK got the credentials, in words.
fn source_name(credentials: &Credentials) -> &'static str {
    let features = credentials.get_property::<Vec<Feature>>();
    match features.and_then(|features| features.last()) {
        Some(Feature::CredentialsEnvVars) => {
            "the environment variables AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN"
        }
        Some(Feature::CredentialsProfile) => "the profile in the shared AWS configuration files",
        Some(Feature::CredentialsProcess | Feature::CredentialsProfileProcess) => {
            "the profile's credential_process"
        }
        Some(Feature::CredentialsSso | Feature::CredentialsProfileSso) => "IAM Identity Center",
        Some(Feature::CredentialsHttp) => "the container's credentials endpoint",
        Some(Feature::CredentialsImds) => "the instance metadata service",
        Some(
            Feature::CredentialsStsAssumeRole
            | Feature::CredentialsStsAssumeRoleWebId
            | Feature::CredentialsEnvVarsStsWebIdToken
            | Feature::CredentialsProfileStsWebIdToken,
        ) => "STS, for the role of the profile or the environment",
        _ => "AWS's credentials chain",
    }
}

/// The credentials of a provider, checked each time.
#[derive(Clone, Debug)]
pub(super) struct ValidCredentials {
    provider: SharedCredentialsProvider,
    /// Credentials that no request has asked for yet.
    first: Arc<Mutex<Option<Credentials>>>,
}

impl ValidCredentials {
    pub(super) fn new(provider: SharedCredentialsProvider) -> Self {
        Self {
            provider,
            first: Arc::default(),
        }
    }

    /// Gets the credentials before any request needs them: a person or a program may have to do something for
    /// them, which takes longer than a request may.
    pub(super) async fn sign_in(&self) -> Result<(), CredentialsError> {
        let credentials = self.load().await?;
        *self.first.lock().unwrap_or_else(PoisonError::into_inner) = Some(credentials);
        Ok(())
    }

    async fn provide(&self) -> Result<Credentials, CredentialsError> {
        let first = self
            .first
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        match first {
            Some(credentials) => Ok(credentials),
            None => self.load().await,
        }
    }

    async fn load(&self) -> Result<Credentials, CredentialsError> {
        // A chain of providers signs with credentials that are not seen here: those of a profile that
        // another profile's role is assumed with.
        let provided = AssertUnwindSafe(self.provider.provide_credentials()).catch_unwind();
        let credentials = provided.await.map_err(|_| {
            CredentialsError::invalid_configuration(
                "the credentials that a profile's role is assumed with cannot be used: check them for \
                 line breaks and other characters that an HTTP header cannot carry",
            )
        })??;
        validate(&credentials, source_name(&credentials))
            .map_err(CredentialsError::invalid_configuration)?;
        Ok(credentials)
    }
}

impl ProvideCredentials for ValidCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        future::ProvideCredentials::new(self.provide())
    }

    fn fallback_on_interrupt(&self) -> Option<Credentials> {
        self.provider.fallback_on_interrupt()
    }
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::Cause;
    use orgscan_core::services::s3::LIST_OBJECTS;

    use super::*;
    use crate::Failure;

    const TOKEN: &str = "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMQ==";

    fn refused(key: &str, secret: &str, token: Option<&str>) -> Option<String> {
        let token = token.map(str::to_owned);
        let credentials = Credentials::new(key, secret, token, None, "test");
        let refused = validate(&credentials, "the test").err()?;
        Some(refused.to_string())
    }

    #[test]
    fn a_value_that_no_header_can_carry_is_refused_by_source_and_field_and_never_shown() {
        let (key, secret) = (
            "AKIAIOSFODNN7EXAMPLE",
            "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        );
        assert_eq!(refused(key, secret, None), None);
        assert_eq!(refused(key, secret, Some(TOKEN)), None);
        let malformed = |value: &str, with: &str| format!("{}{with}{}", &value[..9], &value[9..]);
        let cases = [
            ("\n", "has a line break"),
            ("\r\n", "has a line break"),
            (" ", "has a space"),
            ("\t", "has a space"),
            ("\u{a0}", "has a space"),
            ("\0", "has a character"),
            ("\u{7f}", "has a character"),
            ("é", "has a character"),
            ("\u{202e}", "has a character"),
        ];
        for (with, expected) in cases {
            let texts = [
                (
                    refused(&malformed(key, with), secret, None),
                    "access key id",
                ),
                (
                    refused(key, &malformed(secret, with), None),
                    "secret access key",
                ),
                (
                    refused(key, secret, Some(&malformed(TOKEN, with))),
                    "session token",
                ),
            ];
            for (text, field) in texts {
                let text = text.unwrap();
                let names = format!("the {field} of the credentials from the test {expected}");
                assert!(text.contains(&names), "{text}");
                assert!(
                    ![&key[..9], &secret[..9], &TOKEN[..9]]
                        .iter()
                        .any(|part| text.contains(part))
                );
            }
        }
        let empty = "the access key id of the credentials from the test is empty; correct it there";
        assert_eq!(refused("", secret, None).unwrap(), empty);
        assert_eq!(refused(" ", secret, None).unwrap(), empty);
        assert!(
            refused(key, secret, Some(""))
                .unwrap()
                .contains("session token")
        );
    }

    #[derive(Debug)]
    struct Panics;

    impl ProvideCredentials for Panics {
        fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
        where
            Self: 'a,
        {
            future::ProvideCredentials::new(async { std::panic::panic_any("invalid header value") })
        }
    }

    #[tokio::test]
    async fn a_provider_that_panics_is_an_error_of_the_credentials() {
        let provider = ValidCredentials::new(SharedCredentialsProvider::new(Panics));
        let error = provider.provide_credentials().await.unwrap_err();
        let cause = std::error::Error::source(&error).unwrap().to_string();
        assert!(cause.contains("line breaks"), "{cause}");
    }

    #[tokio::test]
    async fn a_request_with_bad_credentials_is_not_sent_and_has_the_reason() {
        let bad = Credentials::new("AKIAIOSFODNN7EXAMPLE\nx", "secret", None, None, "test");
        let provider = ValidCredentials::new(SharedCredentialsProvider::new(bad));
        let config = crate::testing::s3::FakeBucket::default().sdk();
        let config = config.to_builder();
        let config = config.credentials_provider(SharedCredentialsProvider::new(provider));
        let s3 = crate::s3_client(&config.build());
        let answer = s3.list_objects_v2().bucket("bucket").send().await;
        let failure = Failure::of(&LIST_OBJECTS, &answer.unwrap_err());
        assert_eq!(failure.cause, Cause::CredentialsRejected);
        assert!(failure.detail.contains("access key id"), "{failure}");
        assert!(!failure.detail.contains("AKIA"), "{failure}");
    }
}

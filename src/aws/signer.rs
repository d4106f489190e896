//! Whose credentials sign a request that is sent by a client that all accounts share.

use std::future::Future;

use aws_credential_types::Credentials;
use aws_credential_types::provider::error::CredentialsError;
use aws_credential_types::provider::{ProvideCredentials, future};

tokio::task_local! {
    /// The credentials of the session that the request being sent belongs to.
    static SIGNER: Credentials;
}

/// Sends a request under a session: clients with [`SessionCredentials`] sign it with the session's
/// credentials. The request must not be handed to another task on the way.
pub async fn signed_by<T>(credentials: Credentials, request: impl Future<Output = T>) -> T {
    SIGNER.scope(credentials, request).await
}

/// The credentials of the session that a request is sent under. Outside [`signed_by`] there are none,
/// so that nothing is ever signed with somebody else's.
#[derive(Clone, Copy, Debug)]
pub struct SessionCredentials;

impl ProvideCredentials for SessionCredentials {
    fn provide_credentials<'a>(&'a self) -> future::ProvideCredentials<'a>
    where
        Self: 'a,
    {
        let credentials = SIGNER.try_with(Clone::clone);
        let none = |_| CredentialsError::not_loaded("the request is sent under no session");
        future::ProvideCredentials::ready(credentials.map_err(none))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn session(key: &str) -> Credentials {
        Credentials::new(key, "secret", None, None, "test")
    }

    async fn key() -> Option<String> {
        tokio::task::yield_now().await;
        let credentials = SessionCredentials.provide_credentials().await;
        credentials.ok().map(|c| c.access_key_id().to_owned())
    }

    #[tokio::test]
    async fn each_request_has_its_own_sessions_credentials_and_none_has_another_ones() {
        let (a, b) = (session("a"), session("b"));
        let both =
            futures::future::join(signed_by(a.clone(), key()), signed_by(b.clone(), key())).await;
        assert_eq!(both, (Some("a".to_owned()), Some("b".to_owned())));
        assert_eq!(key().await, None);
        let nested = async { (signed_by(b, key()).await, key().await) };
        let nested = signed_by(a, nested).await;
        assert_eq!(nested, (Some("b".to_owned()), Some("a".to_owned())));
    }
}

//! TLS, for an organization that is reached as AWS is.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use rustls::ServerConfig;
use rustls::crypto::ring::default_provider;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::TlsAcceptor;

use super::error::ReplayError;

/// The certificate of the server, in files of PEM.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Certificate {
    /// The certificate, and those that lead to its authority.
    pub chain: PathBuf,
    /// Its private key.
    pub key: PathBuf,
}

impl Certificate {
    pub(super) fn acceptor(&self) -> Result<TlsAcceptor, ReplayError> {
        let chain = CertificateDer::pem_file_iter(&self.chain)
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| unusable(&self.chain, &error))?;
        let key = PrivateKeyDer::from_pem_file(&self.key);
        let key = key.map_err(|error| unusable(&self.key, &error))?;
        let config = ServerConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .map(|builder| builder.with_no_client_auth())
            .and_then(|builder| builder.with_single_cert(chain, key))
            .map_err(|error| unusable(&self.chain, &error))?;
        Ok(TlsAcceptor::from(Arc::new(config)))
    }
}

fn unusable(file: &Path, problem: &dyn std::fmt::Display) -> ReplayError {
    ReplayError::Certificate {
        file: file.to_owned(),
        problem: problem.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_that_cannot_be_used_is_named() {
        let folder = orgscan_core::testing::repository().join("tests/it/signin/tls");
        let certificate = |chain: &str, key: &str| Certificate {
            chain: folder.join(chain),
            key: folder.join(key),
        };
        certificate("server.pem", "server.key").acceptor().unwrap();
        for (chain, key, named) in [
            ("none.pem", "server.key", "none.pem"),
            ("server.pem", "ca.pem", "ca.pem"),
            ("ca.pem", "server.key", "ca.pem"),
        ] {
            let error = certificate(chain, key).acceptor().err().unwrap();
            assert!(error.to_string().contains(named), "{error}");
        }
    }
}

//! Which certificate authorities are trusted: the system's, or those of a bundle in their place, as for the
//! AWS CLI.
//!
//! Source: <https://docs.aws.amazon.com/sdkref/latest/guide/feature-gen-config.html>

use std::path::{Path, PathBuf};

use aws_smithy_http_client::tls::{TlsContext, TrustStore};
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use orgscan_files::local_file;

/// A bundle of certificates that cannot be used.
#[derive(Debug, thiserror::Error)]
#[error("{}, which {named_by} names as the bundle of certificate authorities, {problem}", path.display())]
pub struct BadBundle {
    path: PathBuf,
    named_by: String,
    problem: String,
}

/// Trusts the authorities of a bundle, and no others. The HTTP client would panic on a certificate that it
/// cannot read, so all are read here first.
///
/// # Errors
/// What is wrong with the file, and how to fix it.
pub(super) fn of_bundle(path: &Path, named_by: &str) -> Result<TlsContext, BadBundle> {
    let bad = |problem: String| BadBundle {
        path: path.to_owned(),
        named_by: named_by.to_owned(),
        problem,
    };
    let bundle = local_file::read(path, local_file::LIST)
        .map_err(|error| bad(format!("cannot be read: {error}; correct the path")))?;
    check(&bundle).map_err(bad)?;
    let store = TrustStore::empty().with_pem_certificate(bundle);
    TlsContext::builder()
        .with_trust_store(store)
        .build()
        .map_err(|error| bad(format!("cannot be used: {error}")))
}

fn check(bundle: &[u8]) -> Result<(), String> {
    let mut roots = RootCertStore::empty();
    for (at, certificate) in CertificateDer::pem_slice_iter(bundle).enumerate() {
        let unusable = |error: &dyn std::fmt::Display| {
            format!(
                "has a certificate that cannot be used, number {} in it: {error}; replace or remove it",
                at + 1
            )
        };
        let certificate = certificate.map_err(|error| unusable(&error))?;
        roots.add(certificate).map_err(|error| unusable(&error))?;
    }
    match roots.is_empty() {
        true => Err(
            "has no certificate: it has to be PEM, with a block that begins \
                     `-----BEGIN CERTIFICATE-----` for each authority"
                .to_owned(),
        ),
        false => Ok(()),
    }
}

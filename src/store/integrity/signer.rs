//! Who signs manifests.

use std::path::{Path, PathBuf};

use aws_sdk_kms::Client;
use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{MessageType, SigningAlgorithmSpec};
use orgscan_aws::rate_limit::ApiCaller;
use orgscan_aws::{AwsContext, Failure, require};
use orgscan_core::api::Api;
use orgscan_core::model::{Arn, Region};
use orgscan_core::services::kms;
use orgscan_core::settings::ReportConfig;

use super::{Algorithm, KeyError, LocalKey, LocalKeyError, PublicKey, Sha256Sum, SignerInfo};
use super::{default_key_file, pem};

/// The APIs that signing with a KMS key calls.
pub const APIS: [&Api; 2] = [&kms::GET_PUBLIC_KEY, &kms::SIGN];

/// Who signs.
#[derive(Debug)]
pub enum Signer<'a> {
    /// A key in KMS, which nobody gets out of there.
    Kms(Box<KmsKey<'a>>),
    /// A key on this machine.
    Local(LocalKey),
    /// A demo's key, which lies beside the reports that it signs.
    Demo(LocalKey),
    /// Nobody: no key can be had.
    Nobody,
}

/// A key in KMS.
#[derive(Debug)]
pub struct KmsKey<'a> {
    kms: Client,
    arn: String,
    public: PublicKey,
    api_caller: &'a ApiCaller,
}

/// Why nothing could be signed.
#[derive(Debug, thiserror::Error)]
pub enum SignError {
    /// KMS refuses.
    #[error("{0}; the key is {1}, from destinations.report.signing.kms_key_id")]
    Kms(Failure, String),
    /// The KMS key is of another kind.
    #[error(
        "the KMS key {0} cannot sign manifests ({1}); create one with `aws kms create-key --key-spec \
         ECC_NIST_P256 --key-usage SIGN_VERIFY`"
    )]
    KeyKind(String, KeyError),
    /// KMS has signed with another key than the one whose public half it gave out.
    #[error(
        "the KMS key {0} changed between two requests; configure the key by its ARN instead of an alias"
    )]
    Changed(String),
    /// The local key.
    #[error(transparent)]
    Local(#[from] LocalKeyError),
}

/// The name of a demo's key in the folder of its reports.
const DEMO_KEY: &str = "demo-signing-key.pem";

/// The key file of a demo that writes its reports into this folder. Nobody has to trust it, and beside
/// the user's own key it would stay for good.
pub fn demo_key_file(folder: &Path) -> PathBuf {
    folder.join(DEMO_KEY)
}

/// The key of a demo, where a folder has a demo's reports.
pub fn demo_key(folder: &Path) -> Option<PathBuf> {
    Some(demo_key_file(folder)).filter(|file| file.is_file())
}

impl<'a> Signer<'a> {
    /// Who signs what is written to the location of reports, whatever writes it: in the folder of a demo
    /// its key, elsewhere the one that the configuration names, or else the user's own. IAM actions with a KMS key: `kms:GetPublicKey` and `kms:Sign` on
    /// it. A local key that nobody asked for and that cannot be had is none.
    ///
    /// # Errors
    /// See [`SignError`].
    pub async fn of(
        report: &ReportConfig,
        aws: &AwsContext,
        api_caller: &'a ApiCaller,
    ) -> Result<Self, SignError> {
        if let Some(id) = Self::kms_key(report) {
            return Ok(Self::Kms(Box::new(KmsKey::of(id, aws, api_caller).await?)));
        }
        Self::local(report)
    }

    /// The KMS key that signs there, if it is one.
    pub fn kms_key(report: &ReportConfig) -> Option<&str> {
        match report.location.folder().and_then(demo_key) {
            Some(_) => None,
            None => report.signing.kms_key_id.as_deref(),
        }
    }

    /// The same where no KMS key is configured.
    ///
    /// # Errors
    /// [`SignError::Local`]
    pub fn local(report: &ReportConfig) -> Result<Self, SignError> {
        if let Some(file) = report.location.folder().and_then(demo_key) {
            return Ok(Self::Demo(LocalKey::at(&file)?));
        }
        if let Some(file) = &report.signing.key_file {
            return Ok(Self::Local(LocalKey::at(file.as_ref())?));
        }
        let Some(file) = default_key_file(|name| std::env::var_os(name)) else {
            tracing::warn!(
                "the manifest is not signed, because no key is configured; see docs/integrity.md"
            );
            return Ok(Self::Nobody);
        };
        match LocalKey::at(&file) {
            Err(error @ LocalKeyError::Io { .. }) => {
                tracing::warn!(%error, "the manifest is not signed");
                Ok(Self::Nobody)
            }
            key => Ok(Self::Local(key?)),
        }
    }

    /// What the manifest says of the signer.
    pub fn signed_by(&self) -> Option<SignerInfo> {
        let (public_key, kms_key) = match self {
            Self::Kms(key) => (key.public.clone(), Some(key.arn.clone())),
            Self::Local(key) | Self::Demo(key) => (key.public(), None),
            Self::Nobody => return None,
        };
        Some(SignerInfo {
            algorithm: public_key.algorithm(),
            public_key,
            kms_key_arn: kms_key,
        })
    }

    /// The signature of these bytes, as it stands in its file.
    ///
    /// # Errors
    /// See [`SignError`].
    pub async fn sign(&self, bytes: &[u8]) -> Result<Option<String>, SignError> {
        let signature = match self {
            Self::Kms(key) => key.sign(bytes).await?,
            Self::Local(key) | Self::Demo(key) => key.sign(bytes),
            Self::Nobody => return Ok(None),
        };
        Ok(Some(pem::line(&signature)))
    }
}

impl<'a> KmsKey<'a> {
    async fn of(id: &str, aws: &AwsContext, api_caller: &'a ApiCaller) -> Result<Self, SignError> {
        let kms = Client::new(&aws.config_in(&region_of(id, aws)));
        let attempt = || kms.get_public_key().key_id(id).send();
        let answer = api_caller.call(&kms::GET_PUBLIC_KEY, attempt).await;
        let refused = |failure| SignError::Kms(failure, id.to_owned());
        let answer = answer.map_err(refused)?;
        let action = kms::GET_PUBLIC_KEY.action;
        let arn = require(action, "KeyId", answer.key_id).map_err(refused)?;
        let public = require(action, "PublicKey", answer.public_key).map_err(refused)?;
        let public = match PublicKey::from_der(public.as_ref()) {
            Ok(key) if key.algorithm() == Algorithm::EcdsaP256Sha256 => key,
            _ => return Err(SignError::KeyKind(arn, KeyError)),
        };
        Ok(Self {
            kms,
            arn,
            public,
            api_caller,
        })
    }

    async fn sign(&self, bytes: &[u8]) -> Result<Vec<u8>, SignError> {
        let digest = Sha256Sum::of(bytes);
        let request = self
            .kms
            .sign()
            .key_id(&self.arn)
            .message(Blob::new(digest.as_bytes()))
            .message_type(MessageType::Digest)
            .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256);
        let attempt = || request.clone().send();
        let answer = self.api_caller.call(&kms::SIGN, attempt).await;
        let refused = |failure| SignError::Kms(failure, self.arn.clone());
        let signature = answer.map_err(refused)?.signature;
        let signature = require(kms::SIGN.action, "Signature", signature).map_err(refused)?;
        match self.public.has_signed(bytes, signature.as_ref()) {
            true => Ok(signature.into_inner()),
            false => Err(SignError::Changed(self.arn.clone())),
        }
    }
}

/// An ARN contains the key's own Region; a key that is named otherwise is in the home Region.
fn region_of(id: &str, aws: &AwsContext) -> Region {
    match Arn::from(id).region() {
        "" => aws.home.clone(),
        region => Region::new(region),
    }
}

//! Asks for the configured destinations, and for the list of exceptions.

use std::path::Path;

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{DataKeySpec, KeySpec, MessageType, SigningAlgorithmSpec};
use jiff::Timestamp;
use orgscan_aws::{Failure, require, s3_client};
use orgscan_core::model::{Arn, Cause, Region};
use orgscan_core::services::{kms, s3, sns};
use orgscan_core::settings::{Location, ReportConfig};

use super::super::facts::{DestinationFact, FactResult, FolderState, Subscriptions};
use super::FactCollector;

/// A digest of nothing: what KMS would sign if it were no dry run.
const DIGEST: [u8; 32] = [0; 32];

impl FactCollector<'_> {
    pub(super) async fn destinations(&self) -> Vec<DestinationFact> {
        let to = &self.config.destinations;
        let mut found = Vec::new();
        if let Some(metrics) = &to.metrics {
            let namespace = metrics.namespace.clone();
            found.push(DestinationFact::Metrics { namespace });
        }
        for arn in self.topics() {
            let subscriptions = self.subscriptions(&arn).await;
            found.push(DestinationFact::Topic { arn, subscriptions });
        }
        if let Some(report) = &to.report {
            found.extend(self.report(report).await);
        }
        if let Some(location) = &self.config.exceptions.location {
            let (config, sdk) = (&self.config.exceptions, &self.aws.config);
            let read =
                crate::config::exceptions_of_run(config, sdk, &self.api_caller, Timestamp::now())
                    .await;
            found.push(DestinationFact::Exceptions {
                location: location.to_string(),
                read: read.map(drop).map_err(|error| error.to_string()),
            });
        }
        found
    }

    /// Each topic once.
    fn topics(&self) -> Vec<Arn> {
        let alert = self.config.destinations.alert.iter();
        let mut topics: Vec<Arn> = Vec::new();
        for arn in alert.flat_map(|alert| {
            let routes = alert.routes.iter().map(|route| &route.topic_arn);
            [&alert.topic_arn].into_iter().chain(routes)
        }) {
            if !topics.contains(arn) {
                topics.push(arn.clone());
            }
        }
        topics
    }

    async fn subscriptions(&self, arn: &str) -> FactResult<Subscriptions> {
        let api = &sns::GET_TOPIC_ATTRIBUTES;
        let client = aws_sdk_sns::Client::new(&self.aws.config_in(&self.region_of(arn)));
        let send = || client.get_topic_attributes().topic_arn(arn).send();
        let answer = self.api_caller.call(api, send).await?;
        let attributes = answer.attributes.unwrap_or_default();
        let number = |name: &str| {
            let text = attributes.get(name).cloned();
            let text = require(api.action, name, text)?;
            let number = text.parse();
            number.map_err(|_| Failure::new(api.action, Cause::Malformed, text))
        };
        Ok(Subscriptions {
            confirmed: number("SubscriptionsConfirmed")?,
            pending: number("SubscriptionsPending")?,
        })
    }

    async fn report(&self, report: &ReportConfig) -> Vec<DestinationFact> {
        let region = report.region.as_ref().unwrap_or(&self.aws.home);
        let mut found = vec![match &report.location {
            Location::S3(prefix) => self.bucket(&prefix.bucket, region).await,
            Location::Folder(folder) => DestinationFact::Folder {
                path: report.location.to_string(),
                state: state_of(folder),
            },
        }];
        if let Some(id) = &report.kms_key_id {
            let dry_run = self.data_key(id, region).await;
            let id = id.clone();
            found.push(DestinationFact::ReportKey { id, dry_run });
        }
        if let Some(id) = &report.signing.kms_key_id {
            found.push(self.signing_key(id).await);
        }
        found
    }

    async fn bucket(&self, name: &str, region: &Region) -> DestinationFact {
        let client = s3_client(&self.aws.config_in(region));
        let send = || client.head_bucket().bucket(name).send();
        let found = self.api_caller.call(&s3::HEAD_BUCKET, send).await;
        DestinationFact::Bucket {
            name: name.to_owned(),
            region: region.clone(),
            found: found.map(drop),
        }
    }

    async fn data_key(&self, id: &str, region: &Region) -> FactResult<()> {
        let client = aws_sdk_kms::Client::new(&self.aws.config_in(region));
        let send = || {
            let request = client.generate_data_key().key_id(id);
            request.key_spec(DataKeySpec::Aes256).dry_run(true).send()
        };
        self.api_caller
            .call(&kms::GENERATE_DATA_KEY, send)
            .await
            .map(drop)
    }

    async fn signing_key(&self, id: &str) -> DestinationFact {
        let client = aws_sdk_kms::Client::new(&self.aws.config_in(&self.region_of(id)));
        let send = || client.get_public_key().key_id(id).send();
        let key = self.api_caller.call(&kms::GET_PUBLIC_KEY, send).await;
        let sign = || {
            let request = client.sign().key_id(id).dry_run(true);
            request
                .message(Blob::new(DIGEST))
                .message_type(MessageType::Digest)
                .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
                .send()
        };
        DestinationFact::SigningKey {
            id: id.to_owned(),
            is_usable: key.map(|key| key.key_spec == Some(KeySpec::EccNistP256)),
            dry_run: self.api_caller.call(&kms::SIGN, sign).await.map(drop),
        }
    }

    /// The Region in an ARN, or the home Region.
    fn region_of(&self, arn: &str) -> Region {
        match Arn::from(arn).region() {
            "" => self.aws.home.clone(),
            region => Region::new(region),
        }
    }
}

/// What is at a path, or at the innermost folder around it that is there.
fn state_of(path: &Path) -> FolderState {
    if path.is_dir() {
        return FolderState::There;
    }
    let there = path.ancestors().find(|around| around.exists());
    match there {
        Some(around) if !around.is_dir() => FolderState::Blocked(around.display().to_string()),
        _ => FolderState::Missing,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_is_there_or_can_be_made_or_something_is_in_its_way() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(state_of(folder.path()), FolderState::There);
        let below = folder.path().join("a/b");
        assert_eq!(state_of(&below), FolderState::Missing);
        std::fs::write(folder.path().join("a"), "").unwrap();
        let blocked = FolderState::Blocked(folder.path().join("a").display().to_string());
        assert_eq!(state_of(&below), blocked);
        assert_eq!(state_of(&folder.path().join("a")), blocked);
        assert_eq!(
            state_of(Path::new("reports-that-are-not-there")),
            FolderState::Missing
        );
    }
}

//! Asks AWS. Every request only reads; KMS, which has dry runs, is asked for those.

use std::path::Path;
use std::sync::Arc;

use aws_sdk_kms::primitives::Blob;
use aws_sdk_kms::types::{DataKeySpec, KeySpec, MessageType, SigningAlgorithmSpec};
use aws_sdk_organizations::types::OrganizationFeatureSet;
use jiff::Timestamp;

use super::facts::{
    Answer, Concurrency, Destination, Facts, FolderState, FoundRole, Listed, Options,
    OrganizationFacts, RoleName, Subscriptions, Trial,
};
use crate::assume::Sessions;
use crate::aws::{Aws, Failure, pages, require, s3_client};
use crate::config::{Config, ReportConfig};
use crate::exceptions::Exceptions;
use crate::model::{Cause, Organization, Region};
use crate::pace::{Deadline, Lane, PaceSettings, Pacer, api};
use crate::publish::S3;

/// The name of doctor's session in the member account, for CloudTrail.
const SESSION: &str = "doctor";

/// A digest of nothing: what KMS would sign if it were no dry run.
const DIGEST: [u8; 32] = [0; 32];

/// Asks for everything. What depends on nothing else is asked for at the same time.
pub(super) async fn collect(aws: &Arc<Aws>, config: &Config, options: &Options) -> Facts {
    let pacer = Pacer::new(PaceSettings::of(config));
    let deadline = Deadline::of(config);
    let asker = Asker {
        lane: pacer.lane(&aws.scope(None), deadline),
        aws,
        config,
        pacer: &pacer,
        deadline,
    };
    let (organization, accounts, access, concurrency, central_role, member_role, destinations) = futures::join!(
        asker.organization(),
        asker.accounts(),
        asker.access(),
        asker.concurrency(),
        asker.role(&options.central_role),
        asker.role(&config.role.name),
        asker.destinations(),
    );
    let own = &aws.caller.account;
    let known = organization.as_ref().ok();
    let is_member = known.is_some_and(|known| known.organization.management_account != *own);
    let delegated = match is_member {
        true => Some(asker.delegated().await),
        false => None,
    };
    let trial = asker.trial(options, &accounts).await;
    Facts {
        caller: aws.caller.clone(),
        home: aws.home.clone(),
        organization,
        accounts,
        access,
        delegated,
        concurrency,
        central_role,
        member_role,
        trial,
        destinations,
    }
}

struct Asker<'a> {
    aws: &'a Arc<Aws>,
    config: &'a Config,
    pacer: &'a Arc<Pacer>,
    lane: Lane,
    deadline: Deadline,
}

impl Asker<'_> {
    fn organizations(&self) -> aws_sdk_organizations::Client {
        aws_sdk_organizations::Client::new(&self.aws.config)
    }

    async fn organization(&self) -> Answer<OrganizationFacts> {
        let (api, client) = (&api::DESCRIBE_ORGANIZATION, self.organizations());
        let send = || client.describe_organization().send();
        let answer = self.lane.call(api, send).await?;
        let found = require(api.action, "Organization", answer.organization)?;
        let management = require(api.action, "MasterAccountId", found.master_account_id)?;
        let management_account = management
            .parse()
            .map_err(|error| Failure::new(api.action, Cause::Malformed, format!("{error}")))?;
        Ok(OrganizationFacts {
            has_all_features: found.feature_set == Some(OrganizationFeatureSet::All),
            organization: Organization {
                id: require(api.action, "Id", found.id)?,
                management_account,
            },
        })
    }

    async fn accounts(&self) -> Answer<Listed> {
        let client = self.organizations();
        let send = || client.list_accounts().max_results(20).send();
        let page = self.lane.call(&api::LIST_ACCOUNTS, send).await?;
        let accounts = page.accounts.unwrap_or_default();
        let own = self.aws.caller.account.as_str();
        let is_active = |account: &&aws_sdk_organizations::types::Account| {
            let state = account.state.as_ref().map(|state| state.as_str());
            let state = state.or(account.status.as_ref().map(|status| status.as_str()));
            state.is_none_or(|state| state == "ACTIVE")
        };
        let ids = accounts
            .iter()
            .filter(is_active)
            .filter_map(|account| account.id.as_deref());
        let member = ids.filter(|id| *id != own).find_map(|id| id.parse().ok());
        Ok(Listed {
            accounts: accounts.len(),
            has_more: page.next_token.is_some(),
            member,
        })
    }

    async fn access(&self) -> Answer<Vec<String>> {
        let (api, client) = (&api::LIST_SERVICE_ACCESS, self.organizations());
        pages(api.action, |token| {
            let client = &client;
            async move {
                let send = || {
                    let request = client.list_aws_service_access_for_organization();
                    request.set_next_token(token.clone()).send()
                };
                let page = self.lane.call(api, send).await?;
                let services = page
                    .enabled_service_principals
                    .unwrap_or_default()
                    .into_iter();
                Ok((
                    services.filter_map(|one| one.service_principal).collect(),
                    page.next_token,
                ))
            }
        })
        .await
    }

    async fn delegated(&self) -> Answer<Vec<String>> {
        let (api, client) = (&api::LIST_DELEGATED_SERVICES, self.organizations());
        let own = self.aws.caller.account.as_str();
        pages(api.action, |token| {
            let client = &client;
            async move {
                let send = || {
                    let request = client.list_delegated_services_for_account().account_id(own);
                    request.set_next_token(token.clone()).send()
                };
                let page = self.lane.call(api, send).await?;
                let services = page.delegated_services.unwrap_or_default().into_iter();
                Ok((
                    services.filter_map(|one| one.service_principal).collect(),
                    page.next_token,
                ))
            }
        })
        .await
    }

    async fn concurrency(&self) -> Answer<Concurrency> {
        let api = &api::GET_ACCOUNT_SETTINGS;
        let client = aws_sdk_lambda::Client::new(&self.aws.config);
        let send = || client.get_account_settings().send();
        let answer = self.lane.call(api, send).await?;
        let limit = require(api.action, "AccountLimit", answer.account_limit)?;
        let all = limit.concurrent_executions;
        Ok(Concurrency {
            limit: all.into(),
            unreserved: limit.unreserved_concurrent_executions.unwrap_or(all).into(),
        })
    }

    async fn role(&self, name: &str) -> RoleName {
        let iam = self.aws.own.iam();
        let send = || iam.get_role().role_name(name).send();
        let found = match self.lane.call(&api::GET_ROLE, send).await {
            Ok(_) => Ok(Some(FoundRole {
                stack: self.stack_of(name).await,
            })),
            Err(failure) if failure.has_code(&["NoSuchEntity", "NoSuchEntityException"]) => {
                Ok(None)
            }
            Err(failure) => Err(failure),
        };
        RoleName {
            name: name.to_owned(),
            found,
        }
    }

    /// The stack that a resource belongs to, by its physical id.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStackResources.html>
    async fn stack_of(&self, name: &str) -> Answer<Option<String>> {
        let client = aws_sdk_cloudformation::Client::new(&self.aws.config);
        let send = || {
            let request = client.describe_stack_resources();
            request.physical_resource_id(name).send()
        };
        match self.lane.call(&api::DESCRIBE_STACK_RESOURCES, send).await {
            Ok(answer) => {
                let resources = answer.stack_resources.unwrap_or_default().into_iter();
                let mut roles =
                    resources.filter(|one| one.resource_type.as_deref() == Some("AWS::IAM::Role"));
                Ok(roles.find_map(|role| role.stack_name))
            }
            Err(failure) if failure.has_code(&["ValidationError"]) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    async fn trial(&self, options: &Options, accounts: &Answer<Listed>) -> Trial {
        if options.preflight {
            return Trial::Not("the role is not deployed yet (--preflight)".to_owned());
        }
        let listed = || {
            accounts
                .as_ref()
                .ok()
                .and_then(|listed| listed.member.clone())
        };
        let Some(account) = options.account.clone().or_else(listed) else {
            return Trial::Not("no other account is known; name one with --account".to_owned());
        };
        let role = &self.config.role;
        let sessions = Sessions::new(
            self.aws.clone(),
            self.pacer.clone(),
            self.deadline,
            role,
            SESSION,
        );
        let opened = sessions.open(&account).await;
        Trial::Tried {
            role: format!("{}{}", role.path.trim_start_matches('/'), role.name),
            outcome: opened.map(|session| session.note),
            account,
        }
    }

    async fn destinations(&self) -> Vec<Destination> {
        let to = &self.config.destinations;
        let mut found = Vec::new();
        if let Some(metrics) = &to.metrics {
            let namespace = metrics.namespace.clone();
            found.push(Destination::Metrics { namespace });
        }
        for arn in self.topics() {
            let subscriptions = self.subscriptions(&arn).await;
            found.push(Destination::Topic { arn, subscriptions });
        }
        if let Some(report) = &to.report {
            found.extend(self.report(report).await);
        }
        if let Some(location) = &self.config.exceptions.location {
            let (config, sdk) = (&self.config.exceptions, &self.aws.config);
            let read = Exceptions::of_run(config, sdk, &self.lane, Timestamp::now()).await;
            found.push(Destination::Exceptions {
                location: location.clone(),
                read: read.map(drop).map_err(|error| error.to_string()),
            });
        }
        found
    }

    /// Each topic once.
    fn topics(&self) -> Vec<String> {
        let alert = self.config.destinations.alert.iter();
        let mut topics: Vec<String> = Vec::new();
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

    async fn subscriptions(&self, arn: &str) -> Answer<Subscriptions> {
        let api = &api::GET_TOPIC_ATTRIBUTES;
        let client = aws_sdk_sns::Client::new(&self.aws.config_in(&self.region_of(arn)));
        let send = || client.get_topic_attributes().topic_arn(arn).send();
        let answer = self.lane.call(api, send).await?;
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

    async fn report(&self, report: &ReportConfig) -> Vec<Destination> {
        let region = report.region.as_ref().unwrap_or(&self.aws.home);
        let mut found = vec![match report.location.strip_prefix(S3) {
            Some(place) => {
                let name = place.split('/').next().unwrap_or_default();
                self.bucket(name, region).await
            }
            None => Destination::Folder {
                path: report.location.clone(),
                state: state_of(Path::new(&report.location)),
            },
        }];
        if let Some(id) = &report.kms_key_id {
            let dry_run = self.data_key(id, region).await;
            let id = id.clone();
            found.push(Destination::ReportKey { id, dry_run });
        }
        if let Some(id) = &report.signing.kms_key_id {
            found.push(self.signing_key(id).await);
        }
        found
    }

    async fn bucket(&self, name: &str, region: &Region) -> Destination {
        let client = s3_client(&self.aws.config_in(region));
        let send = || client.head_bucket().bucket(name).send();
        let found = self.lane.call(&api::HEAD_BUCKET, send).await;
        Destination::Bucket {
            name: name.to_owned(),
            region: region.clone(),
            found: found.map(drop),
        }
    }

    async fn data_key(&self, id: &str, region: &Region) -> Answer<()> {
        let client = aws_sdk_kms::Client::new(&self.aws.config_in(region));
        let send = || {
            let request = client.generate_data_key().key_id(id);
            request.key_spec(DataKeySpec::Aes256).dry_run(true).send()
        };
        self.lane
            .call(&api::GENERATE_DATA_KEY, send)
            .await
            .map(drop)
    }

    async fn signing_key(&self, id: &str) -> Destination {
        let client = aws_sdk_kms::Client::new(&self.aws.config_in(&self.region_of(id)));
        let send = || client.get_public_key().key_id(id).send();
        let key = self.lane.call(&api::GET_PUBLIC_KEY, send).await;
        let sign = || {
            let request = client.sign().key_id(id).dry_run(true);
            request
                .message(Blob::new(DIGEST))
                .message_type(MessageType::Digest)
                .signing_algorithm(SigningAlgorithmSpec::EcdsaSha256)
                .send()
        };
        Destination::SigningKey {
            id: id.to_owned(),
            is_fit: key.map(|key| key.key_spec == Some(KeySpec::EccNistP256)),
            dry_run: self.lane.call(&api::SIGN, sign).await.map(drop),
        }
    }

    /// The Region in an ARN, or the home Region.
    fn region_of(&self, arn: &str) -> Region {
        let of_arn = arn.split(':').nth(3).filter(|region| !region.is_empty());
        of_arn.map_or_else(|| self.aws.home.clone(), Region::new)
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
        _ => FolderState::ToBeMade,
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
        assert_eq!(state_of(&below), FolderState::ToBeMade);
        std::fs::write(folder.path().join("a"), "").unwrap();
        let blocked = FolderState::Blocked(folder.path().join("a").display().to_string());
        assert_eq!(state_of(&below), blocked);
        assert_eq!(state_of(&folder.path().join("a")), blocked);
        assert_eq!(
            state_of(Path::new("reports-that-are-not-there")),
            FolderState::ToBeMade
        );
    }
}

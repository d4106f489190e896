//! CloudFront, once per account: distributions, their origins, and whether they keep access logs.

mod origins;

use std::collections::BTreeMap;

use futures::stream::{self, StreamExt};
use orgscan_core::model::{Cause, Gap, Items, Reading, Region};
use orgscan_core::services::cloudfront::{
    Behavior, Distribution, DistributionLogs, Distributions, GET_DISTRIBUTION_CONFIG,
    LIST_DISTRIBUTIONS, LogState, Origin, OriginBuckets, OriginKind, ViewerTls, api_region,
};
use serde::Deserialize;

use super::{
    AccountScope, Collect, CollectScope, Collector, FactError, SIDE_BY_SIDE, collectors, logs,
};
use crate::json::{CLOUDFRONT, LOGS};
use crate::{Failure, next_page, pages, require, require_of};

const ACTION: &str = LIST_DISTRIBUTIONS.action;

const PATH: &str = "/2020-05-31/distribution";

/// The facts of an account.
pub(super) fn collectors<'a>() -> Vec<Collector<AccountScope<'a>>> {
    collectors![Distributions, DistributionLogs, OriginBuckets]
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Page {
    items: Option<Vec<Summary>>,
    quantity: Option<u32>,
    is_truncated: Option<bool>,
    next_marker: Option<String>,
}

#[derive(Deserialize)]
struct Summary {
    #[serde(rename = "Id")]
    id: Option<String>,
    #[serde(rename = "ARN")]
    arn: Option<String>,
    #[serde(rename = "Enabled")]
    enabled: Option<bool>,
    #[serde(rename = "Origins")]
    origins: Option<ItemList<OriginEntry>>,
    #[serde(rename = "OriginGroups")]
    origin_groups: Option<ItemList<OriginGroup>>,
    #[serde(rename = "DefaultCacheBehavior")]
    default_cache_behavior: Option<CacheBehavior>,
    #[serde(rename = "CacheBehaviors")]
    cache_behaviors: Option<ItemList<CacheBehavior>>,
    #[serde(rename = "ViewerCertificate")]
    viewer_certificate: Option<ViewerCertificate>,
    #[serde(rename = "WebACLId")]
    web_acl_id: Option<String>,
}

/// A list, which has no items if it is empty.
#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ItemList<T> {
    items: Option<Vec<T>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OriginEntry {
    id: Option<String>,
    domain_name: Option<String>,
    s3_origin_config: Option<BucketOrigin>,
    custom_origin_config: Option<CustomOrigin>,
    vpc_origin_config: Option<VpcOrigin>,
    origin_access_control_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct BucketOrigin {
    origin_access_identity: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CustomOrigin {
    origin_protocol_policy: Option<String>,
    origin_ssl_protocols: Option<ItemList<String>>,
}

#[derive(Deserialize)]
struct VpcOrigin {}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OriginGroup {
    id: Option<String>,
    members: Option<ItemList<OriginGroupMember>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct OriginGroupMember {
    origin_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct CacheBehavior {
    path_pattern: Option<String>,
    target_origin_id: Option<String>,
    viewer_protocol_policy: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct ViewerCertificate {
    cloud_front_default_certificate: Option<bool>,
    minimum_protocol_version: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Configuration {
    logging: Option<Logging>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Logging {
    enabled: Option<bool>,
    bucket: Option<String>,
}

/// The Region of CloudFront's API.
///
/// # Errors
/// The gap, if the partition does not have CloudFront.
fn region(scope: &AccountScope<'_>) -> Result<Region, Gap> {
    let region = api_region(scope.partition).map(Region::new);
    region.ok_or_else(|| Gap {
        detail: format!("the partition {} does not have CloudFront", scope.partition),
        ..Gap::new(ACTION, Cause::NotOffered)
    })
}

impl Collect<AccountScope<'_>> for Distributions {
    async fn collect(scope: &AccountScope<'_>) -> Result<Items<Distribution>, FactError> {
        let (client, api_caller) = &scope.json_in(&CLOUDFRONT, &region(scope)?);
        let size = LIST_DISTRIBUTIONS.page.unwrap_or_default().to_string();
        let size = size.as_str();
        let listed = pages(ACTION, |marker| async move {
            let mut query = vec![("MaxItems", size)];
            query.extend(marker.as_deref().map(|marker| ("Marker", marker)));
            let get = client.get(api_caller, &LIST_DISTRIBUTIONS, PATH, &query);
            let page: Page = get.await?;
            let next = next_page(ACTION, page.is_truncated, page.next_marker)?;
            let items = match require(ACTION, "Quantity", page.quantity)? {
                0 => Vec::new(),
                _ => require(ACTION, "Items", page.items)?,
            };
            Ok((items, next))
        });
        Ok(listed.await?.into_iter().map(distribution).collect())
    }
}

fn distribution(listed: Summary) -> Result<Distribution, Failure> {
    let id = require(ACTION, "Id", listed.id)?;
    let origins = require_of(ACTION, &id, "Origins", listed.origins)?.items;
    let origins = origins.unwrap_or_default().into_iter();
    let groups = listed.origin_groups.and_then(|groups| groups.items);
    let groups = group_members(&id, groups.unwrap_or_default())?;
    let default = listed.default_cache_behavior;
    let default = require_of(ACTION, &id, "DefaultCacheBehavior", default)?;
    let others = require_of(ACTION, &id, "CacheBehaviors", listed.cache_behaviors)?.items;
    let default = CacheBehavior {
        path_pattern: Some("*".to_owned()),
        ..default
    };
    let behaviors = [default].into_iter().chain(others.unwrap_or_default());
    let behaviors = behaviors.map(|one| behavior(&id, one, &groups));
    let certificate = listed.viewer_certificate;
    Ok(Distribution {
        arn: require_of(ACTION, &id, "ARN", listed.arn)?.into(),
        is_enabled: require_of(ACTION, &id, "Enabled", listed.enabled)?,
        behaviors: behaviors.collect::<Result<_, Failure>>()?,
        origins: origins
            .map(|one| origin(&id, one))
            .collect::<Result<_, Failure>>()?,
        viewer_tls: viewer_tls(
            &id,
            require_of(ACTION, &id, "ViewerCertificate", certificate)?,
        )?,
        web_acl: Some(require_of(ACTION, &id, "WebACLId", listed.web_acl_id)?)
            .filter(|web_acl| !web_acl.is_empty()),
        id,
    })
}

/// The origins of each origin group, by its id.
fn group_members(
    id: &str,
    groups: Vec<OriginGroup>,
) -> Result<BTreeMap<String, Vec<String>>, Failure> {
    let groups = groups.into_iter().map(|group| {
        let members = require_of(ACTION, id, "Members", group.members)?.items;
        let members = members.unwrap_or_default().into_iter();
        let members = members.map(|one| require_of(ACTION, id, "OriginId", one.origin_id));
        let group_id = require_of(ACTION, id, "OriginGroups.Id", group.id)?;
        Ok((group_id, members.collect::<Result<_, Failure>>()?))
    });
    groups.collect()
}

fn behavior(
    id: &str,
    one: CacheBehavior,
    groups: &BTreeMap<String, Vec<String>>,
) -> Result<Behavior, Failure> {
    let target = require_of(ACTION, id, "TargetOriginId", one.target_origin_id)?;
    let policy = one.viewer_protocol_policy;
    let policy = require_of(ACTION, id, "ViewerProtocolPolicy", policy)?;
    Ok(Behavior {
        paths: require_of(ACTION, id, "PathPattern", one.path_pattern)?,
        allows_http: match policy.as_str() {
            "allow-all" => true,
            "https-only" | "redirect-to-https" => false,
            other => return Err(unknown_value(id, "ViewerProtocolPolicy", other)),
        },
        origins: match groups.get(&target) {
            Some(members) => members.clone(),
            None => vec![target],
        },
    })
}

fn origin(id: &str, one: OriginEntry) -> Result<Origin, Failure> {
    let is_set = |text: Option<String>| text.is_some_and(|text| !text.is_empty());
    let has_access_control = is_set(one.origin_access_control_id);
    let configurations = (
        one.s3_origin_config,
        one.custom_origin_config,
        one.vpc_origin_config,
    );
    let kind = match configurations {
        (Some(bucket), _, _) => OriginKind::Bucket {
            has_access_control,
            has_identity: is_set(bucket.origin_access_identity),
        },
        (None, Some(custom), _) => custom_origin(id, custom)?,
        (None, None, Some(VpcOrigin {})) => OriginKind::Vpc,
        (None, None, None) => {
            let detail = format!(
                "the origin {} is of no known kind",
                one.domain_name.unwrap_or_default()
            );
            let failure = Failure::new(ACTION, Cause::Malformed, detail);
            return Err(failure.of_item(Some(id)));
        }
    };
    Ok(Origin {
        id: require_of(ACTION, id, "Origins.Id", one.id)?,
        domain: require_of(ACTION, id, "DomainName", one.domain_name)?,
        kind,
    })
}

fn custom_origin(id: &str, custom: CustomOrigin) -> Result<OriginKind, Failure> {
    let protocol = custom.origin_protocol_policy;
    let protocol = require_of(ACTION, id, "OriginProtocolPolicy", protocol)?;
    if !["http-only", "https-only", "match-viewer"].contains(&protocol.as_str()) {
        return Err(unknown_value(id, "OriginProtocolPolicy", &protocol));
    }
    let tls = custom.origin_ssl_protocols.and_then(|list| list.items);
    Ok(OriginKind::Custom {
        tls: match protocol.as_str() {
            "http-only" => tls.unwrap_or_default(),
            _ => require_of(ACTION, id, "OriginSslProtocols", tls)?,
        },
        protocol,
    })
}

fn viewer_tls(id: &str, certificate: ViewerCertificate) -> Result<ViewerTls, Failure> {
    if certificate.cloud_front_default_certificate == Some(true) {
        return Ok(ViewerTls::DefaultCertificate);
    }
    let policy = certificate.minimum_protocol_version;
    let policy = require_of(ACTION, id, "MinimumProtocolVersion", policy)?;
    Ok(ViewerTls::Policy(policy))
}

/// A field with a value of which orgscan does not know what it means.
fn unknown_value(id: &str, field: &str, value: &str) -> Failure {
    let detail = format!("`{value}` is no known {field}");
    Failure::new(ACTION, Cause::Malformed, detail).of_item(Some(id))
}

impl Collect<AccountScope<'_>> for DistributionLogs {
    /// Deliveries matter only if a distribution does not write to a bucket by its own configuration.
    async fn collect(scope: &AccountScope<'_>) -> Result<Self, FactError> {
        let listed = scope.fact::<Distributions>().await?;
        let region = region(scope)?;
        let enabled = listed.iter().filter(|one| one.is_enabled);
        let enabled: Vec<Distribution> = enabled.cloned().collect();
        let read = stream::iter(enabled).map(|one| log_state(scope, &region, one));
        let read: Vec<Result<LogState, Failure>> = read.buffered(SIDE_BY_SIDE).collect().await;
        let mut distributions: Items<LogState> = read.into_iter().collect();
        distributions.gaps.extend(listed.gaps.iter().cloned());
        let mut all = distributions.iter();
        let deliveries = match all.any(|one| !one.writes_to_bucket) {
            true => {
                let (client, api_caller) = scope.json_in(&LOGS, &region);
                let deliveries = logs::deliveries(&client, &api_caller).await;
                Reading::from(deliveries.map_err(|failure| scope.gap(failure)))
            }
            false => Reading::known(Items::default()),
        };
        Ok(Self {
            distributions,
            deliveries,
        })
    }
}

/// A configuration without `Logging` has none.
///
/// Source: <https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_LoggingConfig.html>
async fn log_state(
    scope: &AccountScope<'_>,
    region: &Region,
    one: Distribution,
) -> Result<LogState, Failure> {
    let (client, api_caller) = scope.json_in(&CLOUDFRONT, region);
    let path = format!("{PATH}/{}/config", one.id);
    let get = client.get(&api_caller, &GET_DISTRIBUTION_CONFIG, &path, &[]);
    let answer: Configuration = get
        .await
        .map_err(|failure: Failure| failure.of_item(Some(&one.id)))?;
    let writes_to_bucket = answer.logging.is_some_and(|logging| {
        let has_bucket = logging.bucket.is_some_and(|bucket| !bucket.is_empty());
        logging.enabled == Some(true) && has_bucket
    });
    Ok(LogState {
        arn: one.arn,
        id: one.id,
        writes_to_bucket,
    })
}

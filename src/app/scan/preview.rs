//! What a run would do: `orgscan plan`.

mod events;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use futures::stream::{self, StreamExt};
use orgscan_aws::AwsContext;
use orgscan_aws::assume::Sessions;
use orgscan_aws::collect::{account_regions, region_decisions};
use orgscan_aws::discover::{self, DiscoveryResult, discover};
use orgscan_aws::rate_limit::{RateLimitSettings, RateLimits};
use orgscan_core::facts::Needs;
use orgscan_core::model::{Account, AccountId, Gap, Plan, Region, RegionDecision};
use orgscan_core::services::{
    REGION_APIS, cloudwatch, lambda, member_apis, needs_of, s3, sns, sts,
};
use orgscan_core::settings::ConfigSource;
use orgscan_store::integrity;
use serde::Serialize;

pub use self::events::Events;
use super::run_handle::{central_regions, exceptions};
use super::selection::{validate_accounts, validate_regions};
use super::{Request, RunError};
use crate::stack_set;

/// What a run would do.
#[derive(Debug, Serialize)]
pub struct Preview {
    /// Every account listed, each with a decision.
    pub plan: Plan,
    /// The Regions of each account that would be scanned.
    pub regions: BTreeMap<AccountId, AccountRegions>,
    /// IAM actions that the member role has to allow.
    pub member_actions: BTreeSet<&'static str>,
    /// IAM actions that the central account's role has to allow.
    pub central_actions: BTreeSet<&'static str>,
    /// IAM actions that the central account's role has to allow besides, where orgscan is a Lambda
    /// function: on the function itself.
    pub lambda_actions: BTreeSet<&'static str>,
    /// The fewest AWS requests that collecting takes, sessions included. More are sent where lists
    /// have more than one page or answers raise questions.
    pub requests_at_least: u64,
    /// The CloudTrail events of one run a day.
    pub events: Events,
    /// Remarks.
    pub notes: Vec<String>,
}

/// Lists the accounts and, in each that would be scanned, its Regions. Opens a session in each, so
/// an account that cannot be entered shows here already. `config_source` is where the configuration
/// was read from, which the caller has to be allowed as well.
///
/// # Errors
/// Where a scan would not begin.
pub async fn preview(
    aws: &Arc<AwsContext>,
    request: &Request,
    config_source: Option<&ConfigSource>,
) -> Result<Preview, RunError> {
    let (config, deadline) = (&request.config, request.deadline);
    request.validate()?;
    let rate_limits = RateLimits::new(RateLimitSettings::of(config));
    let DiscoveryResult { plan, notes, .. } = discovered(aws, &rate_limits, request).await?;
    let run_id = request.run_id.as_str();
    let sessions = Sessions::new(
        aws.clone(),
        rate_limits.clone(),
        deadline,
        &config.role,
        run_id,
    );
    let regions: BTreeMap<_, _> = stream::iter(plan.to_scan())
        .map(|account| regions(&sessions, account, request))
        .buffer_unordered(config.concurrency.accounts)
        .collect()
        .await;
    let needs = needs_of(&config.checks.select());
    let requests_at_least = least_requests(&needs, &regions);
    Ok(Preview {
        requests_at_least,
        events: Events::of(requests_at_least),
        member_actions: member_apis(&needs).iter().map(|api| api.action).collect(),
        central_actions: central_actions(request, config_source, plan.organization.is_none()),
        lambda_actions: lambda_actions(request),
        plan,
        regions,
        notes,
    })
}

/// The accounts, after everything that a scan validates.
async fn discovered(
    aws: &Arc<AwsContext>,
    rate_limits: &Arc<RateLimits>,
    request: &Request,
) -> Result<DiscoveryResult, RunError> {
    let deadline = request.deadline;
    let exceptions = exceptions(aws, rate_limits, request).await?;
    let account_details = exceptions.account_details();
    let discovery = request.discovery(aws, rate_limits, &account_details);
    let listing = discover(&discovery, &|_| {});
    let regions = central_regions(aws, rate_limits, deadline);
    let (discovered, (regions, note)) = futures::join!(listing, regions);
    let mut discovered = discovered?;
    validate_accounts(request, &mut discovered)?;
    let of_regions = validate_regions(request, &regions)?;
    discovered.notes.extend(of_regions);
    discovered.notes.extend(note);
    Ok(discovered)
}

/// The Regions of an account.
#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum AccountRegions {
    /// Each Region with a decision.
    Regions(BTreeMap<Region, RegionDecision>),
    /// Why the Regions are not known.
    Gap(Gap),
}

async fn regions(
    sessions: &Sessions,
    account: &Account,
    request: &Request,
) -> (AccountId, AccountRegions) {
    let known = async {
        let session = sessions.open(&account.id).await?;
        account_regions(&session).await
    };
    let regions = match known.await {
        Ok(known) => {
            let filter = &request.config.regions;
            AccountRegions::Regions(region_decisions(&known.enabled, filter))
        }
        Err(failure) => AccountRegions::Gap(failure.into()),
    };
    (account.id.clone(), regions)
}

fn least_requests(needs: &Needs, regions: &BTreeMap<AccountId, AccountRegions>) -> u64 {
    let (global, regional) = needs.least_requests();
    let scanned = |decision: &&RegionDecision| **decision == RegionDecision::Scan;
    let account = |known: &AccountRegions| match known {
        // One more for the session.
        AccountRegions::Regions(regions) => {
            1 + global + regional * regions.values().filter(scanned).count() as u64
        }
        AccountRegions::Gap(_) => 1,
    };
    regions.values().map(account).sum()
}

fn central_actions(
    request: &Request,
    config_source: Option<&ConfigSource>,
    is_alone: bool,
) -> BTreeSet<&'static str> {
    let destinations = &request.config.destinations;
    let mut apis = vec![&sts::ASSUME_ROLE];
    apis.extend(REGION_APIS);
    apis.extend(config_source.and_then(ConfigSource::api));
    if is_alone {
        apis.extend(discover::APIS_ALONE);
    }
    if !request.own_account {
        apis.extend(discover::APIS);
        apis.extend(needs_of(&request.config.checks.select()).central_apis());
    }
    if request.config.enrollment.stack_set.is_some() && !request.own_account {
        apis.extend(stack_set::APIS);
    }
    apis.extend(
        destinations
            .metrics
            .is_some()
            .then_some(&cloudwatch::PUT_METRIC_DATA),
    );
    apis.extend(destinations.alert.is_some().then_some(&sns::PUBLISH));
    apis.extend(exceptions_in_s3(request).then_some(&s3::GET_OBJECT));
    if reports_to_s3(request) {
        apis.extend([&s3::PUT_OBJECT, &s3::GET_OBJECT, &s3::LIST_OBJECTS]);
    }
    let report = destinations.report.as_ref();
    if report.is_some_and(|report| report.signing.kms_key_id.is_some()) {
        apis.extend(integrity::APIS);
    }
    apis.into_iter().map(|api| api.action).collect()
}

/// A run whose results are in S3 goes on in another invocation when one does not suffice.
fn lambda_actions(request: &Request) -> BTreeSet<&'static str> {
    let invoke = reports_to_s3(request).then_some(lambda::INVOKE.action);
    invoke.into_iter().collect()
}

fn exceptions_in_s3(request: &Request) -> bool {
    let location = request.config.exceptions.location.as_ref();
    location.is_some_and(|location| location.s3().is_some())
}

fn reports_to_s3(request: &Request) -> bool {
    let report = request.config.destinations.report.as_ref();
    report.is_some_and(|report| report.location.s3().is_some())
}

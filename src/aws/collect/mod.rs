//! Collecting: one file or folder per AWS service fetches, and shapes what comes into facts. Collectors evaluate
//! nothing; what they cannot have becomes a gap.
//!
//! Each fact has one implementation of [`Collect`]. Nobody orders them: a fact that depends on others asks its scope
//! for them, and a [`Memo`] keeps what was read.

mod accessanalyzer;
mod account;
mod apigateway;
mod backup;
mod cloudfront;
mod cloudtrail;
mod cloudwatch;
mod config;
mod ec2;
mod ecr;
mod efs;
mod elb;
mod epoch;
mod events;
mod glacier;
mod guardduty;
mod iam;
mod inspector2;
mod kms;
mod lambda;
mod logs;
mod macie2;
mod memo;
mod opensearch;
mod organizations;
mod policies;
mod rds;
mod regions;
mod s3;
mod secretsmanager;
mod securityhub;
mod sns;
mod sqs;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::sync::Arc;

use futures::future;
use futures::stream::{self, StreamExt};
use orgscan_core::facts::{FactSpec, FactStore, Needs};
use orgscan_core::model::{Cause, Gap, Region, TargetScope};
use orgscan_core::partition::is_enabled_by_default;
use orgscan_core::services::OFFERED_AS_OF;
use orgscan_core::settings::RegionFilter;

pub use crate::assume::AccountRegions;
use memo::collectors;
pub use memo::{Collect, CollectScope, Collector, FactError, Memo};
pub use regions::{account_regions, is_about_the_account, region_decisions};

use crate::Failure;
use crate::assume::Session;
use crate::json::{JsonClient, JsonService};
use crate::rate_limit::ApiCaller;

/// Regions of an account that are read side by side: enough for the account to be done long before its
/// credential report is, and few enough that what waits takes little memory.
const REGIONS_AT_ONCE: usize = 8;

/// Requests of an account-wide collector that are sent side by side.
const SIDE_BY_SIDE: usize = 4;

/// Facts of a Region that are read side by side: few, for Regions are as well.
const FACTS_AT_ONCE: usize = 3;

/// One Region of an account, as its collectors see it.
#[derive(Debug)]
pub struct RegionScope<'a> {
    session: &'a Session,
    needs: &'a Needs,
    region: &'a Region,
    api_caller: Arc<ApiCaller>,
    memo: Memo,
}

impl<'a> RegionScope<'a> {
    /// The facts that are needed of a Region.
    pub async fn collect(session: &'a Session, region: &'a Region, needs: &'a Needs) -> FactStore {
        let scope = Self {
            session,
            needs,
            region,
            api_caller: session.api_caller(&TargetScope::Region(region.clone())),
            memo: Memo::default(),
        };
        read(&scope, &needed(Self::collectors(), needs), FACTS_AT_ONCE).await;
        scope.memo.into_facts()
    }

    /// A client of a service without an SDK crate, in this Region.
    fn json(&self, service: &'static JsonService) -> JsonClient {
        self.session.clients.json(service, self.region)
    }

    /// The collectors of all services, in the order in which their facts are started.
    fn collectors() -> Vec<Collector<Self>> {
        let services = [
            ec2::collectors(),
            rds::collectors(),
            efs::collectors(),
            elb::collectors(),
            apigateway::collectors(),
            lambda::collectors(),
            sqs::collectors(),
            sns::of_a_region(),
            events::of_a_region(),
            ecr::collectors(),
            opensearch::collectors(),
            kms::collectors(),
            secretsmanager::collectors(),
            logs::of_a_region(),
            config::collectors(),
            accessanalyzer::collectors(),
            guardduty::collectors(),
            securityhub::collectors(),
            inspector2::collectors(),
            macie2::collectors(),
            backup::collectors(),
            glacier::collectors(),
            organizations::of_a_region(),
        ];
        services.into_iter().flatten().collect()
    }
}

impl CollectScope for RegionScope<'_> {
    fn memo(&self) -> &Memo {
        &self.memo
    }

    fn gap(&self, failure: Failure) -> Gap {
        in_region(failure, self.region).into()
    }

    async fn absence(&self, spec: &'static FactSpec) -> Option<Gap> {
        let api = spec.calls.first()?;
        let availability = &self.session.availability;
        let is_absent = availability.is_absent(api.service, self.region).await;
        is_absent.then(|| Gap {
            detail: format!(
                "AWS does not offer {} in {}, as of {OFFERED_AS_OF}, and its endpoint has no name",
                api.service, self.region
            ),
            ..Gap::new(api.action, Cause::NotOffered)
        })
    }
}

/// Collects what is needed from these Regions, some side by side. `done` makes of each what is kept, as soon as its
/// facts are there.
pub async fn regions<T: Send>(
    session: &Session,
    regions: &[Region],
    needs: &Needs,
    done: &(dyn Fn(&Region, FactStore) -> T + Sync),
) -> BTreeMap<Region, T> {
    stream::iter(regions.to_vec())
        .map(|region| async move {
            let facts = RegionScope::collect(session, &region, needs).await;
            let kept = done(&region, facts);
            (region, kept)
        })
        .buffer_unordered(REGIONS_AT_ONCE)
        .collect()
        .await
}

/// An account as a whole, as its collectors see it.
#[derive(Debug)]
pub struct AccountScope<'a> {
    session: &'a Session,
    api_caller: Arc<ApiCaller>,
    partition: &'a str,
    filter: &'a RegionFilter,
    needs: &'a Needs,
    memo: Memo,
}

impl<'a> AccountScope<'a> {
    /// An account of which nothing is read yet.
    pub fn new(
        session: &'a Session,
        partition: &'a str,
        filter: &'a RegionFilter,
        needs: &'a Needs,
    ) -> Self {
        Self {
            session,
            api_caller: session.api_caller(&TargetScope::Global),
            partition,
            filter,
            needs,
            memo: Memo::default(),
        }
    }

    /// A client of a service in one Region, and what its requests go through.
    fn json_in(
        &self,
        service: &'static JsonService,
        region: &Region,
    ) -> (JsonClient, Arc<ApiCaller>) {
        let client = self.session.clients.json(service, region);
        let target = TargetScope::Region(region.clone());
        (client, self.session.api_caller(&target))
    }

    /// Reads what is needed of the account as a whole, all but what AWS takes a while to prepare, which it is asked
    /// for. `central` is there where the organization is asked as well.
    pub async fn begin(&self, central: Option<&Session>) {
        let organization = async {
            if let Some(session) = central {
                let memo = &self.memo;
                let scope = OrganizationScope { session, memo };
                let facts = needed(OrganizationScope::collectors(), self.needs);
                read(&scope, &facts, facts.len()).await;
            }
        };
        let facts = self.facts(false);
        future::join(organization, read(self, &facts, facts.len())).await;
    }

    /// Reads what AWS has had time to prepare.
    pub async fn finish(self) -> FactStore {
        let facts = self.facts(true);
        read(&self, &facts, facts.len()).await;
        self.memo.into_facts()
    }

    fn facts(&self, are_late: bool) -> Vec<Collector<Self>> {
        let all = Self::collectors().into_iter();
        let all = all.filter(|one| one.spec.is_late == are_late);
        needed(all, self.needs)
    }

    /// The collectors of all services.
    fn collectors() -> Vec<Collector<Self>> {
        let services = [
            iam::collectors(),
            s3::collectors(),
            cloudtrail::collectors(),
            account::collectors(),
            logs::collectors(),
            cloudwatch::collectors(),
            sns::collectors(),
            events::collectors(),
            cloudfront::collectors(),
        ];
        services.into_iter().flatten().collect()
    }
}

impl CollectScope for AccountScope<'_> {
    fn memo(&self) -> &Memo {
        &self.memo
    }
}

/// The organization, asked with the caller's own credentials, since its answers are not the account's.
#[derive(Debug)]
pub struct OrganizationScope<'a> {
    session: &'a Session,
    memo: &'a Memo,
}

impl OrganizationScope<'_> {
    /// The collectors of all services.
    fn collectors() -> Vec<Collector<Self>> {
        let services = [iam::of_the_organization(), organizations::collectors()];
        services.into_iter().flatten().collect()
    }
}

impl CollectScope for OrganizationScope<'_> {
    fn memo(&self) -> &Memo {
        self.memo
    }
}

/// Those of the collectors that read what is needed.
fn needed<S>(all: impl IntoIterator<Item = Collector<S>>, needs: &Needs) -> Vec<Collector<S>> {
    let all = all.into_iter();
    all.filter(|one| needs.has_spec(one.spec)).collect()
}

/// Reads facts, some side by side.
async fn read<S: CollectScope>(scope: &S, facts: &[Collector<S>], at_once: usize) {
    stream::iter(facts)
        .for_each_concurrent(at_once, |one| async { drop((one.read)(scope).await) })
        .await;
}

/// The gap of a failure in a Region, for a collector of the whole account.
fn gap_in(failure: Failure, region: &Region) -> Gap {
    Gap::from(in_region(failure, region)).in_region(region)
}

/// A failure in a Region. Rejected credentials prove nothing about the Region: it may be off, or the session
/// is of a kind that is not valid there. That stays unknown; the detail tells the reader where to look.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_credentials_temp_enable-regions.html>
fn in_region(failure: Failure, region: &Region) -> Failure {
    if failure.cause != Cause::CredentialsRejected || is_enabled_by_default(region.as_str()) {
        return failure;
    }
    failure.with_remark(
        "session tokens of STS's global endpoint are valid in opt-in Regions only if the account has chosen so",
    )
}

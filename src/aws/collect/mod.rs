//! Collecting: one file per AWS service fetches, and shapes what comes into facts. Collectors judge
//! nothing; what they cannot have becomes a gap.

#[cfg(test)]
mod docs;
pub mod ec2;
pub mod iam;
mod regions;
pub mod s3;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use futures::future;
use futures::stream::{self, StreamExt};
use orgscan_core::api;
use orgscan_core::api::Api;
use orgscan_core::checks::{Check, Need};
use orgscan_core::model::{AccountFacts, Cause, Fact, Gap, Place, Region, RegionFacts};
use orgscan_core::partition::is_enabled_by_default;
use orgscan_core::settings::RegionFilter;

pub use regions::{AccountRegions, account_regions, is_about_the_account, region_decisions};

use crate::Failure;
use crate::assume::Session;

/// The kinds of facts that the selected checks need.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs(BTreeSet<Need>);

impl Needs {
    /// What these checks need.
    pub fn of(checks: &[&Check]) -> Self {
        Self(checks.iter().flat_map(|c| c.needs).copied().collect())
    }

    /// Whether this kind of fact is needed.
    pub fn has(&self, need: Need) -> bool {
        self.0.contains(&need)
    }

    /// The fewest requests that collecting takes: for the account as a whole, and for each Region.
    /// More are sent where lists have more than one page, buckets are not settled by the account's
    /// block, or an instance's exposure depends on more.
    pub fn least_requests(&self) -> (u64, u64) {
        let sum = |needs: &[(Need, u64)]| -> u64 {
            let asked = needs.iter().filter(|(need, _)| self.has(*need));
            asked.map(|(_, requests)| requests).sum()
        };
        // DescribeRegions, and per need: credential report made and read; password policy; certificates;
        // account block; list of buckets; and what several needs share.
        let global =
            1 + sum(&[
                (Need::Users, 2),
                (Need::PasswordPolicy, 1),
                (Need::ServerCertificates, 1),
                (Need::AccountBlock, 1),
                (Need::Buckets, 1),
            ]) + self.least_of_shared();
        let regional = [
            (Need::Volumes, 1),
            (Need::Instances, 1),
            (Need::SecurityGroups, 1),
            (Need::Interfaces, 1),
            (Need::NetworkAcls, 1),
            (Need::Vpcs, 1),
            (Need::FlowLogs, 1),
            (Need::Peerings, 1),
            (Need::VpcEndpoints, 1),
            (Need::PublicSnapshots, 1),
            (Need::SnapshotBlock, 1),
            (Need::PublicImages, 1),
            (Need::ImageBlock, 1),
            (Need::EncryptionByDefault, 1),
            (Need::MetadataDefaults, 1),
        ];
        (global, sum(&regional))
    }

    /// One request for the account's summary, and one for policies. Where policies are not read, who has
    /// one of AWS's costs one for each.
    fn least_of_shared(&self) -> u64 {
        let any = |needs: &[Need]| needs.iter().any(|need| self.has(*need));
        let root = u64::from(any(&[Need::Root, Need::RootMfa, Need::Users]));
        let policies = u64::from(any(&[Need::UserPolicies, Need::AttachedPolicies]));
        let holders = [Need::Support, Need::CloudShell];
        let holders = holders.into_iter().filter(|need| self.has(*need)).count() as u64;
        match self.has(Need::AttachedPolicies) {
            true => root + policies,
            false => root + policies + holders,
        }
    }

    /// The APIs that may be called in an account for what is needed.
    pub fn apis(&self) -> Vec<&'static Api> {
        let mut apis = REGION_APIS.to_vec();
        let asked = self.0.iter().filter(|need| **need != Need::RootAccess);
        apis.extend(asked.flat_map(|need| apis_for(*need)));
        apis
    }

    /// The APIs that are called with the caller's own credentials for what is needed.
    pub fn central_apis(&self) -> &'static [&'static Api] {
        match self.has(Need::RootAccess) {
            true => apis_for(Need::RootAccess),
            false => &[],
        }
    }
}

/// The APIs called for an account's Regions; the second only where the first fails.
pub const REGION_APIS: &[&Api] = &[&api::DESCRIBE_REGIONS, &api::LIST_REGIONS];

/// The APIs that may be called in an account for one kind of fact.
pub fn apis_for(need: Need) -> &'static [&'static Api] {
    match need {
        Need::Users => iam::USER_APIS,
        Need::Root => iam::ROOT_APIS,
        Need::RootMfa => iam::ROOT_MFA_APIS,
        Need::PasswordPolicy => iam::PASSWORD_POLICY_APIS,
        Need::UserPolicies | Need::AttachedPolicies => iam::POLICY_APIS,
        Need::Support | Need::CloudShell => iam::HOLDER_APIS,
        Need::ServerCertificates => iam::CERTIFICATE_APIS,
        Need::RootAccess => iam::ROOT_ACCESS_APIS,
        Need::AccountBlock => s3::ACCOUNT_BLOCK_APIS,
        Need::Buckets => s3::LIST_APIS,
        Need::BucketAccess => s3::ACCESS_APIS,
        Need::BucketBlocks => s3::BLOCK_APIS,
        Need::BucketPolicies => s3::POLICY_APIS,
        Need::BucketVersioning => s3::VERSIONING_APIS,
        Need::BucketLogging => s3::LOGGING_APIS,
        Need::BucketEncryption => s3::ENCRYPTION_APIS,
        Need::Volumes => const { &[&api::DESCRIBE_VOLUMES] },
        Need::Instances => const { &[&api::DESCRIBE_INSTANCES] },
        Need::PublicAddresses => ec2::PUBLIC_ADDRESS_APIS,
        Need::Exposure => ec2::EXPOSURE_APIS,
        Need::SecurityGroups => ec2::SECURITY_GROUP_APIS,
        Need::Interfaces => const { &[&api::DESCRIBE_INTERFACES] },
        Need::NetworkAcls => const { &[&api::DESCRIBE_NETWORK_ACLS] },
        Need::Vpcs => const { &[&api::DESCRIBE_VPCS] },
        Need::FlowLogs => const { &[&api::DESCRIBE_FLOW_LOGS] },
        Need::Peerings => ec2::PEERING_APIS,
        Need::VpcEndpoints => const { &[&api::DESCRIBE_VPC_ENDPOINTS] },
        Need::PublicSnapshots => ec2::PUBLIC_SNAPSHOT_APIS,
        Need::SnapshotBlock => const { &[&api::GET_SNAPSHOT_BLOCK] },
        Need::PublicImages => const { &[&api::DESCRIBE_IMAGES] },
        Need::ImageBlock => const { &[&api::GET_IMAGE_BLOCK] },
        Need::EncryptionByDefault => const { &[&api::GET_ENCRYPTION_BY_DEFAULT] },
        Need::MetadataDefaults => const { &[&api::GET_METADATA_DEFAULTS] },
    }
}

/// Regions of an account that are read side by side: enough for the account to be done long before its
/// credential report is, and few enough that what waits takes little memory.
const REGIONS_AT_ONCE: usize = 8;

/// Collects what is needed from these Regions, some side by side. `done` is told of each when its facts
/// are there.
pub async fn regions(
    session: &Session,
    regions: &[Region],
    needs: &Needs,
    done: &(dyn Fn(&Place) + Sync),
) -> BTreeMap<Region, RegionFacts> {
    stream::iter(regions.to_vec())
        .map(|region| async move {
            let facts = ec2::collect(session, &region, needs).await;
            done(&Place::Region(region.clone()));
            (region, facts)
        })
        .buffer_unordered(REGIONS_AT_ONCE)
        .collect()
        .await
}

/// What is asked of an account as a whole, all but the credential report, which has been asked for.
#[derive(Debug)]
pub struct AccountWide {
    report: Option<iam::ReportAsked>,
    /// How many IAM users the account's summary counts.
    users: Fact<u64>,
    facts: AccountFacts,
}

impl AccountWide {
    /// Asks for the credential report, and reads everything else. `central` is there where the
    /// organization is asked as well.
    pub async fn begin(
        session: &Session,
        central: Option<&Session>,
        partition: &str,
        filter: &RegionFilter,
        needs: &Needs,
    ) -> Self {
        let report = async {
            match needs.has(Need::Users) {
                true => Some(iam::ask_for_report(session).await),
                false => None,
            }
        };
        let root_access = async {
            match central.filter(|_| needs.has(Need::RootAccess)) {
                Some(central) => iam::root_access(central).await,
                None => Fact::default(),
            }
        };
        let account = iam::account(session, partition, needs);
        let (report, (public_access_block, buckets), root_access, (account, users)) =
            future::join4(
                report,
                s3::collect(session, filter, needs),
                root_access,
                account,
            )
            .await;
        Self {
            report,
            users,
            facts: AccountFacts {
                root_access,
                public_access_block,
                buckets,
                ..account
            },
        }
    }

    /// Reads the credential report, which has had time to be made.
    pub async fn finish(self, session: &Session) -> AccountFacts {
        let users = match self.report {
            Some(asked) => iam::users(session, asked, self.users).await,
            None => Fact::default(),
        };
        AccountFacts {
            users,
            ..self.facts
        }
    }
}

/// The facts of an account of which nothing could be read: the same gap everywhere, so that every
/// rule says unknown instead of running over nothing.
pub fn nothing_but(gap: &Gap, regions: &[Region]) -> (AccountFacts, BTreeMap<Region, RegionFacts>) {
    let global = AccountFacts {
        users: Fact::missing(gap.clone()),
        root: Fact::missing(gap.clone()),
        root_has_virtual_mfa: Fact::missing(gap.clone()),
        password_policy: Fact::missing(gap.clone()),
        user_policies: Fact::missing(gap.clone()),
        attached_policies: Fact::missing(gap.clone()),
        support: Fact::missing(gap.clone()),
        cloud_shell: Fact::missing(gap.clone()),
        server_certificates: Fact::missing(gap.clone()),
        root_access: Fact::missing(gap.clone()),
        public_access_block: Fact::missing(gap.clone()),
        buckets: Fact::missing(gap.clone()),
    };
    let region = RegionFacts::nothing_but(gap);
    let regions = regions.iter().map(|name| (name.clone(), region.clone()));
    (global, regions.collect())
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

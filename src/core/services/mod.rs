//! The services that orgscan knows. Each has its APIs, the facts that are read with them, and the checks of its resources.

pub mod accessanalyzer;
pub mod account;
pub mod apigateway;
pub mod backup;
pub mod cloudformation;
pub mod cloudfront;
pub mod cloudtrail;
pub mod cloudwatch;
pub mod config;
pub mod ec2;
pub mod ecr;
pub mod efs;
pub mod elb;
pub mod events;
pub mod glacier;
pub mod guardduty;
pub mod iam;
pub mod inspector2;
pub mod kms;
pub mod lambda;
pub mod logs;
pub mod macie2;
pub mod opensearch;
pub mod organizations;
pub mod rds;
mod resource;
mod resource_policy;
pub mod s3;
mod secret;
pub mod secretsmanager;
pub mod securityhub;
mod service;
pub mod sns;
pub mod sqs;
pub mod sso;
pub mod sts;

pub use resource::{ACCOUNT, OTHER, ResourceKind, kind_of};
pub use resource_policy::ResourcePolicy;
pub use secret::SecretKind;
pub use service::{OFFERED_AS_OF, Service, ServiceRegions};

use crate::api::Api;
use crate::checks::Check;
use crate::facts::Needs;
use crate::model::Region;

/// All services. Their checks are shown in this order.
pub const SERVICES: &[&Service] = &[
    &iam::SERVICE,
    &s3::SERVICE,
    &ec2::SERVICE,
    &rds::SERVICE,
    &efs::SERVICE,
    &elb::SERVICE,
    &apigateway::SERVICE,
    &cloudfront::SERVICE,
    &lambda::SERVICE,
    &sqs::SERVICE,
    &sns::SERVICE,
    &events::SERVICE,
    &ecr::SERVICE,
    &opensearch::SERVICE,
    &kms::SERVICE,
    &secretsmanager::SERVICE,
    &config::SERVICE,
    &cloudtrail::SERVICE,
    &logs::SERVICE,
    &accessanalyzer::SERVICE,
    &guardduty::SERVICE,
    &securityhub::SERVICE,
    &inspector2::SERVICE,
    &macie2::SERVICE,
    &account::SERVICE,
    &backup::SERVICE,
    &glacier::SERVICE,
    &organizations::SERVICE,
    &sts::SERVICE,
    &cloudformation::SERVICE,
    &cloudwatch::SERVICE,
    &sso::SERVICE,
];

/// A list of every service, one after another.
macro_rules! joined {
    ($list:ident of $item:ty) => {{
        const COUNT: usize = {
            let (mut count, mut service) = (0, 0);
            while service < SERVICES.len() {
                count += SERVICES[service].$list.len();
                service += 1;
            }
            count
        };
        const ALL: [$item; COUNT] = {
            let mut all = [SERVICES[0].$list[0]; COUNT];
            let (mut at, mut service) = (0, 0);
            while service < SERVICES.len() {
                let (list, mut item) = (SERVICES[service].$list, 0);
                while item < list.len() {
                    all[at] = list[item];
                    (at, item) = (at + 1, item + 1);
                }
                service += 1;
            }
            all
        };
        &ALL
    }};
}

/// All checks, in the order in which they are shown.
pub const CHECKS: &[&Check] = joined!(checks of &Check);

/// Every API that orgscan calls.
pub const APIS: &[&Api] = joined!(apis of &Api);

/// The APIs called for an account's Regions; the second only where the first fails.
pub const REGION_APIS: &[&Api] = &[&ec2::DESCRIBE_REGIONS, &account::LIST_REGIONS];

/// The APIs that may be called in an account for its Regions and for what is needed.
pub fn member_apis(needs: &Needs) -> Vec<&'static Api> {
    let mut apis = REGION_APIS.to_vec();
    apis.extend(needs.apis());
    apis
}

/// Whether AWS's list of endpoints has a service in a Region. A Region or a service that is not known here counts as
/// listed.
pub fn is_listed(service: &str, region: &Region) -> bool {
    let known = SERVICES.iter().find(|one| one.name == service);
    known.is_none_or(|service| match service.offered {
        ServiceRegions::Everywhere => true,
        ServiceRegions::Except(regions) => !regions.contains(&region.as_str()),
    })
}

/// The check with this id.
pub fn by_id(id: &str) -> Option<&'static Check> {
    CHECKS.iter().copied().find(|check| check.id == id)
}

/// The facts that these checks need.
pub fn needs_of(checks: &[&Check]) -> Needs {
    Needs::of(checks.iter().flat_map(|check| check.needs).copied())
}

#[cfg(test)]
mod tests;

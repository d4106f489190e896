//! `orgscan doctor`: whether credentials, organization, account and destinations have what a scan and a
//! deployment need.
//!
//! It writes, sends and leaves nothing. `collect` asks AWS, `rules` evaluates the answers: pure functions over
//! plain data. What the caller may not ask is not checked, and never ok.

mod collect;
mod facts;
mod line;
mod rules;

use std::sync::Arc;

pub use facts::{MemberRoleDeployment, Options};
pub use line::{DiagnosticLine, Status};

use orgscan_core::api::Api;
use orgscan_core::services::{cloudformation, iam, kms, lambda, organizations, s3, sns, sts};
use orgscan_core::settings::Config;

use facts::Machine;
use orgscan_aws::{AwsContext, ConnectError, Descriptors, OtherEnd};

/// The APIs that doctor calls, for its permissions. Those on keys, buckets and topics only where the configuration
/// names one.
pub const APIS: &[&Api] = &[
    &sts::GET_CALLER_IDENTITY,
    &organizations::DESCRIBE_ORGANIZATION,
    &organizations::LIST_ACCOUNTS,
    &organizations::LIST_SERVICE_ACCESS,
    &organizations::LIST_DELEGATED_SERVICES,
    &lambda::GET_ACCOUNT_SETTINGS,
    &iam::GET_ROLE,
    &cloudformation::DESCRIBE_STACK_RESOURCES,
    &sts::ASSUME_ROLE,
    &sns::GET_TOPIC_ATTRIBUTES,
    &s3::HEAD_BUCKET,
    &kms::GENERATE_DATA_KEY,
    &kms::GET_PUBLIC_KEY,
    &kms::SIGN,
    &s3::GET_OBJECT,
];

/// Checks everything, for the caller that was connected or could not be.
pub async fn examine(
    config: &Config,
    options: &Options,
    connected: Result<AwsContext, ConnectError>,
) -> Vec<DiagnosticLine> {
    let mut lines = match connected {
        Ok(aws) => {
            let facts = collect::collect(&Arc::new(aws), config, options).await;
            rules::connected(&facts, options)
        }
        Err(error) => rules::refused(&error, config),
    };
    lines.push(rules::open_files(&machine(config)));
    lines
}

fn machine(config: &Config) -> Machine {
    let descriptors = Descriptors::of_process();
    let wanted = config.concurrency.requests;
    Machine {
        open_files: descriptors.limit(),
        wanted,
        possible_in_flight: descriptors.requests(wanted, OtherEnd::Elsewhere),
    }
}

#[cfg(test)]
mod docs {
    use orgscan_core::testing::assert_fresh;
    use orgscan_core::testing::docs::{page, with_section};

    use super::APIS;

    #[test]
    fn the_permissions_in_docs_are_fresh() {
        let mut actions: Vec<_> = APIS.iter().map(|api| api.action).collect();
        actions.sort_unstable();
        actions.dedup();
        let lines: String = actions
            .iter()
            .map(|action| format!("- `{action}`\n"))
            .collect();
        let path = "docs/doctor.md";
        assert_fresh(path, &with_section(&page(path), "actions", &lines));
    }
}

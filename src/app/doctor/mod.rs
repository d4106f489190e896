//! `orgscan doctor`: whether credentials, organization, account and destinations have what a scan and a
//! deployment need.
//!
//! It writes, sends and leaves nothing. `collect` asks AWS, `rules` judges the answers: pure functions over
//! plain data. What the caller may not ask is not checked, and never ok.

mod collect;
mod facts;
mod line;
mod rules;

use std::sync::Arc;

pub use facts::{MemberRoles, Options};
pub use line::{Line, Status};

use orgscan_core::api;
use orgscan_core::api::Api;
use orgscan_core::settings::Config;

use facts::Machine;
use orgscan_aws::{Aws, ConnectError, Descriptors, OtherEnd};

/// The APIs that doctor calls, for its permissions. Those on keys, buckets and topics only where the configuration
/// names one.
pub const APIS: &[&Api] = &[
    &api::GET_CALLER_IDENTITY,
    &api::DESCRIBE_ORGANIZATION,
    &api::LIST_ACCOUNTS,
    &api::LIST_SERVICE_ACCESS,
    &api::LIST_DELEGATED_SERVICES,
    &api::GET_ACCOUNT_SETTINGS,
    &api::GET_ROLE,
    &api::DESCRIBE_STACK_RESOURCES,
    &api::ASSUME_ROLE,
    &api::GET_TOPIC_ATTRIBUTES,
    &api::HEAD_BUCKET,
    &api::GENERATE_DATA_KEY,
    &api::GET_PUBLIC_KEY,
    &api::SIGN,
    &api::GET_OBJECT,
];

/// Checks everything, for the caller that was connected or could not be.
pub async fn examine(
    config: &Config,
    options: &Options,
    connected: Result<Aws, ConnectError>,
) -> Vec<Line> {
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
        fitting: descriptors.requests(wanted, OtherEnd::Elsewhere),
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

//! A service that AWS does not offer in a Region is skipped there, by the table and the name of its endpoint together.
//! The simulated organization refuses all of RDS in Frankfurt.

use std::sync::Arc;

use aws_smithy_runtime_api::client::dns::{
    DnsFuture, ResolveDns, ResolveDnsError, SharedDnsResolver,
};
use jiff::Timestamp;
use orgscan_aws::assume::{Session, Sessions};
use orgscan_aws::collect::RegionScope;
use orgscan_aws::rate_limit::{Deadline, RateLimitSettings, RateLimits};
use orgscan_aws::{Availability, AwsContext, Source};
use orgscan_core::evaluate::{Evaluation, Settings};
use orgscan_core::model::{Outcome, Region, TargetOutcome};
use orgscan_core::services::{by_id, needs_of};
use orgscan_core::settings::Config;
use orgscan_sim::{ServiceBehavior, Settings as Simulation};
use serde_json::json;

use crate::run::runtime;
use crate::simulated::SimulatedOrganization;

const EC2: &str = "ec2.eu-central-1.amazonaws.com";
const RDS: &str = "rds.eu-central-1.amazonaws.com";

/// Knows these names.
#[derive(Debug)]
struct KnownHosts(&'static [&'static str]);

impl ResolveDns for KnownHosts {
    fn resolve_dns<'a>(&'a self, name: &'a str) -> DnsFuture<'a> {
        DnsFuture::ready(match self.0.contains(&name) {
            true => Ok(vec![[127, 0, 0, 1].into()]),
            false => Err(ResolveDnsError::new(format!("{name} is not known"))),
        })
    }
}

/// Lists RDS everywhere but in Frankfurt.
fn without_frankfurt(service: &str, region: &Region) -> bool {
    (service, region.as_str()) != ("rds", "eu-central-1")
}

/// What becomes of the check in Frankfurt and in Ireland, and how many requests to RDS there were in Frankfurt.
fn outcomes(
    table: fn(&str, &Region) -> bool,
    names: &'static [&'static str],
) -> (String, String, usize) {
    let faults = json!([
        {"service": "rds", "region": "eu-central-1", "kind": "missing_permission"}
    ]);
    let simulated = SimulatedOrganization::start(Simulation {
        behavior: ServiceBehavior::none(),
        faults: serde_json::from_value(faults).unwrap(),
        log: true,
        ..Simulation::default()
    });
    let config = Config::default();
    let outcomes = runtime().block_on(async {
        let source = Source::Emulator(simulated.replay.url.clone());
        let mut aws = AwsContext::connect(&config, &source).await.unwrap();
        let resolver = Some(SharedDnsResolver::new(KnownHosts(names)));
        aws.availability = Arc::new(Availability::new(table, "amazonaws.com", resolver));
        let rate_limits = RateLimits::new(RateLimitSettings::of(&config));
        let aws = Arc::new(aws);
        let sessions = Sessions::new(aws, rate_limits, Deadline::never(), &config.role, "test");
        let session = sessions.open(simulated.id("storefront")).await.unwrap();
        let frankfurt = outcome(&session, "eu-central-1").await;
        (frankfurt, outcome(&session, "eu-west-1").await)
    });
    let requests = simulated.requests().into_iter();
    let requests =
        requests.filter(|one| one.api.starts_with("rds:") && one.region == "eu-central-1");
    (outcomes.0, outcomes.1, requests.count())
}

/// What becomes of the check in a Region.
async fn outcome(session: &Session, region: &str) -> String {
    let check = by_id("rds-instance-unencrypted").unwrap();
    let region = Region::new(region);
    let facts = RegionScope::collect(session, &region, &needs_of(&[check])).await;
    let settings = Settings {
        partition: "aws".to_owned(),
        now: Timestamp::UNIX_EPOCH,
        central_account: None,
        sensitive_ports: Vec::new(),
        monitoring: Default::default(),
    };
    let evaluated = Evaluation::new(&[check], settings).region(&session.account, &region, facts);
    match &evaluated.verdicts[0].outcome {
        TargetOutcome::Skipped { gap, .. } => format!("skipped: {}", gap.cause),
        TargetOutcome::Evaluated(verdict) => match verdict.outcome() {
            Outcome::Unknown => format!("unknown: {}", verdict.gaps[0].cause),
            Outcome::Pass => "pass".to_owned(),
            Outcome::Fail => "fail".to_owned(),
        },
    }
}

#[test]
fn a_region_without_the_service_is_skipped_by_table_and_name_combined() {
    let (frankfurt, ireland, requests) = outcomes(without_frankfurt, &[EC2]);
    assert_eq!((frankfurt.as_str(), requests), ("skipped: not_offered", 0));
    assert_eq!(ireland, "fail");
}

#[test]
fn the_table_alone_or_a_network_without_names_skips_nothing() {
    let everywhere: fn(&str, &Region) -> bool = |_, _| true;
    for (table, names) in [
        (
            without_frankfurt as fn(&str, &Region) -> bool,
            &[EC2, RDS][..],
        ),
        (without_frankfurt, &[]),
        (everywhere, &[EC2]),
    ] {
        let (frankfurt, _, requests) = outcomes(table, names);
        assert_eq!(frankfurt, "unknown: missing_permission", "{names:?}");
        assert_eq!(requests, 2, "{names:?}");
    }
}

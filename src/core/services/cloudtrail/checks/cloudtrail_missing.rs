//! Accounts whose management events no trail logs in all Regions.

use super::logged_events::{LoggedEventsCheck, OrganizationTrails};
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, covers,
    remediation, same,
};
use crate::facts::Fact;
use crate::model::Severity;
use crate::services::cloudtrail::{EventSelectors, Trails};

pub(super) const CHECK: Check = Check {
    id: "cloudtrail-missing",
    title: "No multi-Region trail logs management events",
    category: Category::Logging,
    severity: Severity::High,
    why: "Management events show who changed what: keys, policies, network, logging itself. Without a trail, they \
          are gone after 90 days, and nobody can investigate an incident. A trail of one Region misses what an \
          attacker does in the Regions that nobody uses. An organization trail counts for every member account. An \
          event data store of CloudTrail Lake is not a trail.",
    fix: &[
        "Best create one trail for all accounts in the management account, with `--is-organization-trail`. The \
         console has the same setting: CloudTrail, Trails, Create trail, Enable for all accounts.",
        "Create a bucket for the logs, best in an account of its own. Its policy must allow \
         `cloudtrail.amazonaws.com` to write. Set `LOG_BUCKET` to its name.",
        "Run the command. It creates a trail that logs in all Regions. If a trail exists, change what the finding \
         names instead: `aws cloudtrail update-trail`.",
        "Start it: `aws cloudtrail start-logging --name all-regions`.",
    ],
    example: FailedResource::example("global", "arn:aws:cloudtrail::111122223333:account", ""),
    by_default: true,
    remediation: |_| {
        let create = r#"cloudtrail create-trail --name all-regions --s3-bucket-name "$LOG_BUCKET" --is-multi-region-trail --enable-log-file-validation"#;
        remediation::aws(create, &[])
    },
    controls: &[
        covers("cis-7.0", "4.1"),
        covers("cis-5.0", "3.1"),
        covers("aws-fsbp", "CloudTrail.1"),
    ],
    prowler: Counterparts::per_account(&[
        same("cloudtrail_multi_region_enabled"),
        same("cloudtrail_multi_region_enabled_logging_management_events"),
    ]),
    parameters: Parameters::None,
    needs: &[Trails::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<OrganizationTrails<ManagementEvents>>()),
};

/// The management events. One trail has to log both reads and writes, as the benchmark and AWS's control ask for.
///
/// Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/cloudtrail-controls.html#cloudtrail-1>
#[derive(Debug, Default)]
struct ManagementEvents;

impl LoggedEventsCheck for ManagementEvents {
    const CHECK: &'static Check = &CHECK;
    const PROBLEM: &'static str = "No multi-Region trail logs all management events";

    fn lacks(selectors: &EventSelectors) -> Option<String> {
        let logged = selectors.management_events();
        let lacks = match (logged.has_reads(), logged.has_writes()) {
            (true, true) => return None,
            (true, false) => "logs no writes",
            (false, true) => "logs no reads",
            (false, false) => "logs no management events",
        };
        Some(lacks.to_owned())
    }

    /// Some users leave out what KMS and RDS log in masses. The benchmark does not ask about it.
    fn note(selectors: &EventSelectors) -> Option<String> {
        let logged = selectors.management_events();
        let excluded: Vec<&str> = logged.excluded_sources().into_iter().collect();
        let sources = excluded.join(" and ");
        (!excluded.is_empty()).then(|| format!("leaves out the management events of {sources}"))
    }
}

#[cfg(test)]
mod tests;

//! Accounts in which no trail logs the reads of S3 objects.

use super::logged_events::{LoggedEventsCheck, OrganizationTrails};
use super::object_events;
use crate::checks::{
    Category, Check, Counterparts, FailedResource, OrganizationRule, Parameters, Rule, covers, same,
};
use crate::facts::Fact;
use crate::model::Severity;
use crate::services::cloudtrail::{EventSelectors, LoggedEvents, Trails};

pub(super) const CHECK: Check = Check {
    id: "cloudtrail-read-data-events-off",
    title: "No trail logs reads of S3 objects",
    category: Category::Logging,
    severity: Severity::Low,
    why: "After a data leak, the question is which objects were read, and by whom. Trails answer it only if they log data \
          events of reads. Reads are often numerous, and each logged event costs money, so the check is not enabled by \
          default. A trail that leaves out some buckets does not count.",
    fix: &[
        "Decide whether the logs are worth their price. It depends on the number of requests, which the metrics of \
         the buckets show.",
        "Choose a multi-Region trail, best the organization's. Set `TRAIL_ARN` to its ARN.",
        "List its selectors, since the next step replaces them: `aws cloudtrail get-event-selectors`. Add those that \
         you still need to the command.",
        "Run the command in the trail's home Region, in the account that owns the trail. The console has the same \
         setting: CloudTrail, Trails, Data events.",
    ],
    example: FailedResource::example("global", "arn:aws:cloudtrail::111122223333:account", ""),
    by_default: false,
    remediation: |_| object_events::command("true"),
    controls: &[covers("cis-7.0", "4.9"), covers("cis-5.0", "3.9")],
    prowler: Counterparts::per_account(&[same("cloudtrail_s3_dataevents_read_enabled")]),
    parameters: Parameters::None,
    needs: &[Trails::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<OrganizationTrails<ObjectReads>>()),
};

/// The reads of S3 objects.
#[derive(Debug, Default)]
struct ObjectReads;

impl LoggedEventsCheck for ObjectReads {
    const CHECK: &'static Check = &CHECK;
    const PROBLEM: &'static str = "No multi-Region trail logs the reads of all S3 objects";

    fn lacks(selectors: &EventSelectors) -> Option<String> {
        object_events::lacks(selectors, "reads", LoggedEvents::has_reads)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::evaluate_organization;
    use crate::model::Reading;
    use crate::services::cloudtrail::samples::{all_management_events, owning, selecting, trail};
    use crate::services::cloudtrail::{BasicSelector, Trail};

    fn messages(reads: bool, writes: bool, buckets: &[&str]) -> Vec<String> {
        let values = buckets.iter().map(|&value| value.to_owned()).collect();
        let selector = BasicSelector {
            reads,
            writes,
            data_resources: vec![("AWS::S3::Object".into(), values)],
            ..all_management_events()
        };
        let trail = Trail {
            selectors: Reading::known(selecting(selector)),
            ..trail("all")
        };
        let verdicts = evaluate_organization(&CHECK, &[&owning(&[trail])]);
        let violations = verdicts[0].violations.iter();
        violations.map(|one| one.message.clone()).collect()
    }

    #[test]
    fn reads_of_all_objects_have_to_be_logged() {
        let every = ["arn:aws:s3"];
        assert_eq!(messages(true, false, &every), Vec::<String>::new());
        assert_eq!(messages(true, true, &every), Vec::<String>::new());
        let found = |what: &str| {
            [format!(
                "No multi-Region trail logs the reads of all S3 objects: trail all {what}"
            )]
        };
        assert_eq!(
            messages(false, true, &every),
            found("logs no reads of S3 objects")
        );
        assert_eq!(
            messages(true, true, &["arn:aws:s3:::one/"]),
            found("does not log the reads of all S3 objects")
        );
        assert_eq!(
            messages(true, true, &[]),
            found("logs no data events of S3 objects")
        );
    }
}

//! Trails without log file validation.

use super::own_trails;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::cloudtrail::Trails;

pub(super) const CHECK: Check = Check {
    id: "cloudtrail-validation-off",
    title: "CloudTrail log file validation is off",
    category: Category::Logging,
    severity: Severity::Medium,
    why: "With validation, CloudTrail delivers a signed digest of its log files every hour. Digests prove that \
          nobody changed or deleted a log file after delivery. Without them, an attacker with access to the \
          bucket can remove the traces, and the logs are weak evidence.",
    fix: &[
        "Run the command in the account that owns the trail. The console has the same setting: CloudTrail, \
         Trails, General details, Log file validation.",
        "Digests start with the next hour. Validate the log files from time to time: `aws cloudtrail \
         validate-logs`.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all-regions",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let validate = "cloudtrail update-trail --enable-log-file-validation";
        remediation::regional(validate, failed, ("name", failed.name()))
    },
    controls: &[
        covers("cis-7.0", "4.2"),
        covers("cis-5.0", "3.2"),
        covers("aws-fsbp", "CloudTrail.4"),
    ],
    prowler: Counterparts::per_resource(&[same("cloudtrail_log_file_validation_enabled")]),
    parameters: Parameters::None,
    needs: &[Trails::SPEC],
    rule: Rule::Account(evaluate),
};

/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-intro.html>
fn evaluate(facts: &Facts<'_>, _: &Context<'_>) -> Result<RuleResult, Gap> {
    own_trails::evaluate(facts, |trail, result| {
        let is_off = !trail.validates_log_files;
        result.add(Ok(is_off.then(|| {
            own_trails::violation(&CHECK, trail, "has log file validation off")
        })));
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::{Reading, Region};
    use crate::services::cloudtrail::samples::{owning, trail};
    use crate::services::cloudtrail::{Trail, TrailList};

    #[test]
    fn a_trail_without_validation_fails_in_its_home_region() {
        let without = Trail {
            validates_log_files: false,
            ..trail("weak")
        };
        let result = evaluate_account(&CHECK, &owning(&[trail("good"), without])).unwrap();
        assert_eq!(result.resources_evaluated, 2);
        let violation = &result.violations[0];
        assert_eq!(
            violation.resource,
            "arn:aws:cloudtrail:eu-west-1:111122223333:trail/weak"
        );
        assert_eq!(violation.region, Some(Region::new("eu-west-1")));
        assert_eq!(violation.message, "Trail weak has log file validation off");
    }

    #[test]
    fn a_trail_of_another_account_is_evaluated_there() {
        let list = TrailList {
            of_others: vec!["arn:aws:cloudtrail:us-east-1:444455556666:trail/central".into()],
            outside_regions: 2,
            ..TrailList::default()
        };
        let facts = FactStore::default().with::<Trails>(Reading::known(list));
        let result = evaluate_account(&CHECK, &facts).unwrap();
        assert_eq!((result.resources_evaluated, result.violations), (0, vec![]));
        assert_eq!(
            result.notes,
            ["2 trails skipped, in Regions that are not selected"]
        );
    }

    #[test]
    fn trails_that_could_not_be_read_are_gaps() {
        let gap = denied("cloudtrail:DescribeTrails").of("hidden");
        let list = TrailList {
            own: [Ok(trail("good")), Err(gap.clone())].into_iter().collect(),
            ..TrailList::default()
        };
        let facts = FactStore::default().with::<Trails>(Reading::known(list));
        let result = evaluate_account(&CHECK, &facts).unwrap();
        assert_eq!((result.resources_evaluated, result.gaps), (1, vec![gap]));
        let facts = FactStore::default().with::<Trails>(missing("cloudtrail:ListTrails"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("cloudtrail:ListTrails"));
    }
}

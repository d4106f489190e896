//! Trails that cannot deliver what they log.

use jiff::{SignedDuration, Timestamp};

use super::own_trails;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::cloudtrail::{Delivery, Trail, TrailStatus, Trails};

/// A trail delivers minutes after an event, and its digests every hour. In an account that somebody uses or scans, nothing
/// in so many hours, beside an error, is a failure that persists.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-log-file-validation-digest-file-structure.html>
const HOURS: u32 = 24;

pub(super) const CHECK: Check = Check {
    id: "cloudtrail-delivery-failing",
    title: "CloudTrail trail cannot deliver its logs",
    category: Category::Logging,
    severity: Severity::High,
    why: "A trail that logs but cannot deliver looks healthy in most lists. Its events are lost: CloudTrail tries \
          to deliver them for 30 days. Usual causes are a deleted bucket, a changed bucket policy or a changed key \
          policy. An attacker can cause it on purpose. CloudTrail keeps the last error after it is fixed. So the \
          check fails only if nothing was delivered for 24 hours either.",
    fix: &[
        "Run the command. It shows the errors and the times of the last deliveries. The console shows them \
         under CloudTrail, Trails.",
        "For an S3 error, check that the bucket exists. Its policy must allow `cloudtrail.amazonaws.com` \
         the actions `s3:GetBucketAcl` and `s3:PutObject`.",
        "For a KMS error, check that the key is enabled. Its policy must allow `cloudtrail.amazonaws.com` the \
         action `kms:GenerateDataKey*`.",
        "For a CloudWatch Logs error, check that the log group exists. The trail's role must be able to write \
         to it.",
        "Find out in the event history of CloudTrail who made the change.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:cloudtrail:eu-west-1:111122223333:trail/all-regions",
        "log files",
    ),
    by_default: true,
    remediation: |failed| {
        let show = "cloudtrail get-trail-status";
        remediation::regional(show, failed, ("name", failed.name()))
    },
    controls: &[],
    prowler: Counterparts::none(
        "Prowler reads only when a trail last delivered to CloudWatch Logs",
    ),
    parameters: Parameters::Fixed(|| format!("{HOURS} hours")),
    needs: &[Trails::SPEC],
    rule: Rule::Account(evaluate),
};

/// A trail that is stopped delivers nothing, and is not evaluated.
fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    own_trails::evaluate(facts, |trail, result| match trail.status.get() {
        Ok(status) if status.is_logging => {
            result.resources_evaluated += 1;
            result
                .violations
                .extend(failures(trail, status, context.now));
        }
        Ok(_) => {}
        Err(gap) => result.gaps.push(gap),
    })
}

/// What a trail does not deliver. Without digests, the log files have no proof; they arrive nevertheless.
fn failures(trail: &Trail, status: &TrailStatus, now: Timestamp) -> Vec<Violation> {
    let has_digests = trail.validates_log_files;
    let has_group = trail.log_group.is_some();
    let deliveries = [
        ("log files", &status.log_files, Severity::High, true),
        (
            "digest files",
            &status.digest_files,
            Severity::Medium,
            has_digests,
        ),
        (
            "CloudWatch Logs",
            &status.cloudwatch_logs,
            Severity::Medium,
            has_group,
        ),
    ];
    let in_use = deliveries.into_iter().filter(|(.., is_in_use)| *is_in_use);
    let failures = in_use.filter_map(|(part, delivery, severity, _)| {
        let error = failing(delivery, now)?;
        let problem = match part {
            "CloudWatch Logs" => format!("cannot deliver to CloudWatch Logs: {error}"),
            _ => format!("cannot deliver {part} to bucket {}: {error}", trail.bucket),
        };
        let last = delivery.last.map(|last| last.to_string());
        let last = last.unwrap_or_else(|| "never".to_owned());
        let problem = format!("{problem}; last delivery: {last}");
        let violation = own_trails::violation(&CHECK, trail, &problem);
        Some(violation.with_part(part).with_severity(severity))
    });
    failures.collect()
}

/// The error of a delivery that fails, and has failed for long enough. AWS does not return when an error was, and keeps
/// one that is fixed.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/APIReference/API_GetTrailStatus.html>
fn failing(delivery: &Delivery, now: Timestamp) -> Option<&str> {
    let limit = SignedDuration::from_hours(HOURS.into());
    let is_recent = |last: Timestamp| now.duration_since(last) < limit;
    let error = delivery.error.as_deref()?;
    (!delivery.last.is_some_and(is_recent)).then_some(error)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{NOW, ago, denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::cloudtrail::samples::{logging, owning, trail};

    fn status(change: impl Fn(&mut TrailStatus)) -> Trail {
        let mut status = logging();
        change(&mut status);
        Trail {
            status: Reading::known(status),
            ..trail("all-regions")
        }
    }

    fn evaluated(trail: Trail) -> RuleResult {
        evaluate_account(&CHECK, &owning(&[trail])).unwrap()
    }

    fn failed(error: &str, last: Option<Timestamp>) -> Delivery {
        Delivery {
            error: Some(error.to_owned()),
            last,
        }
    }

    fn parts(result: &RuleResult) -> Vec<&str> {
        let parts = result.violations.iter();
        parts.map(|one| one.part.as_str()).collect()
    }

    #[test]
    fn an_error_counts_if_nothing_was_delivered_for_a_day() {
        let now: Timestamp = NOW.parse().unwrap();
        let second = SignedDuration::from_secs(1);
        for (last, fails) in [
            (Some(now), false),
            (Some(ago(1) + second), false),
            (Some(ago(1)), true),
            (Some(ago(30)), true),
            (None, true),
        ] {
            let trail = status(|status| status.log_files = failed("AccessDenied", last));
            let result = evaluated(trail);
            assert_eq!(
                parts(&result),
                ["log files"].repeat(usize::from(fails)),
                "{last:?}"
            );
            assert_eq!(result.resources_evaluated, 1);
        }
    }

    #[test]
    fn a_trail_without_an_error_passes_whenever_it_last_delivered() {
        for last in [None, Some(ago(400))] {
            let trail = status(|status| status.log_files = Delivery { error: None, last });
            assert_eq!(evaluated(trail).violations, []);
        }
    }

    #[test]
    fn every_kind_of_delivery_is_a_part() {
        let trail = status(|status| {
            status.log_files = failed("NoSuchBucket", None);
            status.digest_files = failed("NoSuchBucket", Some(ago(2)));
            status.cloudwatch_logs = failed("ResourceNotFoundException", Some(ago(2)));
        });
        let result = evaluated(Trail {
            log_group: Some("arn:aws:logs:eu-west-1:111122223333:log-group:trail:*".into()),
            ..trail.clone()
        });
        assert_eq!(
            parts(&result),
            ["log files", "digest files", "CloudWatch Logs"]
        );
        let messages: Vec<_> = result
            .violations
            .iter()
            .map(|one| one.message.as_str())
            .collect();
        assert_eq!(
            messages,
            [
                "Trail all-regions cannot deliver log files to bucket trail-logs: NoSuchBucket; last delivery: never",
                "Trail all-regions cannot deliver digest files to bucket trail-logs: NoSuchBucket; last delivery: \
                 2026-11-13T03:00:00Z",
                "Trail all-regions cannot deliver to CloudWatch Logs: ResourceNotFoundException; last delivery: \
                 2026-11-13T03:00:00Z",
            ]
        );
        // Errors of what the trail no longer has are old.
        let result = evaluated(Trail {
            validates_log_files: false,
            ..trail
        });
        assert_eq!(parts(&result), ["log files"]);
    }

    #[test]
    fn a_stopped_trail_is_not_evaluated_and_an_unread_status_is_a_gap() {
        let stopped = status(|status| {
            status.is_logging = false;
            status.log_files = failed("NoSuchBucket", None);
        });
        let result = evaluated(stopped);
        assert_eq!((result.resources_evaluated, result.violations), (0, vec![]));
        let unread = Trail {
            status: missing("cloudtrail:GetTrailStatus"),
            ..trail("all-regions")
        };
        let result = evaluated(unread);
        assert_eq!(result.gaps, [denied("cloudtrail:GetTrailStatus")]);
        let facts = FactStore::default().with::<Trails>(missing("cloudtrail:ListTrails"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("cloudtrail:ListTrails"));
    }
}

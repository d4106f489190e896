//! What the checks of buckets share: each evaluates every bucket by facts that may be missing.

use crate::checks::{Check, Context, FailedResource, arn, format, remediation};
use crate::facts::Facts;
use crate::model::{Gap, RuleResult, Violation};
use crate::services::s3::{Bucket, BucketList};

/// Evaluates all buckets. `evaluate_one` gives the violation of one, if it is any, or the gap that keeps the check
/// from knowing; `unknown` says in the note what is not known of such buckets.
///
/// # Errors
/// The gap, where the buckets could not be listed.
pub(super) fn evaluate(
    facts: &Facts<'_>,
    unknown: &str,
    evaluate_one: impl Fn(&Bucket) -> Result<Option<Violation>, Gap>,
) -> Result<RuleResult, Gap> {
    let list = facts.get::<BucketList>()?;
    let mut result = RuleResult {
        gaps: list.buckets.gaps.clone(),
        ..RuleResult::default()
    };
    let mut not_known = Vec::new();
    for bucket in &list.buckets {
        let evaluated = evaluate_one(bucket);
        if evaluated.is_err() {
            not_known.push(&bucket.name);
        }
        result.add(evaluated);
    }
    result.resources_skipped = list.count_elsewhere();
    result.notes = notes(list.count_elsewhere(), &not_known, unknown);
    Ok(result)
}

/// What the reader should know: how many buckets were left out, and of which something is not known.
pub(super) fn notes(elsewhere: u64, not_known: &[&String], what: &str) -> Vec<String> {
    let outside = (elsewhere > 0).then(|| {
        let buckets = format::count(elsewhere, "bucket");
        format!("{buckets} skipped, in Regions that are not selected")
    });
    let unknown = (!not_known.is_empty()).then(|| {
        let names = format::first_few(not_known);
        format!("unknown {what}: {names}")
    });
    [outside, unknown].into_iter().flatten().collect()
}

/// A bucket's violation of a check, with what the message says after the bucket's name.
pub(super) fn violation(
    check: &Check,
    bucket: &Bucket,
    problem: &str,
    context: &Context<'_>,
) -> Violation {
    let Bucket { name, region } = bucket;
    let message = format!("Bucket {name} {problem}");
    Violation {
        region: region.get().ok().cloned(),
        ..check.violation(arn::bucket(context, name), message)
    }
}

/// The command that has a bucket's access logged, with account, Region and bucket in the keys, so that one log bucket
/// serves many.
pub(super) fn log_access(failed: &FailedResource<'_>) -> Option<String> {
    let log = r#"s3api put-bucket-logging --bucket-logging-status '{"LoggingEnabled":{"TargetBucket":"'"$LOG_BUCKET"'","TargetPrefix":"","TargetObjectKeyFormat":{"PartitionedPrefix":{"PartitionDateSource":"EventTime"}}}}'"#;
    remediation::bucket(log, failed)
}

#[cfg(test)]
mod tests {
    use super::super::s3_bucket_mfa_delete_off::CHECK;
    use super::*;
    use crate::checks::samples::{denied, missing, with_context};
    use crate::facts::{Fact, FactStore};
    use crate::model::{Reading, Region};
    use crate::services::s3::Versioning;
    use crate::services::s3::samples::buckets;

    #[test]
    fn a_gap_about_one_bucket_leaves_the_others_evaluated() {
        let mut facts = buckets(&["known", "hidden"]);
        facts.put_of::<Versioning>("known", Reading::known(Versioning::default()));
        facts.put_of::<Versioning>("hidden", missing("s3:GetBucketVersioning"));
        let evaluate = |facts: &FactStore| {
            let facts = &Facts::new(facts, &[BucketList::SPEC, Versioning::SPEC]);
            with_context(|context| {
                evaluate(facts, "whether versioned", |bucket| {
                    facts.of::<Versioning>(&bucket.name)?;
                    Ok(Some(violation(&CHECK, bucket, "is there", context)))
                })
            })
        };
        let evaluated = evaluate(&facts).unwrap();
        assert_eq!(evaluated.resources_evaluated, 1);
        assert_eq!(evaluated.gaps, [denied("s3:GetBucketVersioning")]);
        assert_eq!(evaluated.notes, ["unknown whether versioned: hidden"]);
        let violation = &evaluated.violations[0];
        assert_eq!(violation.message, "Bucket known is there");
        assert_eq!(violation.resource, "arn:aws:s3:::known");
        assert_eq!(violation.region, Some(Region::new("eu-west-1")));
        facts.put::<BucketList>(missing("s3:ListAllMyBuckets"));
        assert_eq!(evaluate(&facts).unwrap_err(), denied("s3:ListAllMyBuckets"));
    }
}

//! What the checks of buckets share: each judges every bucket by facts that may be missing.

use crate::checks::{Context, arn, words};
use crate::facts::Facts;
use crate::model::{Gap, Judgement, Severity, Violation};
use crate::services::s3::{Bucket, BucketList};

/// What a check holds against a bucket: how bad it is, and what the message says after the bucket's name.
pub(super) type Objection = (Severity, String);

/// Judges all buckets. `object` says what a check holds against one, if anything, and which gap keeps it
/// from knowing; `unknown` says in the note what is not known of such buckets.
///
/// # Errors
/// The gap, where the buckets could not be listed.
pub(super) fn judge(
    facts: &Facts<'_>,
    context: &Context<'_>,
    unknown: &str,
    object: impl Fn(&Bucket) -> Result<Option<Objection>, Gap>,
) -> Result<Judgement, Gap> {
    let list = facts.get::<BucketList>()?;
    let mut judgement = Judgement {
        gaps: list.buckets.gaps.clone(),
        ..Judgement::default()
    };
    let mut not_known = Vec::new();
    for bucket in &list.buckets {
        match object(bucket) {
            Ok(objection) => {
                judgement.examined += 1;
                let violation = objection.map(|said| violation(bucket, said, context));
                judgement.violations.extend(violation);
            }
            Err(gap) => {
                not_known.push(&bucket.name);
                judgement.gaps.push(gap);
            }
        }
    }
    judgement.left_out = list.outside_regions;
    judgement.notes = notes(list.outside_regions, &not_known, unknown);
    Ok(judgement)
}

/// What the reader should know: how many buckets were left out, and of which something is not known.
pub(super) fn notes(outside_regions: u64, not_known: &[&String], what: &str) -> Vec<String> {
    let outside = (outside_regions > 0).then(|| {
        let buckets = words::count(outside_regions, "bucket");
        format!("{buckets} in Regions that are not selected, left out")
    });
    let unknown = (!not_known.is_empty()).then(|| {
        let names = words::first_few(not_known);
        format!("not known {what}: {names}")
    });
    [outside, unknown].into_iter().flatten().collect()
}

fn violation(bucket: &Bucket, (severity, said): Objection, context: &Context<'_>) -> Violation {
    Violation {
        resource: arn::bucket(context, &bucket.name),
        part: String::new(),
        region: bucket.region.get().ok().cloned(),
        severity,
        message: format!("Bucket {} {said}", bucket.name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, missing, with_context};
    use crate::facts::{Fact, FactStore};
    use crate::model::{Reading, Region};
    use crate::services::s3::Versioning;
    use crate::services::s3::samples::buckets;

    #[test]
    fn a_gap_about_one_bucket_leaves_the_others_judged() {
        let mut facts = buckets(&["known", "hidden"]);
        facts.put_of::<Versioning>("known", Reading::known(Versioning::default()));
        facts.put_of::<Versioning>("hidden", missing("s3:GetBucketVersioning"));
        let judge = |facts: &FactStore| {
            let facts = &Facts::new(facts, &[BucketList::SPEC, Versioning::SPEC]);
            with_context(|context| {
                judge(facts, context, "whether versioned", |bucket| {
                    facts.of::<Versioning>(&bucket.name)?;
                    Ok(Some((Severity::Low, "is there".into())))
                })
            })
        };
        let judged = judge(&facts).unwrap();
        assert_eq!(judged.examined, 1);
        assert_eq!(judged.gaps, [denied("s3:GetBucketVersioning")]);
        assert_eq!(judged.notes, ["not known whether versioned: hidden"]);
        let violation = &judged.violations[0];
        assert_eq!(violation.message, "Bucket known is there");
        assert_eq!(violation.resource, "arn:aws:s3:::known");
        assert_eq!(violation.region, Some(Region::new("eu-west-1")));
        facts.put::<BucketList>(missing("s3:ListAllMyBuckets"));
        assert_eq!(judge(&facts).unwrap_err(), denied("s3:ListAllMyBuckets"));
    }
}

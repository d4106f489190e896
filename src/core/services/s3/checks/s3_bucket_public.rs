//! S3 buckets that are public by policy or ACL, after Block Public Access.

use super::bucket_exposure::{Exposure, exposure};
use super::buckets;
use crate::checks::{Category, Check, Context, Counterparts, Parameters, Rule, covers, mend, same};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, Judgement, Severity, Violation};
use crate::services::s3::{
    AccountBlock, AclGrant, AclGroup, AclPermission, Bucket, BucketAccess, BucketList,
};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-public",
    title: "S3 bucket is public",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "A public bucket can be read by people who look for nothing else, and bucket names are easy to \
          guess. Where the public may write as well, strangers can replace what you serve, store what they \
          like at your cost, or give themselves more access.",
    fix: "If nothing needs to be public, block it for the whole account, in the S3 console under Block \
          Public Access settings for this account, or with `aws s3control put-public-access-block \
          --account-id ACCOUNT --public-access-block-configuration \
          BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`. For \
          this bucket alone, in the console the bucket, Permissions, Block public access: `aws s3api \
          put-public-access-block --bucket BUCKET --region REGION --public-access-block-configuration \
          BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`. If \
          its objects are meant for everybody, serve them through CloudFront with origin access control and \
          keep the bucket itself private.",
    by_default: true,
    mend: |flawed| {
        mend::bucket(
            &format!("s3api put-public-access-block {}", mend::BLOCK_ALL),
            flawed,
        )
    },
    controls: &[
        covers("cis-7.0", "2.21"),
        covers("aws-fsbp", "S3.2"),
        covers("aws-fsbp", "S3.3"),
    ],
    prowler: Counterparts::per_resource(&[same("s3_bucket_public_access")]),
    parameters: Parameters::None,
    needs: &[AccountBlock::SPEC, BucketList::SPEC, BucketAccess::SPEC],
    rule: Rule::Account(judge),
};

fn judge(facts: &Facts<'_>, context: &Context<'_>) -> Result<Judgement, Gap> {
    let list = facts.get::<BucketList>()?;
    let settled = facts.get::<AccountBlock>().is_ok_and(|b| b.settles());
    let mut judgement = Judgement {
        gaps: list.buckets.gaps.clone(),
        ..Judgement::default()
    };
    let mut unknown = Vec::new();
    for bucket in &list.buckets {
        let exposure = exposure(facts, &bucket.name);
        let mut gaps = match &exposure {
            Exposure::Unknown(gaps) => gaps.clone(),
            Exposure::Shut | Exposure::Public { .. } => Vec::new(),
        };
        // Without its Region it is not known whether the scan is about the bucket at all.
        gaps.extend(bucket.region.get().err().filter(|_| !settled));
        if let Exposure::Public { policy, grants } = exposure {
            let violation = violation(bucket, policy, &grants.known, context);
            judgement.violations.push(violation);
            // A grant that could not be read can let the public do more.
            judgement.gaps.extend(grants.gaps);
        }
        if gaps.is_empty() {
            judgement.examined += 1;
        } else {
            unknown.push(&bucket.name);
            judgement.gaps.extend(gaps);
        }
    }
    judgement.left_out = list.outside_regions;
    judgement.notes = buckets::notes(list.outside_regions, &unknown, "whether public");
    Ok(judgement)
}

fn violation(
    bucket: &Bucket,
    policy: bool,
    grants: &[AclGrant],
    context: &Context<'_>,
) -> Violation {
    // With WRITE anybody can plant and replace objects, with WRITE_ACP take the other permissions too.
    let writable = grants.iter().any(|grant| {
        matches!(
            grant.permission,
            AclPermission::Write | AclPermission::WriteAcp | AclPermission::FullControl
        )
    });
    let by_policy = policy.then(|| {
        "by its bucket policy, to anyone whom its conditions let in (S3 judges the policy to be public)"
            .to_owned()
    });
    let by_acl = (!grants.is_empty()).then(|| format!("by its ACL, to {}", holders(grants)));
    let ways: Vec<String> = [by_policy, by_acl].into_iter().flatten().collect();
    let said = format!("is public {}", ways.join("; and "));
    let violation = buckets::violation(&CHECK, bucket, &said, context);
    match writable {
        true => violation.with_severity(Severity::Critical),
        false => violation,
    }
}

/// Who holds which permission, in the ACL's own words.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/acl-overview.html>
fn holders(grants: &[AclGrant]) -> String {
    let groups = [
        (AclGroup::AllUsers, "anyone on the internet"),
        (AclGroup::AuthenticatedUsers, "anyone with an AWS account"),
    ];
    let holders = groups.iter().filter_map(|(group, name)| {
        let mut held: Vec<_> = grants.iter().filter(|g| g.group == *group).collect();
        held.sort();
        held.dedup();
        let words: Vec<&str> = held.iter().map(|grant| word(grant.permission)).collect();
        (!words.is_empty()).then(|| format!("{name} ({})", words.join(", ")))
    });
    holders.collect::<Vec<_>>().join(" and ")
}

const fn word(permission: AclPermission) -> &'static str {
    match permission {
        AclPermission::Read => "READ",
        AclPermission::Write => "WRITE",
        AclPermission::ReadAcp => "READ_ACP",
        AclPermission::WriteAcp => "WRITE_ACP",
        AclPermission::FullControl => "FULL_CONTROL",
    }
}

#[cfg(test)]
mod tests;

//! S3 buckets that are public by policy or ACL, after Block Public Access.

use super::bucket_exposure::{BucketExposure, exposure};
use super::buckets;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::s3::{
    AccountBlock, AclGrant, AclGroup, AclPermission, Bucket, BucketAccess, BucketList,
};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-public",
    title: "S3 bucket is public",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "Attackers search for public buckets, and bucket names are easy to guess. If the public can also \
          write, the finding is critical. Strangers can then replace what you serve, store data at your \
          cost, or grant themselves more access.",
    fix: &[
        "Find out who uses the bucket from outside the account. The command in step 3 ends all public access. \
         If the bucket's policy is public, other accounts that it names lose access too. Uploads with a \
         public ACL fail.",
        "If the objects must be public, serve them through CloudFront with origin access control and keep \
         the bucket private.",
        "Run the command. It blocks public access to this bucket. The console has the same setting: S3, \
         Permissions, Block public access (bucket settings).",
        "If no bucket in the account needs to be public, block public access for the whole account: `aws \
         s3control put-public-access-block`.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-bucket", ""),
    by_default: true,
    remediation: |failed| {
        remediation::bucket(
            &format!("s3api put-public-access-block {}", remediation::BLOCK_ALL),
            failed,
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
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let list = facts.get::<BucketList>()?;
    let known_block = facts.get::<AccountBlock>().is_ok_and(|b| b.settles());
    let mut result = RuleResult {
        gaps: list.buckets.gaps.clone(),
        ..RuleResult::default()
    };
    let mut unknown = Vec::new();
    for bucket in &list.buckets {
        let exposure = exposure(facts, &bucket.name);
        let mut gaps = match &exposure {
            BucketExposure::Unknown(gaps) => gaps.clone(),
            BucketExposure::Shut | BucketExposure::Public { .. } => Vec::new(),
        };
        // Without its Region it is not known whether the scan is about the bucket at all.
        gaps.extend(bucket.region.get().err().filter(|_| !known_block));
        if let BucketExposure::Public { policy, grants } = exposure {
            let violation = violation(bucket, policy, &grants.known, context);
            result.violations.push(violation);
            // A grant that could not be read can let the public do more.
            result.gaps.extend(grants.gaps);
        }
        if gaps.is_empty() {
            result.resources_evaluated += 1;
        } else {
            unknown.push(&bucket.name);
            result.gaps.extend(gaps);
        }
    }
    result.resources_skipped = list.count_elsewhere();
    result.notes = buckets::notes(list.count_elsewhere(), &unknown, "whether public");
    Ok(result)
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
        "by its bucket policy, to anyone who meets its conditions (S3 evaluates the policy as public)"
            .to_owned()
    });
    let by_acl = (!grants.is_empty()).then(|| format!("by its ACL, to {}", holders(grants)));
    let ways: Vec<String> = [by_policy, by_acl].into_iter().flatten().collect();
    let problem = format!("is public {}", ways.join("; and "));
    let violation = buckets::violation(&CHECK, bucket, &problem, context);
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
        let mut granted: Vec<_> = grants.iter().filter(|g| g.group == *group).collect();
        granted.sort();
        granted.dedup();
        let names: Vec<&str> = granted
            .iter()
            .map(|grant| permission_name(grant.permission))
            .collect();
        (!names.is_empty()).then(|| format!("{name} ({})", names.join(", ")))
    });
    holders.collect::<Vec<_>>().join(" and ")
}

const fn permission_name(permission: AclPermission) -> &'static str {
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

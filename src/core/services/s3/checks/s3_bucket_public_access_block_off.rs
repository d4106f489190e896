//! Buckets that neither their own Block Public Access nor the account's covers as a whole.

use super::buckets;
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, remediation,
    same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::{AccountBlock, BucketBlock, BucketBlocks, BucketList, PublicAccessBlock};

pub(super) const CHECK: Check = Check {
    id: "s3-bucket-public-access-block-off",
    title: "S3 Block Public Access is not on for a bucket",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "S3 applies the settings of account and bucket together. If any of the four settings is off on \
          both, one wrong line in the bucket policy or ACL can make the bucket public. Buckets created \
          since April 2023 have all four on by default. The settings `IgnorePublicAcls` and \
          `RestrictPublicBuckets` act on existing ACLs and policies; if both are on, the severity is low. \
          The check needs one request per bucket, and the account setting covers all buckets, so it is not \
          enabled by default.",
    fix: &[
        "Find out who uses the bucket from outside the account, with or without AWS credentials. They lose \
         access.",
        "If possible, block public access for all buckets of the account: `aws s3control \
         put-public-access-block`. Then skip the next step.",
        "Run the command. It blocks public access to this bucket. The console has the same setting: S3, \
         Permissions, Block public access (bucket settings).",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:s3:::amzn-s3-demo-bucket", ""),
    by_default: false,
    remediation: |failed| {
        remediation::bucket(
            &format!("s3api put-public-access-block {}", remediation::BLOCK_ALL),
            failed,
        )
    },
    controls: &[
        covers("cis-7.0", "3.1.4"),
        covers("cis-5.0", "2.1.4"),
        covers("aws-fsbp", "S3.8"),
    ],
    prowler: Counterparts::per_resource(&[same("s3_bucket_level_public_access_block").with_remark("a full block of the account passes here, and so does one that account and bucket make up together")]),
    parameters: Parameters::None,
    needs: &[AccountBlock::SPEC, BucketList::SPEC, BucketBlocks::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let unknown = "whether all settings of Block Public Access are on";
    let account = facts.get::<AccountBlock>().copied();
    buckets::evaluate(facts, unknown, |bucket| {
        let own = facts.of::<BucketBlock>(&bucket.name).copied();
        let block = block(account.clone(), own)?;
        let off = block.off();
        if off.is_empty() {
            return Ok(None);
        }
        let off = off.join(", ");
        let problem =
            format!("has these Block Public Access settings off, and so has the account: {off}");
        let violation = buckets::violation(&CHECK, bucket, &problem, context);
        Ok(Some(match block.settles() {
            true => violation.with_severity(Severity::Low),
            false => violation,
        }))
    })
}

/// What is in force. A level that has all four settings on suffices, whatever is known of the other one.
fn block(
    account: Result<PublicAccessBlock, Gap>,
    own: Result<PublicAccessBlock, Gap>,
) -> Result<PublicAccessBlock, Gap> {
    match (&account, &own) {
        (Ok(full), _) | (_, Ok(full)) if full.is_full() => Ok(*full),
        _ => Ok(own?.and(account?)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::model::Reading;
    use crate::services::s3::samples::{FULL_BLOCK, bucket_with, every_block};

    const OFF: PublicAccessBlock = PublicAccessBlock {
        block_public_acls: false,
        ignore_public_acls: false,
        block_public_policy: false,
        restrict_public_buckets: false,
    };
    /// The two settings about ACLs.
    const ACLS: PublicAccessBlock = PublicAccessBlock {
        block_public_acls: true,
        ignore_public_acls: true,
        ..OFF
    };
    /// The two settings about policies.
    const POLICIES: PublicAccessBlock = PublicAccessBlock {
        block_public_policy: true,
        restrict_public_buckets: true,
        ..OFF
    };

    fn evaluated(
        account: Reading<PublicAccessBlock>,
        own: Reading<PublicAccessBlock>,
    ) -> RuleResult {
        let facts = bucket_with::<BucketBlock>(own).with::<AccountBlock>(account);
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn the_combined_block_of_account_and_bucket_counts() {
        for (account, own, severity) in [
            (FULL_BLOCK, OFF, None),
            (OFF, FULL_BLOCK, None),
            (ACLS, POLICIES, None),
            (OFF, OFF, Some(Severity::Medium)),
            (ACLS, ACLS, Some(Severity::Medium)),
            (POLICIES, OFF, Some(Severity::Medium)),
        ] {
            let result = evaluated(Reading::known(account), Reading::known(own));
            let found = result.violations.first().map(|one| one.severity);
            assert_eq!(found, severity, "{account:?} {own:?}");
            assert_eq!(result.resources_evaluated, 1);
        }
    }

    #[test]
    fn of_all_combinations_those_pass_that_have_every_setting_at_either_level() {
        for account in every_block() {
            for own in every_block() {
                let result = evaluated(Reading::known(account), Reading::known(own));
                let on = [
                    account.block_public_acls || own.block_public_acls,
                    account.ignore_public_acls || own.ignore_public_acls,
                    account.block_public_policy || own.block_public_policy,
                    account.restrict_public_buckets || own.restrict_public_buckets,
                ];
                let fails = on.contains(&false);
                assert_eq!(!result.violations.is_empty(), fails, "{account:?} {own:?}");
            }
        }
    }

    #[test]
    fn what_is_only_kept_from_being_written_is_of_low_severity() {
        let effective = PublicAccessBlock {
            ignore_public_acls: true,
            restrict_public_buckets: true,
            ..OFF
        };
        let result = evaluated(Reading::known(OFF), Reading::known(effective));
        assert_eq!(result.violations[0].severity, Severity::Low);
        assert_eq!(
            result.violations[0].message,
            "Bucket logs has these Block Public Access settings off, and so has the account: \
             BlockPublicAcls, BlockPublicPolicy"
        );
    }

    #[test]
    fn a_full_block_at_one_level_makes_up_for_a_gap_at_the_other() {
        let account = || missing("s3:GetAccountPublicAccessBlock");
        let own = || missing("s3:GetBucketPublicAccessBlock");
        for result in [
            evaluated(Reading::known(FULL_BLOCK), own()),
            evaluated(account(), Reading::known(FULL_BLOCK)),
        ] {
            assert_eq!((result.resources_evaluated, result.gaps), (1, vec![]));
        }
        for (result, action) in [
            (
                evaluated(Reading::known(ACLS), own()),
                "s3:GetBucketPublicAccessBlock",
            ),
            (
                evaluated(account(), Reading::known(ACLS)),
                "s3:GetAccountPublicAccessBlock",
            ),
        ] {
            assert_eq!(result.gaps, [denied(action)]);
            assert!(result.violations.is_empty());
        }
    }
}

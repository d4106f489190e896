//! Accounts whose S3 Block Public Access is not on as a whole.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::AccountBlock;

pub(super) const CHECK: Check = Check {
    id: "s3-account-public-access-block-off",
    title: "S3 Block Public Access is not on for the account",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "With all four settings on, no bucket of the account can be public, whatever its policy or ACL \
          contains. Otherwise one wrong line is enough. The settings `IgnorePublicAcls` and \
          `RestrictPublicBuckets` act on existing ACLs and policies. If both are on, the severity is low: \
          the other two only reject new public ACLs and policies.",
    fix: &[
        "Find public buckets and the clients that read them without AWS credentials. They lose access.",
        "If a bucket must be public, suppress the finding with an exception instead.",
        "Run the command. The console has the same setting: S3, Block Public Access settings for this \
         account.",
        "To set it for all accounts at once, use an S3 policy of AWS Organizations.",
    ],
    example: FailedResource::example("global", "arn:aws:s3::111122223333:account", ""),
    by_default: true,
    remediation: |failed| {
        let block = format!(
            "s3control put-public-access-block {}",
            remediation::BLOCK_ALL
        );
        remediation::aws(&block, &[("account-id", failed.account)])
    },
    controls: &[covers("aws-fsbp", "S3.1")],
    prowler: Counterparts::per_account(&[same("s3_account_level_public_access_blocks")]),
    parameters: Parameters::None,
    needs: &[AccountBlock::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let block = facts.get::<AccountBlock>()?;
    let off = block.off();
    if off.is_empty() {
        return Ok(RuleResult::of_one(None));
    }
    let off = off.join(", ");
    let message = format!("Block Public Access for the account has these settings off: {off}");
    let violation = CHECK.violation(arn::s3_account(context), message);
    Ok(RuleResult::of_one(Some(match block.settles() {
        true => violation.with_severity(Severity::Low),
        false => violation,
    })))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;
    use crate::services::s3::PublicAccessBlock;
    use crate::services::s3::samples::FULL_BLOCK;

    fn evaluated(block: PublicAccessBlock) -> RuleResult {
        let facts = FactStore::default().with::<AccountBlock>(Reading::known(block));
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn all_four_settings_pass() {
        let result = evaluated(FULL_BLOCK);
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }

    #[test]
    fn any_setting_that_is_off_fails() {
        let none = evaluated(PublicAccessBlock::default());
        let [violation] = none.violations.as_slice() else {
            panic!("{none:?}")
        };
        assert_eq!(violation.severity, Severity::Medium);
        assert_eq!(violation.resource, "arn:aws:s3::111122223333:account");
        assert_eq!(
            violation.message,
            "Block Public Access for the account has these settings off: BlockPublicAcls, \
             IgnorePublicAcls, BlockPublicPolicy, RestrictPublicBuckets"
        );
        let mut off = [FULL_BLOCK; 4];
        off[0].block_public_acls = false;
        off[1].block_public_policy = false;
        off[2].ignore_public_acls = false;
        off[3].restrict_public_buckets = false;
        use Severity::{Low, Medium};
        for (block, severity) in off.into_iter().zip([Low, Low, Medium, Medium]) {
            let result = evaluated(block);
            assert_eq!(result.violations[0].severity, severity, "{block:?}");
        }
    }

    #[test]
    fn a_block_that_could_not_be_read_is_a_gap() {
        let facts =
            FactStore::default().with::<AccountBlock>(missing("s3:GetAccountPublicAccessBlock"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("s3:GetAccountPublicAccessBlock"));
    }
}

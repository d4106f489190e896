//! Accounts whose S3 Block Public Access is not on as a whole.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, arn, covers, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::s3::AccountBlock;

pub(super) const CHECK: Check = Check {
    id: "s3-account-public-access-block-off",
    title: "S3 Block Public Access is not on for the account",
    category: Category::ExposureRisks,
    severity: Severity::Medium,
    why: "With all four settings on for the account no bucket of it can be made public, whatever somebody \
          writes into its policy or ACL. Without them one wrong line is enough. Where the two settings are on \
          that take effect on policies and ACLs which are there already, the other two only keep useless ones \
          from being written, and the finding is of low severity.",
    fix: "Unless buckets of the account have to be public: `aws s3control put-public-access-block \
          --account-id ACCOUNT --public-access-block-configuration \
          BlockPublicAcls=true,IgnorePublicAcls=true,BlockPublicPolicy=true,RestrictPublicBuckets=true`; in \
          the console, S3, Block Public Access settings for this account, Edit. Look first which buckets are \
          public: what reads them without an AWS account stops working. An organization can set it for all \
          its accounts with an S3 policy.",
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
    let message = format!("Block Public Access for the account leaves {off} off");
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
        assert_eq!((result.examined, result.violations), (1, vec![]));
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
            "Block Public Access for the account leaves BlockPublicAcls, IgnorePublicAcls, \
             BlockPublicPolicy, RestrictPublicBuckets off"
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

//! Access keys of the root user.

use crate::checks::{
    Category, Check, Context, Counterparts, Parameters, Rule, arn, covers, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::RootCredentials;

pub(super) const CHECK: Check = Check {
    id: "root-access-key",
    title: "The root user has an access key",
    category: Category::IamSecurity,
    severity: Severity::Critical,
    why: "The root user may do everything, no policy of the account can narrow it, and a key asks for no second \
          factor. Whoever finds the key in a repository, a backup or a laptop owns the account. Nothing needs one: \
          roles and IAM Identity Center do all that programs do.",
    fix: "Find out who uses the key (the credential report says when and for which service), move that to a role, \
          then sign in to the AWS Management Console as root, open Security credentials in the account's menu, \
          and deactivate and delete the key; or, signed in with that very key, `aws iam delete-access-key \
          --access-key-id KEY`. In an organization, remove the root credentials of members for good: `aws iam \
          enable-organizations-root-credentials-management`, then delete them in IAM's page Root access management, or with what `aws \
          sts assume-root --target-principal ACCOUNT --task-policy-arn arn=POLICY_ARN` gives, with the ARN of AWS's \
          policy root-task/IAMDeleteRootUserCredentials.",
    by_default: true,
    remediation: remediation::root,
    controls: &[
        covers("cis-7.0", "2.4"),
        covers("cis-5.0", "1.3"),
        covers("aws-fsbp", "IAM.4"),
    ],
    prowler: Counterparts::per_account(&[same("iam_no_root_access_key")]),
    parameters: Parameters::None,
    needs: &[RootCredentials::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let has_key = *facts.get::<RootCredentials>()?.has_key.get()?;
    let violation = CHECK.violation(arn::root(context), "The root user has an access key");
    Ok(RuleResult::of_one(has_key.then_some(violation)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(has_key: bool) -> RuleResult {
        let root = RootCredentials {
            has_key: Reading::known(has_key),
            has_mfa: Reading::known(true),
            has_password: true,
        };
        let facts = FactStore::default().with::<RootCredentials>(Reading::known(root));
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn a_key_is_a_finding_of_the_root_users_arn() {
        assert!(evaluated(false).violations.is_empty());
        let [violation] = &evaluated(true).violations[..] else {
            panic!()
        };
        assert_eq!(violation.resource, "arn:aws:iam::111122223333:root");
    }

    #[test]
    fn a_summary_that_could_not_be_read_is_a_gap() {
        let facts = FactStore::default().with::<RootCredentials>(missing("iam:GetAccountSummary"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:GetAccountSummary"));
    }
}

//! Access keys of the root user.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity};
use crate::services::iam::RootCredentials;

pub(super) const CHECK: Check = Check {
    id: "root-access-key",
    title: "The root user has an access key",
    category: Category::IamSecurity,
    severity: Severity::Critical,
    why: "The root user can do everything, and no policy of the account can restrict it. An access key \
          works without a second factor. Everyone who finds the key in a repository, a backup or a laptop \
          can take over the account. No workload needs it: use roles or IAM Identity Center.",
    fix: &[
        "Find out what uses the key. The IAM credential report has the time and the service of its last \
         use.",
        "Move that workload to a role.",
        "In the management account, or outside an organization: sign in to the console as root, open \
         Security credentials in the account menu, and deactivate and delete the key. In that case, skip the remaining steps.",
        "In a member account, enable centralized root access first: see the check \
         organization-root-access-not-central.",
        "Run the command with credentials of the management account or of the delegated administrator for \
         IAM. It returns temporary root credentials for the member account.",
        "Set these as `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN` in your shell.",
        "List and delete the key: `aws iam list-access-keys`, then `aws iam delete-access-key`. The IAM \
         console has the same function under Root access management.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:root", ""),
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

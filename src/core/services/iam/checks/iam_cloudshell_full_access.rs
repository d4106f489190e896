//! Who may move files through CloudShell.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, arn, covers,
    remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::iam::{CloudShellHolders, Holders};

pub(super) const CHECK: Check = Check {
    id: "iam-cloudshell-full-access",
    title: "AWSCloudShellFullAccess is attached",
    category: Category::IamSecurity,
    severity: Severity::Low,
    why: "The policy allows all actions of CloudShell, including file upload and download. CloudShell has \
          the user's permissions, root rights in its container and internet access. Data can leave the \
          account through the browser, where network monitoring does not see it. Each user, group or role \
          with the policy is a separate finding.",
    fix: &[
        "Attach a policy without `cloudshell:GetFileDownloadUrls` and `cloudshell:GetFileUploadUrls` if \
         CloudShell is needed.",
        "Run the command. It detaches the policy. The console has the same function: IAM, Policies, \
         AWSCloudShellFullAccess, Entities attached.",
    ],
    example: FailedResource::example(
        "global",
        "arn:aws:iam::aws:policy/AWSCloudShellFullAccess",
        "role Admin",
    ),
    by_default: true,
    remediation: |failed| {
        let (kind, name) = failed.part.split_once(' ')?;
        let (detach, option) = match kind {
            "user" => ("iam detach-user-policy", "user-name"),
            "group" => ("iam detach-group-policy", "group-name"),
            "role" => ("iam detach-role-policy", "role-name"),
            _ => return None,
        };
        remediation::aws(detach, &[(option, name), ("policy-arn", failed.resource)])
    },
    controls: &[covers("cis-7.0", "2.20"), covers("cis-5.0", "1.21")],
    prowler: Counterparts::per_account(&[same("iam_policy_cloudshell_admin_not_attached")]),
    parameters: Parameters::None,
    needs: &[CloudShellHolders::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let Holders {
        users,
        groups,
        roles,
    } = facts.get::<CloudShellHolders>()?;
    let kinds = [("user", users), ("group", groups), ("role", roles)];
    let holders = kinds
        .into_iter()
        .flat_map(|(kind, names)| names.iter().map(move |name| (kind, name)));
    let gaps = kinds.iter().flat_map(|(_, names)| &names.gaps);
    Ok(RuleResult {
        resources_evaluated: 1,
        gaps: gaps.cloned().collect(),
        violations: holders
            .map(|(kind, name)| violation(context, kind, name))
            .collect(),
        ..RuleResult::default()
    })
}

fn violation(context: &Context<'_>, kind: &str, name: &str) -> Violation {
    let part = format!("{kind} {name}");
    let message = format!("The {part} has the policy AWSCloudShellFullAccess");
    let resource = arn::aws_policy(context, "AWSCloudShellFullAccess");
    CHECK.violation(resource, message).with_part(part)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_account, missing};
    use crate::facts::FactStore;
    use crate::model::Reading;

    fn evaluated(holders: Holders) -> RuleResult {
        let facts = FactStore::default().with::<CloudShellHolders>(Reading::known(holders));
        evaluate_account(&CHECK, &facts).unwrap()
    }

    #[test]
    fn a_policy_that_nobody_has_passes() {
        let result = evaluated(Holders::default());
        assert_eq!(result.resources_evaluated, 1);
        assert!(result.violations.is_empty());
    }

    #[test]
    fn each_holder_is_a_part_of_the_policy() {
        let result = evaluated(Holders {
            users: vec!["ann".into()].into(),
            groups: vec!["developers".into()].into(),
            roles: vec!["ops".into(), "build".into()].into(),
        });
        let parts = result.violations.iter();
        let parts: Vec<_> = parts.map(|one| one.part.as_str()).collect();
        assert_eq!(
            parts,
            ["user ann", "group developers", "role ops", "role build"]
        );
        assert_eq!(
            result.violations[0].resource,
            "arn:aws:iam::aws:policy/AWSCloudShellFullAccess"
        );
    }

    #[test]
    fn a_holder_without_a_name_is_a_gap_beside_the_others() {
        let mut holders = Holders {
            users: vec!["ann".into()].into(),
            ..Holders::default()
        };
        holders
            .groups
            .gaps
            .push(denied("iam:ListEntitiesForPolicy"));
        let result = evaluated(holders);
        assert_eq!((result.violations.len(), result.gaps.len()), (1, 1));
    }

    #[test]
    fn holders_that_could_not_be_listed_are_a_gap() {
        let facts =
            FactStore::default().with::<CloudShellHolders>(missing("iam:ListEntitiesForPolicy"));
        let gap = evaluate_account(&CHECK, &facts).unwrap_err();
        assert_eq!(gap, denied("iam:ListEntitiesForPolicy"));
    }
}

//! Policies that let their holders do everything.

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, Parameters, Rule, covers, format, part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{Gap, RuleResult, Severity, Violation};
use crate::services::iam::{AttachedPolicies, AttachedPolicy, Statement, StatementResources};

pub(super) const CHECK: Check = Check {
    id: "iam-policy-full-admin",
    title: "Attached policy grants full administrative access",
    category: Category::IamSecurity,
    severity: Severity::High,
    why: "Identities with such a policy can read and delete all data and grant the same access to others. \
          Few tasks need that. The check evaluates customer managed and AWS managed policies that are \
          attached to a user, group or role. A policy fails if one statement allows all actions on all \
          resources. A statement that excludes some actions also fails, unless it excludes all of IAM, as \
          PowerUserAccess does. With IAM permissions, an identity can grant itself the rest. The severity \
          is medium if the statement has conditions. It is also medium for AWS managed policies such as \
          AdministratorAccess, because some administrators need them. The check ignores inline policies; \
          iam-user-policy-attached reports those of users. It also ignores permissions boundaries and \
          service control policies.",
    fix: &[
        "Run the command. It lists the users, groups and roles with the policy.",
        "Create a policy with the permissions that they use. For roles and users, IAM can generate it from \
         CloudTrail: select the role or user, then Generate policy.",
        "Attach the new policy and test it.",
        "Detach the old policy in the IAM console under Policies, Entities attached. With the CLI, use `aws \
         iam detach-role-policy`, `aws iam detach-user-policy` or `aws iam detach-group-policy`.",
        "Suppress the finding with an exception for the administrators that you need.",
    ],
    example: FailedResource::example("global", "arn:aws:iam::111122223333:policy/full-access", ""),
    by_default: true,
    remediation: |failed| {
        remediation::aws(
            "iam list-entities-for-policy",
            &[("policy-arn", failed.resource)],
        )
    },
    controls: &[
        covers("cis-7.0", "2.14"),
        covers("cis-5.0", "1.15"),
        covers("aws-fsbp", "IAM.1"),
    ],
    prowler: Counterparts::per_resource(&[
        part("iam_customer_attached_policy_no_administrative_privileges"),
        part("iam_aws_attached_policy_no_administrative_privileges"),
        part("iam_inline_policy_no_administrative_privileges"),
    ]),
    parameters: Parameters::None,
    needs: &[AttachedPolicies::SPEC],
    rule: Rule::Account(evaluate),
};

fn evaluate(facts: &Facts<'_>, context: &Context<'_>) -> Result<RuleResult, Gap> {
    let policies = facts.get::<AttachedPolicies>()?;
    let mut result = RuleResult::of_each(policies, |policy| {
        match (violation(policy, context), policy.broad.complete()) {
            (Some(found), _) => Ok(Some(found)),
            (None, complete) => complete.map(|()| None),
        }
    });
    // Where one statement is enough for a finding, another that could not be read can make it worse.
    let unread = policies.iter().flat_map(|policy| &policy.broad.gaps);
    result.gaps.extend(unread.cloned());
    Ok(result)
}

fn violation(policy: &AttachedPolicy, context: &Context<'_>) -> Option<Violation> {
    let full = policy.broad.iter().filter(|one| is_full(one, context));
    // Without conditions first, without exceptions next: the worst is told.
    let broadest = full.min_by_key(|one| (one.has_conditions, one.except_actions.len()))?;
    let of_aws = policy.arn.contains(":iam::aws:policy/");
    let found = CHECK.violation(policy.arn.clone(), message(policy, broadest, of_aws));
    Some(match of_aws || broadest.has_conditions {
        true => found.with_severity(Severity::Medium),
        false => found,
    })
}

fn message(policy: &AttachedPolicy, statement: &Statement, of_aws: bool) -> String {
    let owner = if of_aws { "AWS's policy" } else { "Policy" };
    let actions = match statement.except_actions.as_slice() {
        [] => "all actions".to_owned(),
        except => format!("all actions except {}", format::first_few(except)),
    };
    let resources = match &statement.resources {
        StatementResources::Only(_) => "all resources".to_owned(),
        StatementResources::AllBut(except) => {
            format!("all resources except {}", format::first_few(except))
        }
    };
    let conditions = match statement.has_conditions {
        true => ", under conditions",
        false => "",
    };
    let holders = match policy.attached_to {
        1 => "1 user, group or role".to_owned(),
        n => format!("{n} users, groups and roles"),
    };
    let name = &policy.name;
    format!("{owner} {name}, attached to {holders}, allows {actions} on {resources}{conditions}")
}

/// Whether a statement lets its holder do everything, or give itself what is left out.
fn is_full(statement: &Statement, context: &Context<'_>) -> bool {
    let on_all = match &statement.resources {
        StatementResources::Only(resources) => resources.iter().any(|one| is_any(one)),
        StatementResources::AllBut(except) => {
            !except.iter().any(|one| has_all_of_iam(one, context))
        }
    };
    let except = &statement.except_actions;
    on_all && !except.iter().any(|one| excludes_iam(one))
}

/// `*`, however often it is written.
fn is_any(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte == b'*')
}

/// Whether an exception has all that the account has in IAM: `arn:aws:iam::111122223333:*`, `*`. To leave
/// out one role leaves the others to give oneself everything with. Fields that are missing stand for any.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html>
fn has_all_of_iam(resource: &str, context: &Context<'_>) -> bool {
    let mut fields = resource.splitn(6, ':');
    let mut field = || fields.next().unwrap_or("*");
    let account = context.account.as_str();
    let of_account = ["arn", context.partition, "iam", "", account];
    of_account.iter().all(|text| matches_text(field(), text)) && is_any(field())
}

/// Whether an exception has all actions of IAM: `iam:*`, `IAM:*`, `i*`, `*`.
fn excludes_iam(action: &str) -> bool {
    let action = action.to_ascii_lowercase();
    let (service, name) = action.split_once(':').unwrap_or((&action, "*"));
    matches_text(service, "iam") && is_any(name)
}

/// Whether a pattern is the text, or its beginning and then a wildcard. What is written otherwise is not
/// taken for an exception.
fn matches_text(pattern: &str, text: &str) -> bool {
    match pattern.split_once('*') {
        None => pattern == text,
        Some((start, end)) => text.starts_with(start) && (end.is_empty() || is_any(end)),
    }
}

#[cfg(test)]
mod tests;

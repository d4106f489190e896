use super::*;
use crate::checks::samples::{denied, evaluate_account, missing};
use crate::facts::FactStore;
use crate::model::Reading;

const OWN: &str = "arn:aws:iam::111122223333:policy/all";

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(ToString::to_string).collect()
}

/// A statement without conditions, on all resources.
fn all_but(actions: &[&str]) -> Statement {
    Statement {
        except_actions: texts(actions),
        resources: StatementResources::Only(texts(&["*"])),
        has_conditions: false,
    }
}

fn on(resources: StatementResources) -> Statement {
    Statement {
        resources,
        ..all_but(&[])
    }
}

fn evaluated(arn: &str, broad: Vec<Statement>) -> RuleResult {
    let policy = AttachedPolicy {
        name: "all".into(),
        arn: arn.into(),
        attached_to: 2,
        broad: broad.into(),
    };
    let facts = FactStore::default().with::<AttachedPolicies>(Reading::known(vec![policy].into()));
    let result = evaluate_account(&CHECK, &facts).unwrap();
    assert_eq!(result.resources_evaluated, 1);
    result
}

fn is_finding(statement: Statement) -> bool {
    !evaluated(OWN, vec![statement]).violations.is_empty()
}

#[test]
fn a_policy_without_broad_statements_passes() {
    assert!(evaluated(OWN, Vec::new()).violations.is_empty());
}

#[test]
fn everything_on_everything_is_a_finding_of_the_policys_arn() {
    let result = evaluated(OWN, vec![all_but(&[])]);
    let [violation] = &result.violations[..] else {
        panic!("{result:?}")
    };
    assert_eq!(violation.resource, OWN);
    assert_eq!(violation.severity, Severity::High);
    assert_eq!(
        violation.message,
        "Policy all, attached to 2 users, groups and roles, allows all actions on all resources"
    );
}

#[test]
fn awss_own_and_conditions_are_milder() {
    let severity = |arn, statements| evaluated(arn, statements).violations[0].severity;
    let of_aws = "arn:aws:iam::aws:policy/AdministratorAccess";
    assert_eq!(severity(of_aws, vec![all_but(&[])]), Severity::Medium);
    let with_conditions = Statement {
        has_conditions: true,
        ..all_but(&[])
    };
    assert_eq!(
        severity(OWN, vec![with_conditions.clone()]),
        Severity::Medium
    );
    // One statement without is enough, wherever it stands.
    let both = vec![with_conditions, all_but(&[])];
    assert_eq!(severity(OWN, both), Severity::High);
}

#[test]
fn all_but_some_actions_is_everything_unless_iam_is_excluded() {
    for except in [
        &["s3:DeleteBucket"][..],
        &["iam:CreateUser"],
        &["iam:Get*"],
        &["organizations:*", "account:*"],
        &["*:Delete*"],
        &["iamx:*"],
    ] {
        assert!(is_finding(all_but(except)), "{except:?}");
    }
    for except in [
        &["iam:*"][..],
        &["IAM:*"],
        &["iam:*", "organizations:*", "account:*"],
        &["i*:*"],
        &["*"],
    ] {
        assert!(!is_finding(all_but(except)), "{except:?}");
    }
}

#[test]
fn all_resources_are_meant() {
    for resources in [
        StatementResources::Only(texts(&["arn:aws:s3:::x", "*"])),
        StatementResources::Only(texts(&["**"])),
        StatementResources::AllBut(texts(&["arn:aws:s3:::x"])),
    ] {
        assert!(is_finding(on(resources.clone())), "{resources:?}");
    }
    for resources in [
        StatementResources::Only(texts(&["arn:aws:s3:::*"])),
        StatementResources::Only(Vec::new()),
        StatementResources::AllBut(texts(&["arn:aws:iam::111122223333:*"])),
        StatementResources::AllBut(texts(&["*"])),
    ] {
        assert!(!is_finding(on(resources.clone())), "{resources:?}");
    }
}

#[test]
fn an_exception_counts_where_it_has_all_of_the_account_s_iam() {
    let all_but = |resource| StatementResources::AllBut(texts(&["arn:aws:s3:::x", resource]));
    for resource in [
        "arn:aws:iam::111122223333:user/ann",
        "arn:aws:iam::111122223333:role/*",
        "arn:aws:iam::111122223333:*/*",
        "arn:aws:iam::444455556666:*",
        "arn:aws-cn:iam::111122223333:*",
        "arn:aws:s3:::*",
        "arn:aws:*:::x",
    ] {
        assert!(is_finding(on(all_but(resource))), "{resource}");
    }
    for resource in [
        "arn:aws:iam::111122223333:*",
        "arn:aws:iam::111122223333:**",
        "arn:aws:iam::1111*:*",
        "arn:aws:iam::*:*",
        "arn:aws*:iam::*:*",
        "arn:aws:*:*:*:*",
        "arn:aws:iam::*",
        "arn:*",
        "**",
    ] {
        assert!(!is_finding(on(all_but(resource))), "{resource}");
    }
}

#[test]
fn a_statement_and_a_policy_that_could_not_be_read_hide_no_others() {
    let gap = |name: &str| denied("iam:GetAccountAuthorizationDetails").of(name);
    let policy = |name: &str, broad: crate::model::Items<Statement>| AttachedPolicy {
        name: name.into(),
        arn: format!("arn:aws:iam::111122223333:policy/{name}").into(),
        attached_to: 1,
        broad,
    };
    let unread = |name: &str| Err::<Statement, _>(gap(name));
    let policies = [
        Ok(policy(
            "all",
            [Ok(all_but(&[])), unread("all")].into_iter().collect(),
        )),
        Ok(policy("open", [unread("open")].into_iter().collect())),
        Ok(policy("none", Vec::new().into())),
        Err(gap("other")),
    ];
    let facts = FactStore::default()
        .with::<AttachedPolicies>(Reading::known(policies.into_iter().collect()));
    let verdict = crate::model::Verdict::from(evaluate_account(&CHECK, &facts));
    assert_eq!(
        (verdict.resources_evaluated, verdict.violations.len()),
        (2, 1)
    );
    let gaps: Vec<_> = verdict
        .gaps
        .iter()
        .map(|gap| gap.resource.as_str())
        .collect();
    assert_eq!(gaps, ["other", "open", "all"]);
}

#[test]
fn policies_that_could_not_be_read_are_a_gap() {
    let facts = FactStore::default()
        .with::<AttachedPolicies>(missing("iam:GetAccountAuthorizationDetails"));
    let gap = evaluate_account(&CHECK, &facts).unwrap_err();
    assert_eq!(gap, denied("iam:GetAccountAuthorizationDetails"));
}

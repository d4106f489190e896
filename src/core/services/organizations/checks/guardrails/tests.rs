//! What both checks of guardrails have in common.

use super::*;
use crate::checks::samples::{denied, evaluate_organization, missing};
use crate::facts::FactStore;
use crate::model::{Reading, Verdict};
use crate::services::organizations::samples::{central, without_features};

const MANAGEMENT: &str = "111122223333";

fn node(id: &str, parent: &str) -> TreeNode {
    let kind = match id.split_once('-') {
        Some(("r", _)) => "root",
        Some(_) => "ou",
        None => "account",
    };
    let arn = format!("arn:aws:organizations::{MANAGEMENT}:{kind}/o-a1b2c3d4e5/{id}");
    TreeNode {
        id: id.to_owned(),
        arn: arn.into(),
        name: format!("name of {id}"),
        parent: parent.to_owned(),
    }
}

fn number(account: u64) -> String {
    crate::testing::id(account).to_string()
}

/// The root with the management account and account 1; Workloads with Production, which has accounts 2 and 3, and Staging
/// with account 4; and an OU without accounts.
fn tree(enabled: &[&str]) -> OrganizationTree {
    let ous = [
        ("ou-a1b2-work", "r-a1b2"),
        ("ou-a1b2-empty", "r-a1b2"),
        ("ou-a1b2-prod", "ou-a1b2-work"),
        ("ou-a1b2-stage", "ou-a1b2-work"),
    ];
    let accounts = [
        (MANAGEMENT.to_owned(), "r-a1b2"),
        (number(1), "r-a1b2"),
        (number(2), "ou-a1b2-prod"),
        (number(3), "ou-a1b2-prod"),
        (number(4), "ou-a1b2-stage"),
    ];
    let nodes = |items: &[TreeNode]| Items::from(items.to_vec());
    OrganizationTree {
        root: node("r-a1b2", ""),
        enabled_policy_types: enabled.iter().map(|one| (*one).to_owned()).collect(),
        ous: nodes(&ous.map(|(id, parent)| node(id, parent))),
        accounts: nodes(&accounts.map(|(id, parent)| node(&id, parent))),
    }
}

fn facts<P: Fact<Value = Items<AttachedPolicy>>>(
    tree: OrganizationTree,
    targets: &[&str],
) -> FactStore {
    let policy = AttachedPolicy {
        id: "p-own".to_owned(),
        targets: Reading::known(targets.iter().map(|one| (*one).to_owned()).collect()),
    };
    central()
        .with::<OrganizationTree>(Reading::known(tree))
        .with::<P>(Reading::known(Items::from(vec![policy])))
}

fn verdict(check: &'static Check, facts: &FactStore) -> Verdict {
    evaluate_organization(check, &[facts]).remove(0)
}

/// Holds that a check reports the highest parts that its policies do not bind.
pub(in super::super) fn finds_what_no_policy_binds<P: Fact<Value = Items<AttachedPolicy>>>(
    check: &'static Check,
    kind: &PolicyKind,
) {
    let account_1 = number(1);
    for (targets, evaluated, uncovered) in [
        (vec!["r-a1b2"], 1, vec![]),
        (vec![], 1, vec!["r-a1b2"]),
        // The management account is not bound, whatever is attached to it.
        (vec![MANAGEMENT], 1, vec!["r-a1b2"]),
        (vec!["ou-a1b2-work"], 2, vec![account_1.as_str()]),
        (vec!["ou-a1b2-work", &account_1], 2, vec![]),
        (vec!["ou-a1b2-prod"], 3, vec!["ou-a1b2-stage", &account_1]),
        (vec!["ou-a1b2-empty"], 1, vec!["r-a1b2"]),
    ] {
        let verdict = verdict(check, &facts::<P>(tree(&[kind.id]), &targets));
        let found: Vec<&str> = verdict.violations.iter().map(last).collect();
        let mut expected = uncovered;
        expected.sort_unstable();
        let mut sorted = found;
        sorted.sort_unstable();
        assert_eq!(sorted, expected, "{targets:?}");
        assert_eq!(
            (verdict.resources_evaluated, verdict.gaps),
            (evaluated, vec![])
        );
    }
    part_of_one_account::<P>(check, kind);
    types_that_are_off::<P>(check);
    what_is_not_known::<P>(check, kind);
}

fn last(violation: &Violation) -> &str {
    violation.resource.rsplit('/').next().unwrap_or_default()
}

fn part_of_one_account<P: Fact<Value = Items<AttachedPolicy>>>(
    check: &'static Check,
    kind: &PolicyKind,
) {
    let account = number(2);
    let targets = ["ou-a1b2-stage", account.as_str()];
    let verdict = verdict(check, &facts::<P>(tree(&[kind.id]), &targets));
    let messages: Vec<&str> = verdict.violations.iter().map(|one| &*one.message).collect();
    let of = |account: u64| {
        let id = number(account);
        let except = match kind.default_policy {
            "" => String::new(),
            default => format!(" except {default}"),
        };
        format!(
            "No {}{except} applies to account name of {id} ({id})",
            kind.name
        )
    };
    assert_eq!(messages, [of(1), of(3)]);
}

fn types_that_are_off<P: Fact<Value = Items<AttachedPolicy>>>(check: &'static Check) {
    let off = verdict(check, &facts::<P>(tree(&[]), &["r-a1b2"]));
    let message = &off.violations[0].message;
    assert!(message.contains("4 member accounts"), "{message}");
    assert!(message.ends_with("not enabled"), "{message}");
    let [billing, alone] = without_features().map(|facts| verdict(check, &facts));
    assert!(
        billing.violations[0]
            .message
            .contains("consolidated billing")
    );
    assert_eq!((alone.resources_evaluated, alone.notes.len()), (0, 1));
    assert!(alone.violations.is_empty() && alone.gaps.is_empty());
    let mut empty = tree(&[]);
    empty.accounts.known.truncate(1);
    let empty = verdict(check, &facts::<P>(empty, &[]));
    assert_eq!((empty.violations.len(), empty.notes.len()), (0, 1));
}

fn what_is_not_known<P: Fact<Value = Items<AttachedPolicy>>>(
    check: &'static Check,
    kind: &PolicyKind,
) {
    let action = "organizations:ListTargetsForPolicy";
    let policy = AttachedPolicy {
        id: "p-own".to_owned(),
        targets: missing(action),
    };
    let known = facts::<P>(tree(&[kind.id]), &[]);
    let unread = known
        .clone()
        .with::<P>(Reading::known(Items::from(vec![policy])));
    let mut stray = tree(&[kind.id]);
    stray.accounts.known.push(node(&number(5), "ou-a1b2-new"));
    let stray = verdict(check, &facts::<P>(stray, &[]));
    assert_eq!((stray.violations, stray.gaps.len()), (vec![], 1));
    let no_tree = central().with::<OrganizationTree>(missing(action));
    for facts in [unread, known.with::<P>(missing(action)), no_tree] {
        let verdict = verdict(check, &facts);
        assert_eq!(
            (verdict.violations, verdict.gaps),
            (vec![], vec![denied(action)])
        );
    }
}

//! Accounts that an organization trail of another account logs.

use super::rules::{IAM, rule};
use super::*;

fn settings() -> Settings {
    Settings {
        partition: "aws".to_owned(),
        now: "2026-11-15T03:00:00Z".parse().unwrap(),
        central_account: None,
        sensitive_ports: Vec::new(),
        monitoring: crate::model::Monitoring::default(),
    }
}

/// The owner of an organization trail, account 0, that monitors these parts.
fn organization(parts: &[&str]) -> FactStore {
    let mut sample = sample(0, parts);
    sample.own[0].is_organization = true;
    sample.facts()
}

/// An account without a trail of its own.
fn member(n: u64) -> Sample {
    let mut sample = sample(n, &[]);
    sample.own.clear();
    sample.filters.clear();
    sample.of_others = vec![trail(0).arn];
    sample
}

/// How many findings and gaps each account has; none without a verdict.
fn found(accounts: &[FactStore]) -> Vec<Option<(usize, usize)>> {
    let verdicts = verdicts(settings(), accounts).into_iter();
    let counts = |verdict: Verdict| (verdict.violations.len(), verdict.gaps.len());
    verdicts.map(|verdict| verdict.map(counts)).collect()
}

#[test]
fn members_pass_with_the_owner_and_its_failures_are_reported_once() {
    let members = || [member(1).facts(), member(2).facts()];
    let [one, two] = members();
    let passing = found(&[organization(&every_part()), one, two]);
    assert_eq!(passing, [Some((0, 0)), Some((0, 0)), Some((0, 0))]);
    let [one, two] = members();
    let failing = found(&[organization(&every_part()[1..]), one, two]);
    assert_eq!(failing, [Some((1, 0)), None, None]);
}

#[test]
fn a_member_may_monitor_the_rest_itself() {
    let mut with_rule = member(1);
    let rules = vec![rule(IAM, true)].into();
    with_rule.rules = BTreeMap::from([(Region::new("us-east-1"), Reading::known(rules))]);
    let parts = every_part().into_iter();
    let others: Vec<&str> = parts.filter(|one| *one != "iam-policy-changes").collect();
    let result = found(&[organization(&others), with_rule.facts(), member(2).facts()]);
    assert_eq!(result, [Some((1, 0)), Some((0, 0)), None]);
    let mut own = sample(1, &["iam-policy-changes"]);
    own.of_others = vec![trail(0).arn];
    let mut silent = sample(2, &[]);
    silent.of_others = vec![trail(0).arn];
    let result = found(&[organization(&others), own.facts(), silent.facts()]);
    assert_eq!(result, [Some((1, 0)), Some((0, 0)), Some((1, 0))]);
}

#[test]
fn an_owner_that_could_not_be_read_is_unknown_once() {
    let unread = FactStore::all_missing(denied("sts:AssumeRole"));
    let result = found(&[unread, member(1).facts(), member(2).facts()]);
    assert_eq!(result, [Some((0, 1)), None, None]);
}

#[test]
fn an_owner_outside_the_run_is_unknown_once() {
    let other = |n| {
        let mut member = member(n);
        member.of_others = vec!["arn:aws:cloudtrail:eu-west-1:999999999999:trail/all".into()];
        member
    };
    let with_own = sample(0, &every_part()).facts();
    let result = found(&[with_own, other(1).facts(), other(2).facts()]);
    assert_eq!(result, [Some((0, 0)), Some((0, 1)), None]);
    // A trail of its own gives it a verdict, in which only the rest is unknown.
    let mut half = sample(0, &every_part()[..10]);
    half.of_others = other(0).of_others;
    assert_eq!(found(&[half.facts()]), [Some((0, 5))]);
}

#[test]
fn a_log_group_of_another_account_is_unknown() {
    let mut delegated = sample(0, &[]);
    delegated.own[0].is_organization = true;
    delegated.own[0].log_group = Some(group(5));
    let result = found(&[delegated.facts(), member(1).facts()]);
    assert_eq!(result, [Some((0, 15)), None]);
}

#[test]
fn rules_of_a_member_do_not_count_where_the_organization_trail_does_not_log() {
    let mut stopped = sample(0, &every_part());
    stopped.own[0].is_organization = true;
    stopped.own[0].status = Reading::known(TrailStatus::default());
    let mut with_rule = member(1);
    let all = r#"{"detail-type":[{"suffix":"via CloudTrail"}]}"#;
    let rules = vec![rule(all, true)].into();
    with_rule.rules = BTreeMap::from([(Region::new("us-east-1"), Reading::known(rules))]);
    let result = found(&[stopped.facts(), with_rule.facts()]);
    assert_eq!(result, [Some((15, 0)), None]);
}

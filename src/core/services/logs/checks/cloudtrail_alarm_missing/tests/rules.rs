//! Event rules, and what the configuration declares.

use super::*;

pub(super) fn rule(pattern: &str, has_reads: bool) -> EventRule {
    EventRule {
        name: "rule".into(),
        pattern: pattern.into(),
        has_reads,
        has_target: Reading::known(true),
    }
}

pub(super) const IAM: &str =
    r#"{"source":["aws.iam"],"detail-type":["AWS API Call via CloudTrail"]}"#;
const EC2: &str = r#"{"source":["aws.ec2"],"detail-type":["AWS API Call via CloudTrail"]}"#;

#[test]
fn an_event_rule_counts_in_the_regions_of_its_events() {
    let with = |rules: &[(&str, Option<&str>)]| {
        let mut sample = sample(0, &["root-usage"]);
        sample.own[0].log_group = None;
        let of = |pattern: &Option<&str>| {
            let rules: Vec<EventRule> = pattern.iter().map(|one| rule(one, false)).collect();
            Reading::known(rules.into())
        };
        let rules = rules.iter();
        sample.rules = rules
            .map(|(region, one)| (Region::new(region), of(one)))
            .collect();
        sample.verdict()
    };
    let iam = with(&[("us-east-1", Some(IAM)), ("eu-west-1", None)]);
    assert!(
        !failed(&iam).contains(&"iam-policy-changes") && failed(&iam).len() == 14,
        "{iam:?}"
    );
    let one = with(&[("us-east-1", Some(EC2)), ("eu-west-1", None)]);
    assert_eq!(failed(&one).len(), 15);
    let message = &found(&one, "security-group-changes").message;
    assert!(message.contains("awsRegion = eu-west-1"), "{message}");
    let both = with(&[("us-east-1", Some(EC2)), ("eu-west-1", Some(EC2))]);
    assert_eq!(failed(&both).len(), 10);
    // The Region of IAM was not scanned.
    let narrow = with(&[("eu-west-1", None)]);
    let unknown: Vec<&str> = narrow
        .gaps
        .iter()
        .map(|gap| gap.resource.as_str())
        .collect();
    assert_eq!(unknown, ["iam-policy-changes", "organizations-changes"]);
}

#[test]
fn an_event_rule_without_a_target_or_a_trail_does_not_count() {
    let mut with = sample(0, &[]);
    with.rules.insert(
        Region::new("us-east-1"),
        Reading::known(
            vec![EventRule {
                has_target: Reading::known(false),
                ..rule(IAM, true)
            }]
            .into(),
        ),
    );
    let verdict = with.verdict();
    let iam = found(&verdict, "iam-policy-changes");
    assert!(
        iam.message
            .contains("event rule rule in us-east-1 has no target"),
        "{}",
        iam.message
    );
    let mut silent = sample(0, &[]);
    silent.own[0].status = Reading::known(TrailStatus::default());
    silent.rules.insert(
        Region::new("us-east-1"),
        Reading::known(vec![rule(IAM, true)].into()),
    );
    assert_eq!(failed(&silent.verdict()).len(), 15);
}

#[test]
fn a_declared_control_passes_until_its_last_day() {
    let at = |until: &str| {
        let settings = Settings {
            partition: "aws".to_owned(),
            now: "2026-11-15T03:00:00Z".parse().unwrap(),
            central_account: None,
            sensitive_ports: Vec::new(),
            monitoring: crate::model::Monitoring {
                controls: vec!["5.3".into(), "vpc-changes".into()],
                by: "the SIEM of the SOC".into(),
                until: Some(until.parse().unwrap()),
            },
        };
        let facts = sample(0, &[]).facts();
        verdicts(settings, &[facts]).remove(0).unwrap()
    };
    let declared = at("2026-11-15");
    assert_eq!(failed(&declared).len(), 13);
    let note = "usage of the root user (CIS 7.0 5.3): the configuration declares that the SIEM of the SOC \
                monitors them, until 2026-11-15";
    assert_eq!(declared.notes[0], note);
    let ended = at("2026-11-14");
    assert_eq!((failed(&ended).len(), ended.notes.len()), (15, 0));
    let message = &found(&ended, "root-usage").message;
    let end = ". The declaration that the SIEM of the SOC monitors them ended on 2026-11-14";
    assert!(message.ends_with(end), "{message}");
}

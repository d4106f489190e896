use super::*;
use crate::checks::samples::{denied, evaluate_organization, missing};
use crate::evaluate::{Evaluation, OrganizationChecks, Settings};
use crate::facts::FactStore;
use crate::model::{AccountResult, Items, Outcome, Reading, TargetOutcome, Verdict};
use crate::services::cloudtrail::{BasicSelector, EventSelectors, TrailStatus};
use crate::services::cloudwatch::{
    AlarmActions, AlarmList, AlarmMetric, CompositeAlarm, MetricAlarm,
};
use crate::services::events::EventRule;
use crate::services::logs::{MetricFilter, Transformation};
use crate::testing::id;

mod members;
mod rules;

/// The account with this number.
fn owner(n: u64) -> String {
    id(n).to_string()
}

fn group(account: u64) -> Arn {
    let account = owner(account);
    format!("arn:aws:logs:eu-west-1:{account}:log-group:trail:*").into()
}

fn topic(account: u64) -> Arn {
    let account = owner(account);
    format!("arn:aws:sns:eu-west-1:{account}:security").into()
}

/// A trail of an account that logs everything to a log group.
fn trail(account: u64) -> Trail {
    Trail {
        arn: format!("arn:aws:cloudtrail:eu-west-1:{}:trail/all", owner(account)).into(),
        name: "all".into(),
        home: Region::new("eu-west-1"),
        is_multi_region: true,
        is_organization: false,
        has_global_service_events: true,
        validates_log_files: true,
        kms_key: None,
        bucket: "logs".into(),
        log_group: Some(group(account)),
        status: Reading::known(TrailStatus {
            is_logging: true,
            ..TrailStatus::default()
        }),
        selectors: Reading::known(selectors(&[])),
    }
}

fn selectors(excluded: &[&str]) -> EventSelectors {
    EventSelectors {
        basic: vec![BasicSelector {
            reads: true,
            writes: true,
            has_management_events: true,
            excluded_sources: excluded.iter().map(|one| (*one).to_owned()).collect(),
            ..BasicSelector::default()
        }],
        ..EventSelectors::default()
    }
}

fn filter(name: &str, pattern: &str) -> MetricFilter {
    MetricFilter {
        name: name.into(),
        pattern: pattern.into(),
        transformations: vec![Transformation {
            namespace: "CIS".into(),
            name: name.into(),
            value: "1".into(),
            ..Transformation::default()
        }],
        is_restricted: false,
    }
}

fn alarm(account: u64, name: &str) -> MetricAlarm {
    MetricAlarm {
        actions: AlarmActions {
            name: name.into(),
            arn: format!(
                "arn:aws:cloudwatch:eu-west-1:{}:alarm:{name}",
                owner(account)
            )
            .into(),
            are_enabled: true,
            alarm: vec![topic(account)],
        },
        metrics: vec![AlarmMetric {
            namespace: "CIS".into(),
            name: name.into(),
            ..AlarmMetric::default()
        }],
        statistic: "Sum".into(),
        comparison: "GreaterThanOrEqualToThreshold".into(),
        threshold: Some(1.0),
        ..MetricAlarm::default()
    }
}

/// What an account has, as a test changes it.
struct Sample {
    account: u64,
    own: Vec<Trail>,
    of_others: Vec<Arn>,
    filters: Vec<MetricFilter>,
    alarms: AlarmList,
    confirmed: Reading<bool>,
    rules: BTreeMap<Region, Reading<Items<EventRule>>>,
}

/// An account with a trail, and a filter with an alarm for each of these parts.
fn sample(account: u64, parts: &[&str]) -> Sample {
    let parts = parts.iter().map(|id| Part::by_id(id).unwrap());
    let alarms = parts.clone().map(|part| alarm(account, part.id));
    Sample {
        account,
        own: vec![trail(account)],
        of_others: Vec::new(),
        filters: parts.map(|part| filter(part.id, part.filter)).collect(),
        alarms: AlarmList {
            metric: alarms.collect::<Vec<_>>().into(),
            ..AlarmList::default()
        },
        confirmed: Reading::known(true),
        rules: BTreeMap::from([(Region::new("us-east-1"), Reading::known(Items::default()))]),
    }
}

fn every_part() -> Vec<&'static str> {
    PARTS.iter().map(|part| part.id).collect()
}

impl Sample {
    fn facts(self) -> FactStore {
        let region = Region::new("eu-west-1");
        let filters: Items<MetricFilter> = self.filters.into();
        let filters = BTreeMap::from([(group(self.account), Reading::known(filters))]);
        FactStore::default()
            .with::<Trails>(Reading::known(TrailList {
                own: self.own.into(),
                of_others: self.of_others,
                outside_regions: 0,
            }))
            .with::<MetricFilters>(Reading::known(filters))
            .with::<Alarms>(Reading::known(BTreeMap::from([(
                region,
                Reading::known(self.alarms),
            )])))
            .with::<ConfirmedTopics>(Reading::known(BTreeMap::from([(
                topic(self.account),
                self.confirmed,
            )])))
            .with::<EventRules>(Reading::known(self.rules))
    }

    fn verdict(self) -> Verdict {
        evaluate_organization(&CHECK, &[&self.facts()]).remove(0)
    }
}

/// The parts that a verdict has findings of.
fn failed(verdict: &Verdict) -> Vec<&str> {
    verdict
        .violations
        .iter()
        .map(|one| one.part.as_str())
        .collect()
}

/// The finding of a part.
fn found<'a>(verdict: &'a Verdict, part: &str) -> &'a Violation {
    let mut found = verdict.violations.iter();
    found.find(|one| one.part == part).unwrap()
}

/// The message of the finding about the root user.
fn message(sample: Sample) -> String {
    let verdict = sample.verdict();
    assert_eq!(verdict.gaps, [], "{verdict:?}");
    let mut found = verdict.violations.into_iter();
    found.find(|one| one.part == "root-usage").unwrap().message
}

#[test]
fn each_part_has_a_finding_of_its_own() {
    let verdict = sample(0, &every_part()).verdict();
    assert_eq!(
        (verdict.resources_evaluated, failed(&verdict)),
        (15, vec![])
    );
    assert_eq!(verdict.outcome(), Outcome::Pass);
    let verdict = sample(0, &["root-usage", "vpc-changes"]).verdict();
    assert_eq!(
        (verdict.resources_evaluated, failed(&verdict).len()),
        (15, 13)
    );
    let found = found(&verdict, "unauthorized-api-calls");
    assert_eq!(
        found.resource,
        format!("arn:aws:cloudtrail::{}:account", owner(0)).as_str()
    );
    let expected = "No alarm reports unauthorized API calls: no metric filter with an alarm matches \
                    errorCode = *UnauthorizedOperation. An external SIEM is not visible to orgscan";
    assert_eq!(found.message, expected);
}

#[test]
fn each_part_maps_to_its_controls() {
    for part in &PARTS {
        let of = |framework: &str| {
            let mut controls = CONTROLS.iter();
            let of_part = controls.find(|one| (one.framework, one.part) == (framework, part.id));
            of_part.unwrap().control
        };
        assert_eq!(of("cis-7.0"), part.control);
        assert_eq!(of("cis-5.0"), part.control.replacen('5', "4", 1));
    }
}

#[test]
fn every_link_of_the_chain_counts() {
    let with = |change: fn(&mut Sample)| {
        let mut sample = sample(0, &["root-usage"]);
        change(&mut sample);
        message(sample)
    };
    for (found, reason) in [
        (
            with(|one| one.own.clear()),
            "no trail logs the account's events",
        ),
        (
            with(|one| one.own[0].status = Reading::known(TrailStatus::default())),
            "trail all does not log",
        ),
        (
            with(|one| one.own[0].is_multi_region = false),
            "trail all logs only one Region",
        ),
        (
            with(|one| one.own[0].selectors = Reading::known(EventSelectors::default())),
            "trail all does not log all management events",
        ),
        (
            with(|one| one.own[0].log_group = None),
            "trail all delivers to no log group",
        ),
        (
            with(|one| one.filters.clear()),
            "log group trail has no metric filter",
        ),
        (
            with(|one| one.alarms = AlarmList::default()),
            "metric filter root-usage has no alarm",
        ),
        (
            with(|one| one.alarms.metric.known[0].metrics[0].namespace = "Other".into()),
            "metric filter root-usage has no alarm",
        ),
        (
            with(|one| one.alarms.metric.known[0].actions.are_enabled = false),
            "alarm root-usage has its actions disabled",
        ),
        (
            with(|one| one.alarms.metric.known[0].actions.alarm.clear()),
            "alarm root-usage notifies no topic",
        ),
        (
            with(|one| {
                one.alarms.metric.known[0].statistic = "Average".into();
                one.alarms.metric.known[0].threshold = Some(5.0);
            }),
            "alarm root-usage never reaches its threshold 5",
        ),
        (
            with(|one| one.confirmed = Reading::known(false)),
            "alarm root-usage notifies topic security, which has no confirmed subscription",
        ),
        (
            with(|one| one.filters[0].pattern = "{ $.userIdentity.type = \"root\" }".into()),
            "no metric filter with an alarm matches userIdentity.type = Root",
        ),
    ] {
        let expected = format!("No alarm reports usage of the root user: {reason}");
        assert!(found.starts_with(&expected), "{found}\n{expected}");
    }
}

#[test]
fn a_composite_alarm_notifies_in_place_of_its_alarm() {
    let mut by_composite = sample(0, &["root-usage"]);
    let actions = &mut by_composite.alarms.metric.known[0].actions;
    let notifying = AlarmActions {
        name: "any".into(),
        arn: "arn:aws:cloudwatch:eu-west-1:111122223333:alarm:any".into(),
        ..actions.clone()
    };
    actions.alarm.clear();
    by_composite.alarms.composite = vec![CompositeAlarm {
        actions: notifying,
        rule: "ALARM(\"root-usage\") OR ALARM(\"other\")".into(),
    }]
    .into();
    let verdict = by_composite.verdict();
    assert!(!failed(&verdict).contains(&"root-usage"), "{verdict:?}");
}

#[test]
fn what_a_trail_leaves_out_is_not_monitored() {
    let mut without_kms = sample(0, &every_part());
    without_kms.own[0].selectors = Reading::known(selectors(&["kms.amazonaws.com"]));
    let verdict = without_kms.verdict();
    let expected = ["kms-key-deletion", "root-usage", "unauthorized-api-calls"];
    assert_eq!(failed(&verdict), expected);
}

#[test]
fn what_could_not_be_read_is_unknown_for_its_parts_alone() {
    let mut unread = sample(0, &every_part());
    unread.confirmed = missing("sns:ListSubscriptionsByTopic");
    let verdict = unread.verdict();
    assert_eq!((verdict.resources_evaluated, verdict.gaps.len()), (0, 15));
    let mut elsewhere = sample(0, &every_part());
    elsewhere.alarms.metric.known[2].actions.alarm =
        vec!["arn:aws:sns:eu-west-1:999999999999:soc".into()];
    let verdict = elsewhere.verdict();
    assert_eq!((verdict.resources_evaluated, verdict.gaps.len()), (14, 1));
    let gap = &verdict.gaps[0];
    assert_eq!(
        (gap.resource.as_str(), gap.cause),
        ("root-usage", Cause::OwnedByOtherAccount)
    );
    let mut odd = sample(0, &[]);
    odd.filters = vec![filter(
        "odd",
        "{ $.userIdentity.type = \"Root\" && $.x[*] = 1 }",
    )];
    odd.alarms.metric = vec![alarm(0, "odd")].into();
    let verdict = odd.verdict();
    assert_eq!((failed(&verdict).len(), verdict.gaps.len()), (14, 1));
    assert!(
        verdict.gaps[0]
            .detail
            .contains("metric filter odd: its pattern has a wildcard")
    );
    let trails = FactStore::all_missing(denied("cloudtrail:ListTrails"));
    let verdict = &evaluate_organization(&CHECK, &[&trails])[0];
    assert_eq!(verdict.gaps, [denied("cloudtrail:ListTrails")]);
}

/// The verdict on each account, in its order; none where an account has none.
fn verdicts(settings: Settings, accounts: &[FactStore]) -> Vec<Option<Verdict>> {
    let evaluation = Evaluation::new(&[&CHECK], settings.clone());
    let results = accounts.iter().zip(0..).map(|(facts, n)| AccountResult {
        records: evaluation.account(&id(n), facts, BTreeMap::new()).records,
        ..crate::testing::result(crate::testing::account(n, "an account", ""), Vec::new())
    });
    let mut results: Vec<AccountResult> = results.collect();
    let mut organization = OrganizationChecks::new(&[&CHECK], settings);
    results.iter().for_each(|result| organization.add(result));
    let evaluated = results.iter_mut().map(|result| {
        organization.evaluate(result);
        match result.verdicts.pop().map(|one| one.outcome) {
            Some(TargetOutcome::Evaluated(verdict)) => Some(verdict),
            Some(skipped) => panic!("{skipped:?}"),
            None => None,
        }
    });
    evaluated.collect()
}

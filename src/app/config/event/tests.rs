use super::*;

const NOW: &str = "2026-11-23T09:30:00Z";

fn run_id(event: Value) -> String {
    let invocation = Invocation::from_event(&event).unwrap();
    invocation.run_id(NOW.parse().unwrap()).to_string()
}

fn refused(event: Value) -> String {
    let error = Invocation::from_event(&event).unwrap_err();
    let mut lines: Vec<String> = error.problems().iter().map(ToString::to_string).collect();
    lines.sort();
    lines.join("\n")
}

#[test]
fn a_schedule_names_the_run_by_its_time() {
    for source in ["aws.events", "aws.scheduler"] {
        let event = json!({
            "version": "0",
            "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
            "detail-type": "Scheduled Event",
            "source": source,
            "account": "123456789012",
            "time": "2026-11-22T06:00:00Z",
            "region": "eu-west-1",
            "resources": ["arn:aws:scheduler:eu-west-1:123456789012:schedule/default/x"],
            "detail": "{}",
        });
        assert_eq!(run_id(event), "20261122T060000Z");
    }
    let event = json!({"scheduled_time": "2026-11-22T06:00:00Z"});
    assert_eq!(run_id(event), "20261122T060000Z");
    assert_eq!(run_id(json!({})), "20261123T093000Z");
    let event = json!({"scheduled_time": "2026-11-22T06:00:00Z", "run_id": "audit-7"});
    assert_eq!(run_id(event), "audit-7");
}

#[test]
fn an_event_narrows_the_run() {
    let event = json!({
        "accounts": {"include": {"ids": ["111122223333"]}, "exclude": {"ous": ["Sandbox"]}},
        "regions": {"include": ["eu-*"]},
        "checks": {"exclude": ["s3-bucket-public"]},
        "destinations": {"report": {"location": "s3://example-reports/adhoc"}},
        "dry_run": true,
    });
    let invocation = Invocation::from_event(&event).unwrap();
    assert!(invocation.dry_run);
    let config = crate::config::load(None, std::iter::empty(), invocation.layer).unwrap();
    assert_eq!(config.accounts.include.ids.len(), 1);
    assert_eq!(config.accounts.exclude.ous, ["Sandbox"]);
    assert_eq!(config.regions.include, ["eu-*"]);
    assert_eq!(config.checks.exclude, ["s3-bucket-public"]);
    assert!(config.destinations.report.is_some());
}

#[test]
fn an_event_that_selects_nothing_keeps_what_the_file_selects() {
    let file = crate::config::ConfigText {
        name: "orgscan.yaml".to_owned(),
        text: "accounts: { include: { ous: [Workloads] }, exclude: { tags: { scan: 'off' } } }\n\
               regions: { include: [eu-*] }\n\
               checks: { frameworks: [cis-7.0], min_severity: high }\n\
               destinations: { report: { location: s3://example-reports } }\n"
            .to_owned(),
    };
    let load = |layer| crate::config::load(Some(&file), std::iter::empty(), layer).unwrap();
    let selected = load(crate::config::ConfigLayer::default());
    assert_eq!(selected.accounts.include.ous, ["Workloads"]);
    let nothing =
        json!({"accounts": {"include": {}}, "regions": {}, "checks": {}, "destinations": {}});
    for event in [json!({}), nothing] {
        let invocation = Invocation::from_event(&event).unwrap();
        assert_eq!(load(invocation.layer), selected, "{event}");
    }
}

#[test]
fn a_continuation_is_the_same_event_for_the_same_run() {
    let schedule = json!({
        "detail-type": "Scheduled Event",
        "source": "aws.scheduler",
        "time": "2026-11-22T06:00:00Z",
    });
    let narrowing = json!({"run_id": "audit-7", "regions": {"include": ["eu-*"]}});
    for event in [schedule, narrowing, json!({})] {
        let first = Invocation::from_event(&event).unwrap();
        assert_eq!(first.continuation, 0);
        let now: Timestamp = NOW.parse().unwrap();
        let mut next = Continuation {
            run_id: first.run_id(now),
            started: first.trigger.unwrap_or(now),
            number: 1,
        };
        let second = next.of_event(&event);
        next.number = 2;
        for (number, event) in [(1, second.clone()), (2, next.of_event(&second))] {
            let read = Invocation::from_event(&event).unwrap();
            assert_eq!(read.continuation, number);
            assert_eq!(read.run_id(Timestamp::MAX), first.run_id(now));
            assert_eq!(read.trigger, Some(next.started));
            assert_eq!(read.layer, first.layer);
        }
    }
    let unfinished = json!({"continuation": {"run_id": "audit-7", "number": 1}});
    insta::assert_snapshot!(refused(unfinished), @"event: continuation.started: missing; add it");
}

#[test]
fn an_event_is_one_document() {
    assert_eq!(Invocation::document(" {} \n").unwrap(), json!({}));
    for text in ["{} {}", "{}x", "{}\0", "{", "", "\u{fffd}", "{} // all"] {
        let error = Invocation::document(text).unwrap_err().to_string();
        assert!(
            error.starts_with("event: not one JSON document: "),
            "{error}"
        );
    }
}

#[test]
fn an_event_with_many_bad_names_has_a_short_error() {
    let names = |name: &str| {
        json!(
            (0..50_000)
                .map(|n| format!("{name}{n}"))
                .collect::<Vec<_>>()
        )
    };
    let cases = [
        json!({"checks": {"include": names("no-such-")}}),
        json!({"checks": {"frameworks": names("cis-")}}),
        json!({"regions": {"include": names("[")}}),
        json!({"accounts": {"include": {"names": names("{")}}}),
        json!({"accounts": {"include": {"ids": names("1")}}}),
        json!({"checks": {"include": ["x".repeat(5_000_000)]}}),
        json!({"x".repeat(5_000_000): 1}),
    ];
    for event in cases {
        let read = Invocation::from_event(&event);
        let none = std::iter::empty();
        let error = read.and_then(|read| crate::config::load(None, none, read.layer));
        let error = error.unwrap_err();
        assert!(error.problems().len() <= 51);
        assert!(
            error.to_string().len() < 60_000,
            "{}",
            error.to_string().len()
        );
    }
}

#[test]
fn unknown_input_is_refused_with_a_fix() {
    let narrowing = json!({
        "acounts": {},
        "accounts": {"include": {"ids": [111122223333_u64, "1"]}},
        "scheduled_time": "<aws.scheduler.scheduled-time>",
        "run_id": "../../etc",
        "dry_run": "yes",
    });
    insta::assert_snapshot!(refused(narrowing), @r"
    event: accounts.include.ids[0]: the number 111122223333 where a text belongs; put it in quotes, because a number loses leading zeros
    event: accounts.include.ids[1]: `1` is not an AWS account id; use 12 digits, quoted in YAML
    event: acounts: unknown key; did you mean `accounts`?
    event: dry_run: the text `yes` where `true` or `false` belongs; give `true` or `false`
    event: run_id: `../../etc` is not a run id: use 2 to 48 letters, digits, `.`, `_` and `-`, and begin with a letter or digit
    event: scheduled_time: `<aws.scheduler.scheduled-time>` is not a time; write it as 2026-11-22T06:00:00Z, or in a schedule as <aws.scheduler.scheduled-time>
    ");
    let event = json!({"source": "aws.s3", "detail-type": "Object Created"});
    insta::assert_snapshot!(refused(event), @r"
    event: detail-type: `Object Created` is unknown; possible values: Scheduled Event
    event: source: `aws.s3` is unknown; did you mean `aws.scheduler`?
    ");
    insta::assert_snapshot!(refused(json!([])), @r"event: a list where a mapping belongs; give a mapping");
}

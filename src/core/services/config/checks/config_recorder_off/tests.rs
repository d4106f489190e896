use super::*;
use crate::checks::samples::{denied, evaluate_region, missing};
use crate::facts::FactStore;
use crate::model::{Cause, Items, Reading};
use crate::services::config::samples::{recorder, recording, region_with, types};

fn result(recorders: Vec<Recorder>) -> RuleResult {
    evaluate_region(&CHECK, &region_with(recorders)).unwrap()
}

fn finding(recorder: Recorder) -> (Severity, String) {
    let mut result = result(vec![recorder]);
    assert_eq!((result.resources_evaluated, result.gaps), (1, vec![]));
    let violation = result.violations.pop().unwrap();
    assert_eq!(
        violation.resource,
        "arn:aws:config:eu-west-1:111122223333:account"
    );
    (violation.severity, violation.message)
}

#[test]
fn a_recorder_of_all_types_passes_with_global_types_and_without() {
    for types in [
        RecordedTypes::All { with_global: true },
        RecordedTypes::All { with_global: false },
        RecordedTypes::AllExcept(types(&[])),
        RecordedTypes::AllExcept(types(&RecordedTypes::GLOBAL)),
    ] {
        let result = result(vec![recording(types)]);
        assert_eq!((result.resources_evaluated, result.violations), (1, vec![]));
    }
}

#[test]
fn a_region_without_a_recorder_is_found() {
    let result = result(vec![]);
    assert_eq!(result.violations[0].severity, Severity::Medium);
    assert!(result.violations[0].message.contains("no customer managed"));
}

#[test]
fn what_does_not_record_deliver_or_have_all_types_is_found() {
    let status = |status| Recorder {
        status: Reading::known(status),
        ..recorder()
    };
    let delivery = |delivery| Recorder {
        delivery: Reading::known(delivery),
        ..recorder()
    };
    let code = || "AccessDenied".to_owned();
    let two = types(&["AWS::EC2::Instance", "AWS::IAM::Role"]);
    for (recorder, part) in [
        (status(RecorderStatus::Stopped), "is stopped"),
        (
            status(RecorderStatus::Failing(code())),
            "fails with AccessDenied",
        ),
        (
            delivery(Delivery::Failing(code())),
            "delivered: AccessDenied",
        ),
        (delivery(Delivery::Missing), "has no delivery channel"),
        (recording(RecordedTypes::Only(two)), "only 2 resource types"),
    ] {
        let (severity, message) = finding(recorder);
        assert_eq!(severity, Severity::Medium, "{message}");
        assert!(message.contains(part), "{message}");
    }
}

#[test]
fn excluded_types_are_milder() {
    let except = RecordedTypes::AllExcept(types(&["AWS::EC2::Volume", "AWS::IAM::Role"]));
    let (severity, message) = finding(recording(except));
    assert_eq!(severity, Severity::Low);
    assert!(message.ends_with("excludes AWS::EC2::Volume"), "{message}");
}

#[test]
fn one_recorder_of_everything_is_enough() {
    let stopped = Recorder {
        status: Reading::known(RecorderStatus::Stopped),
        ..recorder()
    };
    assert_eq!(result(vec![stopped, recorder()]).violations, []);
}

#[test]
fn a_status_that_could_not_be_read_is_a_gap() {
    let action = "config:DescribeConfigurationRecorderStatus";
    let unread = Recorder {
        status: missing(action),
        ..recorder()
    };
    let result = result(vec![unread]);
    assert_eq!(
        (result.resources_evaluated, result.gaps),
        (0, vec![denied(action)])
    );
}

#[test]
fn delivery_does_not_matter_where_only_some_types_are_recorded() {
    let action = "config:DescribeDeliveryChannelStatus";
    let unread = |types| Recorder {
        delivery: missing(action),
        ..recording(types)
    };
    let all = unread(RecordedTypes::All { with_global: true });
    assert_eq!(result(vec![all]).gaps, [denied(action)]);
    let some = unread(RecordedTypes::Only(types(&["AWS::EC2::Volume"])));
    assert_eq!(result(vec![some]).violations.len(), 1);
}

#[test]
fn a_list_with_an_unreadable_recorder_is_not_empty() {
    let gap = Gap::new("config:DescribeConfigurationRecorders", Cause::Malformed);
    let unread: Items<Recorder> = [Err(gap.clone())].into_iter().collect();
    let facts = FactStore::default().with::<ConfigRecorders>(Reading::known(unread));
    let result = evaluate_region(&CHECK, &facts).unwrap();
    assert_eq!((result.violations, result.gaps), (vec![], vec![gap]));
}

#[test]
fn a_fact_that_could_not_be_read_is_a_gap() {
    let action = "config:DescribeConfigurationRecorders";
    let facts = FactStore::default().with::<ConfigRecorders>(missing(action));
    assert_eq!(evaluate_region(&CHECK, &facts).unwrap_err(), denied(action));
}

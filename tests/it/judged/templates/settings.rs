//! What the central template tells the function, and what it expects of it.

use std::collections::BTreeSet;

use orgscan_app::config::{ConfigLayer, Invocation, SETTINGS, WeeklyReport};
use orgscan_core::clock::Clock;
use orgscan_sim::{ServiceBehavior, Settings};
use serde_json::Value;

use super::{CENTRAL, parsed, text, with_key};
use crate::simulated::SimulatedOrganization;

/// The function's environment variables.
fn variables(template: &Value) -> Value {
    template["Resources"]["Function"]["Properties"]["Environment"]["Variables"].clone()
}

#[test]
fn every_variable_is_one_that_orgscan_knows() {
    let template = parsed(CENTRAL);
    let variables = variables(&template);
    let variables: Vec<_> = variables.as_object().unwrap().keys().cloned().collect();
    let known: BTreeSet<_> = SETTINGS.iter().map(|setting| setting.variable).collect();
    for name in &variables {
        assert!(
            name == "ORGSCAN_CONFIG" || known.contains(name.as_str()),
            "{name}"
        );
    }
    // As CloudFormation sets them where nobody chooses anything: empty.
    let empty = variables.into_iter().map(|name| (name, String::new()));
    orgscan_app::config::load(None, empty, ConfigLayer::default()).unwrap();
}

#[test]
fn every_parameter_is_used_and_grouped() {
    let template = parsed(CENTRAL);
    let whole = template.to_string();
    let groups = &template["Metadata"]["AWS::CloudFormation::Interface"]["ParameterGroups"];
    let grouped: BTreeSet<_> = groups
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|group| group["Parameters"].as_array().unwrap())
        .map(|name| name.as_str().unwrap())
        .collect();
    let parameters = template["Parameters"].as_object().unwrap();
    assert_eq!(grouped, parameters.keys().map(String::as_str).collect());
    for (name, parameter) in parameters {
        let used = [format!(r#"{{"Ref":"{name}"}}"#), format!("${{{name}}}")];
        assert!(
            used.iter().any(|text| whole.contains(text)),
            "{name} is not used"
        );
        assert!(
            parameter["Description"].is_string(),
            "{name} has no description"
        );
    }
}

/// What a schedule sends, with the time as Scheduler puts it there.
fn sent_by(template: &Value, schedule: &str) -> Value {
    let target = &template["Resources"][schedule]["Properties"]["Target"];
    assert!(target["DeadLetterConfig"]["Arn"].is_object(), "{schedule}");
    let input = target["Input"].as_str().unwrap();
    let input = input.replace("<aws.scheduler.scheduled-time>", "2026-11-22T05:00:00Z");
    serde_json::from_str(&input).unwrap()
}

#[test]
fn what_the_schedules_send_is_an_event() {
    let template = parsed(CENTRAL);
    let asked = Invocation::from_event(&sent_by(&template, "DailyScan")).unwrap();
    assert_eq!(
        asked.run_id(jiff::Timestamp::UNIX_EPOCH).as_str(),
        "20261122T050000Z"
    );
    let asked = WeeklyReport::from_event(&sent_by(&template, "WeeklyReport")).unwrap();
    let week = asked.unwrap().week(Clock::Fixed(jiff::Timestamp::MAX));
    assert_eq!(week.unwrap().to_string(), "2026-W46");
}

#[test]
fn alarms_watch_numbers_that_runs_publish_without_dimensions() {
    let simulated = SimulatedOrganization::start(Settings {
        behavior: ServiceBehavior::none(),
        ..Settings::default()
    });
    let published = |names: &[&str]| {
        let ids = names.iter().map(|name| simulated.id(name).to_string());
        let args: Vec<String> = ids.flat_map(|id| ["--account".into(), id]).collect();
        let args: Vec<&str> = args.iter().map(String::as_str).collect();
        simulated.scan(&args).metrics()
    };
    let whole = published(&["security-audit"]);
    let with_gaps = published(&["security-audit", "acquired-startup"]);
    let template = parsed(CENTRAL);
    let watched = with_key(&template["Resources"], "MetricName").into_iter();
    let own = watched.filter(|metric| metric["Namespace"]["Ref"] == "MetricsNamespace");
    let names: BTreeSet<_> = own
        .map(|metric| {
            assert_eq!(metric["Dimensions"], Value::Null);
            metric["MetricName"].as_str().unwrap()
        })
        .collect();
    let known = [
        "AccountsScanned",
        "CoveragePercent",
        "ThresholdsCrossed",
        "ThresholdsCrossedAtLeast",
    ];
    assert_eq!(names, known.into());
    for name in names {
        let organization = (name.to_owned(), String::new());
        let of_bound = name.ends_with("AtLeast");
        let run = if of_bound { &with_gaps } else { &whole };
        assert!(run.contains_key(&organization), "{name}");
    }
}

#[test]
fn the_documentation_has_an_action_for_each_alarm() {
    let documentation = text("docs/deployment.md");
    let rows = documentation
        .lines()
        .filter_map(|line| line.strip_prefix("| `orgscan-"));
    let message: BTreeSet<_> = rows
        .map(|row| row.split('`').next().unwrap().to_owned())
        .collect();
    let template = parsed(CENTRAL);
    let alarms = with_key(&template["Resources"], "AlarmName").into_iter();
    let name = |alarm: &Value| alarm["AlarmName"]["Fn::Sub"].as_str().unwrap().to_owned();
    let there = alarms.map(|alarm| name(alarm).replace("${AWS::StackName}-", ""));
    assert_eq!(message, there.collect());
}

#[test]
fn an_alarm_on_an_expression_watches_that_alone_and_all_that_it_is_made_of() {
    let template = parsed(CENTRAL);
    let alarms = with_key(&template["Resources"], "AlarmName").into_iter();
    let of_expressions = alarms.filter_map(|alarm| alarm["Metrics"].as_array());
    let mut expressions = BTreeSet::new();
    for queries in of_expressions {
        let (watched, parts): (Vec<_>, Vec<_>) =
            queries.iter().partition(|one| one["ReturnData"] == true);
        assert_eq!(watched.len(), 1, "{queries:?}");
        let expression = watched[0]["Expression"].as_str().unwrap();
        let used = |part: &&Value| expression.contains(part["Id"].as_str().unwrap());
        assert!(parts.iter().all(used));
        expressions.insert(expression);
    }
    // A lower bound of 0 says nothing, and leaves the alarm as it is.
    let known = ["SUM([complete, IF(bound > 0, bound)])"];
    assert_eq!(expressions, known.into());
}

#[test]
fn the_template_is_of_a_size_that_cloudformation_takes() {
    // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
    assert!(text(CENTRAL).len() <= 1_048_576);
    // By way of S3; given directly it could have 51,200 bytes.
    let script = text("infra/deploy.sh");
    let (_, deploy) = script.split_once("aws cloudformation deploy ").unwrap();
    assert!(deploy.contains("--s3-bucket"));
    let template = parsed(CENTRAL);
    let count = |key: &str| template[key].as_object().unwrap().len();
    assert!(count("Parameters") <= 200 && count("Resources") <= 500 && count("Outputs") <= 200);
}

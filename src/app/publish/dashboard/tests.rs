use std::collections::BTreeSet;

use orgscan_core::checks::INDICATORS;
use orgscan_core::model::{Cause, Gap, TargetScope};
use orgscan_core::testing::{
    USERS, assert_fresh, assert_fresh_between, evaluated, report_of, repository, result,
};

use super::layout::COLUMNS;
use super::template::in_lines;
use super::*;
use crate::publish::metrics::{THRESHOLDS_CROSSED, at_least, render, suppressed};

fn body(namespace: &str, location: &str) -> Value {
    let thresholds = Thresholds::default();
    let dashboard = Dashboard {
        namespace,
        region: "eu-west-1",
        thresholds: &thresholds,
        reports: ReportsLocation::at(&location.parse().unwrap(), "eu-west-1"),
    };
    dashboard.body()
}

fn example() -> Value {
    body("OrgScan", "s3://example-reports/prod")
}

fn widgets(body: &Value) -> &[Value] {
    body["widgets"].as_array().unwrap()
}

/// All series of all widgets: name, and whether they are the chosen account's.
fn series(body: &Value) -> BTreeSet<(String, bool)> {
    let mut found = BTreeSet::new();
    for metric in metrics(body) {
        let metric = metric.as_array().unwrap();
        if let [namespace, name, rest @ ..] = &metric[..] {
            assert_eq!(namespace, "OrgScan");
            let own = match rest {
                [_] => false,
                [dimension, account, _] => {
                    assert_eq!((dimension, account), (&json!("AccountId"), &json!(ACCOUNT)));
                    true
                }
                _ => panic!("{metric:?}"),
            };
            found.insert((name.as_str().unwrap().to_owned(), own));
        }
    }
    found
}

fn metrics(body: &Value) -> impl Iterator<Item = &Value> {
    let all = widgets(body).iter();
    all.filter_map(|widget| widget["properties"]["metrics"].as_array())
        .flatten()
}

fn expressions(body: &Value) -> Vec<&str> {
    let found = metrics(body).filter_map(|metric| metric[0]["expression"].as_str());
    found.collect()
}

/// What a run sends: an account known in part has every kind of metric.
fn published() -> BTreeSet<(String, bool)> {
    let gap = Gap::new("iam:ListUsers", Cause::Throttled);
    let known = evaluated(USERS, TargetScope::Global, 1, &[], &[]);
    let unknown = evaluated(USERS, TargetScope::Global, 1, &[], &[gap]);
    let report = report_of(&[
        result(orgscan_core::testing::account(1, "a", ""), vec![known]),
        result(orgscan_core::testing::account(2, "b", ""), vec![unknown]),
    ]);
    let of_indicator = |name: &str| {
        let plain = name.strip_suffix("AtLeast").unwrap_or(name);
        let plain = plain.strip_suffix("Suppressed").unwrap_or(plain);
        INDICATORS.iter().any(|one| one.name == plain)
    };
    let sent = render(&report).map(|metric| (metric.name, metric.account_id.is_some()));
    let mut all: BTreeSet<_> = sent.filter(|(name, _)| !of_indicator(name)).collect();
    for indicator in INDICATORS {
        for own in [false, true] {
            all.insert((indicator.name.to_owned(), own));
            all.insert((at_least(indicator.name), own));
            let suppressed = suppressed(indicator.name);
            all.insert((at_least(&suppressed), own));
            all.insert((suppressed, own));
        }
    }
    for name in [THRESHOLDS_CROSSED.to_owned(), at_least(THRESHOLDS_CROSSED)] {
        all.insert((name, false));
    }
    all
}

#[test]
fn everything_that_a_run_sends_is_on_it_and_nothing_else() {
    assert_eq!(series(&example()), published());
}

#[test]
fn every_indicator_has_its_top_accounts() {
    let body = example();
    let expressions = expressions(&body);
    for indicator in INDICATORS {
        let query = format!("SELECT MAX({})", indicator.name);
        assert!(expressions.iter().any(|one| one.starts_with(&query)));
        let search = format!("MetricName=\"{}\"", at_least(indicator.name));
        assert!(expressions.iter().any(|one| one.contains(&search)));
    }
}

/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/CloudWatch-Dashboard-Body-Structure.html>
/// and <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/search-expression-syntax.html>
#[test]
fn it_is_within_cloudwatch_limits_for_any_namespace() {
    let body = body(&"\"'".repeat(127), "s3://example-reports");
    assert!(widgets(&body).len() <= 500);
    for expression in expressions(&body) {
        assert!(expression.len() <= 1_024, "{}", expression.len());
    }
    for widget in widgets(&body) {
        let metrics = widget["properties"]["metrics"].as_array();
        let metrics = metrics.map(Vec::as_slice).unwrap_or_default();
        assert!(metrics.len() <= 500);
        let text = |metric: &Value| metric[0]["expression"].to_string();
        let queries = metrics.iter().filter(|one| text(one).contains("SELECT"));
        assert!(queries.count() <= 1, "one query for each widget");
    }
    let variable = &body["variables"][0];
    assert!(variable["search"].as_str().unwrap().len() <= 2_048);
    assert!(variable["id"].as_str().unwrap().len() <= 32);
    assert!(variable["label"].as_str().unwrap().len() <= 30);
}

#[test]
fn widgets_stay_on_the_grid_and_no_two_overlap() {
    let body = example();
    let mut taken = BTreeSet::new();
    for widget in widgets(&body) {
        let at = |key: &str| widget[key].as_u64().unwrap();
        for x in at("x")..at("x") + at("width") {
            for y in at("y")..at("y") + at("height") {
                assert!(x < COLUMNS && taken.insert((x, y)), "{widget}");
            }
        }
    }
}

#[test]
fn the_choice_of_an_account_cannot_be_taken_for_the_owner_of_metrics() {
    let body = example();
    let variable = &body["variables"][0];
    assert_eq!(variable["type"], "pattern");
    assert_eq!(variable.get("property"), None);
    let text = body.to_string();
    assert!(!text.contains("\"accountId\""));
    // `PROP('AccountId')` is the account that sent a metric.
    assert!(text.contains("PROP('Dim.AccountId')") && !text.contains("PROP('AccountId')"));
    // The pattern is a regular expression, and has to mean itself.
    assert!(ACCOUNT.chars().all(|c| c.is_ascii_uppercase() || c == '_'));
    let chosen = text.replace(ACCOUNT, "111122223333");
    let chosen: Value = serde_json::from_str(&chosen).unwrap();
    assert_eq!(widgets(&chosen).len(), widgets(&body).len());
    assert!(chosen.to_string().contains(
        "https://console.aws.amazon.com/s3/buckets/example-reports?region=eu-west-1\
         &prefix=prod/accounts/111122223333/"
    ));
}

#[test]
fn the_text_has_the_location_of_the_reports() {
    let text = |reports: ReportsLocation| reports.link("daily/", "All");
    assert_eq!(
        text(ReportsLocation::at(
            &"/var/orgscan".parse().unwrap(),
            "eu-west-1"
        )),
        "All: `/var/orgscan/daily/` where orgscan runs."
    );
    assert_eq!(
        text(ReportsLocation::at(
            &"s3://a-bucket".parse().unwrap(),
            "cn-north-1"
        )),
        "[All](https://console.amazonaws.cn/s3/buckets/a-bucket?region=cn-north-1&prefix=daily/)"
    );
    assert!(text(ReportsLocation::Nowhere).contains("destinations.report"));
}

#[test]
fn a_configuration_selects_the_widgets() {
    let mut config = Config::default();
    assert_eq!(Dashboard::of(&config, "eu-west-1").namespace, "OrgScan");
    let metrics = config.destinations.metrics.get_or_insert_default();
    metrics.namespace = "Security".into();
    let metric =
        &Dashboard::of(&config, "eu-west-1").body()["widgets"][1]["properties"]["metrics"][0];
    assert_eq!(metric[0], "Security");
}

/// What CloudFormation's `Fn::Sub` makes of a text.
fn substituted(text: &str) -> String {
    let values = [
        ("${MetricsNamespace}", "OrgScan"),
        ("${AWS::Region}", "eu-west-1"),
        ("${ConsoleHost}", "console.aws.amazon.com"),
        ("${ReportBucket}", "example-reports"),
        ("${ReportPrefix}", "prod/"),
    ];
    let text = values.iter().fold(text.to_owned(), |text, (name, value)| {
        text.replace(name, value)
    });
    let left = text.replace("${!", "");
    assert!(!left.contains("${"), "a variable that nobody sets: {text}");
    text.replace("${!", "${")
}

#[test]
fn the_template_renders_the_same_dashboard() {
    let template = template(&Thresholds::default()).unwrap();
    assert_eq!(substituted(&template), in_lines(&example()).unwrap());
    assert_fresh("infra/dashboard.json", &template);
    let around = (
        "      DashboardBody: !Sub\n        - |\n",
        "        - ReportPrefix: \"\"\n",
    );
    assert_fresh_between(CENTRAL, around, &template);
}

const CENTRAL: &str = "infra/orgscan.yaml";

#[test]
fn the_central_template_knows_the_console_of_each_partition() {
    let central = repository().join(CENTRAL);
    let central = std::fs::read_to_string(central).unwrap();
    for partition in &PARTITIONS {
        assert_eq!(console(partition.first_region()), partition.console);
        let (name, host) = (partition.name, partition.console);
        let line = format!("    {name}: {{ConsoleHost: {host}}}\n");
        assert!(central.contains(&line), "{line}");
    }
}

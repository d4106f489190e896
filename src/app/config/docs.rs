//! Keeps `docs/configuration.md` true: its examples load, its tables come from the code.

use std::fmt::Write;

use orgscan_core::model::default_ports;
use orgscan_core::testing::assert_fresh;
use orgscan_core::testing::docs::{block, fields, page, with_section};

use super::{ConfigLayer, ConfigText, Invocation, SETTINGS, config_schema};

const PAGE: &str = "docs/configuration.md";
const ALERT: &str = "docs/alert.md";

fn variables() -> String {
    let mut table =
        String::from("| variable | flag | field | holds |\n| --- | --- | --- | --- |\n");
    for setting in SETTINGS {
        let flag = setting
            .flag
            .map(|flag| format!("`{flag}`"))
            .unwrap_or_default();
        let (variable, field, description) = (setting.variable, setting.field, setting.description);
        writeln!(
            table,
            "| `{variable}` | {flag} | `{field}` | {description} |"
        )
        .unwrap();
    }
    table
}

/// One line for each default port.
fn ports() -> String {
    let mut lines = String::from("```text\n");
    for port in default_ports() {
        writeln!(lines, "{port}").unwrap();
    }
    lines + "```\n"
}

#[test]
fn the_tables_are_fresh() {
    let page = with_section(&page(PAGE), "variables", &variables());
    let page = with_section(&page, "fields", &fields(&config_schema()));
    let page = with_section(&page, "ports", &ports());
    assert_fresh(PAGE, &page);
}

#[test]
fn the_example_loads() {
    let file = ConfigText {
        name: PAGE.to_owned(),
        text: block(&page(PAGE), "example"),
    };
    let config =
        crate::config::load(Some(&file), std::iter::empty(), ConfigLayer::default()).unwrap();
    assert_eq!(config.thresholds.overrides.len(), 2);
    assert_eq!(config.accounts.exclude.tags["scan"], "off");
}

#[test]
fn the_formats_of_sensitive_ports_load() {
    let page = page(PAGE);
    let formats = block(&page, "forms");
    let effective = formats.split("\n\n").map(|text| {
        let file = ConfigText {
            name: PAGE.to_owned(),
            text: text.to_owned(),
        };
        let config =
            crate::config::load(Some(&file), std::iter::empty(), ConfigLayer::default()).unwrap();
        config.sensitive_ports.effective().len()
    });
    assert_eq!(effective.collect::<Vec<_>>(), [50, 2]);
}

#[test]
fn the_example_of_monitoring_loads() {
    let file = ConfigText {
        name: PAGE.to_owned(),
        text: block(&page(PAGE), "monitoring"),
    };
    let config =
        crate::config::load(Some(&file), std::iter::empty(), ConfigLayer::default()).unwrap();
    assert_eq!(config.monitoring.controls.len(), 3);
}

#[test]
fn the_example_of_routes_loads() {
    let file = ConfigText {
        name: ALERT.to_owned(),
        text: block(&page(ALERT), "example"),
    };
    let config =
        crate::config::load(Some(&file), std::iter::empty(), ConfigLayer::default()).unwrap();
    assert_eq!(config.destinations.alert.unwrap().routes.len(), 2);
}

#[test]
fn the_example_event_loads() {
    let event = serde_json::from_str(&block(&page(PAGE), "event")).unwrap();
    let invocation = Invocation::from_event(&event).unwrap();
    assert!(invocation.trigger.is_some());
    let config = crate::config::load(None, std::iter::empty(), invocation.layer).unwrap();
    assert!(config.destinations.report.is_some());
}

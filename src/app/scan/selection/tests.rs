//! Filters without a match, on plain data.

use std::sync::Arc;

use orgscan_core::model::{Decision, Organization, PlannedAccount, Severity, SkipReason};
use orgscan_core::settings::{AccountMatch, AlertConfig, AlertRoute, ThresholdOverride};
use orgscan_core::testing::{account, id};

use super::*;
use crate::config::{ConfigLayer, ConfigText, LayerSource, load_traced};
use crate::scan::tests::request;

fn discovered() -> DiscoveryResult {
    let mut prod = account(1, "prod-web", "Workloads/Production");
    prod.tags.insert("environment".into(), "production".into());
    let planned = [prod, account(2, "alex", "Sandbox")].map(|account| PlannedAccount {
        account: account.into(),
        decision: Decision::Scan,
    });
    let ous = ["", "Workloads", "Workloads/Production", "Sandbox", "Empty"];
    let id_of = |path: &str| format!("ou-a1b2-{}", path.to_lowercase().replace('/', ""));
    DiscoveryResult {
        plan: Plan {
            organization: Some(Organization {
                id: "o-a1b2c3d4e5".into(),
                management_account: id(1),
            }),
            central_account: id(1),
            accounts: planned.into(),
        },
        ous: ous.map(|path| (id_of(path), path.to_owned())).into(),
        notes: Vec::new(),
    }
}

/// The notes about a configuration, or why it is refused.
fn validated(change: impl FnOnce(&mut Config)) -> Result<Vec<String>, String> {
    let mut config = Config::default();
    change(&mut config);
    validate((config, Origins::default()))
}

fn request_of((config, origins): (Config, Origins)) -> Request {
    Request {
        config,
        origins: Arc::new(origins),
        ..request("nightly", "2026-11-22T06:00:00Z")
    }
}

fn validate(configured: (Config, Origins)) -> Result<Vec<String>, String> {
    let request = request_of(configured);
    let mut discovered = discovered();
    let regions = ["eu-west-1", "eu-central-1", "us-east-1"].map(|name| (Region::new(name), true));
    validate_accounts(&request, &mut discovered).map_err(|error| error.to_string())?;
    let of_regions = validate_regions(&request, &regions.into());
    let of_regions = of_regions.map_err(|error| error.to_string())?;
    discovered.notes.extend(of_regions);
    Ok(discovered.notes)
}

/// A message, and the change of the configuration that it is about.
type Case = (&'static str, fn(&mut Config));

fn texts(texts: &[&str]) -> Vec<String> {
    texts.iter().map(|text| (*text).to_owned()).collect()
}

fn tag(value: &str) -> AccountMatch {
    AccountMatch {
        tags: [("environment".to_owned(), value.to_owned())].into(),
        ..AccountMatch::default()
    }
}

#[test]
fn an_include_without_a_match_is_refused_with_the_nearest_name() {
    assert_eq!(validated(|_| ()), Ok(Vec::new()));
    let cases: [Case; 5] = [
        (
            "no Region matches regions.include `eu-wst-1`; did you mean `eu-west-1`?",
            |c| c.regions.include = texts(&["eu-wst-1"]),
        ),
        (
            "no OU matches accounts.include.ous `sandbox`; did you mean `Sandbox`?",
            |c| c.accounts.include.ous = texts(&["sandbox"]),
        ),
        (
            "no account name matches accounts.include.names `stage-*`; correct it",
            |c| c.accounts.include.names = texts(&["stage-*"]),
        ),
        (
            "no account matches accounts.include.ids `999999999999`; correct it",
            |c| c.accounts.include.ids = vec!["999999999999".parse().unwrap()],
        ),
        (
            "no account tag matches accounts.include.tags `environment: prod`; did you mean `environment: production`?",
            |c| {
                c.accounts.include = tag("prod");
                c.accounts.include.names = texts(&["prod-*"]);
            },
        ),
    ];
    for (expected, change) in cases {
        let refused = validated(change).unwrap_err();
        assert!(refused.starts_with(expected), "{refused}");
    }
    for known in ["Workloads", "Sandbox", "ou-a1b2-sandbox"] {
        let named = validated(|c| c.accounts.include.ous = texts(&[known]));
        assert_eq!(named, Ok(Vec::new()), "{known}");
    }
}

#[test]
fn an_exclude_without_a_match_is_noted_with_the_nearest_name() {
    let cases: [Case; 7] = [
        (
            "accounts.exclude.ous `sandbox` (did you mean `Sandbox`?)",
            |c| c.accounts.exclude.ous = texts(&["sandbox"]),
        ),
        (
            "accounts.exclude.ous `Production` (did you mean `Workloads/Production`?)",
            |c| {
                c.accounts.exclude.ous = texts(&["Production"]);
            },
        ),
        (
            "accounts.exclude.ous `ou-a1b2-sandbx` (did you mean `ou-a1b2-sandbox`?)",
            |c| {
                c.accounts.exclude.ous = texts(&["ou-a1b2-sandbx"]);
            },
        ),
        ("accounts.exclude.ids `999999999999` matches nothing", |c| {
            c.accounts.exclude.ids = vec!["999999999999".parse().unwrap()];
        }),
        (
            "accounts.exclude.names `alexa` (did you mean `alex`?)",
            |c| c.accounts.exclude.names = texts(&["alexa"]),
        ),
        ("accounts.exclude.tags `environment: test`", |c| {
            c.accounts.exclude = tag("test")
        }),
        (
            "regions.exclude `eu-wst-1` (did you mean `eu-west-1`?)",
            |c| c.regions.exclude = texts(&["eu-wst-1"]),
        ),
    ];
    for (expected, change) in cases {
        let notes = validated(change).unwrap();
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(
            notes[0].contains(expected) && notes[0].contains("no effect"),
            "{notes:?}"
        );
    }
    let fine = validated(|c| {
        c.accounts.exclude.ous = texts(&["Empty", "/Sandbox/"]);
        c.accounts.exclude.names = texts(&["al*"]);
        c.regions.exclude = texts(&["us-*"]);
    });
    assert_eq!(fine, Ok(Vec::new()));
}

#[test]
fn thresholds_and_routes_without_a_match_are_noted() {
    let notes = validated(|c| {
        let units = &mut c.thresholds.ous;
        units.insert("workloads".into(), Default::default());
        c.thresholds.overrides = vec![ThresholdOverride {
            account: Some("999999999999".parse().unwrap()),
            ou: None,
            indicators: Default::default(),
        }];
        let mut alert = AlertConfig::to("topic");
        alert.routes.push(AlertRoute {
            name: None,
            accounts: tag("test"),
            topic_arn: "topic".into(),
            send: None,
            chat: None,
        });
        c.destinations.alert = Some(alert);
    });
    let notes = notes.unwrap();
    assert_eq!(notes.len(), 3, "{notes:?}");
    for (note, expected) in notes.iter().zip([
        "thresholds.ous `workloads` (did you mean `Workloads`?)",
        "overrides[0].account `999999999999`",
        "routes[0].match.tags `environment: test`",
    ]) {
        assert!(note.contains(expected), "{note}");
    }
}

#[test]
fn without_the_list_of_the_organization_excludes_are_not_compared() {
    let mut config = Config::default();
    config.accounts.exclude.ous = texts(&["sandbox"]);
    let mut alone = discovered();
    alone.plan.organization = None;
    let request = request_of((config, Origins::default()));
    validate_accounts(&request, &mut alone).unwrap();
    assert_eq!(alone.notes, [""; 0]);
}

#[test]
fn a_message_names_the_flag_the_variable_the_line_or_the_event_of_a_filter() {
    let text = |yaml: &str| ConfigText {
        name: "orgscan.yaml".to_owned(),
        text: yaml.to_owned(),
    };
    let validated = |yaml: &str, env: Option<(&str, &str)>, layer: ConfigLayer| {
        let env = env.into_iter().map(|(k, v)| (k.to_owned(), v.to_owned()));
        validate(load_traced(Some(&text(yaml)), env, layer).unwrap())
    };
    let refused = |yaml, env, layer| validated(yaml, env, layer).unwrap_err();
    let none = ConfigLayer::default;
    assert_eq!(
        refused("", None, none().with("regions.include", ["eu-wst-1"])),
        "no Region matches `--region eu-wst-1`; did you mean `eu-west-1`?"
    );
    assert_eq!(
        refused("", Some(("ORGSCAN_OUS", "sandbox")), none()),
        "no OU matches ORGSCAN_OUS `sandbox`; did you mean `Sandbox`?"
    );
    assert_eq!(
        refused(
            "regions:\n  include: [us-*, eu-wst-1, zz-*]\n",
            None,
            none()
        ),
        "no Region matches regions.include `eu-wst-1` (orgscan.yaml:2); did you mean `eu-west-1`?\n\
         no Region matches regions.include `zz-*` (orgscan.yaml:2); correct it or remove it"
    );
    let event = ConfigLayer::of(LayerSource::Event).with("accounts.include.names", ["alexa"]);
    assert_eq!(
        refused("", None, event),
        "no account name matches accounts.include.names `alexa` (event); did you mean `alex`?"
    );
    let excluded = none().with("accounts.exclude.ous", ["sandbox"]);
    let notes = validated("accounts: { exclude: { ous: [Empty] } }", None, excluded).unwrap();
    assert_eq!(
        notes,
        [
            "`--exclude-ou sandbox` (did you mean `Sandbox`?) matches nothing, so it has no effect; \
          correct it or remove it"
        ]
    );
}

#[test]
fn filters_that_select_nothing_name_the_flags() {
    let mut skipped = discovered();
    for planned in &mut skipped.plan.accounts {
        planned.decision = Decision::Skip {
            reason: SkipReason::Excluded,
            detail: String::new(),
        };
    }
    let request = request_of((Config::default(), Origins::default()));
    let refused = validate_accounts(&request, &mut skipped)
        .unwrap_err()
        .to_string();
    assert!(
        refused.contains("select no active account; change --account"),
        "{refused}"
    );
    let refused = validated(|c| {
        c.checks.categories = texts(&["logging"]);
        c.checks.min_severity = Some(Severity::Critical);
    });
    let refused = refused.unwrap_err();
    assert!(
        refused.contains("select no check; change --check"),
        "{refused}"
    );
}

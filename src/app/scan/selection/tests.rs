//! What names nothing, on plain data.

use orgscan_core::model::{Decision, Organization, PlannedAccount};
use orgscan_core::settings::{AccountMatch, AlertConfig, AlertRoute, ThresholdOverride};
use orgscan_core::testing::{account, id};

use super::*;

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

/// What is noted of a configuration, or why it is refused.
fn validated(change: impl FnOnce(&mut Config)) -> Result<Vec<String>, String> {
    let mut config = Config::default();
    change(&mut config);
    let mut discovered = discovered();
    let regions = ["eu-west-1", "eu-central-1", "us-east-1"].map(|name| (Region::new(name), true));
    validate_accounts(&config, &mut discovered).map_err(|error| error.to_string())?;
    let of_regions = validate_regions(&config, &regions.into());
    let of_regions = of_regions.map_err(|error| error.to_string())?;
    discovered.notes.extend(of_regions);
    Ok(discovered.notes)
}

/// What is said, and the change of the configuration that it is said of.
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
fn an_include_that_names_nothing_is_refused_with_the_nearest() {
    assert_eq!(validated(|_| ()), Ok(Vec::new()));
    let cases: [Case; 5] = [
        ("`eu-wst-1` (did you mean `eu-west-1`?)", |c| {
            c.regions.include = texts(&["eu-wst-1"])
        }),
        ("`sandbox` (did you mean `Sandbox`?)", |c| {
            c.accounts.include.ous = texts(&["sandbox"])
        }),
        ("accounts.include.names `stage-*`;", |c| {
            c.accounts.include.names = texts(&["stage-*"])
        }),
        ("`999999999999`;", |c| {
            c.accounts.include.ids = vec!["999999999999".parse().unwrap()]
        }),
        (
            "`environment: prod` (did you mean `environment: production`?)",
            |c| {
                c.accounts.include = tag("prod");
                c.accounts.include.names = texts(&["prod-*"]);
            },
        ),
    ];
    for (expected, change) in cases {
        let refused = validated(change).unwrap_err();
        assert!(
            refused.contains(expected) && refused.contains("correct it"),
            "{refused}"
        );
    }
    for known in ["Workloads", "Sandbox", "ou-a1b2-sandbox"] {
        let named = validated(|c| c.accounts.include.ous = texts(&[known]));
        assert_eq!(named, Ok(Vec::new()), "{known}");
    }
}

#[test]
fn an_exclude_that_names_nothing_is_noted_with_the_nearest() {
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
fn thresholds_and_routes_that_name_nothing_are_noted() {
    let notes = validated(|c| {
        let units = &mut c.thresholds.organizational_units;
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
        "organizational_units `workloads` (did you mean `Workloads`?)",
        "overrides[0].account `999999999999`",
        "routes[0].match.tags `environment: test`",
    ]) {
        assert!(note.contains(expected), "{note}");
    }
}

#[test]
fn without_the_organizations_list_nobody_knows() {
    let mut config = Config::default();
    config.accounts.exclude.ous = texts(&["sandbox"]);
    let mut alone = discovered();
    alone.plan.organization = None;
    validate_accounts(&config, &mut alone).unwrap();
    assert_eq!(alone.notes, [""; 0]);
}

//! The member role's policy in the templates, and what the documentation says of it, follow from the checks.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::first_of;
use crate::api::{ANY, Api, PolicyResources};
use crate::services::{CHECKS, REGION_APIS, member_apis, needs_of};
use crate::testing::docs::{page, with_section};
use crate::testing::{assert_fresh, repository};

/// Where the statements stand, between these comments, whatever their indentation.
const TEMPLATES: [&str; 2] = ["stacksets/member-role.yaml", "infra/orgscan.yaml"];
const BEGIN: &str = "# Made of the checks: what follows, up to the end of the policy.\n";
const END: &str = "# The end of the policy.\n";

const PAGE: &str = "docs/deployment.md";

/// The APIs that may be called in an account, by the resources that they are allowed on, those without any first.
fn statements() -> Vec<(&'static PolicyResources, Vec<&'static Api>)> {
    let mut statements: Vec<(&PolicyResources, Vec<&Api>)> = vec![(&ANY, Vec::new())];
    for api in member_apis(&needs_of(CHECKS)) {
        match statements
            .iter_mut()
            .find(|(resources, _)| *resources == api.on)
        {
            Some((_, apis)) => apis.push(api),
            None => statements.push((api.on, vec![api])),
        }
    }
    statements[1..].sort_by_key(|(resources, _)| resources.sid);
    statements
}

/// A list of one or more values in YAML.
fn values(key: &str, values: &[String]) -> String {
    match values {
        [one] => format!("  {key}: {one}\n"),
        many => {
            let lines = many.iter().map(|value| format!("    - {value}\n"));
            format!("  {key}:\n{}", lines.collect::<String>())
        }
    }
}

fn statement(resources: &PolicyResources, apis: &[&Api]) -> String {
    let actions: BTreeSet<String> = apis.iter().map(|api| api.action.to_owned()).collect();
    let arns = resources.arns.iter();
    let arns = arns.map(|arn| format!("!Sub arn:${{AWS::Partition}}:{arn}"));
    let arns = match resources.arns {
        [] => vec!["\"*\"".to_owned()],
        _ => arns.collect(),
    };
    let remark = resources.remark.lines().map(|line| format!("# {line}\n"));
    let condition = match resources.own_account_only {
        true => "  Condition:\n    StringEquals:\n      aws:ResourceAccount: !Ref AWS::AccountId\n",
        false => "",
    };
    format!(
        "{}- Sid: {}\n  Effect: Allow\n{}{}{condition}",
        remark.collect::<String>(),
        resources.sid,
        values("Action", &Vec::from_iter(actions)),
        values("Resource", &arns),
    )
}

/// The template with these statements in each place that they belong to.
fn with_statements(template: &str, statements: &str) -> String {
    let mut parts = template.split(BEGIN);
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let indentation = text.len() - text.trim_end_matches(' ').len();
        let indentation = " ".repeat(indentation);
        let (_, rest) = part.split_once(END).unwrap();
        text += BEGIN;
        text.extend(
            statements
                .lines()
                .map(|line| format!("{indentation}{line}\n")),
        );
        text += &format!("{indentation}{END}{rest}");
    }
    text
}

#[test]
fn the_policies_in_the_templates_are_fresh() {
    let statements = statements();
    let statements = statements.iter();
    let statements: String = statements.map(|(on, apis)| statement(on, apis)).collect();
    let places = TEMPLATES.map(|path| {
        let template = std::fs::read_to_string(repository().join(path)).unwrap();
        assert_fresh(path, &with_statements(&template, &statements));
        template.matches(BEGIN).count()
    });
    assert_eq!(places, [1, 2]);
}

/// The checks that may send a request, the first few by name.
fn wanted_by(api: &Api) -> String {
    if REGION_APIS.contains(&api) {
        return "which Regions the account has enabled".to_owned();
    }
    let checks = CHECKS.iter().filter(|check| check.apis().contains(&api));
    first_of(checks.map(|check| check.id))
}

#[test]
fn the_table_of_the_member_roles_actions_is_fresh() {
    let mut table = String::from("| action | on | for the checks |\n| --- | --- | --- |\n");
    for (resources, apis) in statements() {
        let by_action: BTreeMap<&str, &Api> = apis.iter().map(|api| (api.action, *api)).collect();
        for (action, api) in by_action {
            let row = format!("| `{action}` | {} | {} |", resources.label, wanted_by(api));
            writeln!(table, "{row}").unwrap();
        }
    }
    assert_fresh(PAGE, &with_section(&page(PAGE), "member actions", &table));
}

//! Requests of callers outside the accounts and organizations that a policy names.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::generated::Guarded;

/// What one key has in a request; none if the request does not have it.
type Choice = Option<Value>;

fn text(value: &str) -> Choice {
    Some(json!(value))
}

/// The sender of a request: without account if it is not signed.
#[derive(Clone, Copy)]
struct Outsider {
    account: Option<&'static str>,
    name: &'static str,
    /// Whether it comes through a VPC endpoint.
    through_vpc: bool,
}

impl Outsider {
    fn arn(self) -> Option<String> {
        let account = self.account?;
        Some(format!("arn:aws:iam::{account}:{}", self.name))
    }

    /// All that it can have for a key. `values`: those of the policy.
    fn choices(self, key: &str, values: &BTreeSet<String>) -> Vec<Choice> {
        let signed = |choices: Vec<Choice>| match self.account {
            Some(_) => choices,
            None => vec![None],
        };
        let through_vpc = |choices: Vec<Choice>| match self.through_vpc {
            true => choices,
            false => vec![None],
        };
        match key {
            "aws:PrincipalAccount" => signed(vec![self.account.map(|one| json!(one))]),
            "aws:PrincipalArn" => signed(vec![self.arn().map(|one| json!(one))]),
            "aws:PrincipalOrgID" => signed(vec![None, text("o-outside"), text("o-trustee")]),
            "aws:PrincipalOrgPaths" => signed(vec![
                None,
                Some(json!(["o-outside/r-zz99/ou-9/"])),
                Some(json!(["o-outside/r-ab12/ou-9/"])),
            ]),
            "aws:userid" if self.account.is_none() => vec![text("anonymous")],
            "aws:userid" => vec![text("AIDAOUTSIDE"), text("AROAOUTSIDE:session")],
            "aws:SourceArn" => vec![
                None,
                text("arn:aws:sns:eu-west-1:999988887777:alerts"),
                text("arn:aws:sqs:eu-west-1:444499998888:jobs"),
                text("arn:aws:s3:::updates"),
                text("arn:aws:s3:::others"),
            ],
            "aws:SourceAccount" => vec![None, text("999988887777")],
            "aws:SourceVpc" => through_vpc(vec![None, text("vpc-00000000")]),
            "aws:SourceVpce" => through_vpc(vec![None, text("vpce-00000000")]),
            "aws:SourceIp" if self.through_vpc => vec![None],
            "aws:SourceIp" => vec![
                text("1.2.3.4"),
                text("200.1.2.3"),
                text("2600::1"),
                text("fd00::1"),
            ],
            "aws:PrincipalIsAWSService" => vec![text("false")],
            "aws:SecureTransport" | "aws:ViaAWSService" => vec![text("true"), text("false")],
            "aws:MultiFactorAuthPresent" => vec![None, text("true"), text("false")],
            "aws:MultiFactorAuthAge" => ["9", "10", "11", "300", "301"]
                .map(text)
                .into_iter()
                .chain([None])
                .collect(),
            "aws:CurrentTime" => [
                "2019-01-01T00:00:00Z",
                "2020-04-01T00:00:00Z",
                "2026-01-01T00:00:00Z",
                "2030-01-01T00:00:00Z",
                "2031-01-01T00:00:00Z",
            ]
            .map(text)
            .into(),
            "aws:TagKeys" => lists(values),
            _ => free(values),
        }
    }
}

/// Values that fit the policy's, and others.
fn free(values: &BTreeSet<String>) -> Vec<Choice> {
    let mut texts = BTreeSet::from(["other".to_owned()]);
    for value in values {
        texts.insert(value.clone());
        texts.insert(value.replace(['*', '?'], "x"));
        texts.insert(value.replace(['*', '?'], "x").to_uppercase());
        texts.insert(value.replace('?', "a").replace("age*", "agent"));
    }
    let texts = texts.into_iter().map(|one| Some(json!(one)));
    texts.chain([None]).collect()
}

/// Lists of one and of two.
fn lists(values: &BTreeSet<String>) -> Vec<Choice> {
    let mut texts = values.clone();
    texts.extend(["cost", "COST", "cents", "other"].map(str::to_owned));
    let pairs = texts
        .iter()
        .flat_map(|one| texts.iter().map(move |other| BTreeSet::from([one, other])));
    let lists: BTreeSet<BTreeSet<&String>> = pairs.collect();
    lists
        .iter()
        .map(|list| Some(json!(list)))
        .chain([None])
        .collect()
}

/// A condition of a policy.
pub(super) struct Condition {
    pub(super) operator: String,
    key: String,
    pub(super) values: Vec<String>,
}

/// The items of a list, or the one value.
fn items(value: &Value) -> Vec<&Value> {
    value
        .as_array()
        .map_or_else(|| vec![value], |list| list.iter().collect())
}

pub(super) fn conditions(policy: &Value) -> Vec<Condition> {
    let statements = items(&policy["Statement"]).into_iter();
    let operators = statements.filter_map(|one| one["Condition"].as_object());
    let of = |(operator, keys): (&String, &Value)| {
        let keys = keys.as_object().into_iter().flatten();
        let each = keys.map(|(key, values)| Condition {
            operator: operator.clone(),
            key: key.clone(),
            values: items(values)
                .into_iter()
                .filter_map(Value::as_str)
                .map(str::to_owned)
                .collect(),
        });
        each.collect::<Vec<_>>()
    };
    operators.flatten().flat_map(of).collect()
}

/// The keys of a policy with all their values.
fn keys(policy: &Value) -> BTreeMap<String, BTreeSet<String>> {
    let mut keys: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for condition in conditions(policy) {
        keys.entry(condition.key)
            .or_default()
            .extend(condition.values);
    }
    keys
}

/// All requests that outsiders can send.
pub(super) fn requests(guarded: &Guarded, policy: &Value) -> Vec<Value> {
    let keys = keys(policy);
    let has_network = keys
        .iter()
        .any(|(key, _)| ["aws:SourceIp", "aws:SourceVpc", "aws:SourceVpce"].contains(&&**key));
    let mut callers = vec![
        (None, ""),
        (Some("999988887777"), "role/Admin"),
        (Some("444499998888"), "user/eve"),
    ];
    if keys.contains_key("aws:PrincipalArn") {
        callers.extend([
            (Some("999988887777"), "user/eve"),
            (Some("999988887777"), "user/team/eve"),
            (Some("444499998888"), "role/Admin"),
            (Some("444499998888"), "role/other"),
        ]);
    }
    let mut requests = Vec::new();
    for (account, name) in callers {
        for through_vpc in [false, true] {
            if through_vpc && !has_network {
                continue;
            }
            let outsider = Outsider {
                account,
                name,
                through_vpc,
            };
            for context in contexts(outsider, &keys) {
                for (action, resource) in targets(guarded) {
                    requests.push(json!({"principal": outsider.arn(), "action": action, "resource": resource, "context": context}));
                }
            }
        }
    }
    requests
}

fn contexts(
    outsider: Outsider,
    keys: &BTreeMap<String, BTreeSet<String>>,
) -> Vec<Map<String, Value>> {
    let mut contexts = vec![Map::new()];
    if outsider.name.ends_with("/eve") {
        contexts[0].insert("aws:username".to_owned(), json!("eve"));
    }
    // What a variable of a policy stands for.
    if let Some(account) = outsider.account {
        contexts[0].insert("aws:PrincipalAccount".to_owned(), json!(account));
    }
    for (key, values) in keys {
        let choices = outsider.choices(key, values);
        let with = |context: &Map<String, Value>, choice: &Choice| {
            let mut context = context.clone();
            if let Some(value) = choice {
                context.insert(key.clone(), value.clone());
            }
            context
        };
        contexts = contexts
            .iter()
            .flat_map(|context| choices.iter().map(move |choice| with(context, choice)))
            .collect();
    }
    contexts
}

fn targets(guarded: &Guarded) -> Vec<(&'static str, String)> {
    let arn = guarded.arn;
    let of = |(action, is_of_object): &(&'static str, bool)| match is_of_object {
        true => vec![
            (*action, format!("{arn}/open/a")),
            (*action, format!("{arn}/b")),
        ],
        false => vec![(*action, arn.to_owned())],
    };
    guarded.actions.iter().flat_map(of).collect()
}

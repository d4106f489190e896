//! A template with its parameters chosen: the resources that CloudFormation makes of it.

use std::collections::{BTreeMap, BTreeSet};

use regex_lite::Regex;
use serde_json::{Map, Value};

/// A template and the values of its parameters.
pub(super) struct ConfiguredTemplate<'a> {
    template: &'a Value,
    parameters: BTreeMap<String, String>,
}

impl<'a> ConfiguredTemplate<'a> {
    /// The defaults, and these values.
    pub(super) fn of(template: &'a Value, given: &[(&str, &str)]) -> Self {
        let parameters = template["Parameters"].as_object().unwrap();
        for (name, _) in given {
            assert!(parameters.contains_key(*name), "no parameter {name}");
        }
        let defaults = parameters.iter().map(|(name, parameter)| {
            let value = plain(&parameter["Default"]).unwrap_or_default();
            (name.clone(), value)
        });
        let given = given
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Self {
            template,
            parameters: defaults.chain(given).collect(),
        }
    }

    /// The resources whose condition holds, with what depends on a condition decided.
    pub(super) fn resources(&self) -> BTreeMap<String, Value> {
        let resources = self.template["Resources"].as_object().unwrap().iter();
        let there = resources.filter(|(_, resource)| match &resource["Condition"] {
            Value::Null => true,
            condition => self.is_true(condition.as_str().unwrap()),
        });
        let decided = there.map(|(name, resource)| (name.clone(), self.value(resource).unwrap()));
        decided.collect()
    }

    fn is_true(&self, condition: &str) -> bool {
        self.is(&self.template["Conditions"][condition])
    }

    fn is(&self, test: &Value) -> bool {
        let (function, operand) = only(test).unwrap();
        let operands = || operand.as_array().unwrap().iter();
        match function {
            "Condition" => self.is_true(operand.as_str().unwrap()),
            "Fn::Equals" => {
                let sides: Vec<_> = operands()
                    .map(|side| plain(&self.value(side).unwrap()))
                    .collect();
                sides[0] == sides[1]
            }
            "Fn::Not" => !self.is(&operand[0]),
            "Fn::And" => operands().all(|one| self.is(one)),
            "Fn::Or" => operands().any(|one| self.is(one)),
            _ => panic!("{test}"),
        }
    }

    /// The value; none where `AWS::NoValue` takes it out.
    fn value(&self, value: &Value) -> Option<Value> {
        match (only(value), value) {
            (Some(("Ref", name)), _) if name == "AWS::NoValue" => None,
            (Some(("Ref", name)), _) => {
                let parameter = self.parameters.get(name.as_str().unwrap());
                Some(parameter.map_or(value.clone(), |text| text.as_str().into()))
            }
            (Some(("Fn::If", choice)), _) => {
                let index = if self.is_true(choice[0].as_str().unwrap()) {
                    1
                } else {
                    2
                };
                self.value(&choice[index])
            }
            (Some(("Fn::Split", parts)), _) => {
                let text = self.value(&parts[1])?;
                let text = text.as_str()?;
                Some(text.split(parts[0].as_str().unwrap()).collect())
            }
            (_, Value::Object(fields)) => {
                let fields = fields.iter();
                let kept = fields.filter_map(|(key, one)| Some((key.clone(), self.value(one)?)));
                Some(Value::Object(kept.collect::<Map<_, _>>()))
            }
            (_, Value::Array(items)) => {
                Some(items.iter().filter_map(|one| self.value(one)).collect())
            }
            _ => Some(value.clone()),
        }
    }
}

/// A function and its argument: an object with one field.
fn only(value: &Value) -> Option<(&str, &Value)> {
    let fields = value.as_object()?;
    let (name, argument) = fields.iter().next()?;
    (fields.len() == 1).then_some((name.as_str(), argument))
}

/// Text and numbers alike as text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// The names that a resource refers to, which CloudFormation makes before it.
pub(super) fn referred(value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    match value {
        Value::Object(fields) => {
            for (key, inner) in fields {
                match (key.as_str(), inner) {
                    ("Ref", Value::String(name)) => drop(found.insert(name.clone())),
                    ("Fn::GetAtt", _) => drop(found.insert(inner[0].as_str().unwrap().to_owned())),
                    ("Fn::Sub", Value::String(text)) => found.extend(variables(text)),
                    ("Fn::Sub", Value::Array(both)) => {
                        found.extend(variables(both[0].as_str().unwrap()));
                        found.extend(referred(&both[1]));
                    }
                    ("DependsOn", Value::Array(names)) if names.iter().all(Value::is_string) => {
                        found.extend(names.iter().map(|name| name.as_str().unwrap().to_owned()));
                    }
                    _ => found.extend(referred(inner)),
                }
            }
        }
        Value::Array(items) => found.extend(items.iter().flat_map(referred)),
        _ => {}
    }
    found
}

/// What stands in `${}` in a text, without attributes.
fn variables(text: &str) -> Vec<String> {
    let variable = Regex::new(r"\$\{([A-Za-z0-9:]+)").unwrap();
    variable
        .captures_iter(text)
        .map(|found| found[1].to_owned())
        .collect()
}

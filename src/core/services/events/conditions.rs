//! The conditions of event patterns on one field, in the terms of filter patterns.

use serde_json::{Map, Value};

use crate::services::logs::pattern::{Comparison, Pattern, Test, Wildcard};

/// A field that has one of these values.
///
/// Source: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-create-pattern-operators.html>
pub(super) fn one_of(field: &str, values: &[Value]) -> Pattern {
    Pattern::Any(values.iter().map(|value| condition(field, value)).collect())
}

fn condition(field: &str, value: &Value) -> Pattern {
    match value {
        Value::Null => test(field, Test::Null),
        Value::Bool(value) => test(field, Test::Bool(*value)),
        Value::Number(number) => like(field, &number.to_string(), true),
        Value::String(text) => exact(field, text, true),
        Value::Array(_) => unknown("a list in a list"),
        Value::Object(operator) => operation(field, operator),
    }
}

fn operation(field: &str, operator: &Map<String, Value>) -> Pattern {
    let mut operators = operator.iter();
    let (Some((name, operand)), None) = (operators.next(), operators.next()) else {
        return unknown("several operators in one");
    };
    match (name.as_str(), operand) {
        ("exists", Value::Bool(true)) => test(field, Test::Exists),
        ("exists", Value::Bool(false)) => test(field, Test::NotExists),
        ("numeric", Value::Array(bounds)) => numeric(field, bounds),
        ("anything-but", excluded) => {
            let excluded = except(field, excluded);
            Pattern::All(vec![test(field, Test::Exists), excluded])
        }
        (name, Value::String(text)) => match affix(name, text) {
            Some(wildcard) => like(field, &wildcard, true),
            None => unknown(name),
        },
        (name, _) => unknown(name),
    }
}

/// None of these values: one, a list, or those with an affix.
fn except(field: &str, excluded: &Value) -> Pattern {
    match excluded {
        Value::String(text) => exact(field, text, false),
        Value::Number(number) => like(field, &number.to_string(), false),
        Value::Array(values) => {
            Pattern::All(values.iter().map(|value| except(field, value)).collect())
        }
        Value::Object(operator) => {
            let operators = operator.iter().map(|(name, operand)| {
                let texts = match operand {
                    Value::Array(texts) => texts.as_slice(),
                    one => std::slice::from_ref(one),
                };
                let except = texts.iter().map(|text| {
                    let wildcard = text.as_str().and_then(|text| affix(name, text));
                    wildcard.map_or_else(|| unknown(name), |text| like(field, &text, false))
                });
                Pattern::All(except.collect())
            });
            Pattern::All(operators.collect())
        }
        _ => unknown("anything-but"),
    }
}

fn affix(name: &str, text: &str) -> Option<String> {
    match name {
        "wildcard" => Some(text.to_owned()).filter(|text| !text.contains('\\')),
        _ if text.contains('*') => None,
        "prefix" => Some(format!("{text}*")),
        "suffix" => Some(format!("*{text}")),
        _ => None,
    }
}

/// `[">", 0, "<=", 5]`.
fn numeric(field: &str, bounds: &[Value]) -> Pattern {
    let bounds = bounds.chunks(2).map(|bound| match bound {
        [Value::String(operator), Value::Number(number)] => {
            let sized = |comparison| match number.as_f64() {
                Some(number) => test(field, Test::Number(comparison, number)),
                None => unknown("numeric"),
            };
            match operator.as_str() {
                "=" => like(field, &number.to_string(), true),
                "<" => sized(Comparison::Less),
                "<=" => sized(Comparison::AtMost),
                ">" => sized(Comparison::Greater),
                ">=" => sized(Comparison::AtLeast),
                _ => unknown("numeric"),
            }
        }
        _ => unknown("numeric"),
    });
    Pattern::All(bounds.collect())
}

/// A text as it is. An asterisk in it is no wildcard, which the terms of filter patterns cannot express.
fn exact(field: &str, text: &str, is_same: bool) -> Pattern {
    match text.contains('*') {
        true => unknown("an asterisk"),
        false => like(field, text, is_same),
    }
}

fn like(field: &str, text: &str, is_same: bool) -> Pattern {
    let wildcard = Wildcard::new(text);
    match is_same {
        true => test(field, Test::Is(wildcard)),
        false => test(field, Test::IsNot(wildcard)),
    }
}

fn test(field: &str, test: Test) -> Pattern {
    Pattern::Field(field.to_owned(), test)
}

/// What cannot be compared.
pub(super) fn unknown(what: &str) -> Pattern {
    Pattern::Unknown(format!(
        "its event pattern has {what}, which is not compared"
    ))
}

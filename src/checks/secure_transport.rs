//! Whether a bucket policy refuses requests without TLS.
//!
//! A request without TLS has `aws:SecureTransport` false. A statement refuses all of them if it denies
//! everything to everybody under no other condition than that. Whatever a statement adds narrows it, so it
//! does not count: one that denies plain HTTP to some, or below some version of TLS, which a request without
//! TLS does not have.
//!
//! Sources: <https://docs.aws.amazon.com/config/latest/developerguide/s3-bucket-ssl-requests-only.html>,
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html>

use serde_json::Value;

/// For what a policy refuses requests without TLS.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Refused {
    /// For the bucket itself: its list of objects, its settings.
    pub(super) bucket: bool,
    /// For all objects in it.
    pub(super) objects: bool,
}

/// Judges a policy of the bucket with this ARN. Statements add up.
pub(super) fn refused(policy: &Value, bucket: &str) -> Refused {
    let mut refused = Refused::default();
    let objects = format!("{bucket}/");
    for statement in items(&policy["Statement"]).filter(|one| refuses_http(one)) {
        for pattern in items(&statement["Resource"]).filter_map(Value::as_str) {
            refused.bucket |= matches(pattern, bucket);
            // What ends in a star and matches before any key matches with every key.
            refused.objects |= pattern.ends_with('*') && matches(pattern, &objects);
        }
    }
    refused
}

/// Whether a statement denies everything to everybody who does not use TLS.
fn refuses_http(statement: &Value) -> bool {
    statement["Effect"] == "Deny"
        && is_everybody(&statement["Principal"])
        && items(&statement["Action"]).any(is_all_of_s3)
        && holds_without_tls(&statement["Condition"])
}

/// `"*"`, or in the other way to write it `{"AWS": "*"}`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_principal.html>
fn is_everybody(principal: &Value) -> bool {
    *principal == "*" || items(&principal["AWS"]).any(|one| *one == "*")
}

fn is_all_of_s3(action: &Value) -> bool {
    let action = action.as_str().unwrap_or_default();
    action == "*" || action.eq_ignore_ascii_case("s3:*")
}

/// Whether a statement's conditions, all of which have to hold, hold for every request without TLS.
fn holds_without_tls(condition: &Value) -> bool {
    let operators = condition.as_object().into_iter().flatten();
    let mut conditions = operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, values)| (operator, key, values))
    });
    conditions.all(|(operator, key, values)| {
        is_bool(operator)
            && key.eq_ignore_ascii_case("aws:SecureTransport")
            && items(values).any(is_false)
    })
}

/// With one value in the request it makes no difference for how many of its values a condition asks.
fn is_bool(operator: &str) -> bool {
    let operator = operator.to_ascii_lowercase();
    let (_, operator) = operator.rsplit_once(':').unwrap_or(("", &operator));
    matches!(operator, "bool" | "boolifexists")
}

fn is_false(value: &Value) -> bool {
    *value == false
        || value
            .as_str()
            .is_some_and(|text| text.eq_ignore_ascii_case("false"))
}

/// The items of a list; a value that stands alone is a list of one, and one that is missing of none.
fn items(value: &Value) -> impl Iterator<Item = &Value> {
    match value {
        Value::Array(items) => items.as_slice(),
        Value::Null => &[],
        alone => std::slice::from_ref(alone),
    }
    .iter()
}

/// Whether a pattern of IAM matches a text: `*` stands for any text, `?` for one character.
fn matches(pattern: &str, text: &str) -> bool {
    let (pattern, text): (Vec<char>, Vec<char>) =
        (pattern.chars().collect(), text.chars().collect());
    // Which beginnings of the text the pattern up to here matches.
    let mut reached = vec![false; text.len() + 1];
    reached[0] = true;
    for wanted in pattern {
        let before = reached.clone();
        for at in 0..reached.len() {
            reached[at] = match wanted {
                '*' => before[..=at].contains(&true),
                one => at > 0 && before[at - 1] && (one == '?' || one == text[at - 1]),
            };
        }
    }
    reached.last() == Some(&true)
}

#[cfg(test)]
mod tests;

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

use crate::policy::matches;

/// For what a policy refuses requests without TLS.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct TlsEnforcement {
    /// For the bucket itself: its list of objects, its settings.
    pub(super) bucket: bool,
    /// For all objects in it.
    pub(super) objects: bool,
    /// What the statement leaves open that comes closest to refusing them and does not; none without such a
    /// statement.
    pub(super) except: Option<Vec<&'static str>>,
    /// Whether a statement could not be understood, which could refuse them.
    pub(super) unread: bool,
}

/// Evaluates a policy of the bucket with this ARN. Statements add up.
pub(super) fn refused(policy: &Value, bucket: &str) -> TlsEnforcement {
    let mut refused = TlsEnforcement::default();
    let objects = format!("{bucket}/");
    for statement in items(&policy["Statement"]) {
        refused.unread |= !matches!(statement["Effect"].as_str(), Some("Allow" | "Deny"));
        if statement["Effect"] != "Deny" {
            continue;
        }
        let except = exceptions(statement);
        if !except.is_empty() {
            let is_about_tls = conditions(&statement["Condition"]).any(matches_without_tls);
            let closest = refused.except.as_ref().map_or(usize::MAX, Vec::len);
            if is_about_tls && except.len() < closest {
                refused.except = Some(except);
            }
            continue;
        }
        for pattern in items(&statement["Resource"]).filter_map(Value::as_str) {
            refused.bucket |= matches(pattern, bucket);
            // What ends in a star and matches before any key matches with every key.
            refused.objects |= pattern.ends_with('*') && matches(pattern, &objects);
        }
    }
    refused
}

/// What a denial leaves open to requests without TLS, beside resources; nothing where it denies everything
/// to everybody.
fn exceptions(statement: &Value) -> Vec<&'static str> {
    let mut except = Vec::new();
    if !is_everybody(&statement["Principal"]) {
        except.push(match statement["NotPrincipal"].is_null() {
            true => "to others than the principals that it names",
            false => "to the principals that it exempts",
        });
    }
    if !statement["NotAction"].is_null() {
        if items(&statement["NotAction"]).any(is_of_s3) {
            except.push("for the actions that it exempts");
        }
    } else if !items(&statement["Action"]).any(is_all_of_s3) {
        except.push("for other actions than those that it names");
    }
    if !statement["NotResource"].is_null() {
        except.push("for the resources that it exempts");
    }
    except.extend(narrowing(&statement["Condition"]));
    except
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

/// Whether a pattern can be that of an action of S3. One that is no text is taken for one.
fn is_of_s3(action: &Value) -> bool {
    let Some(action) = action.as_str() else {
        return true;
    };
    let service = action.split(':').next().unwrap_or_default();
    matches(&service.to_ascii_lowercase(), "s3")
}

/// Keys of conditions that tell requests of AWS services from others.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html>
const OF_SERVICES: &[&str] = &[
    "aws:principalisawsservice",
    "aws:principalservicename",
    "aws:principalservicenameslist",
    "aws:viaawsservice",
    "aws:calledvia",
    "aws:calledviafirst",
    "aws:calledvialast",
];

/// What a statement's conditions, all of which have to hold, leave open to requests without TLS.
fn narrowing(condition: &Value) -> Option<&'static str> {
    let others = conditions(condition).filter(|one| !matches_without_tls(*one));
    let keys: Vec<_> = others.map(|(_, key, _)| key.to_ascii_lowercase()).collect();
    match keys.iter().all(|key| OF_SERVICES.contains(&&**key)) {
        _ if keys.is_empty() => None,
        true => Some("to the requests of AWS services that it exempts"),
        false => Some("where its further conditions do not hold"),
    }
}

/// Operator, key and values of every condition.
fn conditions(condition: &Value) -> impl Iterator<Item = (&String, &String, &Value)> {
    let operators = condition.as_object().into_iter().flatten();
    operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, values)| (operator, key, values))
    })
}

/// Whether a condition holds for every request without TLS.
fn matches_without_tls((operator, key, values): (&String, &String, &Value)) -> bool {
    is_bool(operator)
        && key.eq_ignore_ascii_case("aws:SecureTransport")
        && items(values).any(is_false)
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

#[cfg(test)]
mod tests;

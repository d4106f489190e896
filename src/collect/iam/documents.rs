//! Policy documents, as far as rules read them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::aws::Failure;
use crate::model::{Cause, Resources, Statement};
use crate::pace::api::GET_AUTHORIZATION_DETAILS as API;

/// The statements of a document that allow all actions, or all but some. IAM gives documents URL-encoded.
///
/// # Errors
/// [`Cause::Malformed`] where it is no policy document, naming the policy.
pub(super) fn broad(arn: &str, document: &str) -> Result<Vec<Statement>, Failure> {
    let unreadable = |what: &dyn std::fmt::Display| {
        let detail = format!("the document of {arn} cannot be read: {what}");
        Failure::new(API.action, Cause::Malformed, detail)
    };
    let document = percent_decode_str(document).decode_utf8();
    let document = document.map_err(|error| unreadable(&error))?;
    let document: Value = serde_json::from_str(&document).map_err(|error| unreadable(&error))?;
    match &document["Statement"] {
        Value::Array(statements) => Ok(statements.iter().filter_map(statement).collect()),
        Value::Object(_) => Ok(statement(&document["Statement"]).into_iter().collect()),
        _ => Err(unreadable(&"it has no statements")),
    }
}

/// A statement, if it allows all actions or all but some.
fn statement(statement: &Value) -> Option<Statement> {
    if statement["Effect"] != "Allow" {
        return None;
    }
    let except_actions = match &statement["NotAction"] {
        Value::Null if texts(&statement["Action"]).iter().any(|one| is_all(one)) => Vec::new(),
        Value::Null => return None,
        except => texts(except),
    };
    let resources = match &statement["NotResource"] {
        Value::Null => Resources::Only(texts(&statement["Resource"])),
        except => Resources::AllBut(texts(except)),
    };
    let conditions = statement["Condition"].as_object();
    Some(Statement {
        except_actions,
        resources,
        has_conditions: conditions.is_some_and(|conditions| !conditions.is_empty()),
    })
}

/// `*` and `*:*`.
fn is_all(action: &str) -> bool {
    action.contains('*') && action.chars().all(|c| matches!(c, '*' | ':'))
}

/// One text or several.
fn texts(value: &Value) -> Vec<String> {
    match value {
        Value::String(text) => vec![text.clone()],
        Value::Array(items) => {
            let texts = items.iter().filter_map(Value::as_str);
            texts.map(str::to_owned).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(statement: &str) -> Vec<Statement> {
        let document = format!("{{\"Version\":\"2012-10-17\",\"Statement\":{statement}}}");
        let encoded =
            percent_encoding::utf8_percent_encode(&document, percent_encoding::NON_ALPHANUMERIC);
        let plain = broad("arn", &document).unwrap();
        assert_eq!(broad("arn", &encoded.to_string()).unwrap(), plain);
        plain
    }

    #[test]
    fn all_actions_in_every_spelling_are_kept() {
        for action in [
            r#""*""#,
            r#"["*"]"#,
            r#""*:*""#,
            r#"["s3:Get*","*"]"#,
            r#""**""#,
        ] {
            let one = format!(r#"{{"Effect":"Allow","Action":{action},"Resource":"*"}}"#);
            for statements in [one.clone(), format!("[{one}]")] {
                let kept = of(&statements);
                let [kept] = &kept[..] else {
                    panic!("{action}")
                };
                assert!(kept.except_actions.is_empty() && !kept.has_conditions);
                assert_eq!(kept.resources, Resources::Only(vec!["*".to_owned()]));
            }
        }
    }

    #[test]
    fn what_does_not_allow_everything_is_not_kept() {
        for statement in [
            r#"{"Effect":"Deny","Action":"*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"s3:*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":["iam:*","*:Get*"],"Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":[],"Resource":"*"}"#,
            "[]",
        ] {
            assert_eq!(of(statement), [], "{statement}");
        }
    }

    #[test]
    fn exceptions_and_conditions_are_kept() {
        let kept = of(
            r#"[{"Effect":"Allow","NotAction":["iam:*","organizations:*"],"NotResource":"arn:aws:s3:::x",
                 "Condition":{"Bool":{"aws:MultiFactorAuthPresent":"true"}}},
                {"Effect":"Deny","NotAction":"iam:*","Resource":"*"}]"#,
        );
        let [kept] = &kept[..] else {
            panic!("{kept:?}")
        };
        assert_eq!(kept.except_actions, ["iam:*", "organizations:*"]);
        assert_eq!(
            kept.resources,
            Resources::AllBut(vec!["arn:aws:s3:::x".to_owned()])
        );
        assert!(kept.has_conditions);
    }

    #[test]
    fn what_is_no_document_is_malformed_and_named() {
        for document in ["", "not json", "{}", "%ff", r#"{"Statement":"x"}"#] {
            let failure = broad("arn:aws:iam::aws:policy/X", document).unwrap_err();
            assert_eq!(failure.cause, Cause::Malformed);
            assert!(failure.detail.contains("policy/X"), "{failure}");
        }
    }
}

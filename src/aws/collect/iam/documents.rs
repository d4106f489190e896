//! Policy documents, as far as rules read them.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use orgscan_core::model::{Cause, Items};
use orgscan_core::services::iam::GET_AUTHORIZATION_DETAILS as API;
use orgscan_core::services::iam::{Statement, StatementResources};
use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::Failure;

/// The statements of a document that allow all actions, or all but some, and a gap for each that cannot be
/// understood. IAM gives documents URL-encoded.
///
/// # Errors
/// [`Cause::Malformed`] where it is no policy document, naming the policy.
pub(super) fn broad(arn: &str, document: &str) -> Result<Items<Statement>, Failure> {
    let unreadable = |what: &dyn std::fmt::Display| {
        let detail = format!("the document of {arn} cannot be read: {what}");
        Failure::new(API.action, Cause::Malformed, detail).of_item(Some(arn))
    };
    let document = percent_decode_str(document).decode_utf8();
    let document = document.map_err(|error| unreadable(&error))?;
    let document: Value = serde_json::from_str(&document).map_err(|error| unreadable(&error))?;
    let statements = match &document["Statement"] {
        Value::Array(statements) => statements.as_slice(),
        alone @ Value::Object(_) => std::slice::from_ref(alone),
        _ => return Err(unreadable(&"it has no statements")),
    };
    let read = statements
        .iter()
        .map(statement)
        .filter_map(Result::transpose);
    let named = read.map(|one| one.map_err(|what| unreadable(&what)));
    Ok(named.collect())
}

/// A statement, if it allows all actions or all but some; or what cannot be understood of it.
fn statement(statement: &Value) -> Result<Option<Statement>, &'static str> {
    match statement["Effect"].as_str() {
        Some("Allow") => {}
        Some("Deny") => return Ok(None),
        _ => return Err("a statement that neither allows nor denies"),
    }
    let except_actions = match (&statement["Action"], &statement["NotAction"]) {
        (Value::Null, Value::Null) => return Err("a statement without actions"),
        (actions, Value::Null) if texts(actions)?.iter().any(|one| is_all(one)) => Vec::new(),
        (_, Value::Null) => return Ok(None),
        (_, except) => texts(except)?,
    };
    let resources = match (&statement["Resource"], &statement["NotResource"]) {
        (Value::Null, Value::Null) => return Err("a statement without resources"),
        (resources, Value::Null) => StatementResources::Only(texts(resources)?),
        (_, except) => StatementResources::AllBut(texts(except)?),
    };
    let has_conditions = match &statement["Condition"] {
        Value::Null => false,
        Value::Object(conditions) => !conditions.is_empty(),
        _ => return Err("a statement with conditions that are no mapping"),
    };
    Ok(Some(Statement {
        except_actions,
        resources,
        has_conditions,
    }))
}

/// `*` and `*:*`.
fn is_all(action: &str) -> bool {
    action.contains('*') && action.chars().all(|c| matches!(c, '*' | ':'))
}

/// One text or several.
fn texts(value: &Value) -> Result<Vec<String>, &'static str> {
    let items = match value {
        Value::Array(items) => items.as_slice(),
        alone => std::slice::from_ref(alone),
    };
    let texts = items.iter().map(|item| item.as_str().map(str::to_owned));
    texts
        .collect::<Option<_>>()
        .ok_or("a statement with something that is no text")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(statement: &str) -> Vec<Statement> {
        let all = read(statement);
        assert_eq!(all.gaps, []);
        all.known
    }

    fn read(statement: &str) -> Items<Statement> {
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
                assert_eq!(
                    kept.resources,
                    StatementResources::Only(vec!["*".to_owned()])
                );
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
            StatementResources::AllBut(vec!["arn:aws:s3:::x".to_owned()])
        );
        assert!(kept.has_conditions);
    }

    #[test]
    fn a_statement_that_cannot_be_understood_is_a_gap_beside_the_others() {
        let good = r#"{"Effect":"Allow","Action":"*","Resource":"*"}"#;
        for bad in [
            "1",
            "{}",
            r#"{"Effect":"Maybe","Action":"*","Resource":"*"}"#,
            r#"{"Effect":"Allow","Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":["s3:*",1],"Resource":"*"}"#,
            r#"{"Effect":"Allow","Action":"*"}"#,
            r#"{"Effect":"Allow","Action":"*","Resource":{}}"#,
            r#"{"Effect":"Allow","Action":"*","Resource":"*","Condition":[]}"#,
        ] {
            let all = read(&format!("[{bad},{good}]"));
            assert_eq!((all.known.len(), all.gaps.len()), (1, 1), "{bad}");
            assert_eq!(all.gaps[0].resource, "arn");
        }
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

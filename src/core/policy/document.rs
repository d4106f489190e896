//! A policy document, parsed once.
//!
//! Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_grammar.html>

use super::condition::Condition;
use super::json::{Json, excerpt};
use super::principal::Principal;

/// The largest text, in bytes. AWS's limits for resource-based policies are far below: 20 KB for a bucket, 32 KB for a key.
///
/// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-policies.html>,
/// <https://docs.aws.amazon.com/kms/latest/developerguide/resource-limits.html>
const MOST_BYTES: usize = 256 * 1024;

/// A resource-based policy.
#[derive(Clone, Debug, PartialEq)]
pub struct PolicyDocument {
    /// Whether `${...}` is a policy variable: only in version 2012-10-17.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_version.html>
    pub(super) has_variables: bool,
    pub(super) statements: Vec<Statement>,
}

/// Why a text is no policy. It quotes at most a short excerpt of the text.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PolicyError {
    /// Larger than any policy of AWS.
    #[error("it has {0} bytes, more than a policy can have ({MOST_BYTES})")]
    TooLarge(usize),
    /// No JSON, or a name occurs twice in an object.
    #[error("it is no JSON of a policy: {0}")]
    Json(String),
    /// JSON that differs from IAM's grammar of policies.
    #[error("{0}")]
    Grammar(String),
}

#[derive(Clone, Debug, PartialEq)]
pub(super) struct Statement {
    /// The `Sid`, or the number, from 1.
    pub(super) id: String,
    pub(super) allows: bool,
    pub(super) principal: Principal,
    pub(super) actions: Selection,
    /// None if the service's policies have no `Resource`: it is the resource that the policy is attached to.
    pub(super) resources: Option<Selection>,
    pub(super) conditions: Vec<Condition>,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Selection {
    pub(super) inverted: bool,
    pub(super) patterns: Vec<String>,
}

pub(super) fn grammar<T>(message: impl Into<String>) -> Result<T, PolicyError> {
    Err(PolicyError::Grammar(message.into()))
}

impl PolicyDocument {
    /// Parses the JSON text of a policy.
    ///
    /// # Errors
    ///
    /// If the text is no JSON, too large, or no policy by IAM's grammar.
    pub fn parse(text: &str) -> Result<Self, PolicyError> {
        if text.len() > MOST_BYTES {
            return Err(PolicyError::TooLarge(text.len()));
        }
        let json =
            serde_json::from_str(text).map_err(|error| PolicyError::Json(error.to_string()))?;
        let Json::Object(elements) = json else {
            return grammar("the policy is no object");
        };
        let (mut statements, mut has_variables) = (None, false);
        for (name, value) in elements {
            match (name.as_str(), value) {
                ("Version", Json::Text(version)) => has_variables = parse_version(&version)?,
                ("Id", Json::Text(_)) => {}
                ("Statement", Json::List(list)) => statements = Some(list),
                ("Statement", one @ Json::Object(_)) => statements = Some(vec![one]),
                _ => return grammar(format!("its element `{}` is unexpected", excerpt(&name))),
            }
        }
        let Some(statements) = statements else {
            return grammar("it has no element `Statement`");
        };
        let statements = statements.into_iter().enumerate();
        let statements =
            statements.map(|(index, one)| Statement::parse(one, &(index + 1).to_string()));
        Ok(Self {
            has_variables,
            statements: statements.collect::<Result<_, _>>()?,
        })
    }
}

/// Whether the version has policy variables.
fn parse_version(version: &str) -> Result<bool, PolicyError> {
    match version {
        "2012-10-17" => Ok(true),
        "2008-10-17" => Ok(false),
        other => grammar(format!("its version `{}` does not exist", excerpt(other))),
    }
}

/// The elements of a statement that have been read so far.
#[derive(Default)]
struct Elements {
    id: Option<String>,
    allows: Option<bool>,
    principal: Option<Principal>,
    actions: Option<Selection>,
    resources: Option<Selection>,
    conditions: Vec<Condition>,
}

impl Statement {
    fn parse(json: Json, number: &str) -> Result<Self, PolicyError> {
        let Json::Object(entries) = json else {
            return grammar(format!("statement {number} is no object"));
        };
        let mut elements = Elements::default();
        for (name, value) in entries {
            elements.read(&name, value).map_err(|error| match error {
                PolicyError::Grammar(problem) => {
                    PolicyError::Grammar(format!("statement {number}: {problem}"))
                }
                other => other,
            })?;
        }
        let missing = |name: &str| grammar(format!("statement {number} has no {name}"));
        let Some(allows) = elements.allows else {
            return missing("`Effect`");
        };
        let Some(principal) = elements.principal else {
            return missing("`Principal`");
        };
        let Some(actions) = elements.actions else {
            return missing("`Action`");
        };
        Ok(Self {
            id: elements.id.unwrap_or_else(|| number.to_owned()),
            allows,
            principal,
            actions,
            resources: elements.resources,
            conditions: elements.conditions,
        })
    }
}

impl Elements {
    fn read(&mut self, name: &str, value: Json) -> Result<(), PolicyError> {
        match (name, value) {
            ("Sid", Json::Text(id)) => self.id = Some(id).filter(|id| !id.is_empty()),
            ("Effect", Json::Text(effect)) if effect == "Allow" => self.allows = Some(true),
            ("Effect", Json::Text(effect)) if effect == "Deny" => self.allows = Some(false),
            ("Principal" | "NotPrincipal", value) => {
                let parsed = Principal::parse(value, name == "NotPrincipal")?;
                once(&mut self.principal, parsed, name)?;
            }
            ("Action" | "NotAction", value) => {
                let parsed = Selection::parse(value, name)?;
                once(&mut self.actions, parsed, name)?;
            }
            ("Resource" | "NotResource", value) => {
                let parsed = Selection::parse(value, name)?;
                once(&mut self.resources, parsed, name)?;
            }
            ("Condition", value) => self.conditions = Condition::parse_all(value)?,
            _ => return grammar(format!("its `{}` is unexpected", excerpt(name))),
        }
        Ok(())
    }
}

/// An element and its inverse exclude each other.
fn once<T>(element: &mut Option<T>, value: T, name: &str) -> Result<(), PolicyError> {
    match element.replace(value) {
        None => Ok(()),
        Some(_) => grammar(format!("it has both `{name}` and its inverse")),
    }
}

impl Selection {
    fn parse(value: Json, name: &str) -> Result<Self, PolicyError> {
        Ok(Self {
            inverted: name.starts_with("Not"),
            patterns: texts(value, name)?,
        })
    }
}

/// A text, or a list of texts.
pub(super) fn texts(value: Json, name: &str) -> Result<Vec<String>, PolicyError> {
    let items = match value {
        Json::Text(text) => return Ok(vec![text]),
        Json::List(items) => items,
        Json::Object(_) => return grammar(format!("its `{}` is an object", excerpt(name))),
    };
    let texts = items.into_iter().map(|item| match item {
        Json::Text(text) => Ok(text),
        _ => grammar(format!("a value of `{}` is no text", excerpt(name))),
    });
    texts.collect()
}

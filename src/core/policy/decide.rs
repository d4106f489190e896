//! Whether a policy grants access to the public.

use std::fmt;

use super::document::PolicyDocument;

/// The resource that a policy is attached to.
#[derive(Clone, Copy, Debug)]
pub struct Resource<'a> {
    /// Its ARN, as in the policy's `Resource`: `arn:aws:sns:eu-west-1:111122223333:alerts`, `arn:aws:s3:::logs`.
    /// What is below it (`ARN/*`, `ARN:*`), such as the objects of a bucket, is part of it.
    pub arn: &'a str,
    /// The account that owns it, 12 digits.
    pub account: &'a str,
}

/// Whether a policy grants access to the public, as AWS defines it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PublicAccess {
    /// To nobody outside the accounts, organizations, services and networks that it names.
    No,
    /// To anyone. The first statement that does so.
    Yes(Grant),
    /// Not decidable. The reason is for a person: "whether the condition key `x:y` excludes the public is unknown".
    Undecided(String),
}

/// A statement that grants access to the public. `Display` describes it: ``statement `Sid` allows sns:Publish``.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The statement's `Sid`, or its number, from 1, if it has none.
    pub statement: String,
    /// Its actions that the public may use, as in the policy; at most 20. Those of `NotAction` if `inverted`.
    pub actions: Vec<String>,
    /// Whether `actions` is what the statement does not allow (`NotAction`).
    pub inverted: bool,
    /// Whether the statement has a condition, which the public can meet.
    pub conditional: bool,
}

impl fmt::Display for Grant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let except = if self.inverted {
            "everything except "
        } else {
            ""
        };
        let actions = self.actions.join(", ");
        write!(f, "statement `{}` allows {except}{actions}", self.statement)
    }
}

/// Evaluates a policy for anyone: an anonymous caller, and a principal of another account and organization.
///
/// `actions` are the actions that matter, as in a policy: `["sns:*"]`, or a list of known actions, then only these
/// count. Only actions of the resource's service can be granted.
#[must_use]
pub fn public_access(
    _policy: &PolicyDocument,
    _resource: &Resource<'_>,
    _actions: &[&str],
) -> PublicAccess {
    PublicAccess::Undecided("policies are not evaluated yet".to_owned())
}

//! The conditions of a statement, all of which have to hold.

mod identity;
mod keys;
mod operators;
mod values;

use self::operators::{Comparison, Operator, Quantifier};
use super::document::{PolicyError, grammar, texts};
use super::json::{Json, excerpt};
use super::pattern::{Pattern, Syntax, Variables};

pub(super) use self::values::{Network, Request, Sample, samples};

/// One operator with one key and its values.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Condition {
    /// None if it is unknown.
    operator: Option<Operator>,
    /// As in the policy.
    pub(super) operator_name: String,
    /// Keys are not case-sensitive.
    pub(super) key: String,
    values: Vec<String>,
}

impl Condition {
    pub(super) fn parse_all(value: Json) -> Result<Vec<Self>, PolicyError> {
        let Json::Object(operators) = value else {
            return grammar("its condition is no object");
        };
        let mut conditions = Vec::new();
        for (operator, keys) in operators {
            let Json::Object(keys) = keys else {
                return grammar(format!("its `{}` is no object", excerpt(&operator)));
            };
            for (key, value) in keys {
                conditions.push(Self {
                    operator: Operator::parse(&operator),
                    values: texts(value, &key)?,
                    operator_name: excerpt(&operator),
                    key: key.to_ascii_lowercase(),
                });
            }
        }
        Ok(conditions)
    }

    /// The patterns of its values; none for operators that compare no text.
    fn patterns(&self, variables: Variables<'_>) -> Vec<Pattern> {
        let Some(syntax) = self.operator.and_then(Operator::syntax) else {
            return Vec::new();
        };
        let ignores_case = self.operator.is_some_and(Operator::ignores_case);
        let values = self.values.iter();
        let patterns = values.map(|value| Pattern::new(value, syntax, variables));
        patterns
            .map(|pattern| match ignores_case {
                true => pattern.ignoring_case(),
                false => pattern,
            })
            .collect()
    }
}

impl Operator {
    /// How it reads its values; none if they are no texts.
    fn syntax(self) -> Option<Syntax> {
        match self.comparison {
            Comparison::Text { .. } => Some(Syntax::Exact),
            Comparison::Like => Some(Syntax::Glob),
            Comparison::Arn => Some(Syntax::Arn),
            _ => None,
        }
    }

    fn ignores_case(self) -> bool {
        self.comparison == Comparison::Text { ignores_case: true }
    }

    fn has_quantifier(self) -> bool {
        self.quantifier != Quantifier::None
    }
}

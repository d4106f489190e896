//! Which resources an exception names.

use regex_lite::Regex;

use crate::settings::glob;

/// How a regular expression is asked for.
const REGEX: &str = "regex:";

/// What makes an expression match the whole ARN or nothing.
const BEFORE: &str = "^(?:";
const AFTER: &str = ")$";

/// A resource, or several: an ARN, a glob or a regular expression.
#[derive(Clone, Debug)]
pub(super) enum Pattern {
    /// An ARN, or a glob.
    Glob(String),
    /// A regular expression for the whole ARN.
    Regex(Regex),
}

impl Pattern {
    /// Reads a pattern; a glob's syntax is checked elsewhere, with that of all globs.
    ///
    /// # Errors
    /// What is wrong with a regular expression, and the fix.
    pub(super) fn new(text: &str) -> Result<Self, String> {
        let Some(expression) = text.strip_prefix(REGEX) else {
            return Ok(Self::Glob(text.to_owned()));
        };
        if expression.is_empty() {
            return Err("empty, which matches nothing; take it out".to_owned());
        }
        let whole = Regex::new(&format!("{BEFORE}{expression}{AFTER}"));
        whole.map(Self::Regex).map_err(|error| {
            let text = expression.escape_debug();
            format!("`{text}` is not a regular expression: {error}; correct it, or use a glob")
        })
    }

    /// The text that [`Pattern::new`] reads it from.
    pub(super) fn text(&self) -> String {
        match self {
            Self::Glob(pattern) => pattern.clone(),
            Self::Regex(regex) => {
                let whole = regex.as_str();
                let inner = whole.strip_prefix(BEFORE);
                let inner = inner.and_then(|rest| rest.strip_suffix(AFTER));
                format!("{REGEX}{}", inner.unwrap_or(whole))
            }
        }
    }

    /// Whether the text asks for a regular expression.
    pub(super) fn is_regex(text: &str) -> bool {
        text.starts_with(REGEX)
    }

    pub(super) fn matches(&self, resource: &str) -> bool {
        match self {
            Self::Glob(pattern) => glob(pattern, resource),
            Self::Regex(regex) => regex.is_match(resource),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, resource: &str) -> bool {
        Pattern::new(pattern).unwrap().matches(resource)
    }

    #[test]
    fn resources_are_named_exactly_by_glob_and_by_expression_where_asked() {
        let logs = "arn:aws:s3:::logs-1";
        assert!(matches(logs, logs));
        assert!(!matches("arn:aws:s3:::logs", logs));
        assert!(!matches(logs, "arn:aws:s3:::logs-12"));
        assert!(matches("arn:aws:s3:::logs-*", logs));
        assert!(matches("*:user/*", "arn:aws:iam::111122223333:user/a/b"));
        assert!(!matches("arn:aws:s3:::LOGS-*", logs));
        assert!(matches("regex:arn:aws:s3:::logs-[0-9]+", logs));
        // It is about the whole ARN, not about something in it.
        assert!(!matches("regex:logs-[0-9]+", logs));
        assert!(!matches(
            "regex:arn:aws:s3:::logs-1|x",
            "x-arn:aws:s3:::logs-1"
        ));
        // Without being asked for, it is no expression.
        assert!(!matches("arn:aws:s3:::logs-[0-9]+", logs));
    }

    #[test]
    fn an_invalid_expression_is_refused_with_a_fix() {
        for bad in ["regex:", "regex:(", "regex:a(?=b)"] {
            let error = Pattern::new(bad).unwrap_err();
            assert!(error.contains("; "), "{error}");
        }
    }
}

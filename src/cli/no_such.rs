//! A word that names nothing, with what it may have meant.

use orgscan_core::suggest::{instead, nearest};

/// A word that names nothing there is.
#[derive(Debug, thiserror::Error)]
#[error("there is no {what} `{value}`; {advice}")]
pub(super) struct NoSuch {
    what: &'static str,
    value: String,
    advice: String,
}

impl NoSuch {
    pub(super) fn new(what: &'static str, value: &str, known: &[&str]) -> Self {
        Self {
            what,
            value: value.escape_debug().to_string(),
            advice: instead(value, known),
        }
    }

    /// The same of so many known words that a message cannot list them.
    pub(super) fn nearest(what: &'static str, value: &str, known: &[&str]) -> Self {
        let advice = match nearest(value, known.iter().copied()) {
            Some(other) => format!("did you mean `{other}`?"),
            None => "`orgscan checks` lists the checks, `orgscan checks --framework ID` controls"
                .to_owned(),
        };
        let value = value.escape_debug().to_string();
        Self {
            what,
            value,
            advice,
        }
    }
}

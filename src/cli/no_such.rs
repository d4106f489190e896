//! A name that does not exist, with the nearest one that does.

use orgscan_core::suggest::{instead, nearest};

/// A name that does not exist.
#[derive(Debug, thiserror::Error)]
#[error("{argument}: no {what} `{value}`; {advice}")]
pub(super) struct NoSuch {
    /// The argument that has the name: `--framework`.
    argument: &'static str,
    what: &'static str,
    value: String,
    advice: String,
}

impl NoSuch {
    pub(super) fn new(
        (argument, what): (&'static str, &'static str),
        value: &str,
        known: &[&str],
    ) -> Self {
        Self {
            argument,
            what,
            value: value.escape_debug().to_string(),
            advice: instead(value, known),
        }
    }

    /// The same with too many known names for a message.
    pub(super) fn nearest(
        (argument, what): (&'static str, &'static str),
        value: &str,
        known: &[&str],
    ) -> Self {
        let advice = match nearest(value, known.iter().copied()) {
            Some(other) => format!("did you mean `{other}`?"),
            None => {
                "`orgscan checks` lists the checks, `orgscan checks --framework ID` the controls"
                    .to_owned()
            }
        };
        let value = value.escape_debug().to_string();
        Self {
            argument,
            what,
            value,
            advice,
        }
    }
}

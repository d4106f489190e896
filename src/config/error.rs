//! What is wrong with a configuration, said so that it can be mended.

use std::fmt;

/// One thing that is wrong: where it was said, about which field, and how to mend it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it was said: `orgscan.yaml:12`, `ORGSCAN_API_SHARE`, `--api-share`, `event`; empty
    /// where that is not known.
    pub origin: String,
    /// The field, `accounts.include.ids[2]`; empty where it is about no single field.
    pub field: String,
    /// What is wrong; and after a semicolon, how to mend it.
    pub message: String,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.origin.is_empty() {
            write!(f, "{}: ", self.origin)?;
        }
        if !self.field.is_empty() {
            // A key may hold anything, escape sequences for terminals included.
            write!(f, "{}: ", self.field.escape_debug())?;
        }
        f.write_str(&self.message)
    }
}

/// A configuration that cannot be used, with everything that is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", lines(.problems))]
pub struct ConfigError {
    problems: Vec<Problem>,
}

impl ConfigError {
    /// Everything that is wrong; never empty.
    pub fn problems(&self) -> &[Problem] {
        &self.problems
    }

    /// `Err` with the problems, if there are any.
    pub(super) fn unless_none(problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            Ok(())
        } else {
            Err(Self { problems })
        }
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem],
        }
    }
}

/// One problem on its own line; several below their number.
fn lines(problems: &[Problem]) -> String {
    if let [problem] = problems {
        return problem.to_string();
    }
    let mut text = format!("{} problems in the configuration:", problems.len());
    for problem in problems {
        text.push_str(&format!("\n  {problem}"));
    }
    text
}

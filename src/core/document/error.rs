//! The problems of a configuration, each with a fix.

use std::fmt;

/// The most problems that one error lists. An event or a file can have hundreds of thousands.
pub(crate) const MOST: usize = 50;

/// The longest field and the longest message, in characters. An answer of AWS with the advice after it has to fit.
const LONGEST: usize = 1_000;

/// One thing that is wrong: where it is, in which field, and how to fix it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// Where it was said: `orgscan.yaml:12`, `ORGSCAN_API_SHARE`, `--api-share`, `event`; empty
    /// where that is not known.
    pub origin: String,
    /// The field, `accounts.include.ids[2]`; empty where it is about no single field.
    pub field: String,
    /// What is wrong; and after a semicolon, how to fix it.
    pub message: String,
}

impl Problem {
    /// The same in few characters, however long a value is that it quotes.
    fn clipped(self) -> Self {
        Self {
            field: clip(self.field),
            message: clip(self.message),
            ..self
        }
    }
}

/// The beginning and the end of a long text: a message says at its end what to do.
fn clip(text: String) -> String {
    let length = text.chars().count();
    if length <= LONGEST {
        return text;
    }
    let half = LONGEST / 2;
    let start: String = text.chars().take(half).collect();
    let end: String = text.chars().skip(length - half).collect();
    format!("{start}…{end}")
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.origin.is_empty() {
            write!(f, "{}: ", self.origin)?;
        }
        // A flag has one field, which does not help its user.
        if !self.field.is_empty() && !self.origin.starts_with("--") {
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

    /// `Err` with the problems, if there are any; with the first `MOST` of them, and that there are more.
    pub fn unless_none(mut problems: Vec<Problem>) -> Result<(), Self> {
        if problems.is_empty() {
            return Ok(());
        }
        if problems.len() > MOST {
            problems.truncate(MOST);
            problems.push(Problem {
                origin: String::new(),
                field: String::new(),
                message: format!("there are more than {MOST} problems; correct these first"),
            });
        }
        let problems = problems.into_iter().map(Problem::clipped).collect();
        Err(Self { problems })
    }
}

impl From<Problem> for ConfigError {
    fn from(problem: Problem) -> Self {
        Self {
            problems: vec![problem.clipped()],
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

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(field: &str, message: String) -> Problem {
        Problem {
            origin: "event".to_owned(),
            field: field.to_owned(),
            message,
        }
    }

    #[test]
    fn an_error_lists_a_bounded_number_of_problems() {
        let of = |count: usize| {
            let problems = (0..count).map(|n| problem("names", format!("{n}; correct it")));
            ConfigError::unless_none(problems.collect())
        };
        assert!(of(0).is_ok());
        assert_eq!(of(MOST).unwrap_err().problems().len(), MOST);
        let error = of(MOST + 1).unwrap_err();
        assert_eq!(error.problems().len(), MOST + 1);
        assert!(
            error
                .to_string()
                .ends_with("more than 50 problems; correct these first")
        );
    }

    #[test]
    fn a_problem_is_of_bounded_length_and_ends_with_what_to_do() {
        let long = "é".repeat(1_000_000);
        let error = ConfigError::from(problem(&long, format!("`{long}` is no check; correct it")));
        let text = error.to_string();
        assert!(text.chars().count() < 3 * LONGEST, "{}", text.len());
        assert!(text.ends_with("is no check; correct it"), "{text}");
    }
}

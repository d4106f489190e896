//! The result of doctor: one line for each prerequisite.

use serde::Serialize;

use orgscan_aws::Failure;

/// What came of a check.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Status {
    /// It is in order.
    Ok,
    /// It is not, and the line has the fix.
    Problem,
    /// It could not be checked, and the line has the reason.
    NotChecked,
}

impl Status {
    /// For people.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Problem => "problem",
            Self::NotChecked => "not checked",
        }
    }
}

/// One line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DiagnosticLine {
    /// What was checked, in a word or two.
    pub check: String,
    /// What came of it.
    pub status: Status,
    /// What is there, or why it was not checked.
    pub detail: String,
    /// What to do about a problem.
    pub remediation: Option<String>,
    /// The command that does it, where there is one.
    pub command: Option<String>,
}

impl DiagnosticLine {
    pub(super) fn ok(check: &str, detail: impl Into<String>) -> Self {
        Self::new(check, Status::Ok, detail)
    }

    pub(super) fn not_checked(check: &str, detail: impl Into<String>) -> Self {
        Self::new(check, Status::NotChecked, detail)
    }

    pub(super) fn problem(
        check: &str,
        detail: impl Into<String>,
        remediation: impl Into<String>,
    ) -> Self {
        Self {
            remediation: Some(remediation.into()),
            ..Self::new(check, Status::Problem, detail)
        }
    }

    /// A request that failed: because doctor lacks the permission, or for another reason.
    pub(super) fn unanswered(check: &str, failure: &Failure) -> Self {
        let detail = match failure.cause.is_denial() {
            true => format!("needs {}: {failure}", failure.action),
            false => failure.to_string(),
        };
        Self::not_checked(check, detail)
    }

    #[must_use]
    pub(super) fn with_command(self, command: impl Into<String>) -> Self {
        Self {
            command: Some(command.into()),
            ..self
        }
    }

    fn new(check: &str, status: Status, detail: impl Into<String>) -> Self {
        Self {
            check: check.to_owned(),
            status,
            detail: detail.into(),
            remediation: None,
            command: None,
        }
    }
}

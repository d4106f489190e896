//! What is not as the runs left it.

use std::fmt;

use serde::Serialize;

use orgscan_core::text::clean;

/// Characters of a text, at most.
const TEXT: usize = 1_000;

/// What is amiss.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// It is not there.
    Missing,
    /// It is not what was written.
    Changed,
    /// No manifest lists it.
    Extra,
    /// It is at the wrong position in the chain, or in the wrong folder.
    OutOfOrder,
    /// It is signed by nobody, or by somebody else.
    WrongKey,
}

/// Something that is not as the runs left it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// What is amiss.
    pub kind: Kind,
    /// The file, below the location that reports go to.
    pub path: String,
    /// More about it.
    pub detail: String,
}

impl Problem {
    pub(super) fn new(kind: Kind, path: impl Into<String>, detail: impl Into<String>) -> Self {
        Self {
            kind,
            path: path.into(),
            detail: detail.into(),
        }
    }

    pub(super) fn unlisted(path: String) -> Self {
        Self::new(Kind::Extra, path, "its folder has no manifest")
    }

    /// What to do about it.
    pub fn remediation(&self) -> &'static str {
        match self.kind {
            Kind::Missing => "restore it from a copy, or from an older version of the object",
            Kind::Changed => {
                "find out who changed it, and restore it from a copy or from an older version of the object. A run that is \
                 not finished also changes files: continue it with its id"
            }
            Kind::Extra => {
                "find out who added it. An interrupted weekly report also leaves files: write it again"
            }
            Kind::OutOfOrder => {
                "find out who moved or replaced it. The alert of each run has the number and the SHA-256 of its manifest"
            }
            Kind::WrongKey => "find out who signed it. Add every accepted key with --public-key",
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Names of files are anybody's.
        let (path, detail) = (clean(&self.path, TEXT), clean(&self.detail, TEXT));
        write!(f, "{path}: {}: {detail}", self.kind.describe())
    }
}

impl Kind {
    /// A word or two for it.
    pub fn describe(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::Changed => "changed",
            Self::Extra => "extra",
            Self::OutOfOrder => "out of order",
            Self::WrongKey => "wrong key",
        }
    }
}

//! Failures on request: which requests fail, how often, and how.

mod kind;
mod messages;
mod rules;

use std::path::Path;

use globset::{GlobBuilder, GlobMatcher};
use orgscan_core::document::{ConfigError, Problem, read_document};
use serde::{Deserialize, Serialize};

pub(super) use kind::FaultContext;
pub use kind::FaultKind;
pub(super) use rules::Faults;

use orgscan_files::local_file;

/// A rule for requests that fail. What is left out matches anything. Patterns are globs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Fault {
    /// The id or the name of the calling account; for AssumeRole, of the role's account as well.
    #[serde(default)]
    pub account: Option<String>,
    /// The Region.
    #[serde(default)]
    pub region: Option<String>,
    /// The service, as in IAM actions, but `s3control`.
    #[serde(default)]
    pub service: Option<String>,
    /// The operation: `Describe*`.
    #[serde(default)]
    pub operation: Option<String>,
    /// The share of such requests that fail, from 0 to 1.
    #[serde(default = "all")]
    pub share: f64,
    /// How they fail.
    pub kind: FaultKind,
    /// How many fail before no more do; without end if left out.
    #[serde(default)]
    pub times: Option<u64>,
}

fn all() -> f64 {
    1.0
}

/// A file of faults.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FaultFile {
    /// The first that matches a request, and draws it, decides.
    pub faults: Vec<Fault>,
}

/// The name of the faults that come with the program.
pub const EXAMPLE: &str = "example";

impl FaultFile {
    /// Reads faults from a file, or those that come with the program for the path `example`.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of(path: &Path) -> Result<Self, ConfigError> {
        match path == Path::new(EXAMPLE) {
            true => Self::parse(EXAMPLE, include_str!("faults/example.yaml")),
            false => Self::read(path),
        }
    }

    /// Reads faults from YAML or JSON.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place, its field, and how to fix it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text = local_file::read_text(path, local_file::SMALL).map_err(|error| Problem {
            origin: name.clone(),
            field: String::new(),
            message: format!(
                "cannot be read: {error}; give the path of a file of faults, or `{EXAMPLE}`"
            ),
        })?;
        Self::parse(&name, &text)
    }

    /// Reads faults from a text; `name` is where it comes from.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn parse(name: &str, text: &str) -> Result<Self, ConfigError> {
        read_document(name, text, Self::findings)
    }

    fn findings(&self) -> Vec<(String, String)> {
        let mut findings = Vec::new();
        for (n, fault) in self.faults.iter().enumerate() {
            findings.extend(fault.findings(&format!("faults[{n}]")));
        }
        findings
    }
}

impl Fault {
    /// The fields that do not fit, each with what is wrong and the fix.
    fn findings(&self, at: &str) -> Vec<(String, String)> {
        let mut findings = Vec::new();
        if !(0.0..=1.0).contains(&self.share) {
            let message = format!("{} is no share; use 0 to 1", self.share);
            findings.push((format!("{at}.share"), message));
        }
        for (field, pattern) in self.patterns() {
            if let Err(error) = matcher(pattern) {
                let message = format!(
                    "`{pattern}` is not a glob: {}; close it, or put a backslash before it",
                    error.kind()
                );
                findings.push((format!("{at}.{field}"), message));
            }
        }
        findings
    }

    fn patterns(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("account", &self.account),
            ("region", &self.region),
            ("service", &self.service),
            ("operation", &self.operation),
        ]
        .into_iter()
        .filter_map(|(field, pattern)| Some((field, pattern.as_deref()?)))
    }
}

fn matcher(pattern: &str) -> Result<GlobMatcher, globset::Error> {
    let glob = GlobBuilder::new(pattern).backslash_escape(true).build()?;
    Ok(glob.compile_matcher())
}

#[cfg(test)]
mod tests;

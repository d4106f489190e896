//! Failures on request: which requests fail, how often, and how.

mod kind;

use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};

use globset::{GlobBuilder, GlobMatcher};
use serde::{Deserialize, Serialize};

pub use kind::Kind;
pub(super) use kind::Occasion;

use super::call::Call;
use super::mix::Draw;
use crate::config::{ConfigError, Problem, read_document};

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
    pub kind: Kind,
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

impl FaultFile {
    /// Reads faults from YAML or JSON.
    ///
    /// # Errors
    /// Everything that is wrong, each with its place, its field, and how to mend it.
    pub fn read(path: &Path) -> Result<Self, ConfigError> {
        let name = path.display().to_string();
        let text = std::fs::read_to_string(path).map_err(|error| Problem {
            origin: name.clone(),
            field: String::new(),
            message: format!("cannot be read: {error}; give the path of a file of faults"),
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
    /// The fields that do not fit, each with what is wrong and the mend.
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

/// Faults in force.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Rule>);

#[derive(Debug)]
struct Rule {
    account: Option<GlobMatcher>,
    region: Option<GlobMatcher>,
    service: Option<GlobMatcher>,
    operation: Option<GlobMatcher>,
    share: f64,
    kind: Kind,
    left: Option<AtomicU64>,
}

impl Faults {
    /// Takes faults into force.
    ///
    /// # Errors
    /// The first that does not fit.
    pub(super) fn new(faults: &[Fault]) -> Result<Self, ConfigError> {
        let file = FaultFile {
            faults: faults.to_vec(),
        };
        if let Some((field, message)) = file.findings().into_iter().next() {
            let origin = String::new();
            return Err(Problem {
                origin,
                field,
                message,
            }
            .into());
        }
        Ok(Self(faults.iter().map(Rule::new).collect()))
    }

    /// Whether there is none.
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The fault that a request meets, if any. `accounts` are the ids and names that it concerns.
    pub(super) fn meet(&self, call: &Call, accounts: &[&str], draw: Draw) -> Option<Kind> {
        let mut rules = self.0.iter().enumerate();
        let met = rules.find(|(n, rule)| {
            rule.matches(call, accounts)
                && draw.with_number(*n as u64).unit() < rule.share
                && rule.take()
        });
        met.map(|(_, rule)| rule.kind)
    }
}

impl Rule {
    /// The globs have been looked at; one that is none would match nothing.
    fn new(fault: &Fault) -> Self {
        let glob = |pattern: &Option<String>| pattern.as_deref().and_then(|p| matcher(p).ok());
        Self {
            account: glob(&fault.account),
            region: glob(&fault.region),
            service: glob(&fault.service),
            operation: glob(&fault.operation),
            share: fault.share,
            kind: fault.kind,
            left: fault.times.map(AtomicU64::new),
        }
    }

    fn matches(&self, call: &Call, accounts: &[&str]) -> bool {
        let fits = |glob: &Option<GlobMatcher>, text: &str| {
            glob.as_ref().is_none_or(|glob| glob.is_match(text))
        };
        fits(&self.region, &call.region)
            && fits(&self.service, &call.service)
            && fits(&self.operation, &call.operation)
            && (self.account.is_none() || accounts.iter().any(|id| fits(&self.account, id)))
    }

    fn take(&self) -> bool {
        let Some(left) = &self.left else {
            return true;
        };
        let one_less = |left: u64| left.checked_sub(1);
        left.fetch_update(Ordering::Relaxed, Ordering::Relaxed, one_less)
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn faults(yaml: &str) -> Faults {
        Faults::new(&FaultFile::parse("faults.yaml", yaml).unwrap().faults).unwrap()
    }

    fn call(region: &str, operation: &str) -> Call {
        Call {
            service: "ec2".into(),
            region: region.into(),
            operation: operation.into(),
            ..Call::default()
        }
    }

    fn met(faults: &Faults, call: &Call, account: &str) -> Option<Kind> {
        faults.meet(call, &[account], Draw::new(1))
    }

    #[test]
    fn the_first_fault_that_matches_decides() {
        let faults = faults(
            "faults:\n\
             - { account: 'prod-*', operation: Describe*, region: eu-*, kind: throttled }\n\
             - { service: ec2, kind: hang }\n",
        );
        let volumes = call("eu-west-1", "DescribeVolumes");
        assert_eq!(met(&faults, &volumes, "prod-a"), Some(Kind::Throttled));
        assert_eq!(met(&faults, &volumes, "dev"), Some(Kind::Hang));
        let elsewhere = call("us-east-1", "DescribeVolumes");
        assert_eq!(met(&faults, &elsewhere, "prod-a"), Some(Kind::Hang));
        let other = Call {
            service: "iam".into(),
            ..elsewhere
        };
        assert_eq!(met(&faults, &other, "prod-a"), None);
    }

    #[test]
    fn a_fault_may_end_and_may_be_rare() {
        let twice = faults("faults: [{ kind: reset, times: 2 }]");
        let call = call("eu-west-1", "DescribeVolumes");
        let hits = |faults: &Faults| {
            let draws = (0..10_000).map(Draw::new);
            draws
                .filter(|draw| faults.meet(&call, &["a"], *draw).is_some())
                .count()
        };
        assert_eq!(hits(&twice), 2);
        let rare = hits(&faults("faults: [{ kind: reset, share: 0.1 }]"));
        assert!((900..1_100).contains(&rare), "{rare}");
        assert_eq!(hits(&faults("faults: [{ kind: reset, share: 0 }]")), 0);
    }

    #[test]
    fn what_is_wrong_with_a_file_is_said_with_line_field_and_mend() {
        let wrong = |yaml: &str| {
            let error = FaultFile::parse("faults.yaml", yaml).unwrap_err();
            let problems = error.problems().iter();
            let lines: Vec<_> = problems.map(ToString::to_string).collect();
            lines.join("\n")
        };
        insta::assert_snapshot!(wrong("faults:\n- kind: throttle\n- {}\n"), @r"
        faults.yaml:2: faults[0].kind: `throttle` is unknown; did you mean `throttled`?
        faults.yaml:3: faults[1].kind: missing; add it
        ");
        let yaml = "faults:\n- kind: hang\n- { kind: hang, share: 2, region: 'eu-[w' }\n";
        insta::assert_snapshot!(wrong(yaml), @r"
        faults.yaml:3: faults[1].share: 2 is no share; use 0 to 1
        faults.yaml:3: faults[1].region: `eu-[w` is not a glob: unclosed character class; missing ']'; close it, or put a backslash before it
        ");
        assert_eq!(
            FaultFile::parse("empty.yaml", "").unwrap(),
            FaultFile::default()
        );
    }
}

//! Exit codes.

use crate::model::{Report, Severity};

/// The run is complete, and nothing was found that `--fail-on` asks about.
pub const CLEAN: u8 = 0;
/// There are findings at or above `--fail-on`.
pub const FINDINGS: u8 = 1;
/// The run could not begin or not end: wrong usage or configuration, no credentials.
pub const COULD_NOT_RUN: u8 = 2;
/// Something could not be looked at, so the numbers are lower bounds; the exceptions could not be used,
/// so they count what was accepted; or what changed is not known.
pub const INCOMPLETE: u8 = 3;
/// A result did not reach one of its destinations.
pub const NOT_DELIVERED: u8 = 4;

/// The codes, for `--help`. A command that a signal interrupts has the code that shells give to such a
/// process: see `signals`.
pub(super) const HELP: &str = "Exit codes:
  0  complete, and nothing found that --fail-on asks about
  1  findings at or above --fail-on
  2  could not run: wrong usage or configuration, no credentials
  3  incomplete: something could not be looked at, or the exceptions not be used
  4  not delivered: a result did not reach its destination
  129, 130, 143  interrupted by SIGHUP, SIGINT (Ctrl-C) or SIGTERM
The highest that applies counts.";

/// The exit code of a run that came to its end. What is least known weighs most: a result that did
/// not arrive, then one with gaps, then one with findings.
pub fn exit_code(report: &Report, delivered: bool, fail_on: Option<Severity>) -> u8 {
    let fails = |severity| report.findings.at_least(severity) > 0;
    if !delivered {
        NOT_DELIVERED
    } else if !report.coverage.is_complete()
        || report.exceptions.unusable.is_some()
        || report.changes.is_unavailable()
    {
        INCOMPLETE
    } else if fail_on.is_some_and(fails) {
        FINDINGS
    } else {
        CLEAN
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn what_is_least_known_weighs_most() {
        let mut report = sample::clean();
        let high = Some(Severity::High);
        assert_eq!(exit_code(&report, true, high), CLEAN);
        report.findings.count(Severity::Medium);
        assert_eq!(exit_code(&report, true, high), CLEAN);
        assert_eq!(exit_code(&report, true, Some(Severity::Medium)), FINDINGS);
        report.findings.count(Severity::Critical);
        assert_eq!(exit_code(&report, true, high), FINDINGS);
        assert_eq!(exit_code(&report, true, None), CLEAN);
        report.exceptions.unusable = Some("cannot be read".into());
        assert_eq!(exit_code(&report, true, high), INCOMPLETE);
        report.exceptions.unusable = None;
        report.coverage.targets.unknown = 1;
        assert_eq!(exit_code(&report, true, high), INCOMPLETE);
        assert_eq!(exit_code(&report, false, high), NOT_DELIVERED);
    }

    #[test]
    fn the_help_names_every_code() {
        for code in [CLEAN, FINDINGS, COULD_NOT_RUN, INCOMPLETE, NOT_DELIVERED] {
            assert!(HELP.contains(&format!("\n  {code}  ")), "{code}");
        }
    }
}

//! Exit codes.

use orgscan_core::model::{Report, Severity};

/// The run is complete, without findings at or above `--fail-on`.
pub const CLEAN: u8 = 0;
/// There are findings at or above `--fail-on`.
pub const FINDINGS: u8 = 1;
/// The run could not start or not finish: wrong usage or configuration, no credentials.
pub const COULD_NOT_RUN: u8 = 2;
/// The run is incomplete: some targets could not be evaluated, the exceptions file could not be used, or the
/// previous state is unavailable.
pub const INCOMPLETE: u8 = 3;
/// A result could not be delivered to one of its destinations.
pub const NOT_DELIVERED: u8 = 4;

/// The help on exit codes, from the lines on the codes of a command.
macro_rules! codes {
    ($($line:literal)*) => {
        concat!("Exit codes:", $("\n  ", $line),*)
    };
}

/// The codes of a scan. A command that a signal interrupts has the code that shells give to such a process: see
/// `signals`.
pub(super) const HELP: &str = codes!(
    "0  complete, and no findings at or above --fail-on"
    "1  findings at or above --fail-on"
    "2  could not run: wrong usage or configuration, no credentials"
    "3  incomplete: some checks not evaluated, exceptions not usable, or the previous state unavailable"
    "4  not delivered: a result did not reach its destination"
    "129, 130, 143  interrupted by SIGHUP, SIGINT (Ctrl-C) or SIGTERM\n\n\
     The highest code that applies is returned. With --allow-incomplete, checks that could not be evaluated do not \
     cause code 3, unless nothing at all could be evaluated."
);

pub(super) const PLAN: &str = codes!(
    "0  the plan is complete"
    "2  could not run: wrong usage or configuration, no credentials"
    "3  incomplete: the Regions of some accounts could not be listed"
);

pub(super) const ENROLLMENT: &str = codes!(
    "0  every account in scope is enrolled"
    "2  could not run: wrong usage or configuration, no credentials"
    "3  incomplete: some accounts are not enrolled, or their state is unknown"
);

pub(super) const DEMO: &str = codes!(
    "0  the demo is complete, with or without findings"
    "2  could not run: wrong usage, or the report folder cannot be used"
    "129, 130, 143  interrupted by SIGHUP, SIGINT (Ctrl-C) or SIGTERM"
);

pub(super) const DOCTOR: &str = codes!(
    "0  no problem; prerequisites that could not be checked do not count"
    "1  at least one problem"
    "2  could not run: wrong usage or configuration"
);

pub(super) const EXCEPTIONS: &str = codes!(
    "0  the file is valid"
    "2  the file cannot be read or has errors"
);

pub(super) const HISTORY: &str = codes!(
    "0  the state has no dates in the future, or it was repaired"
    "2  could not run: wrong usage or configuration, no credentials"
    "3  the state has dates in the future: repair it with --yes"
);

/// Those of commands that read stored runs.
pub(super) const STORED: &str = codes!(
    "0  all runs are complete and could be read"
    "2  could not run: wrong usage or configuration, no credentials"
    "3  incomplete: some runs are missing, incomplete or cannot be read"
);

/// What decides over the exit code of a run.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    /// Findings of this severity or worse count.
    pub fail_on: Option<Severity>,
    /// Checks that could not be evaluated do not count.
    pub allow_incomplete: bool,
}

/// The exit code of a run that came to its end. What is least known weighs most: a result that did
/// not arrive, then one with gaps, then one with findings. A run that evaluated nothing is never clean.
pub fn exit_code(report: &Report, delivered: bool, rules: Rules) -> u8 {
    let fails = |severity| report.findings.at_least(severity) > 0;
    let coverage = &report.coverage;
    let allows_gaps = rules.allow_incomplete && coverage.targets.known > 0;
    if !delivered {
        NOT_DELIVERED
    } else if !coverage.is_complete() && !allows_gaps
        || report.exceptions.error.is_some()
        || report.changes.is_unavailable()
    {
        INCOMPLETE
    } else if rules.fail_on.is_some_and(fails) {
        FINDINGS
    } else {
        CLEAN
    }
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    const fn fail_on(severity: Severity) -> Rules {
        Rules {
            fail_on: Some(severity),
            allow_incomplete: false,
        }
    }

    #[test]
    fn what_is_least_known_weighs_most() {
        let mut report = sample::clean();
        let high = fail_on(Severity::High);
        assert_eq!(exit_code(&report, true, high), CLEAN);
        report.findings.count(Severity::Medium);
        assert_eq!(exit_code(&report, true, high), CLEAN);
        let medium = fail_on(Severity::Medium);
        assert_eq!(exit_code(&report, true, medium), FINDINGS);
        report.findings.count(Severity::Critical);
        assert_eq!(exit_code(&report, true, high), FINDINGS);
        assert_eq!(exit_code(&report, true, Rules::default()), CLEAN);
        report.exceptions.error = Some("cannot be read".into());
        assert_eq!(exit_code(&report, true, high), INCOMPLETE);
        report.exceptions.error = None;
        report.coverage.targets.unknown = 1;
        assert_eq!(exit_code(&report, true, high), INCOMPLETE);
        assert_eq!(exit_code(&report, false, high), NOT_DELIVERED);
    }

    #[test]
    fn gaps_alone_can_be_allowed() {
        let mut report = sample::clean();
        let rules = Rules {
            allow_incomplete: true,
            ..fail_on(Severity::High)
        };
        report.coverage.targets.unknown = 1;
        report.coverage.accounts_incomplete = 1;
        assert_eq!(exit_code(&report, true, rules), CLEAN);
        report.findings.count(Severity::High);
        assert_eq!(exit_code(&report, true, rules), FINDINGS);
        assert_eq!(exit_code(&report, false, rules), NOT_DELIVERED);
        report.exceptions.error = Some("cannot be read".into());
        assert_eq!(exit_code(&report, true, rules), INCOMPLETE);
        report.exceptions.error = None;
        report.coverage.targets.known = 0;
        assert_eq!(exit_code(&report, true, rules), INCOMPLETE);
    }

    #[test]
    fn the_help_names_every_code() {
        for code in [CLEAN, FINDINGS, COULD_NOT_RUN, INCOMPLETE, NOT_DELIVERED] {
            assert!(HELP.contains(&format!("\n  {code}  ")), "{code}");
        }
    }

    #[test]
    fn the_help_of_commands_with_own_codes_has_them() {
        let mut cli = <crate::Cli as clap::CommandFactory>::command();
        for name in [
            "scan",
            "plan",
            "enrollment",
            "doctor",
            "demo",
            "exceptions",
            "export",
            "weekly",
            "history",
            "verify",
        ] {
            let command = cli.find_subcommand_mut(name).unwrap();
            let help = command.render_long_help().to_string();
            assert!(help.contains("Exit codes:\n  0  "), "{name}: {help}");
        }
    }
}

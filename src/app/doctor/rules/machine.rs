//! What this process may have.

use super::super::facts::Machine;
use super::super::line::DiagnosticLine;

const OPEN_FILES: &str = "open files";

pub(in crate::doctor) fn open_files(machine: &Machine) -> DiagnosticLine {
    let Machine {
        open_files,
        wanted,
        possible_in_flight,
    } = machine;
    match possible_in_flight < wanted {
        false => DiagnosticLine::ok(
            OPEN_FILES,
            format!("{open_files} at most, enough for {wanted} requests in flight"),
        ),
        true => DiagnosticLine::problem(
            OPEN_FILES,
            format!(
                "{open_files} at most, so {possible_in_flight} requests are in flight instead of {wanted}"
            ),
            "raise the hard limit of this user (`ulimit -Hn`), or lower concurrency.requests",
        )
        .with_command("ulimit -n 4096"),
    }
}

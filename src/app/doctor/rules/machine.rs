//! What this process may have.

use super::super::facts::Machine;
use super::super::line::Line;

const OPEN_FILES: &str = "open files";

pub(in crate::doctor) fn open_files(machine: &Machine) -> Line {
    let Machine {
        open_files,
        wanted,
        fitting,
    } = machine;
    match fitting < wanted {
        false => Line::ok(
            OPEN_FILES,
            format!("{open_files} at most, enough for {wanted} requests in flight"),
        ),
        true => Line::problem(
            OPEN_FILES,
            format!(
                "{open_files} at most, so {fitting} requests are in flight instead of {wanted}"
            ),
            "raise the hard limit of this user (`ulimit -Hn`), or lower concurrency.requests",
        )
        .with_command("ulimit -n 4096"),
    }
}

//! Programs that see nothing of this machine's environment but its clock.

use std::collections::BTreeMap;
use std::process::Command;

/// The time zone, and what `tests/shifted.sh` sets for the clock of the tests and of all processes that they
/// start: with a clock of its own, a process would find sessions ended and runs dated in the future.
pub(crate) fn clock() -> BTreeMap<String, String> {
    let is_of_clock = |(name, _): &(String, String)| {
        name.starts_with("FAKETIME") || ["TZ", "LD_PRELOAD", "NO_FAKE_STAT"].contains(&&**name)
    };
    std::env::vars().filter(is_of_clock).collect()
}

/// Takes this machine's environment from a program, its clock apart.
pub(crate) fn isolate(command: &mut Command) -> &mut Command {
    command.env_clear().envs(clock())
}

/// orgscan without this machine's environment.
pub(crate) fn orgscan() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_orgscan"));
    isolate(&mut command);
    command
}

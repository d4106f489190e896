//! `orgscan history`

use std::io::{self, Write};

use orgscan_core::clock::Clock;
use orgscan_core::text::{count, number};
use orgscan_files::disk::{self, advice};
use orgscan_store::history::{FutureDates, repair as correct};
use orgscan_store::{StateCopy, Storage, Version};
use tempfile::TempDir;

use super::archive::{configured, open_storage};
use super::{CommandError, configure};
use crate::args::{GlobalArgs, HistoryArgs, HistoryCommand, RepairArgs};
use crate::exit::{CLEAN, INCOMPLETE};

/// Why a state was not repaired.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CannotRepair {
    #[error("no stored state at {0}; check --report")]
    NoState(String),
    #[error("a run has changed {0} in the meantime, so nothing was written; try again")]
    Changed(String),
    #[error(
        "no temporary folder can be created: {}; {}",
        .0,
        advice(.0, "free disk space, or set TMPDIR to another folder")
    )]
    Temporary(io::Error),
}

/// Shows or repairs the history. Gives the exit code.
pub(crate) async fn history(
    global: &GlobalArgs,
    args: &HistoryArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    match &args.command {
        HistoryCommand::Repair(args) => repair(global, args, out).await,
    }
}

async fn repair(
    global: &GlobalArgs,
    args: &RepairArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let config = configure(global, args.reports.layer()).await?;
    let report = configured(&config)?;
    let archive = open_storage(&config, report).await?;
    let clock = Clock::System;
    let scratch = scratch(&archive).map_err(CannotRepair::Temporary)?;
    let file = |name: &str| scratch.path().join(name);
    let copy = archive.copy_state(file("state")).await?;
    let version = there(&copy)?;
    let next = file("next");
    let from = (copy.path.as_path(), copy.location.as_str());
    let found = correct(from, &file("accounts"), &next, clock)?;
    write(&copy.location, &found, clock, out)?;
    if found.is_empty() {
        return Ok(CLEAN);
    }
    if !args.yes {
        writeln!(out, "\nNothing was written. Add --yes to repair the state.")?;
        return Ok(INCOMPLETE);
    }
    let kept = archive.keep_state(&copy.path, clock.now()).await?;
    let changed = || CannotRepair::Changed(copy.location.clone());
    let kept = kept.ok_or_else(changed)?;
    if !archive.replace_state(&next, version).await? {
        return Err(changed().into());
    }
    writeln!(out, "\nRepaired. The previous state is in {kept}")?;
    Ok(CLEAN)
}

/// A folder for what is made on the way: where the state is, so that files can be renamed.
fn scratch(archive: &Storage) -> io::Result<TempDir> {
    let folder = archive.folder().map(|root| root.join("state"));
    match folder.filter(|folder| folder.is_dir()) {
        Some(folder) => disk::temporary_folder_in(&folder),
        None => disk::temporary_folder(),
    }
}

fn there(copy: &StateCopy) -> Result<&Version, CannotRepair> {
    let version = copy.version.as_ref();
    let there = version.filter(|version| **version != Version::Absent);
    there.ok_or_else(|| CannotRepair::NoState(copy.location.clone()))
}

fn write(
    location: &str,
    found: &FutureDates,
    clock: Clock,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let now = clock.now();
    if found.is_empty() {
        writeln!(
            out,
            "{location} has no dates ahead of this machine's clock ({now})."
        )?;
        return Ok(());
    }
    writeln!(
        out,
        "{location} has dates ahead of this machine's clock ({now}):"
    )?;
    if let Some(run) = &found.run {
        let (id, started) = (run.id.escape_debug(), run.started);
        writeln!(out, "  the run {id}, which wrote it, started at {started}")?;
    }
    if let Some((id, time)) = &found.latest {
        let (ahead, all) = (number(found.ahead), count(found.accounts, "account"));
        writeln!(
            out,
            "  {ahead} of {all} have such dates; the latest is {time} in account {id}"
        )?;
    }
    writeln!(
        out,
        "The repair keeps all accounts and findings, and replaces these dates by the time of the repair.\n\
         Check this machine's clock first: with a wrong clock, the repair writes wrong dates."
    )?;
    Ok(())
}

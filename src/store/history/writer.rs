//! Writes a state, account by account.
//!
//! What is written of the run itself, its alert say, is known last and read first. So the file has two
//! parts, each compressed by itself; as one after the other they are a file like any other.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::panic::resume_unwind;
use std::path::Path;
use std::sync::mpsc::{self, SyncSender};
use std::thread::{self, JoinHandle};

use flate2::Compression;
use orgscan_core::compare::KnownAccount;
use orgscan_core::jsonl;
use orgscan_core::model::BaselineRun;
use orgscan_files::disk;

use super::lines::{FORMAT, HistoryHeader, KnownLine, VERSION};

/// The accounts of a state in the making. The same accounts give the same bytes.
#[derive(Debug)]
pub struct HistoryWriter {
    out: jsonl::JsonlWriter<BufWriter<File>>,
    accounts: u64,
}

impl HistoryWriter {
    /// Begins with a file of that path.
    ///
    /// # Errors
    /// The file system's.
    pub fn create(path: &Path) -> io::Result<Self> {
        let out = BufWriter::new(disk::create(path)?);
        Ok(Self {
            out: jsonl::JsonlWriter::new(out, Compression::default()),
            accounts: 0,
        })
    }

    /// Writes an account. Accounts come by id.
    ///
    /// # Errors
    /// The file system's.
    pub fn account(&mut self, known: &KnownAccount) -> io::Result<()> {
        self.accounts += 1;
        self.out.write(&KnownLine::from(known))
    }

    /// Writes the end. Gives how many accounts there are.
    ///
    /// # Errors
    /// The file system's.
    pub fn finish(self) -> io::Result<u64> {
        self.out.finish()?.into_inner()?;
        Ok(self.accounts)
    }
}

/// How many accounts wait to be written, at most.
const WAITING: usize = 8;

/// The accounts of a state that a thread of its own writes: to compress them takes about as long as to compare
/// them.
#[derive(Debug)]
pub(super) struct BackgroundWriter {
    accounts: SyncSender<KnownAccount>,
    thread: JoinHandle<io::Result<u64>>,
}

impl BackgroundWriter {
    /// Begins with a file of that path.
    ///
    /// # Errors
    /// The file system's.
    pub(super) fn create(path: &Path) -> io::Result<Self> {
        let mut writer = HistoryWriter::create(path)?;
        let (accounts, waiting) = mpsc::sync_channel::<KnownAccount>(WAITING);
        let write = move || {
            for known in waiting {
                writer.account(&known)?;
            }
            writer.finish()
        };
        let thread = thread::Builder::new().spawn(write)?;
        Ok(Self { accounts, thread })
    }

    /// Writes an account. Accounts come by id.
    pub(super) fn account(&self, known: KnownAccount) {
        // Where the thread has ended, the end says why.
        let _ = self.accounts.send(known);
    }

    /// Waits for the end. Gives how many accounts there are.
    ///
    /// # Errors
    /// The file system's.
    pub(super) fn finish(self) -> io::Result<u64> {
        drop(self.accounts);
        let written = self.thread.join();
        written.unwrap_or_else(|panic| resume_unwind(panic))
    }
}

/// Puts a state together, at `path`: what is to be said of the run that leaves it, and the accounts that
/// were written to `accounts`. Nothing of it is lost by a power cut.
///
/// # Errors
/// The file system's.
pub fn write_state(
    path: &Path,
    run: Option<&BaselineRun>,
    (accounts, count): (&Path, u64),
) -> io::Result<()> {
    let mut out = disk::create(path)?;
    out.write_all(&head(run, count)?)?;
    io::copy(&mut File::open(accounts)?, &mut out)?;
    out.sync_all()
}

/// What stands for a state that was not there.
///
/// # Errors
/// Never, since it goes to memory.
pub fn empty() -> io::Result<Vec<u8>> {
    head(None, 0)
}

fn head(run: Option<&BaselineRun>, accounts: u64) -> io::Result<Vec<u8>> {
    let mut out = jsonl::JsonlWriter::new(Vec::new(), Compression::default());
    let head = HistoryHeader {
        format: FORMAT.to_owned(),
        version: VERSION,
        run: run.cloned(),
        accounts,
    };
    out.write(&head)?;
    out.finish()
}

//! A private Python environment with pinned packages.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::Output;

use tokio::process::Command;

use super::server::EmulatorError;
use crate::isolated;

/// A private environment below `folder` that has the packages of a requirements file, each one with the
/// hash that is given there. Made at the first use, and again when the requirements change.
#[derive(Clone, Debug)]
pub(crate) struct Python {
    /// Its interpreter.
    pub(crate) interpreter: PathBuf,
}

impl Python {
    /// Makes the environment, or takes the one that is there.
    ///
    /// # Errors
    /// Where python3 is missing, cannot make environments, or cannot install the packages; the text
    /// says the mend.
    pub(crate) async fn ensure(folder: &Path, requirements: &Path) -> Result<Self, EmulatorError> {
        fs::create_dir_all(folder).map_err(EmulatorError::io(folder))?;
        // Held until the environment is complete, so that two processes do not make it at once.
        let lock = folder.join("lock");
        let lock = File::create(&lock).map_err(EmulatorError::io(&lock))?;
        lock.lock().map_err(EmulatorError::io(folder))?;

        let wanted = fs::read_to_string(requirements).map_err(EmulatorError::io(requirements))?;
        let stamp = folder.join("installed.txt");
        let environment = folder.join("venv");
        let interpreter = environment.join("bin").join("python");
        if fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
            return Ok(Self { interpreter });
        }
        let made = run("python3", &["-m", "venv", "--clear"], &environment).await;
        succeeded(made.map_err(EmulatorError::NoPython)?, EmulatorError::Venv)?;
        let pip = [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--disable-pip-version-check",
            "--require-hashes",
            "--only-binary=:all:",
            "-r",
        ];
        let installed = run(&interpreter, &pip, requirements).await;
        succeeded(
            installed.map_err(EmulatorError::NoPython)?,
            EmulatorError::Pip,
        )?;
        fs::write(&stamp, wanted).map_err(EmulatorError::io(&stamp))?;
        Ok(Self { interpreter })
    }
}

async fn run(program: impl AsRef<Path>, args: &[&str], last: &Path) -> io::Result<Output> {
    let mut command = Command::new(program.as_ref());
    // The registry's certificates are good at the real time, whatever the clock of the tests is.
    for name in isolated::clock().keys() {
        command.env_remove(name);
    }
    command.args(args).arg(last).output().await
}

fn succeeded(output: Output, otherwise: fn(String) -> EmulatorError) -> Result<(), EmulatorError> {
    if output.status.success() {
        return Ok(());
    }
    let mut said = String::from_utf8_lossy(&output.stdout).into_owned();
    said.push_str(&String::from_utf8_lossy(&output.stderr));
    Err(otherwise(said.trim().to_owned()))
}

//! An emulated organization: the independent judge. moto behind a thin layer, in a Python of its own.

mod python;
mod server;

use std::path::{Path, PathBuf};

pub(crate) use python::Python;
pub(crate) use server::{Emulator, Inventory};

/// Where the emulator's scripts are.
pub(crate) fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emulator")
}

/// Where the emulator's Python environment is made: below the build's own folder.
pub(crate) fn environment() -> PathBuf {
    let built = std::env::current_exe().ok();
    built
        .as_deref()
        .and_then(|program| program.ancestors().find(|path| path.ends_with("target")))
        .map_or_else(std::env::temp_dir, Path::to_path_buf)
        .join("emulator")
}

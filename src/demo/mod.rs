//! The embedded organization: what `orgscan demo` scans, with no AWS account.

mod emulator;
mod python;

use std::path::{Path, PathBuf};

pub use emulator::{Emulator, EmulatorError, Inventory, InventoryAccount, InventoryResource};
pub use python::Python;

/// Where the emulator's scripts are, in the source tree that this program was built from.
pub fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emulator")
}

/// Where the emulator's Python environment is made: below the build's own folder.
pub fn environment() -> PathBuf {
    let built = std::env::current_exe().ok();
    built
        .as_deref()
        .and_then(|program| program.ancestors().find(|path| path.ends_with("target")))
        .map_or_else(std::env::temp_dir, Path::to_path_buf)
        .join("emulator")
}

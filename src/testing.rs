//! Helpers for tests.

use std::path::Path;

/// Compares a generated file with the one in the repository; with `ORGSCAN_BLESS=1` in the
/// environment it writes the file instead. `path` is relative to the repository.
pub(crate) fn assert_fresh(path: &str, text: &str) {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    if std::env::var_os("ORGSCAN_BLESS").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == text,
        "{path} is stale: `ORGSCAN_BLESS=1 cargo test` rewrites it"
    );
}

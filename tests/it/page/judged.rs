//! The page in a real browser, which is driven, and what it shows judged, by the Python programs in tests/page.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{hostile, large};
use crate::judged::installed::{self, tool_folder};

/// Where the browser's scripts are.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page")
}

/// Where the pages lie, also after the tests, to be scanned.
fn pages() -> PathBuf {
    let folder = tool_folder("page").join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs one of them, and shows what it says.
#[expect(
    clippy::print_stdout,
    reason = "the times that it takes are shown with --nocapture"
)]
pub(crate) fn python(script: &str, pages: &Path) {
    let output = Command::new(installed::python("page"))
        .arg(scripts().join(script))
        .arg(pages)
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    print!("{message}");
    assert!(output.status.success(), "{message}\n{failed}");
}

#[test]
fn the_page_works_in_a_browser() {
    let folder = pages();
    let organization = hostile::organization();
    organization.write(&folder.join("hostile.html"));
    organization.write_beside(&folder.join("hostile.csv"), &folder.join("hostile.json"));
    python("views.py", &folder);
}

#[test]
fn the_page_is_small_and_draws_little_at_a_thousand_accounts() {
    let folder = pages();
    large::organization(20).write(&folder.join("large.html"));
    large::organization(40).write(&folder.join("beyond.html"));
    python("size.py", &folder);
}

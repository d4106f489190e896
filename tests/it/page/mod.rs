//! The report's page in a real browser. The organizations that it shows are made here, through the
//! program's own consolidation, comparison and exceptions; the browser is driven and what it shows is
//! judged by the Python program in tests/page.

mod hostile;
mod large;
mod made;

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::emulator::{Python, environment};
use crate::world::runtime;

/// Where the browser's scripts are.
fn scripts() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/page")
}

/// Where the pages lie, also after the tests, to be looked at.
fn pages() -> PathBuf {
    let folder = environment().with_file_name("page").join("pages");
    std::fs::create_dir_all(&folder).unwrap();
    folder
}

/// Runs one of them, and shows what it says.
#[expect(
    clippy::print_stdout,
    reason = "the times that it takes are shown with --nocapture"
)]
pub(crate) fn python(script: &str, pages: &Path) {
    let place = environment().with_file_name("page");
    let requirements = scripts().join("requirements.txt");
    let python = runtime().block_on(Python::ensure(&place, &requirements));
    let output = Command::new(python.unwrap().interpreter)
        .arg(scripts().join(script))
        .arg(pages)
        .env("ORGSCAN_PAGE_TOOLS", &place)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let failed = String::from_utf8_lossy(&output.stderr);
    print!("{said}");
    assert!(output.status.success(), "{said}\n{failed}");
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
fn the_page_is_fast_and_small_at_a_thousand_accounts() {
    let folder = pages();
    large::organization(20).write(&folder.join("large.html"));
    large::organization(40).write(&folder.join("beyond.html"));
    python("size.py", &folder);
}

#[test]
fn the_same_run_gives_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one.html", "two.html"].map(|name| {
        let path = folder.path().join(name);
        hostile::organization().write(&path);
        std::fs::read(&path).unwrap()
    });
    assert!(one == two);
}

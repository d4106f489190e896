//! The report's page. The organizations that it shows are made here, through the program's own consolidation,
//! comparison and exceptions.

mod hostile;
#[cfg(feature = "judges")]
pub(crate) mod judged;
#[cfg(feature = "judges")]
mod large;
mod samples;

#[test]
fn the_same_run_produces_the_same_page() {
    let folder = tempfile::tempdir().unwrap();
    let [one, two] = ["one.html", "two.html"].map(|name| {
        let path = folder.path().join(name);
        hostile::organization().write(&path);
        std::fs::read(&path).unwrap()
    });
    assert!(one == two);
}

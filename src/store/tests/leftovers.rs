//! What killed processes left, and what others put in the place of files.

use std::os::unix::fs::{PermissionsExt, symlink};

use orgscan_files::disk;

use super::*;

/// The run's folder, with what a killed process left in it.
fn leftovers_in(root: &TempDir) -> PathBuf {
    let folder = root.path().join("runs/nightly");
    disk::create_folders(&folder).unwrap();
    let left = disk::temporary_folder_in(&folder).unwrap().keep();
    fs::write(left.join("next.jsonl.gz"), "half").unwrap();
    disk::temporary(&folder).unwrap().keep().unwrap();
    folder
}

fn temporary_in(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let left = entries.filter(|entry| disk::is_temporary(entry.file_name().to_str().unwrap()));
    left.map(|entry| entry.path()).collect()
}

#[tokio::test]
async fn the_holder_of_a_run_removes_leftovers_of_killed_processes() {
    let root = tempfile::tempdir().unwrap();
    let folder = leftovers_in(&root);
    let store = in_folder(&root).await.unwrap();
    assert_eq!(temporary_in(&folder), [store.scratch.path()]);
    // One that does not get the run removes nothing, and leaves nothing.
    assert!(in_folder(&root).await.is_err());
    assert_eq!(temporary_in(&folder), [store.scratch.path()]);
    put(&store, &done(1)).await;
    drop(store);
    assert_eq!(temporary_in(&folder), Vec::<PathBuf>::new());
}

#[tokio::test]
async fn a_run_that_another_process_had_meanwhile_goes_on() {
    let root = tempfile::tempdir().unwrap();
    let first = in_folder(&root).await.unwrap();
    first.release().await;
    drop(in_folder(&root).await.unwrap());
    first.acquire().await.unwrap();
    let done = done(1);
    put(&first, &done).await;
    assert_eq!(first.get(&done.account.id).unwrap(), done);
}

#[tokio::test]
async fn what_a_run_stores_is_for_its_owner_alone() {
    let root = tempfile::tempdir().unwrap();
    let store = in_folder(&root).await.unwrap();
    store.begin(record("a")).await.unwrap();
    put(&store, &done(1)).await;
    let base = store.base().await.unwrap();
    store.keep_base(base).await.unwrap();
    let absent = Version::Absent;
    store
        .replace_state(&next(&store, "one"), &absent)
        .await
        .unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    let mut folders = vec![root.path().join("runs"), root.path().join("state")];
    while let Some(folder) = folders.pop() {
        assert_eq!(mode(&folder), 0o700, "{}", folder.display());
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => assert_eq!(mode(&path), 0o600, "{}", path.display()),
            }
        }
    }
}

#[tokio::test]
async fn symbolic_links_in_a_report_folder_are_never_written_through() {
    let root = tempfile::tempdir().unwrap();
    let precious = root.path().join("precious");
    fs::write(&precious, "text").unwrap();
    let (folder, state) = (root.path().join("runs/nightly"), root.path().join("state"));
    for folder in [&folder.join("accounts"), &state] {
        fs::create_dir_all(folder).unwrap();
    }
    let done = done(1);
    let name = object_name(&done.account.id);
    let links = [
        folder.join(RECORD),
        folder.join(state::BASE),
        folder.join("run.json.part"),
        folder.join(format!("{name}.part")),
        folder.join(&name),
        folder.join("base.part"),
        folder.join("now.jsonl.gz"),
        folder.join("next.jsonl.gz"),
        state.join("findings.jsonl.gz"),
    ];
    for link in &links[2..] {
        symlink(&precious, link).unwrap();
    }
    let store = in_folder(&root).await.unwrap();
    store.begin(record("a")).await.unwrap();
    put(&store, &done).await;
    let base = store.base().await.unwrap();
    let read = base.version.clone().unwrap();
    store.keep_base(base).await.unwrap();
    store.copy_state("now.jsonl.gz").await.unwrap();
    assert!(
        store
            .replace_state(&next(&store, "one"), &read)
            .await
            .unwrap()
    );
    assert_eq!(fs::read_to_string(&precious).unwrap(), "text");
    drop(store);

    for lock in [folder.join("lock"), state.join("lock")] {
        fs::remove_file(&lock).unwrap();
        symlink(&precious, &lock).unwrap();
        let refused = match in_folder(&root).await {
            Err(error) => error.to_string(),
            Ok(store) => {
                let next = next(&store, "two");
                store
                    .replace_state(&next, &read)
                    .await
                    .unwrap_err()
                    .to_string()
            }
        };
        assert!(refused.contains("symbolic link"), "{refused}");
        assert_eq!(fs::read_to_string(&precious).unwrap(), "text");
        fs::remove_file(&lock).unwrap();
    }
}

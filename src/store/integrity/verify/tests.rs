//! Whatever is done to a chain of ten is found, and named.

use std::fs;
use std::path::{Path, PathBuf};

use tempfile::TempDir;

use super::*;
use crate::integrity::example::{FILES, chain, folder, publish, signer};
use crate::integrity::{HEAD, SIGNATURE, SealedLink, Signer};

/// Ten runs and their signers.
struct TenRuns {
    root: TempDir,
    keys: TempDir,
    sealed: Vec<SealedLink>,
}

impl TenRuns {
    async fn make() -> Self {
        let (root, keys) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        let archive = Storage::in_folder(root.path());
        let sealed = chain(&archive, 10, &signer(keys.path())).await;
        Self { root, keys, sealed }
    }

    fn archive(&self) -> Storage {
        Storage::in_folder(self.root.path())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.root.path().join(name)
    }

    async fn verdict(&self, question: VerifyRequest) -> Verdict {
        verify(&self.archive(), &question).await.unwrap()
    }

    /// That it is not as it was, and that this file is named.
    async fn names(&self, name: &str, question: VerifyRequest) {
        let problems = self.verdict(question).await.problems;
        let is_named = problems.iter().any(|one| one.path == name);
        assert!(is_named, "{name} in {problems:?}");
    }

    async fn is_sound(&self) {
        let verdict = self.verdict(VerifyRequest::default()).await;
        assert_eq!(verdict.problems, []);
    }

    async fn flip(&self, name: &str, at: usize, question: VerifyRequest) {
        let path = self.path(name);
        let bytes = fs::read(&path).unwrap();
        let mut flipped = bytes.clone();
        flipped[at] ^= 1;
        fs::write(&path, flipped).unwrap();
        self.names(name, question).await;
        fs::write(&path, bytes).unwrap();
    }
}

/// The files of a run.
fn files(run: u64) -> Vec<String> {
    let names = FILES.into_iter().chain([MANIFEST, SIGNATURE]);
    names
        .map(|name| format!("{}/{name}", folder(run)))
        .collect()
}

fn of_run(run: u64) -> VerifyRequest {
    VerifyRequest {
        run: Some(format!("run-{run}").parse().unwrap()),
        ..VerifyRequest::default()
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let (path, to) = (entry.path(), to.join(entry.file_name()));
        match path.is_dir() {
            true => copy(&path, &to),
            false => drop(fs::copy(&path, &to).unwrap()),
        }
    }
}

#[tokio::test]
async fn any_byte_of_any_file_counts() {
    let ten = TenRuns::make().await;
    ten.is_sound().await;
    for run in 1..=10 {
        for name in files(run) {
            let length = fs::read(ten.path(&name)).unwrap().len();
            // Every byte of one run, and some of the others'.
            let step = if run == 5 { 1 } else { 37 };
            for at in (0..length).step_by(step) {
                ten.flip(&name, at, of_run(run)).await;
            }
            for at in [0, length / 2, length - 1] {
                ten.flip(&name, at, VerifyRequest::default()).await;
            }
        }
    }
    let length = fs::read(ten.path(HEAD)).unwrap().len();
    for at in (0..length).step_by(41) {
        ten.flip(HEAD, at, VerifyRequest::default()).await;
    }
    ten.is_sound().await;
}

#[tokio::test]
async fn a_file_that_is_gone_renamed_or_new_is_named() {
    let ten = TenRuns::make().await;
    for run in [1, 5, 10] {
        for name in files(run) {
            let (path, other) = (ten.path(&name), ten.path(&format!("{name}.x")));
            fs::rename(&path, &other).unwrap();
            ten.names(&name, VerifyRequest::default()).await;
            ten.names(&format!("{name}.x"), VerifyRequest::default())
                .await;
            fs::rename(&other, &path).unwrap();
        }
        for added in ["more.csv", "parts/a=2/rows.bin", "manifest-3.sig"] {
            let name = format!("{}/{added}", folder(run));
            fs::create_dir_all(ten.path(&name).parent().unwrap()).unwrap();
            fs::write(ten.path(&name), "more").unwrap();
            ten.names(&name, VerifyRequest::default()).await;
            fs::remove_file(ten.path(&name)).unwrap();
        }
    }
    ten.is_sound().await;
}

#[tokio::test]
async fn files_and_runs_that_are_exchanged_are_named() {
    let ten = TenRuns::make().await;
    for name in FILES.into_iter().chain([MANIFEST, SIGNATURE]) {
        let [one, other] = [3, 7].map(|run| format!("{}/{name}", folder(run)));
        let swap = || {
            let between = ten.path("between");
            fs::rename(ten.path(&one), &between).unwrap();
            fs::rename(ten.path(&other), ten.path(&one)).unwrap();
            fs::rename(&between, ten.path(&other)).unwrap();
        };
        swap();
        ten.names(&one, VerifyRequest::default()).await;
        ten.names(&other, VerifyRequest::default()).await;
        swap();
    }
    // Whole folders.
    let [one, other] = [3, 7].map(|run| ten.path(&folder(run)));
    let between = ten.path("between");
    fs::rename(&one, &between).unwrap();
    fs::rename(&other, &one).unwrap();
    fs::rename(&between, &other).unwrap();
    for run in [3, 7] {
        let name = format!("{}/{MANIFEST}", folder(run));
        ten.names(&name, VerifyRequest::default()).await;
        ten.names(&name, of_run(run)).await;
    }
}

#[tokio::test]
async fn a_run_that_is_gone_is_named_by_the_one_that_follows_it() {
    for run in [1, 2, 6] {
        let ten = TenRuns::make().await;
        fs::remove_dir_all(ten.path(&folder(run))).unwrap();
        let name = format!("{}/{MANIFEST}", folder(run));
        ten.names(&name, VerifyRequest::default()).await;
    }
    let ten = TenRuns::make().await;
    copy(&ten.path(&folder(4)), &ten.path("daily/2026/11/20/run-4"));
    let name = format!("daily/2026/11/20/run-4/{MANIFEST}");
    ten.names(&name, VerifyRequest::default()).await;
}

#[tokio::test]
async fn a_cut_end_is_found_by_what_is_known_of_it() {
    let ten = TenRuns::make().await;
    fs::remove_dir_all(ten.path(&folder(10))).unwrap();
    let gone = format!("{}/{MANIFEST}", folder(10));
    ten.names(&gone, VerifyRequest::default()).await;
    // Somebody thinks of the file that says so, too.
    let head = ten.path(HEAD);
    let last = fs::read(&head).unwrap();
    fs::remove_file(&head).unwrap();
    let verdict = ten.verdict(VerifyRequest::default()).await;
    assert_eq!(verdict.problems, []);
    assert!(
        verdict.not_verified[0].contains("last runs"),
        "{:?}",
        verdict.not_verified
    );
    let with = |run: usize| VerifyRequest {
        manifest_sha256: Some(ten.sealed[run - 1].sha256),
        ..VerifyRequest::default()
    };
    ten.names("the end of the chain", with(10)).await;
    let verdict = ten.verdict(with(9)).await;
    assert_eq!(
        (&*verdict.problems, &*verdict.not_verified),
        (&[][..], &[][..])
    );
    assert_eq!(verdict.last_run_evidence, [LastRunEvidence::GivenHash]);
    // An older one in its place.
    publish(&ten.archive(), 10, 1, &signer(ten.keys.path()))
        .await
        .unwrap();
    ten.is_sound().await;
    fs::write(&head, last).unwrap();
    ten.names(HEAD, VerifyRequest::default()).await;
}

#[tokio::test]
async fn the_beginning_may_go_up_to_a_checkpoint() {
    let ten = TenRuns::make().await;
    let point = |run: u64| Checkpoint {
        sequence: run,
        run_id: format!("run-{run}"),
        sha256: ten.sealed[run as usize - 1].sha256,
    };
    let from = |point: &Checkpoint| VerifyRequest {
        checkpoint: Some(point.clone()),
        ..VerifyRequest::default()
    };
    for run in 1..=3 {
        fs::remove_dir_all(ten.path(&folder(run))).unwrap();
    }
    let gone = format!("{}/{MANIFEST}", folder(3));
    ten.names(&gone, VerifyRequest::default()).await;
    ten.names(&gone, from(&point(2))).await;
    for run in [3, 4, 9, 10] {
        assert_eq!(ten.verdict(from(&point(run))).await.problems, [], "{run}");
    }
    // Before the checkpoint there may be gaps; what is there has to hold all the same.
    fs::remove_dir_all(ten.path(&folder(5))).unwrap();
    assert_eq!(ten.verdict(from(&point(6))).await.problems, []);
    ten.names(&format!("{}/{MANIFEST}", folder(5)), from(&point(4)))
        .await;
    ten.flip(&format!("{}/report.json", folder(4)), 0, from(&point(6)))
        .await;
    // Another chain's.
    let foreign = Checkpoint {
        sha256: Sha256Sum::of(b"other"),
        ..point(3)
    };
    ten.names(&format!("{}/{MANIFEST}", folder(4)), from(&foreign))
        .await;
    let bytes = point(3).to_bytes().unwrap();
    assert_eq!(Checkpoint::from_bytes(&bytes).unwrap(), point(3));
    let error = Checkpoint::from_bytes(b"{}").unwrap_err().to_string();
    assert!(error.contains("--write-checkpoint"), "{error}");
}

#[tokio::test]
async fn another_signing_key_is_reported() {
    let ten = TenRuns::make().await;
    let own = match signer(ten.keys.path()) {
        Signer::Local(key) => key.public(),
        _ => unreachable!(),
    };
    let with = |keys: &[&PublicKey]| VerifyRequest {
        keys: keys.iter().map(|key| (*key).clone()).collect(),
        ..VerifyRequest::default()
    };
    assert_eq!(ten.verdict(with(&[&own])).await.problems, []);
    // The last run regenerated, by somebody who can write and has no key.
    let stranger = tempfile::tempdir().unwrap();
    fs::remove_dir_all(ten.path(&folder(10))).unwrap();
    fs::remove_file(ten.path(HEAD)).unwrap();
    let theirs = signer(stranger.path());
    publish(&ten.archive(), 10, 9, &theirs).await.unwrap();
    let last = format!("{}/{MANIFEST}", folder(10));
    ten.names(&last, with(&[&own])).await;
    let verdict = ten.verdict(VerifyRequest::default()).await;
    assert_eq!(verdict.problems, []);
    assert!(
        verdict.not_verified[0].contains("link 10"),
        "{:?}",
        verdict.not_verified
    );
    let theirs = theirs.signed_by().unwrap().public_key;
    assert_eq!(ten.verdict(with(&[&own, &theirs])).await.problems, []);
    // And the one before it by nobody at all.
    publish(&ten.archive(), 11, 0, &Signer::Nobody)
        .await
        .unwrap();
    let last = format!("{}/{MANIFEST}", folder(11));
    ten.names(&last, with(&[&own, &theirs])).await;
}

#[tokio::test]
async fn unsigned_links_are_still_protected_by_the_chain() {
    let root = tempfile::tempdir().unwrap();
    let archive = Storage::in_folder(root.path());
    chain(&archive, 3, &Signer::Nobody).await;
    let path = root.path().join(folder(2)).join(MANIFEST);
    let text = fs::read_to_string(&path).unwrap();
    fs::write(&path, text.replace("run-2\"", "run-4\"")).unwrap();
    let verdict = verify(&archive, &VerifyRequest::default()).await.unwrap();
    assert!(!verdict.problems.is_empty());
    // A signature beside a manifest that names no signer.
    fs::write(&path, text).unwrap();
    fs::write(path.with_file_name(SIGNATURE), "x").unwrap();
    let verdict = verify(&archive, &VerifyRequest::default()).await.unwrap();
    assert_eq!(verdict.problems[0].kind, Kind::Extra);
}

/// Writes down that a run was started, and has ended or not.
fn write_record(ten: &TenRuns, run: &str, finished: bool) {
    let end = serde_json::json!({
        "coverage": orgscan_core::model::Coverage::default(),
        "findings": orgscan_core::model::SeverityCounts::default(),
        "thresholds_crossed": 0,
        "report": null,
        "deliveries": []
    });
    let mut record = serde_json::json!({ "started": "2026-11-15T03:00:00Z", "settings": {} });
    if finished {
        record["conclusion"] = end;
    }
    let folder = ten.path(&format!("runs/{run}"));
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("run.json"), record.to_string()).unwrap();
}

#[tokio::test]
async fn what_a_stopped_process_left_is_explained_and_is_no_sign_of_tampering() {
    let ten = TenRuns::make().await;
    let left = format!("{}/.orgscan-a1B2c3", folder(10));
    fs::write(ten.path(&left), "{").unwrap();
    let verdict = ten.verdict(VerifyRequest::default()).await;
    assert_eq!(verdict.problems, []);
    assert!(
        verdict.not_verified[0].contains(&left),
        "{:?}",
        verdict.not_verified
    );
    // Other hidden files are not orgscan's.
    for name in [".orgscan-a1B2c", ".orgscan-a1B2c/x", ".orgscan-a1B2c3.csv"] {
        let name = format!("{}/{name}", folder(10));
        fs::create_dir_all(ten.path(&name).parent().unwrap()).unwrap();
        fs::write(ten.path(&name), "more").unwrap();
        ten.names(&name, VerifyRequest::default()).await;
        fs::remove_file(ten.path(&name)).unwrap();
        let _ = fs::remove_dir(ten.path(&name).parent().unwrap());
    }
}

#[tokio::test]
async fn a_run_that_has_not_ended_is_not_verified_and_no_problem() {
    let ten = TenRuns::make().await;
    let name = "daily/2026/11/15/stopped/report.json";
    fs::create_dir_all(ten.path(name).parent().unwrap()).unwrap();
    fs::write(ten.path(name), "{}").unwrap();
    ten.names(name, VerifyRequest::default()).await;
    write_record(&ten, "stopped", true);
    ten.names(name, VerifyRequest::default()).await;
    write_record(&ten, "stopped", false);
    let verdict = ten.verdict(VerifyRequest::default()).await;
    assert_eq!(verdict.problems, []);
    let doubt = &verdict.not_verified[0];
    assert!(doubt.contains("1 file of the run stopped"), "{doubt}");
    assert!(doubt.contains("--run-id stopped"), "{doubt}");
}

#[tokio::test]
async fn a_run_that_was_killed_before_its_manifest_had_its_place_is_explained() {
    let ten = TenRuns::make().await;
    let manifest = format!("{}/{MANIFEST}", folder(10));
    fs::remove_file(ten.path(&manifest)).unwrap();
    ten.names(&manifest, VerifyRequest::default()).await;
    write_record(&ten, "run-10", true);
    ten.names(&manifest, VerifyRequest::default()).await;
    write_record(&ten, "run-10", false);
    let verdict = ten.verdict(VerifyRequest::default()).await;
    assert_eq!(verdict.problems, []);
    let message = |text: &str| {
        verdict
            .not_verified
            .iter()
            .any(|doubt| doubt.contains(text))
    };
    assert!(
        message("link 10, is in state/head.json"),
        "{:?}",
        verdict.not_verified
    );
}

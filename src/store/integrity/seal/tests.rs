//! The growth of the chain when processes are stopped or interleave.

use std::sync::Arc;

use orgscan_aws::testing::s3::FakeBucket;
use tempfile::TempDir;

use super::*;
use crate::integrity::example::{chain, folder, publish, signer, subject};
use crate::integrity::verify::{Kind, Verdict, VerifyRequest, verify};

fn in_folder() -> (TempDir, Storage) {
    let root = tempfile::tempdir().unwrap();
    let archive = Storage::in_folder(root.path());
    (root, archive)
}

fn in_bucket() -> (FakeBucket, Storage) {
    let bucket = FakeBucket::default();
    let archive = Storage::S3(Arc::new(crate::testing::folder_in(&bucket, "audit/")));
    (bucket, archive)
}

async fn evaluated(archive: &Storage) -> Verdict {
    verify(archive, &VerifyRequest::default()).await.unwrap()
}

async fn is_sound(archive: &Storage) -> Verdict {
    let verdict = evaluated(archive).await;
    assert_eq!(
        (&*verdict.problems, &*verdict.not_verified),
        (&[][..], &[][..])
    );
    verdict
}

async fn head(archive: &Storage) -> ChainHead {
    let bytes = archive.read(HEAD).await.unwrap().unwrap();
    ChainHead::from_bytes(&bytes).unwrap().0
}

#[tokio::test]
async fn runs_follow_each_other_in_a_folder_and_in_s3() {
    let keys = tempfile::tempdir().unwrap();
    let ((_root, local), (bucket, s3)) = (in_folder(), in_bucket());
    for archive in [local, s3] {
        let sealed = chain(&archive, 3, &signer(keys.path())).await;
        assert_eq!(sealed[2].sequence, 3);
        assert!(sealed[2].signed);
        let head = head(&archive).await;
        assert_eq!((head.sequence, head.sha256), (3, sealed[2].sha256));
        let verdict = is_sound(&archive).await;
        assert_eq!((verdict.runs, verdict.files), (3, 9));
        assert_eq!(verdict.head.unwrap().sha256, sealed[2].sha256);
    }
    assert!(
        bucket
            .keys()
            .contains(&format!("audit/{}/manifest.sig", folder(1)))
    );
}

#[tokio::test]
async fn without_a_key_the_chain_is_unsigned() {
    let (_root, archive) = in_folder();
    let sealed = chain(&archive, 2, &Signer::Nobody).await;
    assert!(!sealed[0].signed);
    let verdict = is_sound(&archive).await;
    assert_eq!(verdict.signers.len(), 1);
    assert_eq!(verdict.signers[0].key, None);
}

#[tokio::test]
async fn a_run_that_is_published_again_supersedes_itself() {
    let (keys, (_root, archive)) = (tempfile::tempdir().unwrap(), in_folder());
    let signer = signer(keys.path());
    let first = chain(&archive, 2, &signer).await;
    // As the last one, in between, and once more.
    for (run, time, sequence) in [(2, 1, 3), (1, 1, 4), (1, 2, 5)] {
        let again = publish(&archive, run, time, &signer).await.unwrap();
        assert_eq!(again.sequence, sequence);
        is_sound(&archive).await;
    }
    let kept = archive
        .read(&format!("{}/manifest-1.json", folder(1)))
        .await;
    assert_eq!(Sha256Sum::of(&kept.unwrap().unwrap()), first[0].sha256);
    // What an alert told of then is still one of the chain.
    let question = VerifyRequest {
        manifest_sha256: Some(first[1].sha256),
        ..VerifyRequest::default()
    };
    assert_eq!(verify(&archive, &question).await.unwrap().problems, []);
    // Somebody puts the older link in the place of the newer one.
    let name = |name: &str| format!("{}/{name}", folder(1));
    for (from, to) in [
        ("manifest-4.json", "manifest.json"),
        ("manifest-4.sig", "manifest.sig"),
    ] {
        let bytes = archive.read(&name(from)).await.unwrap().unwrap();
        archive.write(&name(to), bytes).await.unwrap();
    }
    let problems = evaluated(&archive).await.problems;
    assert!(
        problems.iter().any(|one| one.path == name("manifest.json")),
        "{problems:?}"
    );
}

#[tokio::test]
async fn a_run_that_signs_no_more_leaves_no_signature_behind() {
    let (keys, (_root, archive)) = (tempfile::tempdir().unwrap(), in_folder());
    chain(&archive, 1, &signer(keys.path())).await;
    publish(&archive, 1, 1, &Signer::Nobody).await.unwrap();
    let verdict = evaluated(&archive).await;
    assert_eq!(verdict.problems, []);
    assert!(
        verdict.not_verified[0].contains("changes with link 2"),
        "{:?}",
        verdict.not_verified
    );
}

#[tokio::test]
async fn a_run_that_was_stopped_before_its_manifest_is_entered_by_the_next_one() {
    let (keys, (root, archive)) = (tempfile::tempdir().unwrap(), in_folder());
    let signer = signer(keys.path());
    chain(&archive, 2, &signer).await;
    let there = |name: &str| root.path().join(folder(2)).join(name);
    let manifest = std::fs::read(there("manifest.json")).unwrap();
    for name in ["manifest.json", "manifest.sig"] {
        std::fs::remove_file(there(name)).unwrap();
    }
    let problems = evaluated(&archive).await.problems;
    let missing = problems
        .iter()
        .find(|one| one.kind == Kind::Missing)
        .unwrap();
    assert_eq!(missing.path, format!("{}/manifest.json", folder(2)));
    publish(&archive, 3, 0, &signer).await.unwrap();
    assert_eq!(std::fs::read(there("manifest.json")).unwrap(), manifest);
    is_sound(&archive).await;
}

/// Everything that is written is refused once; the run is started again, and the chain is whole.
#[tokio::test]
async fn the_next_start_writes_what_is_missing() {
    let keys = tempfile::tempdir().unwrap();
    let signer = signer(keys.path());
    for part in ["head.json", "manifest-2", "manifest.sig", "manifest.json"] {
        let (bucket, archive) = in_bucket();
        chain(&archive, 2, &signer).await;
        let again = subject(&archive, 2, 1).await;
        bucket.deny_writes_to(Some(part));
        let refused = seal(&archive, &again, &signer, async || Ok(())).await;
        assert!(
            matches!(refused, Err(SealError::Store(_))),
            "{part}: {refused:?}"
        );
        bucket.deny_writes_to(None);
        publish(&archive, 2, 1, &signer).await.unwrap();
        is_sound(&archive).await;
        publish(&archive, 3, 0, &signer).await.unwrap();
        is_sound(&archive).await;
    }
}

#[tokio::test]
async fn of_two_runs_that_end_together_one_follows_the_other() {
    let keys = tempfile::tempdir().unwrap();
    let signer = signer(keys.path());
    let ((_root, local), (_bucket, s3)) = (in_folder(), in_bucket());
    for archive in [local, s3] {
        let ends = (1..=4).map(|run| publish(&archive, run, 0, &signer));
        let sealed = futures::future::try_join_all(ends).await.unwrap();
        let mut places: Vec<_> = sealed.iter().map(|one| one.sequence).collect();
        places.sort_unstable();
        assert_eq!(places, [1, 2, 3, 4]);
        assert_eq!(is_sound(&archive).await.runs, 4);
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_makes_no_second_link() {
    let (bucket, archive) = in_bucket();
    chain(&archive, 1, &Signer::Nobody).await;
    let next = subject(&archive, 2, 0).await;
    bucket.drop_next_response();
    let sealed = seal(&archive, &next, &Signer::Nobody, async || Ok(()))
        .await
        .unwrap();
    assert_eq!(sealed.sequence, 2);
    is_sound(&archive).await;
}

#[tokio::test]
async fn where_the_end_was_deleted_the_last_manifest_stands_for_it() {
    let (root, archive) = in_folder();
    let keys = tempfile::tempdir().unwrap();
    let signer = signer(keys.path());
    chain(&archive, 3, &signer).await;
    std::fs::remove_dir_all(root.path().join("state")).unwrap();
    let doubts = evaluated(&archive).await.not_verified;
    assert!(doubts[0].contains("--manifest-sha256"), "{doubts:?}");
    let sealed = publish(&archive, 4, 0, &signer).await.unwrap();
    assert_eq!(sealed.sequence, 4);
    is_sound(&archive).await;
}

#[tokio::test]
async fn a_changed_chain_head_has_no_successor() {
    let (root, archive) = in_folder();
    chain(&archive, 1, &Signer::Nobody).await;
    let path = root.path().join(HEAD);
    let text = std::fs::read_to_string(&path).unwrap();
    std::fs::write(&path, text.replace("\"sequence\": 1", "\"sequence\": 7")).unwrap();
    let error = publish(&archive, 2, 0, &Signer::Nobody).await.unwrap_err();
    let error = error.to_string();
    assert!(
        error.contains("head.json") && error.contains("restore its previous version"),
        "{error}"
    );
    let problems = evaluated(&archive).await.problems;
    assert!(problems.iter().any(|one| one.path == HEAD), "{problems:?}");
}

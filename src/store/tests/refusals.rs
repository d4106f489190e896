//! What does not belong, and what cannot be stored.

use std::time::Duration;

use super::*;

#[tokio::test]
async fn a_result_of_another_account_or_run_is_refused_and_kept() {
    let (folder, bucket) = (tempfile::tempdir().unwrap(), FakeBucket::default());
    for there in [true, false] {
        let store = match there {
            true => in_folder(&folder).await.unwrap(),
            false => in_bucket(&bucket).await.unwrap(),
        };
        store.begin(record("a")).await.unwrap();
        let other_run = AccountResult {
            run_id: "other".to_owned(),
            ..done(2)
        };
        for (n, content) in [(1, done(9)), (2, other_run), (3, done(3))] {
            let bytes = serde_json::to_vec(&content).unwrap();
            store
                .put_bytes(&object_name(&id(n)), bytes.into())
                .await
                .unwrap();
        }
        let error = store.of(&account(1, "one", "")).unwrap_err().to_string();
        assert!(error.contains(&format!("account {}", id(9))), "{error}");
        assert_eq!(finished(&store).await, BTreeSet::from([id(3)]));
        let refused = store.refused();
        assert!(
            refused[&id(1)].contains("it is the result of account"),
            "{refused:?}"
        );
        assert!(refused[&id(2)].contains("in the run other"), "{refused:?}");
        let kept = format!("refused/{}.json", id(2));
        assert!(refused[&id(2)].contains(&kept), "{refused:?}");
        match there {
            true => assert!(folder.path().join("runs/nightly").join(&kept).exists()),
            false => assert!(
                bucket
                    .keys()
                    .contains(&format!("audit/runs/nightly/{kept}"))
            ),
        }
        assert!(store.get(&id(1)).is_err() && store.get(&id(3)).is_ok());
    }
}

#[tokio::test]
async fn a_record_of_another_run_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_folder(&folder).await.unwrap();
    let other = Record {
        run_id: Some("other".parse().unwrap()),
        ..record("a")
    };
    fs::write(
        store.local.path(RECORD),
        serde_json::to_vec(&other).unwrap(),
    )
    .unwrap();
    let error = store.begin(record("a")).await.unwrap_err().to_string();
    assert!(
        error.contains("the run other") && error.contains("another run id"),
        "{error}"
    );
    // One that an older version has started has no id.
    let old = Record {
        run_id: None,
        ..record("a")
    };
    fs::write(store.local.path(RECORD), serde_json::to_vec(&old).unwrap()).unwrap();
    store.begin(record("a")).await.unwrap();
}

#[tokio::test]
async fn one_result_that_cannot_be_written_is_one_accounts_failure() {
    let bucket = FakeBucket::default();
    let mut store = in_bucket(&bucket).await.unwrap();
    store.health = Health::in_virtual_time();
    store.begin(record("a")).await.unwrap();
    bucket.deny_writes_to(Some("accounts/111100000001"));
    let result = Arc::new(done(1));
    let unstored = store
        .put(result, Deadline::never())
        .await
        .unwrap()
        .unwrap_err();
    assert!(
        store.health.slept() > Duration::from_secs(20),
        "{:?}",
        store.health
    );
    let failure = unstored.as_failure();
    assert_eq!(
        (failure.action, failure.cause),
        ("s3:PutObject", Cause::DeniedUnexplained)
    );
    assert!(failure.detail.contains("could not be stored"), "{failure}");
    assert!(store.get(&id(1)).is_err());
    put(&store, &done(2)).await;
    // It passes.
    bucket.deny_writes_to(None);
    put(&store, &done(1)).await;
}

#[tokio::test]
async fn a_store_on_which_nothing_can_be_written_for_a_minute_ends_the_run() {
    let folder = tempfile::tempdir().unwrap();
    let mut store = in_folder(&folder).await.unwrap();
    store.health = Health::in_virtual_time();
    store.begin(record("a")).await.unwrap();
    // As a full disk or a process without descriptors does.
    let scratch = store.scratch.path().to_owned();
    fs::remove_dir(&scratch).unwrap();
    let ended = store.put(Arc::new(done(1)), Deadline::never()).await;
    let error = ended.unwrap_err();
    assert!(
        matches!(error, StoreError::NothingStored { seconds: 60.., .. }),
        "{error}"
    );
    let slept = store.health.slept();
    assert!(
        slept >= Duration::from_secs(60) && slept < Duration::from_secs(70),
        "{slept:?}"
    );
    // One that is stored begins it again.
    fs::create_dir(&scratch).unwrap();
    put(&store, &done(1)).await;
    fs::remove_dir(&scratch).unwrap();
    let over = store
        .put(Arc::new(done(2)), Deadline::after(Duration::ZERO))
        .await;
    assert!(over.unwrap().is_err(), "the deadline ends it");
}

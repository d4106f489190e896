//! The last known state of all findings: who replaces it, and what a run is compared with.

use super::*;

#[tokio::test]
async fn the_state_is_replaced_only_if_it_is_what_was_read() {
    let (folder, bucket) = (tempfile::tempdir().unwrap(), FakeBucket::default());
    for there in [true, false] {
        let store = match there {
            true => in_folder(&folder).await.unwrap(),
            false => in_bucket(&bucket).await.unwrap(),
        };
        let none = store.base().await.unwrap();
        assert_eq!(none.version, Some(Version::Absent));
        let absent = Version::Absent;
        assert!(
            store
                .replace_state(&next(&store, "one"), &absent)
                .await
                .unwrap()
        );
        assert!(
            !store
                .replace_state(&next(&store, "two"), &absent)
                .await
                .unwrap()
        );
        assert_eq!(state(&store).await, "one");
        let read = store.copy_state("read").await.unwrap().version.unwrap();
        assert!(
            store
                .replace_state(&next(&store, "three"), &read)
                .await
                .unwrap()
        );
        assert!(
            !store
                .replace_state(&next(&store, "four"), &read)
                .await
                .unwrap()
        );
        assert_eq!(state(&store).await, "three");
        let location = store.state_location().unwrap();
        assert!(location.ends_with("state/findings.jsonl.gz"), "{location}");
    }
    let temporary = Store::open(None).await.unwrap();
    assert_eq!(temporary.state_location(), None);
}

#[tokio::test]
async fn what_a_run_is_compared_with_stays_the_same_in_another_process() {
    let (folder, bucket) = (tempfile::tempdir().unwrap(), FakeBucket::default());
    for there in [true, false] {
        let open = async || match there {
            true => in_folder(&folder).await.unwrap(),
            false => in_bucket(&bucket).await.unwrap(),
        };
        let store = open().await;
        let kept = store.keep_base(store.base().await.unwrap()).await.unwrap();
        let before = fs::read(&kept.path).unwrap();
        let absent = Version::Absent;
        assert!(
            store
                .replace_state(&next(&store, "one"), &absent)
                .await
                .unwrap()
        );
        store.release().await;
        let store = open().await;
        let again = store.base().await.unwrap();
        assert_eq!(
            (fs::read(&again.path).unwrap(), again.version.clone()),
            (before, None)
        );
        let read = store.copy_state("read").await.unwrap();
        assert!(!same(&read.path, &again.path).unwrap());
        store.keep_base(again).await.unwrap();
    }
    let keys = bucket.keys();
    assert!(
        keys.contains(&"audit/runs/nightly/base.jsonl.gz".to_owned()),
        "{keys:?}"
    );
}

#[tokio::test]
async fn a_state_that_s3_refuses_to_write_stays() {
    let bucket = FakeBucket::default();
    let store = in_bucket(&bucket).await.unwrap();
    let absent = Version::Absent;
    assert!(
        store
            .replace_state(&next(&store, "one"), &absent)
            .await
            .unwrap()
    );
    let read = store.copy_state("read").await.unwrap().version.unwrap();
    bucket.deny_writes_to(Some("state/"));
    let refused = store.replace_state(&next(&store, "two"), &read).await;
    let refused = refused.unwrap_err().to_string();
    for text in ["s3://bucket/audit/state/findings.jsonl.gz", "s3:PutObject"] {
        assert!(refused.contains(text), "{text} in {refused}");
    }
    bucket.deny_writes_to(None);
    assert_eq!(state(&store).await, "one");
    assert!(
        store
            .replace_state(&next(&store, "two"), &read)
            .await
            .unwrap()
    );
}

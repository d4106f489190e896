//! A process that has lost the run writes nothing of it.

use super::*;

/// Two processes at one run in S3, the second of which took it over while the first was suspended.
async fn taken_over(bucket: &FakeBucket) -> (Store, Record, Store, Record) {
    let first = in_bucket(bucket).await.unwrap();
    let existing_record = first.begin(record("a")).await.unwrap();
    // It has ended for everybody but the first process, whose clock stood still.
    bucket.remove("audit/runs/nightly/lease.json");
    let second = in_bucket(bucket).await.unwrap();
    let taken = second.begin(record("a")).await.unwrap();
    first.check().unwrap();
    (first, existing_record, second, taken)
}

#[tokio::test]
async fn a_process_that_was_suspended_while_another_took_over_writes_no_record() {
    let bucket = FakeBucket::default();
    let (first, existing_record, second, taken) = taken_over(&bucket).await;
    let ended = Record {
        conclusion: Some(conclusion()),
        ..existing_record
    };
    let error = first.write_down(ended).await.unwrap_err();
    assert!(matches!(error, StoreError::Lost { .. }), "{error}");
    let error = error.to_string();
    assert!(
        error.contains("another process has written run.json"),
        "{error}"
    );
    second.write_down(taken.clone()).await.unwrap();
    // Two writes whose answers are lost are no others'.
    bucket.drop_next_response();
    let ended = Record {
        conclusion: Some(conclusion()),
        ..taken
    };
    second.write_down(ended.clone()).await.unwrap();
    second.write_down(ended).await.unwrap();
}

#[tokio::test]
async fn a_process_that_was_suspended_finds_out_before_it_publishes() {
    let bucket = FakeBucket::default();
    let (first, _, second, _) = taken_over(&bucket).await;
    second.confirm().await.unwrap();
    let next = next(&first, "late");
    let lost = first.replace_state(&next, &Version::Absent).await;
    assert!(matches!(lost, Err(StoreError::Lost { .. })));
    assert!(!state(&second).await.is_empty());
    let lost = first.confirm().await.unwrap_err().to_string();
    assert!(lost.contains("holds it now"), "{lost}");
    // It is so for good.
    assert!(first.check().is_err());
    assert!(
        !bucket
            .keys()
            .contains(&"audit/state/findings.jsonl.gz".to_owned())
    );
}

#[tokio::test]
async fn a_file_under_way_does_not_overwrite_what_another_process_has_sent() {
    let bucket = FakeBucket::default();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.json");
    let remote = crate::testing::folder_in(&bucket, "audit/");
    let send = async |text: &str, read: &Version| {
        fs::write(&path, text).unwrap();
        let name = "daily/report.json";
        remote
            .send_fenced(name, &path, "application/json", read, &remote.api_caller)
            .await
    };
    send("one", &Version::Absent).await.unwrap();
    let read = remote.versions_below("daily/").await.unwrap();
    let read = &read["daily/report.json"];
    // Sent before, and its answer lost.
    send("one", &Version::Absent).await.unwrap();
    send("two", read).await.unwrap();
    for read in [read, &Version::Absent] {
        let lost = send("three", read).await.unwrap_err();
        assert!(matches!(lost, StoreError::Lost { .. }), "{lost}");
    }
}

#[cfg(unix)]
#[tokio::test]
async fn a_lock_whose_file_was_removed_is_lost() {
    let folder = tempfile::tempdir().unwrap();
    let first = in_folder(&folder).await.unwrap();
    let existing_record = first.begin(record("a")).await.unwrap();
    first.confirm().await.unwrap();
    fs::remove_file(folder.path().join("runs/nightly/lock")).unwrap();
    let second = in_folder(&folder).await.unwrap();
    second.begin(record("a")).await.unwrap();
    let error = first.confirm().await.unwrap_err().to_string();
    assert!(
        error.contains("lock file was removed or replaced"),
        "{error}"
    );
    assert!(first.write_down(existing_record).await.is_err());
    second.confirm().await.unwrap();
}

#[tokio::test]
async fn a_plan_is_written_once() {
    let bucket = FakeBucket::default();
    let (first, _, second, _) = taken_over(&bucket).await;
    second.keep_first("plan.json", 1).await.unwrap();
    second.keep_first("plan.json", 1).await.unwrap();
    assert!(first.keep_first("plan.json", 2).await.is_err());
    assert!(second.keep_first("plan.json", 2).await.is_err());
    assert_eq!(second.kept::<u32>("plan.json").await.unwrap(), Some(1));
}

#[tokio::test]
async fn an_answer_that_is_lost_after_the_state_was_written_is_found_out() {
    let bucket = FakeBucket::default();
    let store = in_bucket(&bucket).await.unwrap();
    let archive = store.archive().unwrap();
    bucket.drop_next_response();
    // The write is tried again, and finds what it has itself written: the run's id in it tells.
    let absent = Version::Absent;
    assert!(
        !archive
            .replace_state(&next(&store, "one"), &absent)
            .await
            .unwrap()
    );
    assert_eq!(state(&store).await, "one");
}

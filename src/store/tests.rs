//! What the store keeps, where, and for whom.

mod fences;
mod findings;
#[cfg(unix)]
mod leftovers;
mod refusals;
mod sending;

use std::collections::BTreeSet;
use std::fs;
use std::sync::Arc;

use jiff::Timestamp;
use orgscan_aws::rate_limit::Deadline;
use orgscan_aws::testing::s3::FakeBucket;
use orgscan_core::model::{
    AccountOutcome, AccountResult, Cause, Coverage, Destination, Gap, SeverityCounts,
};
use orgscan_core::testing::{account, id, result};

use super::*;

fn record(check: &str) -> Record {
    Record {
        run_id: Some("nightly".parse().unwrap()),
        epoch: 0,
        started: Timestamp::UNIX_EPOCH,
        settings: serde_json::json!({ "check": check }),
        conclusion: None,
    }
}

fn conclusion() -> Conclusion {
    Conclusion {
        coverage: Coverage::default(),
        findings_by_severity: SeverityCounts::default(),
        thresholds_crossed: 2,
        report_location: Some("s3://bucket/audit/daily".to_owned()),
        deliveries: vec![DeliveryRecord {
            destination: Destination::Alert,
            target: "arn:aws:sns:us-east-1:123456789012:security".to_owned(),
            delivered: true,
            detail: "one message".to_owned(),
        }],
        history_error: None,
    }
}

fn failed_by(n: u64, cause: Cause) -> AccountResult {
    let gap = Gap::new("sts:AssumeRole", cause);
    AccountResult {
        outcome: AccountOutcome::Failed { gap },
        ..done(n)
    }
}

fn done(n: u64) -> AccountResult {
    AccountResult {
        run_id: "nightly".to_owned(),
        ..result(account(n, "done", ""), Vec::new())
    }
}

async fn put(store: &Store, result: &AccountResult) {
    let put = store.put(Arc::new(result.clone()), Deadline::never()).await;
    put.unwrap().unwrap();
}

/// The accounts that need not be scanned again.
async fn finished(store: &Store) -> BTreeSet<AccountId> {
    let stored = store.stored().await.unwrap();
    let results = store.results(&stored).await.unwrap().into_iter();
    let finished = results.filter(|(_, is_final)| *is_final);
    finished.map(|(id, _)| id).collect()
}

async fn in_folder(folder: &TempDir) -> Result<Store, StoreError> {
    let shared = RunStorage::in_folder(folder.path().to_owned(), "nightly");
    Store::open(Some(shared)).await
}

async fn in_bucket(bucket: &FakeBucket) -> Result<Store, StoreError> {
    Store::open(Some(crate::testing::storage_in(bucket))).await
}

/// A file with the state that comes next.
fn next(store: &Store, text: &str) -> PathBuf {
    let path = store.local("next");
    orgscan_files::disk::create(&path).unwrap();
    fs::write(&path, text).unwrap();
    path
}

/// What is in the state now.
async fn state(store: &Store) -> String {
    let copy = store.copy_state("now").await.unwrap();
    String::from_utf8_lossy(&fs::read(copy.path).unwrap()).into_owned()
}

#[tokio::test]
async fn a_run_that_goes_on_keeps_its_beginning_and_its_settings() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_folder(&folder).await.unwrap();
    let taken = |epoch| Record {
        epoch,
        ..record("a")
    };
    assert_eq!(store.begin(record("a")).await.unwrap(), taken(1));
    let later = Record {
        started: Timestamp::MAX,
        ..record("a")
    };
    assert_eq!(store.begin(later).await.unwrap(), taken(2));
    let error = store.begin(record("b")).await.unwrap_err().to_string();
    assert!(error.contains("another run id"), "{error}");
    fs::write(store.local.path(RECORD), "{").unwrap();
    let error = store.begin(record("a")).await.unwrap_err().to_string();
    assert!(error.contains("another run id"), "{error}");
}

#[tokio::test]
async fn what_may_have_passed_and_what_is_damaged_is_scanned_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_folder(&folder).await.unwrap();
    let done = done(1);
    put(&store, &done).await;
    put(&store, &failed_by(2, Cause::DeadlineExceeded)).await;
    put(&store, &failed_by(4, Cause::DeniedByScp)).await;
    let cut = account(3, "cut", "");
    fs::write(store.path(&cut.id), "{\"run_id\":").unwrap();
    let denied = account(4, "late", "").id;
    assert_eq!(
        finished(&store).await,
        BTreeSet::from([done.account.id.clone(), denied])
    );
    assert_eq!(store.get(&done.account.id).unwrap(), done);
    let why = &store.refused()[&cut.id];
    assert!(
        why.contains("cannot be read") && why.contains("refused/"),
        "{why}"
    );
    assert!(store.get(&cut.id).is_err());
}

#[tokio::test]
async fn an_out_of_time_result_replaces_nothing_and_is_not_reported() {
    let bucket = FakeBucket::default();
    let store = in_bucket(&bucket).await.unwrap();
    let partial = failed_by(1, Cause::Throttled);
    put(&store, &partial).await;
    let sent = bucket.keys();
    let nothing = failed_by(1, Cause::DeadlineExceeded);
    let never = Deadline::never();
    store.put_unknown(nothing, false, never).await.unwrap();
    assert_eq!(store.get(&partial.account.id).unwrap(), partial);
    let nothing = failed_by(2, Cause::DeadlineExceeded);
    store
        .put_unknown(nothing.clone(), false, never)
        .await
        .unwrap();
    assert_eq!(store.get(&nothing.account.id).unwrap(), nothing);
    let unstored = failed_by(1, Cause::Other);
    store
        .put_unknown(unstored.clone(), true, never)
        .await
        .unwrap();
    assert_eq!(store.get(&partial.account.id).unwrap(), unstored);
    assert_eq!(bucket.keys(), sent);
}

#[tokio::test]
async fn that_there_was_no_time_replaces_no_file_that_cannot_be_read() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_folder(&folder).await.unwrap();
    let nothing = failed_by(1, Cause::DeadlineExceeded);
    let path = store.path(&nothing.account.id);
    fs::write(&path, "{").unwrap();
    let put = store.put_unknown(nothing, false, Deadline::never()).await;
    assert!(matches!(put, Err(StoreError::Damaged { .. })), "{put:?}");
    assert_eq!(fs::read(&path).unwrap(), b"{");
}

#[tokio::test]
async fn one_process_at_a_time_works_in_a_folder() {
    let folder = tempfile::tempdir().unwrap();
    let store = in_folder(&folder).await.unwrap();
    let error = in_folder(&folder).await.unwrap_err().to_string();
    assert!(
        error.contains("runs/nightly") && error.contains("another run id"),
        "{error}"
    );
    store.release().await;
    let second = in_folder(&folder).await.unwrap();
    assert!(store.acquire().await.is_err());
    drop(second);
    store.acquire().await.unwrap();
    assert!(store.outlives_the_process());
    let temporary = Store::open(None).await.unwrap();
    assert!(!temporary.outlives_the_process());
}

#[tokio::test]
async fn what_is_in_s3_another_process_goes_on_from() {
    let bucket = FakeBucket::default();
    let first = in_bucket(&bucket).await.unwrap();
    first.begin(record("a")).await.unwrap();
    let results: Vec<_> = (1..=5).map(done).collect();
    for result in &results {
        put(&first, result).await;
    }
    assert!(in_bucket(&bucket).await.is_err());
    first.release().await;
    drop(first);
    for stray in ["accounts/../../x.json", "accounts/notes.txt", "other.json"] {
        bucket.write(&format!("audit/runs/nightly/{stray}"), b"{}");
    }

    let second = in_bucket(&bucket).await.unwrap();
    assert!(second.outlives_the_process());
    assert_eq!(second.stored().await.unwrap().len(), 5);
    assert!(
        second.get(&results[0].account.id).is_err(),
        "not copied yet"
    );
    assert_eq!(finished(&second).await.len(), 5);
    for result in &results {
        assert_eq!(second.of(&result.account).unwrap(), *result);
    }
    let copied = fs::read_dir(second.local.root()).unwrap();
    let copied = copied.filter(|entry| {
        let path = entry.as_ref().unwrap().path();
        path != second.scratch.path()
    });
    assert_eq!(copied.count(), 2);
    let error = second.begin(record("b")).await.unwrap_err().to_string();
    assert!(error.contains("s3://bucket/audit/runs/nightly/"), "{error}");
}

#[tokio::test]
async fn how_a_run_ended_is_known_to_the_next_process() {
    let (folder, bucket) = (tempfile::tempdir().unwrap(), FakeBucket::default());
    for there in [true, false] {
        let open = async || match there {
            true => in_folder(&folder).await.unwrap(),
            false => in_bucket(&bucket).await.unwrap(),
        };
        let store = open().await;
        let existing_record = store.begin(record("a")).await.unwrap();
        assert_eq!(existing_record.conclusion, None);
        let finished = Some(conclusion());
        let ended = Record {
            conclusion: finished,
            ..existing_record
        };
        store.write_down(ended.clone()).await.unwrap();
        store.release().await;
        let store = open().await;
        let found = store.begin(record("a")).await.unwrap();
        assert_eq!((found.epoch, ended.epoch), (2, 1));
        assert_eq!(found.conclusion, ended.conclusion);
        assert!(found.conclusion.unwrap().is_delivered());
    }
}

#[tokio::test]
async fn an_s3_error_names_action_location_and_fix() {
    let bucket = FakeBucket::default();
    let store = in_bucket(&bucket).await.unwrap();
    bucket.deny(true);
    let error = store.put_bytes("accounts/1.json", Bytes::new()).await;
    let error = error.unwrap_err().to_string();
    for text in [
        "s3://bucket/audit/runs/nightly/accounts/",
        "s3:PutObject",
        "destinations.report",
    ] {
        assert!(error.contains(text), "{text} in {error}");
    }
    let error = in_bucket(&bucket).await.unwrap_err().to_string();
    assert!(error.contains("lease.json: s3:GetObject"), "{error}");
}

#[tokio::test]
async fn the_next_run_in_s3_has_the_largest_accounts_too() {
    let bucket = FakeBucket::default();
    let store = in_bucket(&bucket).await.unwrap();
    assert!(store.largest_accounts().await.is_empty());
    let mut results = [1, 2, 4].map(|n| result(account(n, "a", ""), Vec::new()));
    results[2]
        .requests
        .insert(orgscan_core::model::TargetScope::Global, 900);
    let report = orgscan_core::testing::report_of(&results);
    store.save_largest_accounts(&report.accounts).await;
    assert!(store.largest_accounts().await.contains(&id(4)));
    let keys = bucket.keys();
    assert!(
        keys.contains(&"audit/runs/largest-accounts.json".to_owned()),
        "{keys:?}"
    );
}

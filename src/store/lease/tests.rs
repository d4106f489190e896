//! Who may work on a run, and for how long.

use std::pin::pin;
use std::task::Poll;

use futures::poll;
use orgscan_aws::testing::s3::FakeBucket;

use super::*;

const KEY: &str = "audit/runs/nightly/lease.json";

/// It is over soon, and waited for.
const SHORT: LeaseTerms = LeaseTerms {
    lasts: Duration::from_millis(100),
    renewed_every: Duration::from_secs(3_600),
    grace: Duration::from_millis(100),
};

/// Renewed all the time, and good for longer than any machine is busy.
const RENEWED: LeaseTerms = LeaseTerms {
    lasts: Duration::from_secs(600),
    renewed_every: Duration::from_millis(10),
    grace: SHORT.grace,
};

/// The same, and nobody renews it within a test.
const UNRENEWED: LeaseTerms = LeaseTerms {
    renewed_every: Duration::from_secs(3_600),
    ..RENEWED
};

async fn acquire(
    bucket: &FakeBucket,
    holder: &str,
    terms: LeaseTerms,
) -> Result<S3Lease, StoreError> {
    S3Lease::acquire(
        Arc::new(crate::testing::run_in(bucket)),
        holder.to_owned(),
        terms,
    )
    .await
}

#[tokio::test]
async fn one_process_has_the_lease_and_the_others_learn_its_holder_and_expiry() {
    let bucket = FakeBucket::default();
    let first = acquire(&bucket, "Lambda one", TERMS).await.unwrap();
    let error = acquire(&bucket, "Lambda two", TERMS).await.unwrap_err();
    let StoreError::LeaseTaken { until, .. } = &error else {
        panic!("{error}");
    };
    assert!(*until > Timestamp::now());
    let text = error.to_string();
    let names = [
        "Lambda one",
        "s3://bucket/audit/runs/nightly/",
        "another run id",
    ];
    assert!(names.iter().all(|name| text.contains(name)), "{text}");
    first.check().unwrap();
    first.release().await;
    acquire(&bucket, "Lambda two", TERMS).await.unwrap();
}

#[tokio::test]
async fn of_many_that_want_it_at_once_one_gets_it() {
    let bucket = FakeBucket::default();
    let all = (0..8).map(|n| {
        let bucket = bucket.clone();
        tokio::spawn(async move { acquire(&bucket, &format!("process {n}"), TERMS).await })
    });
    let all = futures::future::join_all(all).await;
    let got = all.into_iter().filter_map(|one| one.unwrap().ok());
    assert_eq!(got.count(), 1);
}

#[tokio::test]
async fn it_is_renewed_as_long_as_the_process_works() {
    let bucket = FakeBucket::default();
    let first = acquire(&bucket, "one", RENEWED).await.unwrap();
    let until = || {
        serde_json::from_slice::<LeaseContent>(&bucket.read(KEY))
            .unwrap()
            .until
    };
    for _ in 0..3 {
        let before = until();
        while until() <= before {
            tokio::time::sleep(RENEWED.renewed_every).await;
        }
    }
    first.check().unwrap();
    assert!(acquire(&bucket, "two", RENEWED).await.is_err());
}

#[tokio::test]
async fn one_that_was_killed_loses_it_at_its_end_and_not_before() {
    let bucket = FakeBucket::default();
    let killed = acquire(&bucket, "one", UNRENEWED).await.unwrap();
    assert!(acquire(&bucket, "two", UNRENEWED).await.is_err());
    killed.kept.write(Some(SHORT.lasts)).await.unwrap();
    tokio::time::sleep(SHORT.lasts + SHORT.grace * 2).await;
    let second = acquire(&bucket, "two", UNRENEWED).await.unwrap();
    second.check().unwrap();
    let error = killed.check().unwrap_err().to_string();
    assert!(error.contains("not be renewed in time"), "{error}");
    // Back from the dead, it does not take away what is not its own any more.
    killed.release().await;
    second.kept.write(Some(SHORT.lasts)).await.unwrap();
}

#[tokio::test]
async fn a_lost_lease_names_its_new_holder() {
    let bucket = FakeBucket::default();
    let first = acquire(&bucket, "one", RENEWED).await.unwrap();
    let other = note("somebody else", "other", Some(RENEWED.lasts));
    bucket.write(KEY, &other);
    while first.check().is_ok() {
        tokio::time::sleep(RENEWED.renewed_every).await;
    }
    let error = first.check().unwrap_err().to_string();
    assert!(
        error.contains("somebody else holds it now") && error.contains("same run id"),
        "{error}"
    );
    for (way, why) in [(b"{}".as_slice(), "overwritten"), (b"", "deleted")] {
        bucket.remove(KEY);
        let first = acquire(&bucket, "one", UNRENEWED).await.unwrap();
        match way {
            b"" => bucket.remove(KEY),
            text => bucket.write(KEY, text),
        }
        let error = first.kept.write(Some(SHORT.lasts)).await.unwrap_err();
        assert!(error.to_string().contains(why), "{error}");
    }
}

#[tokio::test]
async fn an_answer_that_is_lost_loses_no_lease() {
    let bucket = FakeBucket::default();
    bucket.drop_next_response();
    let first = acquire(&bucket, "one", UNRENEWED).await.unwrap();
    bucket.drop_next_response();
    first.kept.write(Some(UNRENEWED.lasts)).await.unwrap();
    first.kept.write(Some(UNRENEWED.lasts)).await.unwrap();
    first.check().unwrap();
}

#[tokio::test]
async fn an_unreadable_lease_blocks_no_process() {
    let bucket = FakeBucket::default();
    bucket.write(KEY, b"{\"holder\":");
    acquire(&bucket, "one", TERMS).await.unwrap();
}

#[test]
fn a_killed_process_has_lost_it_when_lambda_tries_again() {
    assert!(TERMS.lasts + TERMS.grace < Duration::from_secs(60));
    assert!(TERMS.renewed_every * 2 < TERMS.lasts);
}

#[tokio::test]
async fn a_lease_that_ends_at_an_impossible_time_keeps_others_only_while_it_is_renewed() {
    let bucket = FakeBucket::default();
    let until = Timestamp::now() + jiff::SignedDuration::from_hours(24 * 365);
    let far = |token: &str| {
        let note = LeaseContent {
            holder: "somebody whose clock is ahead".to_owned(),
            token: token.to_owned(),
            until: Some(until),
        };
        serde_json::to_vec(&note).unwrap()
    };
    bucket.write(KEY, &far("killed"));
    acquire(&bucket, "one", SHORT).await.unwrap();
    bucket.write(KEY, &far("at work"));
    // Whatever the other one waits for, it is renewed meanwhile.
    let mut second = pin!(acquire(&bucket, "two", SHORT));
    let taken = loop {
        match poll!(&mut second) {
            Poll::Ready(taken) => break taken,
            Poll::Pending => bucket.write(KEY, &far("at work")),
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
    };
    let error = taken.map(drop).unwrap_err();
    assert!(matches!(error, StoreError::LeaseTaken { .. }), "{error}");
}

#[tokio::test]
async fn a_renewal_reports_what_happened_meanwhile() {
    let bucket = FakeBucket::default();
    let first = acquire(&bucket, "one", UNRENEWED).await.unwrap();
    first.kept.renew().await.unwrap();
    bucket.remove(KEY);
    let _second = acquire(&bucket, "two", UNRENEWED).await.unwrap();
    first.check().unwrap();
    let error = first.kept.renew().await.unwrap_err().to_string();
    assert!(error.contains("two holds it now"), "{error}");
    assert!(first.check().is_err());
}

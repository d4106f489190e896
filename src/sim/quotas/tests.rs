use super::*;

fn call(service: &str, operation: &str, page_size: Option<usize>) -> Call {
    Call {
        service: service.into(),
        operation: operation.into(),
        region: "eu-west-1".into(),
        page_size,
        ..Call::default()
    }
}

fn taken(buckets: &mut Buckets, call: &Call, now: Instant) -> usize {
    (0..1_000).filter(|_| buckets.take(call, 1, now)).count()
}

#[test]
fn a_bucket_empties_and_refills() {
    let (mut buckets, now) = (Buckets::new(1.0), Instant::now());
    let volumes = call("ec2", "DescribeVolumes", Some(500));
    assert_eq!(taken(&mut buckets, &volumes, now), 100);
    let later = now + Duration::from_secs(2);
    assert_eq!(taken(&mut buckets, &volumes, later), 40);
    let much_later = now + Duration::from_secs(3_600);
    assert_eq!(taken(&mut buckets, &volumes, much_later), 100);
}

#[test]
fn buckets_are_those_of_an_api_an_account_and_a_region() {
    let (mut buckets, now) = (Buckets::new(1.0), Instant::now());
    let volumes = call("ec2", "DescribeVolumes", Some(500));
    assert_eq!(taken(&mut buckets, &volumes, now), 100);
    assert!(buckets.take(&volumes, 2, now));
    assert!(buckets.take(&call("ec2", "DescribeInstances", Some(5)), 1, now));
    let elsewhere = Call {
        region: "us-east-1".into(),
        ..volumes
    };
    assert!(buckets.take(&elsewhere, 1, now));
}

#[test]
fn each_service_has_its_published_bucket() {
    let cases = [
        (call("ec2", "DescribeVolumes", None), Some(50.0)),
        (call("ec2", "DescribeRegions", None), Some(100.0)),
        (call("sts", "AssumeRole", None), Some(600.0)),
        (call("iam", "ListUsers", None), Some(40.0)),
        (call("organizations", "ListAccounts", None), Some(12.0)),
        (
            call("organizations", "ListOrganizationalUnitsForParent", None),
            Some(8.0),
        ),
        (call("s3", "GetBucketAcl", None), None),
        (call("s3", "PutObject", None), Some(3_500.0)),
        (call("sns", "Publish", None), Some(9_000.0)),
    ];
    for (call, burst) in cases {
        assert_eq!(of(&call).map(|(_, quota)| quota.burst), burst, "{call:?}");
    }
    let mut filtered = call("ec2", "DescribeVolumes", None);
    filtered
        .parameters
        .insert("Filter.1.Name".into(), "status".into());
    assert_eq!(of(&filtered).unwrap().1.burst, 100.0);
}

#[test]
fn smaller_buckets_are_smaller_and_full_ones_are_forgotten() {
    let (mut buckets, now) = (Buckets::new(0.5), Instant::now());
    let volumes = call("ec2", "DescribeVolumes", Some(500));
    assert_eq!(taken(&mut buckets, &volumes, now), 50);
    for account in 0..20_000 {
        let now = now + Duration::from_millis(u64::from(account));
        buckets.take(&volumes, account, now);
    }
    assert!(
        buckets.by_key.len() <= SWEEP_ABOVE + 1,
        "{}",
        buckets.by_key.len()
    );
}

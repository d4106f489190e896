//! The Lambda in an emulated organization.

use serde_json::json;

use super::{Function, InvocationResult, MINUTES};
use crate::judged::World;

#[test]
fn a_missing_report_bucket_is_reported_before_anything_is_scanned() {
    let world = World::shared();
    let mut function = Function::start(
        world,
        &[
            ("ORGSCAN_REGIONS", "us-east-1"),
            (
                "ORGSCAN_REPORT_LOCATION",
                "s3://no-such-bucket-anywhere/reports",
            ),
        ],
    );
    let InvocationResult::Error(error) = function.invoke("1", &json!({}), MINUTES) else {
        panic!("a run whose results nobody has was answered as finished");
    };
    let message = error["errorMessage"].as_str().unwrap();
    assert!(
        message.contains("destinations.report") && message.contains("NoSuchBucket"),
        "{message}"
    );
}

//! What the checks of data events of S3 objects share.
//!
//! AWS's controls S3.22 and S3.23 ask for a multi-Region trail that logs the data events of all buckets.
//!
//! Source: <https://docs.aws.amazon.com/securityhub/latest/userguide/s3-controls.html#s3-22>

use crate::services::cloudtrail::{EventSelectors, LoggedEvents};

/// What is wrong with selectors that do not log some events of the objects of all buckets: `reads`, `writes`.
pub(super) fn lacks(
    selectors: &EventSelectors,
    events: &str,
    has_events: fn(&LoggedEvents) -> bool,
) -> Option<String> {
    let logged = selectors.s3_object_events();
    if has_events(&logged) {
        return None;
    }
    let has_others = logged.has_reads() || logged.has_writes();
    Some(match selectors.has_some_s3_object_events() {
        true if has_others => format!("logs no {events} of S3 objects"),
        true => format!("does not log the {events} of all S3 objects"),
        false => "logs no data events of S3 objects".to_owned(),
    })
}

/// The command that has a trail log all management events and these data events. `read_only` is the condition on them.
pub(super) fn command(read_only: &str) -> Option<String> {
    let management = r#"{"Name":"Management events","FieldSelectors":[{"Field":"eventCategory","Equals":["Management"]}]}"#;
    let objects = format!(
        r#"{{"Name":"S3 objects","FieldSelectors":[{{"Field":"eventCategory","Equals":["Data"]}},{{"Field":"resources.type","Equals":["AWS::S3::Object"]}},{{"Field":"readOnly","Equals":["{read_only}"]}}]}}"#
    );
    let put = r#"cloudtrail put-event-selectors --trail-name "$TRAIL_ARN""#;
    crate::checks::remediation::aws(
        put,
        &[(
            "advanced-event-selectors",
            &format!("[{management},{objects}]"),
        )],
    )
}

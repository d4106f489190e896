//! What the state machine says about batches that it gave up, in orgscan's words.

use orgscan_aws::Failure;
use orgscan_core::model::Cause;
use orgscan_core::services::lambda;
use serde_json::Value;

use crate::config::StepFailure;

/// Names of errors, and what they mean for the accounts of the batch. Lambda's own ones:
/// <https://docs.aws.amazon.com/step-functions/latest/dg/concepts-error-handling.html>
const CAUSES: &[(&str, Cause)] = &[
    ("OutOfTime", Cause::DeadlineExceeded),
    ("Lambda.TooManyRequestsException", Cause::Throttled),
    ("Sandbox.Timedout", Cause::TimedOut),
    ("States.Timeout", Cause::TimedOut),
    ("Lambda.ServiceException", Cause::ServiceError),
    ("Lambda.SdkClientException", Cause::Network),
];

/// Why an account of a batch has no result.
pub(super) fn failure_of(batch: usize, noted: Option<&StepFailure>) -> Failure {
    let Some(noted) = noted else {
        let detail = format!(
            "batch {batch} has neither a result nor an error; see the Map run of the state machine"
        );
        return Failure::new(lambda::INVOKE.action, Cause::Other, detail);
    };
    let mut known = CAUSES.iter().filter(|(name, _)| *name == noted.error);
    let cause = known.next().map_or(Cause::Other, |(_, cause)| *cause);
    let detail = format!("batch {batch} failed: {}", describe(noted));
    Failure::new(lambda::INVOKE.action, cause, detail)
}

/// A remark about a state machine that stopped scanning before the end.
pub(super) fn stopped_early(failure: &StepFailure) -> String {
    let text = Failure::new(lambda::INVOKE.action, Cause::Other, describe(failure)).detail;
    format!(
        "the state machine stopped the scan before its end ({text}); accounts without a result count as \
         failed"
    )
}

/// The error and its message. A Lambda function's answer is JSON that has it.
fn describe(failure: &StepFailure) -> String {
    let answer = serde_json::from_str::<Value>(&failure.cause).ok();
    let message = answer
        .as_ref()
        .and_then(|answer| answer["errorMessage"].as_str());
    match message.unwrap_or(&failure.cause) {
        "" => failure.error.clone(),
        message => format!("{}: {message}", failure.error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noted(error: &str, cause: &str) -> StepFailure {
        StepFailure {
            error: error.to_owned(),
            cause: cause.to_owned(),
        }
    }

    #[test]
    fn the_cause_and_the_message_of_a_failed_batch_are_kept() {
        let answer = r#"{"errorType":"OutOfTime","errorMessage":"2 accounts are left"}"#;
        let failure = failure_of(7, Some(&noted("OutOfTime", answer)));
        assert_eq!(failure.cause, Cause::DeadlineExceeded);
        let detail = "batch 7 failed: OutOfTime: 2 accounts are left";
        assert_eq!(failure.detail, detail);
        let failure = failure_of(7, Some(&noted("Sandbox.Timedout", "no JSON")));
        assert_eq!(failure.cause, Cause::TimedOut);
        assert!(failure.detail.ends_with("Sandbox.Timedout: no JSON"));
        let failure = failure_of(7, Some(&noted("Runtime.ExitError", "")));
        assert_eq!(failure.cause, Cause::Other);
        assert!(failure.detail.ends_with("Runtime.ExitError"));
        let failure = failure_of(7, None);
        assert!(failure.detail.contains("Map run"), "{failure}");
    }

    #[test]
    fn a_long_message_is_cut() {
        let note = stopped_early(&noted("States.ALL", &"x".repeat(40_000)));
        assert!(note.len() < 1_000, "{}", note.len());
    }
}

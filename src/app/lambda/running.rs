//! One invocation's part of a run.

use std::sync::Arc;

use orgscan_aws::rate_limit::ApiCaller;
use orgscan_aws::{AwsContext, Failure};
use orgscan_store::Conclusion;
use serde_json::Value;

use super::{Call, Handover, LambdaResponse, Summary, continuation};
use crate::config::Continuation;
use crate::observe::NoObserver;
use crate::scan::{FinishedRun, Request, RunError, ScannedRun, begin};

/// One invocation's part of a run.
pub(super) struct RunInvocation<'a> {
    pub(super) aws: &'a Arc<AwsContext>,
    pub(super) event: &'a Value,
    pub(super) call: &'a Call,
    /// Which continuation of the run it is.
    pub(super) continuation: u32,
    pub(super) request: &'a Request,
}

/// Who goes on with a run for which there was not enough time.
enum Successor {
    /// Another invocation.
    Invocation(Handover),
    /// Nobody: it ends here, with what there is. The reason, if it is new.
    None(Option<String>),
}

impl RunInvocation<'_> {
    /// Takes the run as far as there is time.
    pub(super) async fn run(&self) -> Result<LambdaResponse, RunError> {
        let run = begin(self.aws, self.request, Arc::new(NoObserver)).await?;
        if let Some(conclusion) = run.delivered() {
            let answer = finished(self.request, conclusion);
            run.close().await;
            return Ok(answer);
        }
        let scanned = run.collect().await?;
        let note = if scanned.unscanned() == 0 {
            None
        } else {
            match self.hand_over(&scanned).await? {
                Successor::Invocation(handed_over) => {
                    return Ok(LambdaResponse::HandedOver(handed_over));
                }
                Successor::None(why) => why,
            }
        };
        conclude(scanned, note, self.request).await
    }

    async fn hand_over(&self, scanned: &ScannedRun) -> Result<Successor, RunError> {
        if !scanned.outlives_the_process() || !continuation::is_shared(&self.request.config) {
            return Ok(Successor::None(None));
        }
        if self.continuation >= continuation::MOST {
            let most = continuation::MOST;
            let why = format!("the run was continued {most} times, which is the limit");
            return Ok(Successor::None(Some(why)));
        }
        let number = self.continuation + 1;
        // Before the other one begins, or it would find the run taken.
        scanned.release().await;
        if let Err(failure) = self.invoke(number, &scanned.api_caller()).await {
            tracing::error!(%failure, "the run could not be continued in another invocation");
            scanned.acquire().await?;
            let why = format!("the run could not be continued in another invocation: {failure}");
            return Ok(Successor::None(Some(why)));
        }
        let (accounts_completed, accounts_remaining) = (scanned.done(), scanned.unscanned());
        tracing::info!(
            accounts_completed,
            accounts_remaining,
            continuation = number,
            "run handed over"
        );
        Ok(Successor::Invocation(Handover {
            run_id: self.request.run_id.to_string(),
            complete: false,
            continuation: number,
            accounts_completed,
            accounts_remaining,
        }))
    }

    async fn invoke(&self, number: u32, api_caller: &ApiCaller) -> Result<(), Failure> {
        let next = Continuation {
            run_id: self.request.run_id.clone(),
            started: self.request.started,
            number,
        };
        let event = next.of_event(self.event);
        continuation::invoke(self.aws, api_caller, &self.call.function_arn, &event).await
    }
}

/// Publishes the results, and answers with them. `note` goes into the report.
pub(super) async fn conclude(
    scanned: ScannedRun,
    note: Option<String>,
    request: &Request,
) -> Result<LambdaResponse, RunError> {
    let ended = scanned.publish(note).await?;
    log_end(&ended);
    Ok(finished(request, &ended.conclusion))
}

/// The answer for a run that came to its end.
pub(super) fn finished(request: &Request, conclusion: &Conclusion) -> LambdaResponse {
    LambdaResponse::Finished(Summary::of(&request.run_id, request.dry_run, conclusion))
}

fn log_end(finished: &FinishedRun) {
    let Conclusion {
        coverage,
        findings_by_severity: findings,
        ..
    } = &finished.conclusion;
    tracing::info!(
        accounts = coverage.accounts_listed,
        failed = coverage.accounts_failed,
        unknown = coverage.targets.unknown,
        findings = findings.total(),
        seconds = finished.timings.elapsed().as_secs(),
        requests = finished.timings.total.requests,
        throttled = finished.timings.total.throttled,
        "run finished"
    );
}

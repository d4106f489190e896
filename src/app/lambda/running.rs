//! One invocation's part of a run.

use std::sync::Arc;

use orgscan_aws::pace::Lane;
use orgscan_aws::{Aws, Failure};
use orgscan_store::Conclusion;
use serde_json::Value;

use super::{Answer, Call, HandedOver, Summary, continuation};
use crate::config::Continuation;
use crate::observe::Silent;
use crate::scan::{Finished, Gathered, Request, RunError, begin};

/// One invocation's part of a run.
pub(super) struct Running<'a> {
    pub(super) aws: &'a Arc<Aws>,
    pub(super) event: &'a Value,
    pub(super) call: &'a Call,
    /// Which continuation of the run it is.
    pub(super) continuation: u32,
    pub(super) request: &'a Request,
}

/// Who goes on with a run for which there was not enough time.
enum Next {
    /// Another invocation.
    Elsewhere(HandedOver),
    /// Nobody: it ends here, with what there is. The reason, if it is news.
    Nobody(Option<String>),
}

impl Running<'_> {
    /// Takes the run as far as there is time.
    pub(super) async fn run(&self) -> Result<Answer, RunError> {
        let begun = begin(self.aws, self.request, Arc::new(Silent)).await?;
        if let Some(conclusion) = begun.delivered() {
            let answer = finished(self.request, conclusion);
            begun.leave().await;
            return Ok(answer);
        }
        let gathered = begun.gather().await?;
        let note = if gathered.left() == 0 {
            None
        } else {
            match self.hand_over(&gathered).await? {
                Next::Elsewhere(handed_over) => return Ok(Answer::HandedOver(handed_over)),
                Next::Nobody(why) => why,
            }
        };
        conclude(gathered, note, self.request).await
    }

    async fn hand_over(&self, gathered: &Gathered) -> Result<Next, RunError> {
        if !gathered.outlives_the_process() || !continuation::is_shared(&self.request.config) {
            return Ok(Next::Nobody(None));
        }
        if self.continuation >= continuation::MOST {
            let most = continuation::MOST;
            let why = format!("the run was continued {most} times, which is the most there may be");
            return Ok(Next::Nobody(Some(why)));
        }
        let number = self.continuation + 1;
        // Before the other one begins, or it would find the run taken.
        gathered.release().await;
        if let Err(failure) = self.invoke(number, &gathered.lane()).await {
            tracing::error!(%failure, "the run could not be handed over");
            gathered.acquire().await?;
            let why = format!("the run could not be handed over to another invocation: {failure}");
            return Ok(Next::Nobody(Some(why)));
        }
        let (done, left) = (gathered.done(), gathered.left());
        tracing::info!(done, left, to = number, "run handed over");
        Ok(Next::Elsewhere(HandedOver {
            run_id: self.request.run_id.to_string(),
            complete: false,
            handed_over_to: number,
            accounts_done: done,
            accounts_left: left,
        }))
    }

    async fn invoke(&self, number: u32, lane: &Lane) -> Result<(), Failure> {
        let next = Continuation {
            run_id: self.request.run_id.clone(),
            started: self.request.started,
            number,
        };
        let event = next.of_event(self.event);
        continuation::invoke(self.aws, lane, &self.call.function_arn, &event).await
    }
}

/// Publishes what was gathered, and answers with it. `note` goes into the report.
pub(super) async fn conclude(
    gathered: Gathered,
    note: Option<String>,
    request: &Request,
) -> Result<Answer, RunError> {
    let ended = gathered.publish(note).await?;
    log_end(&ended);
    Ok(finished(request, &ended.conclusion))
}

/// The answer for a run that came to its end.
pub(super) fn finished(request: &Request, conclusion: &Conclusion) -> Answer {
    Answer::Finished(Summary::of(&request.run_id, request.dry_run, conclusion))
}

fn log_end(finished: &Finished) {
    let Conclusion {
        coverage, findings, ..
    } = &finished.conclusion;
    tracing::info!(
        accounts = coverage.accounts_listed,
        failed = coverage.accounts_failed,
        unknown = coverage.targets.unknown,
        findings = findings.total(),
        seconds = finished.timings.elapsed().as_secs(),
        requests = finished.timings.total.requests,
        throttled = finished.timings.total.throttled,
        "run ends"
    );
}

//! One invocation's part of a distributed run: the step that the state machine asks for.

use std::sync::Arc;

use orgscan_aws::Aws;

use super::running::{conclude, finished};
use super::{Answer, Noted};
use crate::config::{Step, StepFailure};
use crate::observe::Silent;
use crate::scan::distributed::{Split, give_up, plan, scan_batch};
use crate::scan::{Request, RunError, begin};

pub(super) async fn take(
    aws: &Arc<Aws>,
    request: &Request,
    step: &Step,
) -> Result<Answer, RunError> {
    match step {
        Step::Plan {
            children,
            batch_accounts,
        } => {
            let split = Split {
                children: *children,
                batch_accounts: *batch_accounts,
            };
            let planned = plan(aws, request, split).await?;
            tracing::info!(
                accounts = planned.accounts_listed,
                to_scan = planned.accounts_to_scan,
                batches = planned.batches,
                "planned"
            );
            Ok(Answer::Planned(planned))
        }
        Step::Scan { batch, .. } => {
            let done = scan_batch(aws, request, *batch).await?;
            let (left, done_so_far) = (done.accounts_left, done.accounts_done);
            tracing::info!(batch, done = done_so_far, left, "batch scanned");
            Ok(Answer::Scanned(done))
        }
        Step::GiveUp { batch, failure } => {
            let (error, cause) = (&failure.error, &failure.cause);
            tracing::error!(batch, error, cause, "batch given up");
            give_up(aws, request, *batch, failure).await?;
            Ok(Answer::Noted(Noted { batch: *batch }))
        }
        Step::Consolidate { failure } => consolidate(aws, request, failure.as_ref()).await,
    }
}

async fn consolidate(
    aws: &Arc<Aws>,
    request: &Request,
    failure: Option<&StepFailure>,
) -> Result<Answer, RunError> {
    let begun = begin(aws, request, Arc::new(Silent)).await?;
    if let Some(conclusion) = begun.delivered() {
        let answer = finished(request, conclusion);
        begun.leave().await;
        return Ok(answer);
    }
    let gathered = begun.gather_planned(failure).await?;
    conclude(gathered, None, request).await
}

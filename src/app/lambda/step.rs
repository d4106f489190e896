//! One invocation's part of a distributed run: the step that the state machine asks for.

use std::sync::Arc;

use orgscan_aws::AwsContext;

use super::running::{conclude, finished};
use super::{FailedBatch, LambdaResponse};
use crate::config::{Step, StepFailure};
use crate::observe::NoObserver;
use crate::scan::distributed::{BatchLayout, BatchProgress, plan, record_failure, scan_batch};
use crate::scan::{Request, RunError, begin};

pub(super) async fn take(
    aws: &Arc<AwsContext>,
    request: &Request,
    step: &Step,
) -> Result<LambdaResponse, RunError> {
    match step {
        Step::Plan {
            map_concurrency,
            batch_accounts,
        } => {
            let layout = BatchLayout {
                map_concurrency: *map_concurrency,
                batch_accounts: *batch_accounts,
            };
            write_plan(aws, request, layout).await
        }
        Step::Scan { batch, .. } => {
            let done = scan_batch(aws, request, *batch).await?;
            let BatchProgress {
                accounts_completed,
                accounts_remaining,
                ..
            } = done;
            tracing::info!(
                batch,
                accounts_completed,
                accounts_remaining,
                "batch scanned"
            );
            Ok(LambdaResponse::Scanned(done))
        }
        Step::RecordFailure { batch, failure } => {
            let (error, cause) = (&failure.error, &failure.cause);
            tracing::error!(batch, error, cause, "batch failed");
            record_failure(aws, request, *batch, failure).await?;
            Ok(LambdaResponse::Noted(FailedBatch { batch: *batch }))
        }
        Step::Consolidate { failure } => consolidate(aws, request, failure.as_ref()).await,
    }
}

async fn write_plan(
    aws: &Arc<AwsContext>,
    request: &Request,
    layout: BatchLayout,
) -> Result<LambdaResponse, RunError> {
    let planned = plan(aws, request, layout).await?;
    tracing::info!(
        accounts = planned.accounts_listed,
        to_scan = planned.accounts_to_scan,
        batches = planned.batches,
        "plan written"
    );
    Ok(LambdaResponse::Planned(planned))
}

async fn consolidate(
    aws: &Arc<AwsContext>,
    request: &Request,
    failure: Option<&StepFailure>,
) -> Result<LambdaResponse, RunError> {
    let run = begin(aws, request, Arc::new(NoObserver)).await?;
    if let Some(conclusion) = run.delivered() {
        let answer = finished(request, conclusion);
        run.close().await;
        return Ok(answer);
    }
    let scanned = run.collect_planned(failure).await?;
    conclude(scanned, None, request).await
}

//! The central Lambda, for the provided.al2023 runtime: event in, run, answer out.

use std::sync::Arc;

use lambda_runtime::{Diagnostic, Error, LambdaEvent, run, service_fn};
use orgscan::aws::Descriptors;
use orgscan::cli::logging;
use orgscan::lambda::{Call, Function};
use serde_json::Value;

/// A request makes and drops thousands of small things: this allocator takes a sixth off its processor
/// time. See docs/performance.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Error> {
    logging::init_json();
    Descriptors::raise();
    let function = Arc::new(Function::start().await?);
    run(service_fn(move |event: LambdaEvent<Value>| {
        let function = function.clone();
        async move {
            let call = Call {
                deadline: event.context.deadline(),
                function_arn: event.context.invoked_function_arn.clone(),
            };
            let answer = function.handle(&event.payload, &call).await;
            answer.map_err(|error| {
                tracing::error!(%error, "run failed");
                Diagnostic {
                    error_type: error.name().to_owned(),
                    error_message: error.to_string(),
                }
            })
        }
    }))
    .await
}

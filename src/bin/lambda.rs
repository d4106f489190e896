//! The central Lambda, for the provided.al2023 runtime: event in, run, answer out.

use std::sync::Arc;

use lambda_runtime::layers::TracingLayer;
use lambda_runtime::tower::util::MapRequestLayer;
use lambda_runtime::{Diagnostic, Error, LambdaEvent, LambdaInvocation, Runtime, service_fn};
use orgscan_app::lambda::{Call, Function};
use orgscan_app::logging;
use orgscan_aws::Descriptors;

/// A request makes and drops thousands of small things: this allocator takes a sixth off its processor
/// time. See docs/performance.md.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> Result<(), Error> {
    logging::init_json();
    Descriptors::raise();
    let function = Arc::new(Function::start().await?);
    let service = service_fn(move |event: LambdaEvent<String>| {
        let function = function.clone();
        async move {
            let call = Call {
                deadline: event.context.deadline(),
                function_arn: event.context.invoked_function_arn.clone().into(),
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
    });
    let runtime = Runtime::new(service).layer(TracingLayer::new());
    runtime.layer(MapRequestLayer::new(as_text)).run().await
}

/// Gives the event to the handler as a text: the runtime's own reading ends with the JSON document,
/// whatever comes after it.
fn as_text(mut invocation: LambdaInvocation) -> LambdaInvocation {
    let text = String::from_utf8_lossy(&invocation.body);
    // A text can always be written as JSON.
    let text = serde_json::to_vec(&text).unwrap_or_default();
    invocation.body = text.into();
    invocation
}

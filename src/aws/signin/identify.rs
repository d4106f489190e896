//! Who the caller is.

use std::sync::{Arc, Mutex, PoisonError};

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::interceptors::Intercept;
use aws_smithy_runtime_api::client::interceptors::context::BeforeTransmitInterceptorContextRef;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponents;
use aws_smithy_types::config_bag::ConfigBag;
use http::Uri;
use orgscan_core::model::{Arn, Cause};
use orgscan_core::services::sts;

use super::{ConnectError, SignInResult};
use crate::rate_limit::ApiCaller;
use crate::route::origin;
use crate::{Caller, Failure};

/// Remembers which host a request was for.
#[derive(Clone, Debug, Default)]
struct LastHost(Arc<Mutex<String>>);

impl Intercept for LastHost {
    fn name(&self) -> &'static str {
        "LastHost"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        _: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let uri: Uri = context.request().uri().parse()?;
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = origin(&uri);
        Ok(())
    }
}

/// Asks STS.
///
/// # Errors
/// Where it does not answer, or refuses.
pub(crate) async fn identify(
    signed_in: &SignInResult,
    api_caller: &ApiCaller,
) -> Result<Caller, ConnectError> {
    let sts = aws_sdk_sts::Client::new(&signed_in.sdk);
    let sent_to = LastHost::default();
    let answer = api_caller
        .call(&sts::GET_CALLER_IDENTITY, || {
            let request = sts.get_caller_identity().customize();
            request.interceptor(sent_to.clone()).send()
        })
        .await;
    let caller = answer.and_then(|answer| {
        caller(answer.account(), answer.arn()).ok_or_else(|| {
            let detail = "the answer lacks the account or the ARN";
            let action = sts::GET_CALLER_IDENTITY.action;
            Failure::new(action, Cause::Malformed, detail)
        })
    });
    caller.map_err(|failure| {
        let endpoint = sent_to.0.lock().unwrap_or_else(PoisonError::into_inner);
        ConnectError::of(failure, signed_in.sign_in.clone(), endpoint.clone())
    })
}

pub(crate) fn caller(account: Option<&str>, arn: Option<&str>) -> Option<Caller> {
    let arn = Arn::from(arn?);
    let partition = arn.partition().to_owned();
    Some(Caller {
        account: account?.parse().ok()?,
        partition: Some(partition).filter(|partition| !partition.is_empty())?,
        arn,
    })
}

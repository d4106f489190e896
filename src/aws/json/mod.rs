//! A client for services that speak JSON or XML, without an SDK crate for each.
//!
//! An SDK crate of a service takes seconds to minutes to compile, for one or two operations that are called. This client
//! sends any operation of these protocols through the SDK's own layers: connections, signing, the user agent. Answers
//! are typed where they are read.
//!
//! Source: <https://smithy.io/2.0/aws/protocols/index.html>

mod error;
mod operation;
mod request;
mod services;
#[cfg(test)]
mod tests;
mod xml;

use aws_config::SdkConfig;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::result::{ConnectorError, SdkError};
use orgscan_core::api::Api;
use orgscan_core::model::Region;
use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use self::services::*;

use self::error::JsonError;
use self::request::JsonRequest;
use crate::Failure;
use crate::answers::MalformedAnswer;
use crate::rate_limit::ApiCaller;

/// A client of one service in one Region. Clones share everything.
#[derive(Clone, Debug)]
pub(crate) struct JsonClient {
    service: &'static JsonService,
    operation: Operation<JsonRequest, Vec<u8>, JsonError>,
}

impl JsonClient {
    /// A client of a service in a Region, with this configuration.
    pub(crate) fn new(config: &SdkConfig, service: &'static JsonService, region: &Region) -> Self {
        Self {
            service,
            operation: operation::new(config, service, region),
        }
    }

    /// Calls an operation of a service that speaks JSON 1.0 or 1.1, or the query protocol.
    ///
    /// # Errors
    /// See [`ApiCaller::call`]. An answer that does not have the type is malformed.
    pub(crate) async fn call<T: DeserializeOwned>(
        &self,
        api_caller: &ApiCaller,
        api: &'static Api,
        input: &(impl Serialize + Sync),
    ) -> Result<T, Failure> {
        let request = JsonRequest::of_operation(self.service, api.operation, input);
        self.send(api_caller, api, request).await
    }

    /// Gets a path of a service that speaks REST with JSON or XML, with a query.
    ///
    /// # Errors
    /// See [`ApiCaller::call`]. An answer that does not have the type is malformed.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        api_caller: &ApiCaller,
        api: &'static Api,
        path: &str,
        query: &[(&str, &str)],
    ) -> Result<T, Failure> {
        let request = JsonRequest::of_path(self.service, path, query);
        self.send(api_caller, api, request).await
    }

    /// Posts a document to a path of a service that speaks REST with JSON.
    ///
    /// # Errors
    /// See [`ApiCaller::call`]. An answer that does not have the type is malformed.
    pub(crate) async fn post<T: DeserializeOwned>(
        &self,
        api_caller: &ApiCaller,
        api: &'static Api,
        path: &str,
        input: &(impl Serialize + Sync),
    ) -> Result<T, Failure> {
        let request = JsonRequest::of_document(self.service, path, input);
        self.send(api_caller, api, request).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        api_caller: &ApiCaller,
        api: &'static Api,
        request: JsonRequest,
    ) -> Result<T, Failure> {
        let send = || async {
            let body = self.operation.invoke(request.clone()).await?;
            self.typed(api, &body).map_err(SdkError::dispatch_failure)
        };
        api_caller.call(api, send).await
    }

    fn typed<T: DeserializeOwned>(
        &self,
        api: &'static Api,
        body: &[u8],
    ) -> Result<T, ConnectorError> {
        let typed = match self.service.protocol {
            Protocol::Query(_) => {
                xml::result_of(api.operation, body).map_err(|error| error.to_string())
            }
            Protocol::RestXml => xml::document(body).map_err(|error| error.to_string()),
            _ => serde_json::from_slice(body).map_err(|error| error.to_string()),
        };
        typed.map_err(|error| {
            let problem = format!("the answer has another form than documented: {error}");
            ConnectorError::other(MalformedAnswer::new(200, problem).into(), None)
        })
    }
}

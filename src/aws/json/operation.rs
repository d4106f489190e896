//! The SDK's layers, put together for one service in one Region.

use aws_config::SdkConfig;
use aws_runtime::auth::SigV4OperationSigningConfig;
use aws_runtime::auth::sigv4::{SCHEME_ID, SigV4AuthScheme};
use aws_runtime::invocation_id::InvocationIdInterceptor;
use aws_runtime::user_agent::{ApiMetadata, UserAgentInterceptor};
use aws_smithy_runtime::client::identity::IdentityCache;
use aws_smithy_runtime::client::orchestrator::operation::Operation;
use aws_smithy_runtime_api::client::auth::AuthSchemeOptionResolverParams;
use aws_smithy_runtime_api::client::auth::static_resolver::StaticAuthSchemeOptionResolver;
use aws_smithy_runtime_api::client::runtime_components::RuntimeComponentsBuilder;
use aws_smithy_runtime_api::client::runtime_plugin::StaticRuntimePlugin;
use aws_smithy_types::config_bag::Layer;
use aws_types::SigningName;
use aws_types::region::SigningRegion;
use orgscan_core::model::Region;

use super::error::{self, JsonError};
use super::request::JsonRequest;
use super::services::JsonService;

/// Sends requests of a service in a Region. Nothing is sent again here: that is for the API caller.
pub(super) fn new(
    config: &SdkConfig,
    service: &'static JsonService,
    region: &Region,
) -> Operation<JsonRequest, Vec<u8>, JsonError> {
    let mut operation = Operation::builder()
        .service_name(service.name)
        .operation_name(service.name)
        .endpoint_url(&service.endpoint(config, region))
        .no_retry()
        .with_connection_poisoning()
        .interceptor(UserAgentInterceptor::new())
        .interceptor(InvocationIdInterceptor::new())
        .runtime_plugin(signing(config, service, region));
    if let Some(client) = config.http_client() {
        operation = operation.http_client(client);
    }
    if let Some(timeouts) = config.timeout_config() {
        operation = operation.timeout_config(timeouts.clone());
    }
    if let Some(sleep) = config.sleep_impl() {
        operation = operation.sleep_impl(sleep);
    }
    if let Some(protection) = config.stalled_stream_protection() {
        operation = operation.stalled_stream_protection(protection);
    }
    operation
        .serializer(JsonRequest::into_http)
        .deserializer(move |response| error::body(response, service.protocol.has_xml()))
        .build()
}

/// Signature version 4 with the credentials of the configuration.
fn signing(
    config: &SdkConfig,
    service: &'static JsonService,
    region: &Region,
) -> StaticRuntimePlugin {
    let region = aws_config::Region::new(region.as_str().to_owned());
    let mut layer = Layer::new("json");
    layer.store_put(AuthSchemeOptionResolverParams::new(()));
    layer.store_put(SigV4OperationSigningConfig::default());
    layer.store_put(SigningName::from_static(service.name));
    layer.store_put(SigningRegion::from(region));
    layer.store_put(ApiMetadata::new(service.name, env!("CARGO_PKG_VERSION")));
    if let Some(name) = config.app_name() {
        layer.store_put(name.clone());
    }
    let mut components = RuntimeComponentsBuilder::new("json");
    components.set_auth_scheme_option_resolver(Some(StaticAuthSchemeOptionResolver::new(vec![
        SCHEME_ID,
    ])));
    components.push_auth_scheme(SigV4AuthScheme::new());
    let cache = config.identity_cache();
    components.set_identity_cache(Some(cache.unwrap_or_else(IdentityCache::no_cache)));
    if let Some(credentials) = config.credentials_provider() {
        components.set_identity_resolver(SCHEME_ID, credentials);
    }
    StaticRuntimePlugin::new()
        .with_config(layer.freeze())
        .with_runtime_components(components)
}

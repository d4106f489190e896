//! Which way a request takes: straight to its host, or through a proxy. And which host a request without an
//! answer was for.

use std::collections::BTreeSet;
use std::sync::Arc;

use aws_smithy_runtime_api::box_error::BoxError;
use aws_smithy_runtime_api::client::connector_metadata::ConnectorMetadata;
use aws_smithy_runtime_api::client::http::{
    HttpClient, HttpConnector, HttpConnectorFuture, HttpConnectorSettings, SharedHttpClient,
    SharedHttpConnector,
};
use aws_smithy_runtime_api::client::orchestrator::HttpRequest;
use aws_smithy_runtime_api::client::result::ConnectorError;
use aws_smithy_runtime_api::client::runtime_components::{
    RuntimeComponents, RuntimeComponentsBuilder,
};
use aws_smithy_types::config_bag::ConfigBag;
use http::Uri;
use hyper_util::client::proxy::matcher::Matcher;

/// Where instances and containers get credentials from. These addresses are of the machine itself: a proxy
/// elsewhere would give its own credentials, or see this machine's.
///
/// Sources: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-data-retrieval.html>,
/// <https://docs.aws.amazon.com/sdkref/latest/guide/feature-container-credentials.html>
const OF_THIS_MACHINE: [&str; 5] = [
    "169.254.169.254",
    "[fd00:ec2::254]",
    "169.254.170.2",
    "169.254.170.23",
    "[fd00:ec2::23]",
];

/// Hosts that are never asked through a proxy.
#[derive(Clone, Debug)]
pub struct DirectHosts(Arc<BTreeSet<String>>);

impl Default for DirectHosts {
    fn default() -> Self {
        Self::with_urls([])
    }
}

impl DirectHosts {
    /// The addresses of the metadata services, and the hosts of URLs that take their place.
    pub fn with_urls<'a>(urls: impl IntoIterator<Item = &'a str>) -> Self {
        let named = urls.into_iter().filter_map(|url| host(&url.parse().ok()?));
        let known = OF_THIS_MACHINE.iter().map(|host| (*host).to_owned());
        Self(Arc::new(known.chain(named).collect()))
    }

    fn has(&self, uri: &Uri) -> bool {
        host(uri).is_some_and(|host| self.0.contains(&host))
    }
}

fn host(uri: &Uri) -> Option<String> {
    uri.host().map(str::to_ascii_lowercase)
}

/// A request had no answer.
#[derive(Debug, thiserror::Error)]
#[error("no answer from {endpoint}")]
pub(super) struct NoAnswer {
    /// Scheme, host and port, with the proxy where there is one. Never a password.
    pub(super) endpoint: String,
    pub(super) is_timeout: bool,
    source: BoxError,
}

/// The one client for those two ways.
#[derive(Debug)]
pub(super) struct RoutedClient {
    proxied: SharedHttpClient,
    direct: SharedHttpClient,
    ways: Arc<ProxyRoutes>,
}

#[derive(Debug)]
struct ProxyRoutes {
    direct: DirectHosts,
    proxies: Matcher,
}

impl ProxyRoutes {
    /// How errors call the host.
    fn endpoint(&self, uri: &Uri) -> String {
        let to = origin(uri);
        match self.proxies.intercept(uri) {
            Some(proxy) if !self.direct.has(uri) => {
                format!("{to} through the proxy {}", origin(proxy.uri()))
            }
            _ => to,
        }
    }
}

/// Scheme, host and port.
pub(super) fn origin(uri: &Uri) -> String {
    let scheme = uri.scheme_str().unwrap_or("http");
    let port = uri.port().map_or(String::new(), |port| format!(":{port}"));
    format!("{scheme}://{}{port}", uri.host().unwrap_or_default())
}

impl RoutedClient {
    pub(super) fn new(
        proxied: SharedHttpClient,
        direct: SharedHttpClient,
        hosts: DirectHosts,
    ) -> Self {
        let ways = ProxyRoutes {
            direct: hosts,
            proxies: Matcher::from_env(),
        };
        Self {
            proxied,
            direct,
            ways: Arc::new(ways),
        }
    }
}

impl HttpClient for RoutedClient {
    fn http_connector(
        &self,
        settings: &HttpConnectorSettings,
        components: &RuntimeComponents,
    ) -> SharedHttpConnector {
        SharedHttpConnector::new(RoutedConnector {
            proxied: self.proxied.http_connector(settings, components),
            direct: self.direct.http_connector(settings, components),
            ways: self.ways.clone(),
        })
    }

    fn validate_base_client_config(
        &self,
        components: &RuntimeComponentsBuilder,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_base_client_config(&self.proxied, components, config)
    }

    fn validate_final_config(
        &self,
        components: &RuntimeComponents,
        config: &ConfigBag,
    ) -> Result<(), BoxError> {
        HttpClient::validate_final_config(&self.proxied, components, config)
    }

    fn connector_metadata(&self) -> Option<ConnectorMetadata> {
        self.proxied.connector_metadata()
    }
}

#[derive(Debug)]
struct RoutedConnector {
    proxied: SharedHttpConnector,
    direct: SharedHttpConnector,
    ways: Arc<ProxyRoutes>,
}

impl HttpConnector for RoutedConnector {
    fn call(&self, request: HttpRequest) -> HttpConnectorFuture {
        let uri: Uri = request.uri().parse().unwrap_or_default();
        let answer = match self.ways.direct.has(&uri) {
            true => self.direct.call(request),
            false => self.proxied.call(request),
        };
        let ways = self.ways.clone();
        HttpConnectorFuture::new(async move {
            let answer = answer.await;
            answer.map_err(|error| named(error, ways.endpoint(&uri)))
        })
    }
}

/// The same error, with the host.
fn named(error: ConnectorError, endpoint: String) -> ConnectorError {
    let (is_io, is_timeout, is_user) = (error.is_io(), error.is_timeout(), error.is_user());
    let (kind, connection) = (error.as_other(), error.connection_metadata().cloned());
    let source = error.into_source();
    let source = BoxError::from(NoAnswer {
        endpoint,
        is_timeout,
        source,
    });
    let error = match (is_io, is_timeout, is_user) {
        (true, ..) => ConnectorError::io(source),
        (_, true, _) => ConnectorError::timeout(source),
        (.., true) => ConnectorError::user(source),
        _ => ConnectorError::other(source, kind),
    };
    match connection {
        Some(connection) => error.with_connection(connection),
        None => error,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_metadata_services_and_their_replacements_are_direct() {
        let hosts = DirectHosts::with_urls(["http://IMDS.example:8080/", "not a url", "/relative"]);
        for (url, direct) in [
            ("http://169.254.169.254/latest/api/token", true),
            ("http://[fd00:ec2::254]/latest/api/token", true),
            ("http://169.254.170.2/v2/credentials", true),
            ("http://169.254.170.23/v1/credentials", true),
            ("http://[fd00:ec2::23]/v1/credentials", true),
            ("http://imds.example:8080/x", true),
            ("https://sts.eu-west-1.amazonaws.com/", false),
            ("http://127.0.0.1:1/", false),
        ] {
            assert_eq!(hosts.has(&url.parse().unwrap()), direct, "{url}");
        }
    }

    #[test]
    fn an_endpoint_is_named_with_its_proxy_and_without_passwords() {
        let proxies = Matcher::builder().https("http://user:secret@proxy.example:3128");
        let ways = ProxyRoutes {
            direct: DirectHosts::with_urls(["https://credentials.example"]),
            proxies: proxies.build(),
        };
        let endpoint = |url: &str| ways.endpoint(&url.parse().unwrap());
        assert_eq!(
            endpoint("https://sts.eu-west-1.amazonaws.com/?Action=x"),
            "https://sts.eu-west-1.amazonaws.com through the proxy http://proxy.example:3128"
        );
        assert_eq!(
            endpoint("https://credentials.example:8443/role"),
            "https://credentials.example:8443"
        );
        assert_eq!(endpoint("http://user:secret@host:1/"), "http://host:1");
    }
}

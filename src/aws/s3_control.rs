//! Where S3 Control is.

use aws_config::SdkConfig;
use aws_smithy_runtime_api::client::endpoint::EndpointFuture;
use aws_smithy_types::endpoint::Endpoint;
use aws_types::service_config::ServiceConfigKey;

/// Where S3 Control is, instead of AWS's own host for each account. `{account}` stands for the
/// account's id; AWS puts it before the host's name, which an emulator or a proxy cannot serve.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct S3ControlEndpoint(pub String);

impl S3ControlEndpoint {
    /// The endpoint that is configured for S3 Control or for all services, if the account's id does not go
    /// before its host's name: where a URL says its place, and before an address. The SDK puts it before any
    /// other name, as AWS's own hosts and interface VPC endpoints need it.
    ///
    /// Source: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/privatelink-interface-endpoints.html>
    pub(super) fn configured(sdk: &SdkConfig) -> Option<Self> {
        let key = ServiceConfigKey::builder()
            .service_id("S3 Control")
            .env("AWS_ENDPOINT_URL")
            .profile("endpoint_url")
            .build()
            .ok()?;
        let of_service = sdk
            .service_config()
            .and_then(|config| config.load_config(key));
        let url = of_service.or_else(|| sdk.endpoint_url().map(str::to_owned))?;
        Self::of(url)
    }

    fn of(url: String) -> Option<Self> {
        let is_placed = url.contains("{account}");
        let uri: Option<http::Uri> = url.parse().ok();
        let host = uri.as_ref().and_then(http::Uri::host);
        let is_name = host.is_some_and(|host| host.contains('.') && !is_address(host));
        (is_placed || !is_name).then_some(Self(url))
    }
}

/// Whether it is an IP address, in brackets for version 6.
fn is_address(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host.parse::<std::net::IpAddr>().is_ok()
}

impl aws_sdk_s3control::config::endpoint::ResolveEndpoint for S3ControlEndpoint {
    fn resolve_endpoint<'a>(
        &'a self,
        params: &'a aws_sdk_s3control::config::endpoint::Params,
    ) -> EndpointFuture<'a> {
        let account = params.account_id().unwrap_or_default();
        let url = self.0.replace("{account}", account);
        EndpointFuture::ready(Ok(Endpoint::builder().url(url).build()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_goes_before_the_name_of_an_s3_control_endpoint_as_the_sdk_puts_it() {
        let own = |url: &str| S3ControlEndpoint::of(url.to_owned()).is_some();
        for url in [
            "http://127.0.0.1:5000",
            "http://[::1]:5000",
            "http://localhost:4566",
            "https://{account}.control.vpce-1.s3.eu-west-1.vpce.amazonaws.com",
        ] {
            assert!(own(url), "{url}");
        }
        assert!(!own(
            "https://control.vpce-1.s3.eu-west-1.vpce.amazonaws.com"
        ));
    }
}

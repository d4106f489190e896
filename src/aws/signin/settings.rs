//! Settings of the environment and of the profile that the SDK leaves to its HTTP client, or takes without a
//! word when they are wrong.

use std::path::Path;

use aws_config::SdkConfig;
use aws_smithy_http_client::tls::TlsContext;

use super::files::SharedFiles;
use super::{ConnectError, variable};
use crate::route::DirectHosts;
use crate::trust;

/// Settings that are on or off: the variable, and the profile's key.
///
/// Source: <https://docs.aws.amazon.com/sdkref/latest/guide/settings-reference.html>
const BOOLEANS: [(&str, &str); 3] = [
    ("AWS_USE_FIPS_ENDPOINT", "use_fips_endpoint"),
    ("AWS_USE_DUALSTACK_ENDPOINT", "use_dualstack_endpoint"),
    (
        "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
        "ignore_configured_endpoint_urls",
    ),
];

/// The value of a variable, or else of the profile's key; with its name.
fn setting(files: &SharedFiles, name: &str, key: &str) -> Option<(String, String)> {
    let of_profile = || {
        let value = files.setting(key).filter(|value| !value.is_empty())?;
        let name = format!("{key} of the profile `{}`", files.name.escape_debug());
        Some((value.to_owned(), name))
    };
    let of_variable = variable(name).map(|value| (value, name.to_owned()));
    of_variable.or_else(of_profile)
}

/// Refuses what is neither on nor off. The SDK would go on without FIPS endpoints.
pub(super) fn check_booleans(files: &SharedFiles) -> Result<(), ConnectError> {
    for (variable, key) in BOOLEANS {
        let Some((value, name)) = setting(files, variable, key) else {
            continue;
        };
        let known = ["true", "false"];
        if !known.iter().any(|known| value.eq_ignore_ascii_case(known)) {
            return Err(ConnectError::NotBoolean { name, value });
        }
    }
    Ok(())
}

/// Refuses a host for all services together with FIPS endpoints, which the SDK refuses for each request.
pub(super) fn check_fips(sdk: &SdkConfig) -> Result<(), ConnectError> {
    match (sdk.use_fips(), sdk.endpoint_url()) {
        (Some(true), Some(_)) => {
            let named_by = match variable("AWS_ENDPOINT_URL") {
                Some(_) => "AWS_ENDPOINT_URL",
                None => "endpoint_url of the profile",
            };
            Err(ConnectError::FipsAndEndpoint(named_by.to_owned()))
        }
        _ => Ok(()),
    }
}

/// Which certificate authorities are trusted.
pub(super) fn trust(files: &SharedFiles) -> Result<TlsContext, ConnectError> {
    match setting(files, "AWS_CA_BUNDLE", "ca_bundle") {
        Some((path, named_by)) => Ok(trust::of_bundle(Path::new(&path), &named_by)?),
        None => Ok(TlsContext::default()),
    }
}

/// The services that give credentials to this machine.
pub(super) fn direct_hosts(files: &SharedFiles) -> DirectHosts {
    let instance = setting(
        files,
        "AWS_EC2_METADATA_SERVICE_ENDPOINT",
        "ec2_metadata_service_endpoint",
    );
    let container = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
    let urls = instance.map(|(url, _)| url).into_iter().chain(container);
    DirectHosts::with_urls(urls.collect::<Vec<_>>().iter().map(String::as_str))
}

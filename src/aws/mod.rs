//! What every conversation with AWS shares: one HTTP client, who the caller is, where to start, and
//! what errors mean.

mod answers;
mod classify;
mod clients;
mod clock;
mod credentials;
mod descriptors;
mod failure;
mod fips;
mod http;
mod hub;
mod mask;
mod objects;
mod pages;
#[cfg(test)]
mod partitions;
mod route;
mod signer;
mod signin;
mod stored;
mod trust;
mod xml;

pub use answers::checked;
pub(crate) use answers::whole_object;
pub use classify::classify;
pub use clients::Clients;
pub(crate) use credentials::validate;
pub use descriptors::{Descriptors, OtherEnd};
pub use failure::{AwsError, Failure, require, require_of};
pub use http::{CONNECT_TIMEOUT, Connections, HttpSettings, http_client};
pub use hub::{Aws, Caller, S3ControlEndpoint, Source};
pub(crate) use mask::mask;
pub use objects::{encrypted, s3_client};
pub use pages::{next_page, pages};
pub use route::DirectHosts;
pub use signer::{SessionCredentials, signed_by};
pub use signin::{ConnectError, MfaError, SignIn, own_config};
pub use stored::{ObjectError, read_object};
pub use trust::BadBundle;

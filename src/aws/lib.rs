//! Everything that reads AWS: one HTTP client, who the caller is, how fast to ask, and what errors mean; the accounts of
//! the organization, a session in each, and the facts of its services.

#![cfg_attr(
    test,
    expect(clippy::too_many_lines, reason = "a test is long by its cases")
)]

mod answers;
pub mod assume;
mod availability;
mod caller;
mod classify;
mod clients;
mod clock;
pub mod collect;
mod connections;
mod context;
mod credentials;
mod descriptors;
pub mod discover;
mod failure;
mod fips;
mod http;
mod json;
mod mask;
mod objects;
mod organization;
mod pages;
#[cfg(test)]
mod partitions;
pub mod rate_limit;
mod route;
mod s3_control;
mod signer;
mod signin;
mod stored;
#[cfg(any(test, feature = "testing"))]
#[expect(
    missing_docs,
    clippy::unwrap_used,
    reason = "the names of helpers say it, and a test that cannot go on has failed"
)]
pub mod testing;
mod trust;
mod xml;

pub use answers::checked;
pub use answers::whole_object;
pub use availability::Availability;
pub use caller::{Caller, Source};
pub use classify::classify;
pub use clients::Clients;
pub use connections::Connections;
pub use context::AwsContext;
pub use credentials::{BadCredentials, validate};
pub use descriptors::{Descriptors, OtherEnd};
pub use failure::{AwsError, Failure, require, require_of};
pub use http::{CONNECT_TIMEOUT, HttpSettings, http_client};
pub use mask::mask;
pub use objects::{encrypted, s3_client};
pub use organization::OrganizationAnswers;
pub use pages::{next_page, pages};
pub use route::DirectHosts;
pub use s3_control::S3ControlEndpoint;
pub use signer::{SessionCredentials, signed_by};
pub use signin::{ConnectError, MfaError, SignIn, own_config};
pub use stored::{ObjectError, read_object};
pub use trust::BadBundle;

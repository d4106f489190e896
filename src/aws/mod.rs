//! What every conversation with AWS shares: one HTTP client, who the caller is, where to start, and
//! what errors mean.

mod classify;
mod clients;
mod descriptors;
mod failure;
mod http;
mod hub;
mod objects;
mod pages;
mod signer;
mod stored;

pub use classify::classify;
pub use clients::Clients;
pub use descriptors::{Descriptors, OtherEnd};
pub use failure::{AwsError, Failure, require, require_of};
pub use http::{CONNECT_TIMEOUT, Connections, HttpSettings, http_client};
pub use hub::{Aws, Caller, ConnectError, S3ControlEndpoint, Source, own_config};
pub use objects::{encrypted, s3_client};
pub use pages::pages;
pub use signer::{SessionCredentials, signed_by};
pub use stored::{ObjectError, S3Object, read_object};

//! TODO: what is read, in a few words.

use orgscan_core::model::{$imports};
use orgscan_core::services::$service::$API as API;
use orgscan_core::services::$service::{$types};

use crate::Failure;
use crate::collect::{Collect, ${Scope}Scope, Unread};

impl Collect<${Scope}Scope<'_>> for $Fact {
    // TODO: send the request with the service's client, a list with crate::pages, and convert the answer; crate::require_of
    // reports a missing field. src/aws/collect/macie2.rs is an example for a service of src/aws/json/services.rs, and
    // src/aws/collect/ec2 for one with an SDK.
    async fn collect(_: &${Scope}Scope<'_>) -> Result<$collected, Unread> {
        let detail = "TODO: the collector of $service.$name";
        Err(Failure::new(API.action, Cause::NotCollected, detail).into())
    }
}

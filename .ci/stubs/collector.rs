//! TODO: what is read, in a few words.

use orgscan_core::model::{$imports};
use orgscan_core::services::$service::$API as API;
use orgscan_core::services::$service::{$types};

use crate::Failure;
use crate::collect::{Collect, ${Scope}Scope, Unread};

impl Collect<${Scope}Scope<'_>> for $Fact {
    // TODO: send the request through scope.lane, a list page by page with crate::pages, and shape
    // what comes; crate::require_of finds what is missing. Other collectors of the service do so.
    async fn collect(_: &${Scope}Scope<'_>) -> Result<$collected, Unread> {
        let detail = "TODO: the collector of $service.$name";
        Err(Failure::new(API.action, Cause::NotCollected, detail).into())
    }
}

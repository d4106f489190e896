//! EBS volumes.

use aws_sdk_ec2::types;
use orgscan_core::model::Items;
use orgscan_core::services::ec2::DESCRIBE_VOLUMES as API;
use orgscan_core::services::ec2::{Volume, Volumes};

use super::list::list;
use crate::collect::{Collect, FactError, RegionScope};
use crate::{Failure, require, require_of};

impl Collect<RegionScope<'_>> for Volumes {
    /// All volumes in one unfiltered pass: the total is needed for the percentage. Volumes that AWS
    /// services manage in the account are hidden from the list unless it asks for them.
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<Volume>, FactError> {
        Ok(list!(
            scope,
            API,
            describe_volumes.include_managed_resources(true),
            volumes,
            shape
        )?)
    }
}

fn shape(volume: types::Volume) -> Result<Option<Volume>, Failure> {
    let id = require(API.action, "volumeId", volume.volume_id)?;
    let encrypted = require_of(API.action, &id, "encrypted", volume.encrypted)?;
    let attachments = volume.attachments.unwrap_or_default();
    let count = attachments.len();
    let attached_to: Vec<String> = attachments
        .into_iter()
        .filter_map(|attachment| attachment.instance_id)
        .collect();
    Ok(Some(Volume {
        id,
        encrypted,
        size: volume.size,
        other_attachments: count - attached_to.len(),
        attached_to,
    }))
}

#[cfg(test)]
mod tests {
    use orgscan_core::model::Cause;

    use super::*;

    #[test]
    fn a_volume_without_an_encryption_state_is_a_failure_of_its_own() {
        let volume = types::Volume::builder().volume_id("vol-1").build();
        let failure = shape(volume).unwrap_err();
        assert_eq!(
            (failure.cause, &*failure.resource),
            (Cause::Malformed, "vol-1")
        );
        assert_eq!(failure.detail, "the answer lacks encrypted");
    }
}

//! Snapshots and machine images that are shared with everybody.

use aws_sdk_ec2::types;
use orgscan_core::model::Items;
use orgscan_core::services::ec2::{
    DESCRIBE_IMAGES, DESCRIBE_SNAPSHOTS, PublicImage, PublicImages, PublicSnapshot, PublicSnapshots,
};

use super::list::list;
use crate::collect::{Collect, FactError, RegionScope};
use crate::{Failure, require};

impl Collect<RegionScope<'_>> for PublicSnapshots {
    /// The account's snapshots that everybody may use. AWS is asked for these alone: the others would
    /// have to be asked about one by one.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeSnapshots.html>
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<PublicSnapshot>, FactError> {
        Ok(list!(
            scope,
            DESCRIBE_SNAPSHOTS,
            describe_snapshots
                .owner_ids("self")
                .restorable_by_user_ids("all"),
            snapshots,
            snapshot
        )?)
    }
}

impl Collect<RegionScope<'_>> for PublicImages {
    /// The account's images that everybody may start.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DescribeImages.html>
    async fn collect(scope: &RegionScope<'_>) -> Result<Items<PublicImage>, FactError> {
        Ok(list!(
            scope,
            DESCRIBE_IMAGES,
            describe_images.owners("self").executable_users("all"),
            images,
            image
        )?)
    }
}

fn snapshot(snapshot: types::Snapshot) -> Result<Option<PublicSnapshot>, Failure> {
    let action = DESCRIBE_SNAPSHOTS.action;
    Ok(Some(PublicSnapshot {
        id: require(action, "snapshotId", snapshot.snapshot_id)?,
        size: snapshot.volume_size,
    }))
}

fn image(image: types::Image) -> Result<Option<PublicImage>, Failure> {
    Ok(Some(PublicImage {
        id: require(DESCRIBE_IMAGES.action, "imageId", image.image_id)?,
        name: image.name,
    }))
}

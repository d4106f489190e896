//! EBS volumes.

use aws_sdk_ec2::types;

use super::Ec2;
use crate::aws::{Failure, pages, require};
use crate::model::Volume;
use crate::pace::api::DESCRIBE_VOLUMES as API;

/// The largest page that EC2 gives.
const PAGE: i32 = 500;

impl Ec2<'_> {
    /// All volumes in one unfiltered pass: the total is needed for the percentage. Volumes that AWS
    /// services manage in the account are hidden from the list unless it asks for them.
    pub(super) async fn volumes(&self) -> Result<Vec<Volume>, Failure> {
        pages(API.action, |token| async move {
            let page = self
                .lane
                .call(&API, || {
                    self.client
                        .describe_volumes()
                        .include_managed_resources(true)
                        .max_results(PAGE)
                        .set_next_token(token.clone())
                        .send()
                })
                .await?;
            let volumes = page.volumes.unwrap_or_default();
            let volumes: Result<_, _> = volumes.into_iter().map(shape).collect();
            Ok((volumes?, page.next_token))
        })
        .await
    }
}

fn shape(volume: types::Volume) -> Result<Volume, Failure> {
    let attachments = volume.attachments.unwrap_or_default();
    Ok(Volume {
        id: require(API.action, "volumeId", volume.volume_id)?,
        encrypted: require(API.action, "encrypted", volume.encrypted)?,
        size: volume.size.unwrap_or_default(),
        attached_to: attachments
            .into_iter()
            .filter_map(|attachment| attachment.instance_id)
            .collect(),
    })
}

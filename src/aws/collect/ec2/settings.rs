//! Settings of a Region.

use aws_sdk_ec2::types;
use orgscan_core::api::{
    GET_ENCRYPTION_BY_DEFAULT, GET_IMAGE_BLOCK, GET_METADATA_DEFAULTS, GET_SNAPSHOT_BLOCK,
};
use orgscan_core::model::SnapshotBlock;

use super::{Ec2, unknown_value};
use crate::{Failure, require};

impl Ec2<'_> {
    /// Whether new volumes and copies of snapshots are encrypted, whoever makes them.
    pub(super) async fn encrypts_by_default(&self) -> Result<bool, Failure> {
        let api = &GET_ENCRYPTION_BY_DEFAULT;
        let request = || self.client.get_ebs_encryption_by_default().send();
        let answer = self.lane.call(api, request).await?;
        require(
            api.action,
            "ebsEncryptionByDefault",
            answer.ebs_encryption_by_default,
        )
    }

    /// Block public access for snapshots.
    pub(super) async fn snapshot_block(&self) -> Result<SnapshotBlock, Failure> {
        use types::SnapshotBlockPublicAccessState as State;
        let api = &GET_SNAPSHOT_BLOCK;
        let request = || self.client.get_snapshot_block_public_access_state().send();
        let answer = self.lane.call(api, request).await?;
        match require(api.action, "state", answer.state)? {
            State::BlockAllSharing => Ok(SnapshotBlock::AllSharing),
            State::BlockNewSharing => Ok(SnapshotBlock::NewSharing),
            State::Unblocked => Ok(SnapshotBlock::Off),
            other => Err(unknown_value(api.action, "state", other.as_str())),
        }
    }

    /// Whether block public access for machine images is on.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetImageBlockPublicAccessState.html>
    pub(super) async fn image_block(&self) -> Result<bool, Failure> {
        let api = &GET_IMAGE_BLOCK;
        let request = || self.client.get_image_block_public_access_state().send();
        let answer = self.lane.call(api, request).await?;
        let state = answer.image_block_public_access_state;
        let field = "imageBlockPublicAccessState";
        let state = require(api.action, field, state)?;
        let on = types::ImageBlockPublicAccessEnabledState::BlockNewSharing;
        let off = types::ImageBlockPublicAccessDisabledState::Unblocked;
        match state.as_str() {
            state if state == on.as_str() => Ok(true),
            state if state == off.as_str() => Ok(false),
            other => Err(unknown_value(api.action, field, other)),
        }
    }

    /// Whether new instances ask for IMDSv2 unless they are told otherwise. Where nobody has set it,
    /// AWS says nothing, and the image decides.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html>
    pub(super) async fn imdsv2_by_default(&self) -> Result<bool, Failure> {
        let api = &GET_METADATA_DEFAULTS;
        let request = || self.client.get_instance_metadata_defaults().send();
        let answer = self.lane.call(api, request).await?;
        match answer.account_level.and_then(|level| level.http_tokens) {
            Some(types::HttpTokensState::Required) => Ok(true),
            Some(types::HttpTokensState::Optional) | None => Ok(false),
            Some(other) => Err(unknown_value(api.action, "httpTokens", other.as_str())),
        }
    }
}

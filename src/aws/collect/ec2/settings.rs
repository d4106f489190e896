//! Settings of a Region.

use aws_sdk_ec2::types;
use orgscan_core::services::ec2::{
    EncryptionByDefault, GET_ENCRYPTION_BY_DEFAULT, GET_IMAGE_BLOCK, GET_METADATA_DEFAULTS,
    GET_SNAPSHOT_BLOCK, ImageBlock, MetadataDefaults, SnapshotBlock,
};

use super::unknown_value;
use crate::collect::{Collect, FactError, RegionScope};
use crate::require;

impl Collect<RegionScope<'_>> for EncryptionByDefault {
    /// Whether all new volumes and copies of snapshots are encrypted by default.
    async fn collect(scope: &RegionScope<'_>) -> Result<bool, FactError> {
        let api = &GET_ENCRYPTION_BY_DEFAULT;
        let request = || scope.ec2().get_ebs_encryption_by_default().send();
        let answer = scope.api_caller.call(api, request).await?;
        let is_on = answer.ebs_encryption_by_default;
        Ok(require(api.action, "ebsEncryptionByDefault", is_on)?)
    }
}

impl Collect<RegionScope<'_>> for SnapshotBlock {
    /// Block public access for snapshots.
    async fn collect(scope: &RegionScope<'_>) -> Result<Self, FactError> {
        use types::SnapshotBlockPublicAccessState as State;
        let api = &GET_SNAPSHOT_BLOCK;
        let request = || scope.ec2().get_snapshot_block_public_access_state().send();
        let answer = scope.api_caller.call(api, request).await?;
        match require(api.action, "state", answer.state)? {
            State::BlockAllSharing => Ok(Self::AllSharing),
            State::BlockNewSharing => Ok(Self::NewSharing),
            State::Unblocked => Ok(Self::Off),
            other => Err(unknown_value(api.action, "state", other.as_str()).into()),
        }
    }
}

impl Collect<RegionScope<'_>> for ImageBlock {
    /// Whether block public access for machine images is on.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_GetImageBlockPublicAccessState.html>
    async fn collect(scope: &RegionScope<'_>) -> Result<bool, FactError> {
        let api = &GET_IMAGE_BLOCK;
        let request = || scope.ec2().get_image_block_public_access_state().send();
        let answer = scope.api_caller.call(api, request).await?;
        let state = answer.image_block_public_access_state;
        let field = "imageBlockPublicAccessState";
        let state = require(api.action, field, state)?;
        let on = types::ImageBlockPublicAccessEnabledState::BlockNewSharing;
        let off = types::ImageBlockPublicAccessDisabledState::Unblocked;
        match state.as_str() {
            state if state == on.as_str() => Ok(true),
            state if state == off.as_str() => Ok(false),
            other => Err(unknown_value(api.action, field, other).into()),
        }
    }
}

impl Collect<RegionScope<'_>> for MetadataDefaults {
    /// Whether new instances ask for IMDSv2 unless set otherwise. Where nobody has set it,
    /// AWS says nothing, and the image decides.
    ///
    /// Source: <https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-options.html>
    async fn collect(scope: &RegionScope<'_>) -> Result<bool, FactError> {
        let api = &GET_METADATA_DEFAULTS;
        let request = || scope.ec2().get_instance_metadata_defaults().send();
        let answer = scope.api_caller.call(api, request).await?;
        match answer.account_level.and_then(|level| level.http_tokens) {
            Some(types::HttpTokensState::Required) => Ok(true),
            Some(types::HttpTokensState::Optional) | None => Ok(false),
            Some(other) => Err(unknown_value(api.action, "httpTokens", other.as_str()).into()),
        }
    }
}

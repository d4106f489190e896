//! Block Public Access, as S3 gives it for a bucket and S3 Control for the account, in types of their own.

/// The block that an answer to GetPublicAccessBlock gives: all settings are off where none was ever set. In a function
/// that returns a failure.
macro_rules! block {
    ($api:ident, $answer:expr) => {
        match $answer {
            Err(failure) if failure.means(orgscan_core::api::Meaning::Absent) => {
                Ok(orgscan_core::services::s3::PublicAccessBlock::default())
            }
            answer => {
                let field = "PublicAccessBlockConfiguration";
                let block = answer?.public_access_block_configuration;
                let block = $crate::require($api.action, field, block)?;
                let setting = |name, value| $crate::require($api.action, name, value);
                let restricts = block.restrict_public_buckets;
                Ok(orgscan_core::services::s3::PublicAccessBlock {
                    block_public_acls: setting("BlockPublicAcls", block.block_public_acls)?,
                    ignore_public_acls: setting("IgnorePublicAcls", block.ignore_public_acls)?,
                    block_public_policy: setting("BlockPublicPolicy", block.block_public_policy)?,
                    restrict_public_buckets: setting("RestrictPublicBuckets", restricts)?,
                })
            }
        }
    };
}

pub(super) use block;

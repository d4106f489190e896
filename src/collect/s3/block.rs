//! Block Public Access, as S3 gives it for a bucket and S3 Control for the account, in types of their own.

/// The code of both for a block that was never set: all four settings are off then.
pub(super) const NO_BLOCK: &[&str] = &["NoSuchPublicAccessBlockConfiguration"];

/// The block that an answer to GetPublicAccessBlock gives. In a function that returns a failure.
macro_rules! block {
    ($api:ident, $answer:expr) => {
        match $answer {
            Err(failure) if failure.has_code($crate::collect::s3::block::NO_BLOCK) => {
                Ok($crate::model::PublicAccessBlock::default())
            }
            answer => {
                let field = "PublicAccessBlockConfiguration";
                let block = answer?.public_access_block_configuration;
                let block = $crate::aws::require($api.action, field, block)?;
                Ok($crate::model::PublicAccessBlock {
                    block_public_acls: block.block_public_acls == Some(true),
                    ignore_public_acls: block.ignore_public_acls == Some(true),
                    block_public_policy: block.block_public_policy == Some(true),
                    restrict_public_buckets: block.restrict_public_buckets == Some(true),
                })
            }
        }
    };
}

pub(super) use block;

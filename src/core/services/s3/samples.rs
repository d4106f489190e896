//! What the tests of the checks share.

use super::{Bucket, BucketList, PublicAccessBlock};
use crate::facts::{Fact, FactStore};
use crate::model::{Reading, Region};

/// All four settings of Block Public Access.
pub(super) const FULL_BLOCK: PublicAccessBlock = PublicAccessBlock {
    block_public_acls: true,
    ignore_public_acls: true,
    block_public_policy: true,
    restrict_public_buckets: true,
};

/// Block Public Access in every combination of its settings.
pub(super) fn every_block() -> impl Iterator<Item = PublicAccessBlock> + Clone {
    (0..16_u8).map(|bits| PublicAccessBlock {
        block_public_acls: bits & 1 != 0,
        ignore_public_acls: bits & 2 != 0,
        block_public_policy: bits & 4 != 0,
        restrict_public_buckets: bits & 8 != 0,
    })
}

/// An account with buckets of these names in `eu-west-1`. More about them is put beside it.
pub(super) fn buckets(names: &[&str]) -> FactStore {
    let buckets = names.iter().map(|name| Bucket {
        name: (*name).into(),
        region: Reading::known(Region::new("eu-west-1")),
    });
    FactStore::default().with::<BucketList>(Reading::known(BucketList {
        buckets: buckets.collect::<Vec<_>>().into(),
        elsewhere: Vec::new(),
    }))
}

/// An account with the bucket `logs` and one fact about it.
pub(super) fn bucket_with<F: Fact>(read: Reading<F::Value>) -> FactStore {
    let mut facts = buckets(&["logs"]);
    facts.put_of::<F>("logs", read);
    facts
}

//! What the tests of the checks share.

use super::{CustomerKey, CustomerKeys, KeyState};
use crate::facts::FactStore;
use crate::model::{Arn, Reading};

/// The ARN of a key in `eu-west-1`.
pub(super) fn arn(id: &str) -> Arn {
    format!("arn:aws:kms:eu-west-1:111122223333:key/{id}").into()
}

/// An enabled symmetric key, made by KMS.
pub(super) fn key(id: &str) -> CustomerKey {
    CustomerKey {
        id: id.into(),
        arn: arn(id),
        state: KeyState::Enabled,
        spec: "SYMMETRIC_DEFAULT".into(),
        origin: "AWS_KMS".into(),
        is_replica: false,
    }
}

/// A Region with these keys.
pub(super) fn keys(keys: Vec<CustomerKey>) -> FactStore {
    FactStore::default().with::<CustomerKeys>(Reading::known(keys.into()))
}

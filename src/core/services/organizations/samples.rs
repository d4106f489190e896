//! Organizations for the tests of the checks.

use super::OrganizationProfile;
use crate::facts::FactStore;
use crate::model::{AccountId, Reading};

/// The ARN of the sample.
pub(crate) const ARN: &str = "arn:aws:organizations::111122223333:organization/o-a1b2c3d4e5";

/// An organization with all features and this management account.
pub(crate) fn profile(management_account: AccountId) -> OrganizationProfile {
    OrganizationProfile {
        arn: ARN.into(),
        management_account,
        has_all_features: true,
    }
}

/// The facts of a central account in such an organization.
pub(super) fn central() -> FactStore {
    let profile = profile("111122223333".parse().unwrap());
    FactStore::default().with::<OrganizationProfile>(Reading::known(Some(profile)))
}

/// The facts of a central account in an organization without all features, and outside an organization.
pub(super) fn without_features() -> [FactStore; 2] {
    let profile = profile("111122223333".parse().unwrap());
    let billing = OrganizationProfile {
        has_all_features: false,
        ..profile
    };
    [Some(billing), None]
        .map(|profile| FactStore::default().with::<OrganizationProfile>(Reading::known(profile)))
}

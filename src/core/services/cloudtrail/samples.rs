//! What the tests of the checks share.

use super::{BasicSelector, Delivery, EventSelectors, Trail, TrailList, TrailStatus, Trails};
use crate::facts::FactStore;
use crate::model::{Reading, Region};

/// A trail of the account 111122223333 that is in order by every check except those of data events.
pub(crate) fn trail(name: &str) -> Trail {
    trail_of("111122223333", name)
}

/// The same of another account.
pub(crate) fn trail_of(account: &str, name: &str) -> Trail {
    Trail {
        arn: format!("arn:aws:cloudtrail:eu-west-1:{account}:trail/{name}").into(),
        name: name.into(),
        home: Region::new("eu-west-1"),
        is_multi_region: true,
        is_organization: false,
        has_global_service_events: true,
        validates_log_files: true,
        kms_key: Some(format!("arn:aws:kms:eu-west-1:{account}:key/1").into()),
        bucket: "trail-logs".into(),
        log_group: None,
        status: Reading::known(logging()),
        selectors: Reading::known(selecting(all_management_events())),
    }
}

/// A trail that logs and delivers.
pub(crate) fn logging() -> TrailStatus {
    let delivered = Delivery {
        error: None,
        last: crate::checks::samples::NOW.parse().ok(),
    };
    TrailStatus {
        is_logging: true,
        started: delivered.last,
        log_files: delivered.clone(),
        digest_files: delivered,
        cloudwatch_logs: Delivery::default(),
    }
}

/// The selector that every trail has at first.
pub(crate) fn all_management_events() -> BasicSelector {
    BasicSelector {
        reads: true,
        writes: true,
        has_management_events: true,
        ..BasicSelector::default()
    }
}

/// One basic selector.
pub(crate) fn selecting(selector: BasicSelector) -> EventSelectors {
    EventSelectors {
        basic: vec![selector],
        advanced: Vec::new(),
    }
}

/// An account that owns these trails.
pub(crate) fn owning(trails: &[Trail]) -> FactStore {
    seeing(trails, &[])
}

/// An account that owns these trails and sees those of others.
pub(crate) fn seeing(own: &[Trail], of_others: &[&str]) -> FactStore {
    FactStore::default().with::<Trails>(Reading::known(TrailList {
        own: own.to_vec().into(),
        of_others: of_others.iter().map(|&arn| arn.into()).collect(),
        outside_regions: 0,
    }))
}

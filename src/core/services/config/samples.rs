//! Recorders for the tests of the checks.

use std::collections::BTreeSet;

use super::{ConfigRecorders, Delivery, RecordedTypes, Recorder, RecorderStatus};
use crate::facts::FactStore;
use crate::model::{Items, Reading};

/// A recorder that records everything.
pub(super) fn recorder() -> Recorder {
    Recorder {
        name: "default".to_owned(),
        types: RecordedTypes::All { with_global: true },
        status: Reading::known(RecorderStatus::Recording),
        delivery: Reading::known(Delivery::Working),
    }
}

/// A recorder of other types.
pub(super) fn recording(types: RecordedTypes) -> Recorder {
    Recorder {
        types,
        ..recorder()
    }
}

/// Names of resource types.
pub(super) fn types(names: &[&str]) -> BTreeSet<String> {
    names.iter().map(|name| (*name).to_owned()).collect()
}

/// A Region with these recorders.
pub(super) fn region_with(recorders: Vec<Recorder>) -> FactStore {
    FactStore::default().with::<ConfigRecorders>(Reading::known(Items::from(recorders)))
}

//! What a configuration recorder records, and how that goes.

use std::collections::BTreeSet;

use crate::model::{Reading, Region};

/// A customer managed configuration recorder.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorder.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorder {
    /// Its name.
    pub name: String,
    /// What it records.
    pub types: RecordedTypes,
    /// Whether it records.
    pub status: Reading<RecorderStatus>,
    /// Whether what it records arrives. Read only while it records.
    pub delivery: Reading<Delivery>,
}

/// The resource types that a recorder records. How often it records them, continuously or once a day, is no part of
/// it.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_RecordingGroup.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecordedTypes {
    /// All types of the Region, those of the future included.
    All {
        /// Whether the global IAM types are among them.
        with_global: bool,
    },
    /// All except these, those of the future included.
    AllExcept(BTreeSet<String>),
    /// Only these.
    Only(BTreeSet<String>),
}

/// How a recorder is doing.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigurationRecorderStatus.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RecorderStatus {
    /// It is stopped.
    Stopped,
    /// It is started.
    Recording,
    /// It is started, and its last recording failed, with this error code.
    Failing(String),
}

/// How the delivery to the bucket is doing.
///
/// Source: <https://docs.aws.amazon.com/config/latest/APIReference/API_ConfigExportDeliveryInfo.html>
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Delivery {
    /// The last one arrived, or none was due yet.
    Working,
    /// The last one failed, with this error code.
    Failing(String),
    /// There is no delivery channel.
    Missing,
}

impl RecordedTypes {
    /// The types of IAM, which are the same in every Region.
    ///
    /// Source: <https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html>
    pub const GLOBAL: [&'static str; 4] = [
        "AWS::IAM::User",
        "AWS::IAM::Group",
        "AWS::IAM::Role",
        "AWS::IAM::Policy",
    ];

    /// Whether a global type is recorded, in a Region where AWS Config can record it.
    pub fn has_global(&self, global: &str) -> bool {
        match self {
            Self::All { with_global } => *with_global,
            Self::AllExcept(types) => !types.contains(global),
            Self::Only(types) => types.contains(global),
        }
    }

    /// The types of the Region that are excluded. The global ones are not of the Region.
    pub fn excluded(&self) -> Vec<&str> {
        match self {
            Self::AllExcept(types) => {
                let types = types.iter().map(String::as_str);
                types.filter(|one| !Self::GLOBAL.contains(one)).collect()
            }
            Self::All { .. } | Self::Only(_) => Vec::new(),
        }
    }
}

/// Regions that AWS Config supports only since February 2022, in which it cannot record the global IAM types.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/select-resources.html>
const WITHOUT_GLOBAL: [&str; 13] = [
    "ap-east-2",
    "ap-south-2",
    "ap-southeast-4",
    "ap-southeast-5",
    "ap-southeast-6",
    "ap-southeast-7",
    "ca-west-1",
    "eu-central-2",
    "eu-south-2",
    "il-central-1",
    "me-central-1",
    "mx-central-1",
    "eusc-de-east-1",
];

/// Whether AWS Config can record the global IAM types in a Region. The Region that IAM is in always can.
pub(super) fn has_global_types(region: &Region, iam_region: &str) -> bool {
    region.as_str() == iam_region || !WITHOUT_GLOBAL.contains(&region.as_str())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set(types: &[&str]) -> BTreeSet<String> {
        types.iter().map(|one| (*one).to_owned()).collect()
    }

    #[test]
    fn the_strategy_decides_about_global_types() {
        let role = "AWS::IAM::Role";
        let all = |with_global| RecordedTypes::All { with_global };
        assert!(all(true).has_global(role));
        assert!(!all(false).has_global(role));
        let except = RecordedTypes::AllExcept(set(&[role, "AWS::EC2::Volume"]));
        assert!(!except.has_global(role) && except.has_global("AWS::IAM::User"));
        assert_eq!(except.excluded(), ["AWS::EC2::Volume"]);
        let only = RecordedTypes::Only(set(&[role]));
        assert!(only.has_global(role) && !only.has_global("AWS::IAM::User"));
    }

    #[test]
    fn newer_regions_have_no_global_types_unless_iam_is_there() {
        let has = |region, iam| has_global_types(&Region::new(region), iam);
        assert!(has("eu-west-1", "us-east-1"));
        assert!(!has("eu-south-2", "us-east-1"));
        assert!(has("cn-northwest-1", "cn-north-1"));
        assert!(has("eusc-de-east-1", "eusc-de-east-1"));
    }
}

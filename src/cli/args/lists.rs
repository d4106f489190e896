//! Values that are offered to shells, and lists in one value.

use std::ffi::OsStr;
use std::str::FromStr;

use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};

use orgscan_core::checks::{Category, INDICATORS};
use orgscan_core::frameworks::FRAMEWORKS;
use orgscan_core::model::{AccountId, InvalidAccountId};
use orgscan_core::partition::PARTITIONS;
use orgscan_core::services::CHECKS;
use orgscan_core::settings::split_globs;
use serde::Serializer;

/// Accepts every text, and suggests some to shells: the validation comes later, with the nearest name in its
/// message.
#[derive(Clone)]
pub(super) struct SuggestedValues(fn() -> Vec<&'static str>);

impl TypedValueParser for SuggestedValues {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        arg: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        let text = StringValueParser::new().parse_ref(command, arg, value)?;
        Ok(text.trim().to_owned())
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let values = (self.0)().into_iter();
        Some(Box::new(values.map(PossibleValue::new)))
    }
}

/// Ids of checks.
pub(super) const CHECK: SuggestedValues =
    SuggestedValues(|| CHECKS.iter().map(|one| one.id).collect());

/// Ids of frameworks.
pub(super) const FRAMEWORK: SuggestedValues =
    SuggestedValues(|| FRAMEWORKS.iter().map(|one| one.id).collect());

/// Ids of categories.
pub(super) const CATEGORY: SuggestedValues =
    SuggestedValues(|| Category::ALL.map(Category::id).to_vec());

/// Names of indicators.
pub(super) const INDICATOR: SuggestedValues =
    SuggestedValues(|| INDICATORS.iter().map(|one| one.name).collect());

/// What `orgscan explain` knows, controls apart: their ids alone have several meanings.
pub(super) const EXPLAINED: SuggestedValues = SuggestedValues(|| {
    let all = [CHECK, INDICATOR, FRAMEWORK];
    all.into_iter()
        .flat_map(|SuggestedValues(values)| values())
        .collect()
});

const REGION: SuggestedValues =
    SuggestedValues(|| PARTITIONS.iter().flat_map(|one| one.regions()).collect());

/// Regions, or globs of them.
pub(super) fn regions() -> impl TypedValueParser<Value = RegionList> {
    REGION.try_map(|text| text.parse())
}

/// An account's id, one of a list.
pub(super) fn account(text: &str) -> Result<AccountId, InvalidAccountId> {
    text.trim().parse()
}

/// Regions in one value, with commas between. A comma within braces or brackets is the glob's.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegionList(Vec<String>);

/// A comma with nothing before or after it.
#[derive(Debug, thiserror::Error)]
#[error("empty Region name; remove the extra comma")]
pub struct EmptyRegion;

impl FromStr for RegionList {
    type Err = EmptyRegion;

    fn from_str(text: &str) -> Result<Self, EmptyRegion> {
        let parts: Vec<String> = split_globs(text).map(str::to_owned).collect();
        match parts.iter().any(String::is_empty) {
            true => Err(EmptyRegion),
            false => Ok(Self(parts)),
        }
    }
}

impl RegionList {
    /// All that a repeated flag names, as one list.
    pub(super) fn serialize_all<S: Serializer>(
        lists: &[Self],
        serializer: S,
    ) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(lists.iter().flat_map(|list| &list.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_comma_in_a_glob_is_the_globs() {
        for (text, regions) in [
            ("eu-west-1", &["eu-west-1"][..]),
            ("eu-west-1, eu-west-2", &["eu-west-1", "eu-west-2"]),
            ("{eu,us}-*-1,ap-*", &["{eu,us}-*-1", "ap-*"]),
            ("eu-west-[1,2],us-*", &["eu-west-[1,2]", "us-*"]),
            ("eu-west-1},us-*", &["eu-west-1}", "us-*"]),
        ] {
            assert_eq!(text.parse::<RegionList>().unwrap().0, regions, "{text}");
        }
        for bad in ["", ",", "eu-west-1,", "a,,b"] {
            assert!(bad.parse::<RegionList>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_offered_exists() {
        for (offers, one) in [
            (CHECK, "s3-bucket-public"),
            (FRAMEWORK, "cis-7.0"),
            (CATEGORY, "logging"),
            (INDICATOR, "PublicBuckets"),
            (REGION, "eusc-de-east-1"),
            (EXPLAINED, "PublicBuckets"),
        ] {
            assert!(offers.0().contains(&one), "{one}");
        }
    }
}

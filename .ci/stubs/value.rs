//! TODO: what is set, in a few words.

use crate::facts::{Fact, FactSpec};
use crate::services::$service::$API;

/// TODO: what it is, and the page of AWS that describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct $Fact {
    // TODO: what rules read of it. What AWS may leave out is an Option.
}

impl Fact for $Fact {
    type Value = Self;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "$service.$name",
        calls: &[&$API],
        ..FactSpec::$SCOPE
    };
}

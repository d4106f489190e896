//! TODO: what is listed, in a few words.

use crate::facts::{Fact, FactSpec};
use crate::model::Items;
use crate::services::$service::$API;

/// TODO: what one is, and the page of AWS that describes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct $Item {
    /// Its name.
    pub id: String,
    // TODO: what rules read of it. What AWS may leave out is an Option.
}

/// TODO: what all of them are.
#[derive(Debug)]
pub struct $Fact;

impl Fact for $Fact {
    type Value = Items<$Item>;
    const SPEC: &'static FactSpec = &FactSpec {
        key: "$service.$name",
        calls: &[&$API],
        ..FactSpec::$SCOPE
    };
}

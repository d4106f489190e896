//! Which rules of a security group are open to the world.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use ipnet::IpNet;

use super::internet::{Family, covers};
use super::prefix_lists;
use super::together::{Narrow, together};
use super::traffic::Traffic;
use crate::model::{Fact, Gap, PrefixList, SecurityGroup, Source};

/// One rule that is open to the world, or several that are together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct OpenRule {
    /// What it lets in.
    pub(super) traffic: Traffic,
    /// From whom; more than one where it takes several to cover the internet.
    pub(super) sources: Vec<Source>,
}

/// What is known about a group's rules.
#[derive(Debug)]
pub(super) struct OpenRules {
    /// Those that are open to the world, in order and each once.
    pub(super) open: Vec<OpenRule>,
    /// What rules let in from prefix lists that could not be read.
    pub(super) unread: Vec<(Traffic, Gap)>,
}

/// Looks at a group's rules one by one, then at those that are not open alone together.
pub(super) fn open_rules(
    group: &SecurityGroup,
    lists: &BTreeMap<String, Fact<PrefixList>>,
) -> OpenRules {
    let mut open = BTreeSet::new();
    let mut narrow = Vec::new();
    let mut unread = Vec::new();
    for rule in &group.ingress {
        let traffic = Traffic::of(rule);
        let source = &rule.source;
        match ranges(source, lists) {
            Err(gap) => unread.push((traffic, gap)),
            Ok(ranges) if Family::ALL.iter().any(|family| covers(*family, ranges)) => {
                let sources = vec![source.clone()];
                open.insert(OpenRule { traffic, sources });
            }
            Ok(ranges) => narrow.push(Narrow {
                traffic,
                source,
                ranges,
            }),
        }
    }
    open.extend(together(&narrow));
    OpenRules {
        open: open.into_iter().collect(),
        unread,
    }
}

/// The addresses that a source stands for.
fn ranges<'a>(
    source: &'a Source,
    lists: &'a BTreeMap<String, Fact<PrefixList>>,
) -> Result<&'a [IpNet], Gap> {
    match source {
        Source::Range(net) => Ok(std::slice::from_ref(net)),
        Source::PrefixList(id) => prefix_lists::ranges(id, lists),
        Source::Group(_) => Ok(&[]),
    }
}

impl OpenRule {
    /// Whether traffic from `first` on, from these sources, goes on where this rule ends.
    pub(super) fn goes_on(&self, first: u16, sources: &[Source]) -> bool {
        self.traffic.last.checked_add(1) == Some(first) && self.sources == sources
    }

    /// Whether it lets in everybody of this family.
    pub(super) fn is_open_to(
        &self,
        family: Family,
        lists: &BTreeMap<String, Fact<PrefixList>>,
    ) -> bool {
        let sources = self.sources.iter();
        let ranges = sources.filter_map(|source| ranges(source, lists).ok());
        covers(family, ranges.flatten())
    }

    /// The same rule as several, each of which can be said in words.
    pub(super) fn in_parts(self) -> impl Iterator<Item = Self> {
        let Self { traffic, sources } = self;
        traffic.in_parts().into_iter().map(move |traffic| Self {
            traffic,
            sources: sources.clone(),
        })
    }

    /// Why the sources are the whole internet, where that does not meet the eye.
    pub(super) const fn how(&self) -> &'static str {
        match self.sources.as_slice() {
            [Source::PrefixList(_)] => ", whose ranges are the whole internet",
            [_] | [] => "",
            [..] => ", which together are the whole internet",
        }
    }
}

impl fmt::Display for OpenRule {
    /// The rule in words: part of a finding's identity, so the words do not change.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} from ", self.traffic)?;
        for (position, source) in self.sources.iter().enumerate() {
            if position > 0 {
                f.write_str(" + ")?;
            }
            match source {
                Source::Range(net) => write!(f, "{net}")?,
                Source::PrefixList(id) | Source::Group(id) => f.write_str(id)?,
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests;

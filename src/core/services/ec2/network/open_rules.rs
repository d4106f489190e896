//! Which rules of a security group are open to the world.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::combined_ranges::{PartialRule, combined_ranges};
use super::internet::{Family, covers};
use super::prefix_lists;
use super::traffic::Traffic;
use crate::checks::format;
use crate::facts::Facts;
use crate::model::{Gap, Items};
use crate::services::ec2::{Ingress, Source};

/// One rule that is open to the world, or several that are together.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::services::ec2) struct OpenRule {
    /// What it lets in.
    pub(in crate::services::ec2) traffic: Traffic,
    /// From whom; more than one where it takes several to cover the internet.
    pub(in crate::services::ec2) sources: Vec<Source>,
    /// The family that several sources cover together; none for one source that does alone.
    pub(in crate::services::ec2) combined_family: Option<Family>,
}

/// What is known about a group's rules.
#[derive(Debug)]
pub(in crate::services::ec2) struct OpenRules {
    /// Those that are open to the world, in order and each once.
    pub(in crate::services::ec2) open: Vec<OpenRule>,
    /// What rules let in from prefix lists that could not be read, or not completely; and what rules
    /// that could not be read may let in, which is everything.
    pub(in crate::services::ec2) unread: Vec<(Traffic, Gap)>,
}

/// Evaluates a group's rules one by one, then the combination of those that are not open alone.
pub(in crate::services::ec2) fn open_rules(rules: &Items<Ingress>, lists: &Facts<'_>) -> OpenRules {
    let mut open = BTreeSet::new();
    let mut partial = Vec::new();
    let mut unread = Vec::new();
    for rule in rules {
        let traffic = Traffic::of(rule);
        let source = &rule.source;
        let (ranges, gap) = ranges(source, lists);
        if Family::ALL.iter().any(|family| covers(*family, ranges)) {
            open.insert(OpenRule {
                traffic,
                sources: vec![source.clone()],
                combined_family: None,
            });
            continue;
        }
        unread.extend(gap.map(|gap| (traffic.clone(), gap)));
        partial.push(PartialRule {
            traffic,
            source,
            ranges,
        });
    }
    open.extend(combined_ranges(&partial));
    let anything = || Traffic::new("-1", None);
    unread.extend(rules.gaps.iter().map(|gap| (anything(), gap.clone())));
    OpenRules {
        open: open.into_iter().collect(),
        unread,
    }
}

/// The addresses that a source stands for, as far as they are known.
fn ranges<'a>(source: &'a Source, lists: &'a Facts<'a>) -> (&'a [IpNet], Option<Gap>) {
    match source {
        Source::Range(net) => (std::slice::from_ref(net), None),
        Source::PrefixList(id) => prefix_lists::ranges(id, lists),
        Source::Group(_) => (&[], None),
    }
}

impl OpenRule {
    /// Whether traffic from `first` on goes on where this rule ends.
    pub(in crate::services::ec2) fn continues_at(&self, first: u16) -> bool {
        self.traffic.last.checked_add(1) == Some(first)
    }

    /// Whether it lets in everybody of this family.
    pub(in crate::services::ec2) fn is_open_to(&self, family: Family, lists: &Facts<'_>) -> bool {
        let sources = self.sources.iter();
        match self.combined_family {
            Some(combined_family) => combined_family == family,
            None => covers(family, sources.flat_map(|source| ranges(source, lists).0)),
        }
    }

    /// The same rule as several, each of which can be said in words.
    pub(in crate::services::ec2) fn in_parts(self) -> impl Iterator<Item = Self> {
        let Self {
            traffic,
            sources,
            combined_family,
        } = self;
        traffic.in_parts().into_iter().map(move |traffic| Self {
            traffic,
            sources: sources.clone(),
            combined_family,
        })
    }

    /// The part of a finding's identity. It does not name several sources: a range more or less leaves
    /// the finding the same as long as they are open together.
    pub(in crate::services::ec2) fn identity(&self) -> String {
        match self.combined_family {
            None => self.describe(),
            Some(family) => format!(
                "{} from ranges that together cover {}",
                self.traffic,
                family.as_str()
            ),
        }
    }

    /// The rule with its sources, the first few of many.
    pub(crate) fn describe(&self) -> String {
        let sources = self.sources.iter().map(|source| match source {
            Source::Range(net) => net.to_string(),
            Source::PrefixList(id) | Source::Group(id) => id.clone(),
        });
        let sources: Vec<String> = sources.collect();
        format!("{} from {}", self.traffic, format::sum(&sources))
    }

    /// Why the sources are the whole internet, where that does not meet the eye.
    pub(in crate::services::ec2) const fn how(&self) -> &'static str {
        match self.sources.as_slice() {
            [Source::PrefixList(_)] => ", whose ranges cover the whole internet",
            [_] | [] => "",
            [..] => ", which together cover the whole internet",
        }
    }
}

#[cfg(test)]
mod tests;

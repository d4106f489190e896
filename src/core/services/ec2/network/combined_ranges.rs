//! Rules that are open to the world only together: `0.0.0.0/1` and `128.0.0.0/1`, say.
//!
//! None of them is open alone, so a check of each rule finds nothing; yet on the ports that they have in
//! common they let everybody in.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use ipnet::IpNet;

use super::internet::{Family, covers};
use super::minimal_cover::minimal_cover;
use super::open_rules::OpenRule;
use super::traffic::{Protocol, Traffic};
use crate::services::ec2::Source;

/// A rule that is not open to the world alone.
#[derive(Debug)]
pub(in crate::services::ec2) struct PartialRule<'a> {
    /// What it lets in.
    pub(in crate::services::ec2) traffic: Traffic,
    /// From whom.
    pub(in crate::services::ec2) source: &'a Source,
    /// The addresses that the source stands for.
    pub(in crate::services::ec2) ranges: &'a [IpNet],
}

/// What the rules let in from the whole internet together: for each protocol and family the longest runs
/// of ports for which they cover it, with the sources that this takes.
pub(in crate::services::ec2) fn combined_ranges(partial: &[PartialRule<'_>]) -> Vec<OpenRule> {
    let families = Family::ALL.into_iter().filter(|family| {
        // Nearly always they are nowhere near, and the work ends here.
        covers(*family, partial.iter().flat_map(|rule| rule.ranges))
    });
    families
        .flat_map(|family| in_family(family, partial))
        .collect()
}

fn in_family(family: Family, partial: &[PartialRule<'_>]) -> Vec<OpenRule> {
    let sweep = |protocol: &Protocol| sweep(family, protocol, partial);
    let all = sweep(&Protocol::All);
    if !all.is_empty() {
        // Whatever rules of one protocol add, it comes in through these already.
        return all;
    }
    let protocols: BTreeSet<&Protocol> =
        partial.iter().map(|rule| &rule.traffic.protocol).collect();
    protocols.into_iter().flat_map(sweep).collect()
}

/// Walks over the ports of one protocol, from each point where a rule begins or ends to the next.
fn sweep(family: Family, protocol: &Protocol, partial: &[PartialRule<'_>]) -> Vec<OpenRule> {
    let is_member = |rule: &&PartialRule<'_>| {
        rule.traffic.protocol == *protocol || rule.traffic.protocol == Protocol::All
    };
    let members: Vec<&PartialRule<'_>> = partial.iter().filter(is_member).collect();
    let mut open: Vec<OpenRule> = Vec::new();
    for (first, last) in segments(&members) {
        let active = members
            .iter()
            .filter(|rule| rule.traffic.first <= first && last <= rule.traffic.last);
        let Some(sources) = needed(family, active) else {
            continue;
        };
        match open.last_mut() {
            Some(before) if before.continues_at(first) => {
                before.traffic.last = last;
                before.sources.extend(sources);
            }
            _ => open.push(OpenRule {
                traffic: Traffic {
                    protocol: protocol.clone(),
                    first,
                    last,
                },
                sources,
                combined_family: Some(family),
            }),
        }
    }
    for rule in &mut open {
        rule.sources.sort();
        rule.sources.dedup();
    }
    open.into_iter().flat_map(OpenRule::in_parts).collect()
}

/// The ports, cut wherever a rule begins or ends: within a segment no rule does.
fn segments(members: &[&PartialRule<'_>]) -> Vec<(u16, u16)> {
    let firsts = members.iter().map(|rule| Some(rule.traffic.first));
    let after = members.iter().map(|rule| rule.traffic.last.checked_add(1));
    let starts: BTreeSet<u16> = firsts.chain(after).flatten().collect();
    let lasts = starts.iter().skip(1).map(|next| next - 1);
    let lasts = lasts.chain([u16::MAX]);
    starts.iter().copied().zip(lasts).collect()
}

/// The sources of the rules that it takes to cover the internet; `None` where they do not.
///
/// Where there is a choice, plain ranges are preferred to prefix lists and wide ranges to narrow ones,
/// so that the choice is the same in every run.
fn needed<'a>(
    family: Family,
    rules: impl Iterator<Item = &'a &'a PartialRule<'a>>,
) -> Option<Vec<Source>> {
    let distinct: BTreeMap<&Source, &[IpNet]> = rules.map(|r| (r.source, r.ranges)).collect();
    let mut sources: Vec<(&Source, &[IpNet])> = distinct.into_iter().collect();
    sources.sort_by_key(|(source, _)| match source {
        Source::Range(net) => Some(Reverse(net.prefix_len())),
        Source::PrefixList(_) | Source::Group(_) => None,
    });
    let ranges: Vec<&[IpNet]> = sources.iter().map(|(_, ranges)| *ranges).collect();
    let kept = minimal_cover(family, &ranges)?.into_iter();
    Some(kept.map(|position| sources[position].0.clone()).collect())
}

#[cfg(test)]
mod tests;

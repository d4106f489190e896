//! Which of several sources it takes to cover the whole internet.

use ipnet::IpNet;

use super::internet::{Family, span};
use super::spans::Span;

/// The positions of those sources that together hold every globally routable address of the family, none
/// of which can be left out. `None` where all of them together do not.
///
/// Each source is a set of ranges. Where there is a choice, earlier sources are left out first.
///
/// The work is about proportional to the number of ranges, for ranges in CIDR notation nest at most as
/// deep as an address has bits: a group with a thousand rules does not hold up the scan.
pub(in crate::services::ec2) fn minimal_cover(
    family: Family,
    sources: &[&[IpNet]],
) -> Option<Vec<usize>> {
    let sources: Vec<Vec<Span>> = sources.iter().map(|nets| spans(family, nets)).collect();
    let mut cells = Cells::new(family, &sources);
    if cells.holders.contains(&0) {
        return None;
    }
    let mut kept = Vec::new();
    for (position, source) in sources.iter().enumerate() {
        if !cells.drop_if_covered(source) {
            kept.push(position);
        }
    }
    Some(kept)
}

/// The address space, cut wherever a source begins or ends.
struct Cells {
    /// Each cell's first address, in order.
    starts: Vec<u128>,
    /// How many sources hold each cell, with one more for cells that are not globally routable.
    holders: Vec<usize>,
}

impl Cells {
    fn new(family: Family, sources: &[Vec<Span>]) -> Self {
        let not_routed = spans(family, family.not_routed());
        let all = || sources.iter().chain([&not_routed]).flatten();
        let after = all().filter_map(|(_, last)| last.checked_add(1));
        let mut starts: Vec<u128> = all().map(|(first, _)| *first).chain(after).collect();
        starts.retain(|start| *start <= family.last());
        starts.sort_unstable();
        starts.dedup();
        let mut cells = Self {
            holders: vec![0; starts.len()],
            starts,
        };
        for span in all() {
            cells.of_mut(span).iter_mut().for_each(|count| *count += 1);
        }
        cells
    }

    /// The counts of a range's cells.
    fn of_mut(&mut self, (first, last): &Span) -> &mut [usize] {
        let from = self.starts.partition_point(|start| start < first);
        let to = self.starts.partition_point(|start| start <= last);
        &mut self.holders[from..to]
    }

    /// Leaves a source out, if others hold all of its cells. Says whether it did.
    fn drop_if_covered(&mut self, source: &[Span]) -> bool {
        let covered_by_others = source
            .iter()
            .all(|span| self.of_mut(span).iter().all(|count| *count > 1));
        if covered_by_others {
            for span in source {
                self.of_mut(span).iter_mut().for_each(|count| *count -= 1);
            }
        }
        covered_by_others
    }
}

/// The ranges of one family without overlaps, so that a source counts once for each cell.
fn spans(family: Family, nets: &[IpNet]) -> Vec<Span> {
    let own = nets.iter().filter(|net| Family::of(net) == family);
    let merged = IpNet::aggregate(&own.copied().collect());
    merged.iter().map(span).collect()
}

#[cfg(test)]
mod tests {
    use super::super::internet::covers;
    use super::*;

    fn cover(sources: &[&[&str]]) -> Option<Vec<usize>> {
        let parsed: Vec<Vec<IpNet>> = sources
            .iter()
            .map(|nets| nets.iter().map(|net| net.parse().unwrap()).collect())
            .collect();
        let sources: Vec<&[IpNet]> = parsed.iter().map(Vec::as_slice).collect();
        minimal_cover(Family::V4, &sources)
    }

    #[test]
    fn only_what_is_needed_stays() {
        let (low, high) = ("0.0.0.0/1", "128.0.0.0/1");
        assert_eq!(cover(&[&[low], &[high]]), Some(vec![0, 1]));
        assert_eq!(cover(&[&["10.0.0.0/8"], &[low], &[high]]), Some(vec![1, 2]));
        assert_eq!(cover(&[&["64.0.0.0/2"], &[low], &[high]]), Some(vec![1, 2]));
        assert_eq!(cover(&[&[low], &[low], &[high]]), Some(vec![1, 2]));
        assert_eq!(
            cover(&[&[high], &[low, "10.0.0.0/8", low]]),
            Some(vec![0, 1])
        );
        assert_eq!(cover(&[&[low, "::/0"], &["::/0"]]), None);
        assert_eq!(cover(&[&[low], &["128.0.0.0/2"]]), None);
        assert_eq!(cover(&[]), None);
    }

    /// Random sources over a small model; IPv4 without its last two sixteenths is what it takes.
    #[test]
    fn it_agrees_with_the_definition() {
        let mut random = fastrand::Rng::with_seed(7);
        let mut found = 0;
        for _ in 0..2_000 {
            let sources: Vec<Vec<IpNet>> = (0..random.usize(1..8))
                .map(|_| (0..random.usize(1..3)).map(|_| net(&mut random)).collect())
                .collect();
            let slices: Vec<&[IpNet]> = sources.iter().map(Vec::as_slice).collect();
            let kept = minimal_cover(Family::V4, &slices);
            assert_eq!(kept.is_some(), covers(Family::V4, sources.iter().flatten()));
            let Some(kept) = kept else { continue };
            found += 1;
            let of = |kept: &[usize]| {
                let nets: Vec<IpNet> = kept.iter().flat_map(|i| sources[*i].clone()).collect();
                covers(Family::V4, &nets)
            };
            assert!(of(&kept));
            for excluded in &kept {
                let rest: Vec<usize> = kept.iter().copied().filter(|i| i != excluded).collect();
                assert!(!of(&rest), "{sources:?}: {kept:?}");
            }
        }
        assert!(found > 100, "only {found} samples cover the internet");
    }

    fn net(random: &mut fastrand::Rng) -> IpNet {
        let prefix = random.u8(1..4);
        let address = random.u32(..) >> 29 << 29;
        let net = ipnet::Ipv4Net::new(address.into(), prefix).unwrap();
        IpNet::V4(net.trunc())
    }
}

//! What a file may have at most, where its readers take no more: the most important ones stay.

/// The most important items, at most so many.
#[derive(Debug)]
pub(super) struct Bounded<T, const RANKS: usize> {
    most: usize,
    kept: [Vec<T>; RANKS],
    omitted: [u64; RANKS],
}

impl<T, const RANKS: usize> Bounded<T, RANKS> {
    /// Room for so many.
    pub(super) fn new(most: usize) -> Self {
        Self {
            most,
            kept: std::array::from_fn(|_| Vec::new()),
            omitted: [0; RANKS],
        }
    }

    /// Takes an item. The lower its rank, the more important it is; where there is no more room, the last
    /// of the least important ones goes.
    pub(super) fn push(&mut self, rank: usize, item: T) {
        let rank = rank.min(RANKS.saturating_sub(1));
        if self.kept.iter().map(Vec::len).sum::<usize>() >= self.most {
            let last = self.kept.iter().rposition(|items| !items.is_empty());
            let least = last.unwrap_or(rank).max(rank);
            if let Some(count) = self.omitted.get_mut(least) {
                *count += 1;
            }
            if least == rank {
                return;
            }
            self.kept.get_mut(least).and_then(Vec::pop);
        }
        if let Some(items) = self.kept.get_mut(rank) {
            items.push(item);
        }
    }

    /// What stayed of each rank, and how many of it were left out.
    pub(super) fn finish(self) -> impl Iterator<Item = (Vec<T>, u64)> {
        self.kept.into_iter().zip(self.omitted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(most: usize, ranks: &[usize]) -> Vec<(Vec<usize>, u64)> {
        let mut bounded = Bounded::<usize, 3>::new(most);
        for (n, rank) in ranks.iter().enumerate() {
            bounded.push(*rank, n);
        }
        bounded.finish().collect()
    }

    #[test]
    fn the_least_important_go_first() {
        let none = || (vec![], 0);
        assert_eq!(
            kept(3, &[2, 0, 1]),
            [(vec![1], 0), (vec![2], 0), (vec![0], 0)]
        );
        assert_eq!(kept(2, &[2, 2, 2]), [none(), none(), (vec![0, 1], 1)]);
        assert_eq!(kept(2, &[2, 2, 0]), [(vec![2], 0), none(), (vec![0], 1)]);
        assert_eq!(
            kept(2, &[0, 1, 2]),
            [(vec![0], 0), (vec![1], 0), (vec![], 1)]
        );
        assert_eq!(
            kept(1, &[2, 1, 0, 0]),
            [(vec![2], 1), (vec![], 1), (vec![], 1)]
        );
        assert_eq!(kept(0, &[0]), [(vec![], 1), none(), none()]);
    }
}

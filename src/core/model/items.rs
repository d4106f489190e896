//! Lists of which some items could not be read.

use super::Gap;

/// The items of a list: those that could be read, and a gap for each that could not.
///
/// One item without a field that AWS always sends is a gap of its own. It hides none of the others.
/// A rule adds the gaps to its result ([`super::RuleResult::of_each`] does), or, where an unread item
/// could be the one that decides about another, makes that one unknown.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Items<T> {
    /// Those that could be read.
    pub known: Vec<T>,
    /// Why each of the others could not. The gap names the resource, where AWS does.
    pub gaps: Vec<Gap>,
}

impl<T> Items<T> {
    /// Those that could be read.
    pub fn iter(&self) -> std::slice::Iter<'_, T> {
        self.known.iter()
    }

    /// Whether AWS listed nothing at all.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty() && self.gaps.is_empty()
    }

    /// Why an item is not among those that could be read, if an unread one may be it: its own gap, else
    /// that of one without an id.
    pub fn unread(&self, id: &str) -> Option<&Gap> {
        let own = self.gaps.iter().find(|gap| gap.resource == id);
        own.or_else(|| self.gaps.iter().find(|gap| gap.resource.is_empty()))
    }

    /// Nothing, if every item could be read.
    ///
    /// # Errors
    /// The first gap: for what an unread item could decide.
    pub fn complete(&self) -> Result<(), Gap> {
        self.gaps.first().map_or(Ok(()), |gap| Err(gap.clone()))
    }
}

impl<T> Default for Items<T> {
    /// An empty list.
    fn default() -> Self {
        Vec::new().into()
    }
}

impl<T> From<Vec<T>> for Items<T> {
    fn from(known: Vec<T>) -> Self {
        let gaps = Vec::new();
        Self { known, gaps }
    }
}

impl<T, E: Into<Gap>> FromIterator<Result<T, E>> for Items<T> {
    fn from_iter<I: IntoIterator<Item = Result<T, E>>>(items: I) -> Self {
        let mut all = Self::default();
        for item in items {
            match item {
                Ok(item) => all.known.push(item),
                Err(error) => all.gaps.push(error.into()),
            }
        }
        all
    }
}

impl<'a, T> IntoIterator for &'a Items<T> {
    type Item = &'a T;
    type IntoIter = std::slice::Iter<'a, T>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Cause;

    #[test]
    fn an_item_that_could_not_be_read_hides_no_other() {
        let gap = Gap::new("ec2:DescribeVolumes", Cause::Malformed);
        let items: Items<u8> = [Ok(1), Err(gap.clone()), Ok(2)].into_iter().collect();
        assert_eq!(items.known, [1, 2]);
        assert_eq!(items.complete(), Err(gap));
        assert!(Items::<u8>::default().is_empty());
        let unread: Items<u8> = [Err(Gap::new("x", Cause::Malformed))].into_iter().collect();
        assert!(!unread.is_empty());
    }
}

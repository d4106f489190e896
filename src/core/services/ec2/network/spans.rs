//! Ranges of numbers, of addresses or of ports: what they have in common, and what one leaves of another.

/// The first and the last number of a range.
pub(in crate::services::ec2) type Span = (u128, u128);

/// What two ranges have in common.
pub(in crate::services::ec2) fn intersection(one: Span, other: Span) -> Option<Span> {
    let (first, last) = (one.0.max(other.0), one.1.min(other.1));
    (first <= last).then_some((first, last))
}

/// What is left of a range without another: what is before it, and what is behind it.
pub(in crate::services::ec2) fn difference(one: Span, other: Span) -> impl Iterator<Item = Span> {
    let before = (one.0 < other.0).then(|| (one.0, one.1.min(other.0 - 1)));
    let behind = (one.1 > other.1).then(|| (one.0.max(other.1 + 1), one.1));
    before.into_iter().chain(behind)
}

/// What is left of several ranges without another.
pub(in crate::services::ec2) fn without(spans: &[Span], other: Span) -> Vec<Span> {
    let left = spans.iter().flat_map(|span| difference(*span, other));
    left.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_number_is_in_what_is_common_or_in_what_is_left() {
        let spans = || (0..6_u128).flat_map(|first| (first..6).map(move |last| (first, last)));
        let contains = |span: Span, number| (span.0..=span.1).contains(&number);
        for (one, other) in spans().flat_map(|one| spans().map(move |other| (one, other))) {
            let common = intersection(one, other);
            let left: Vec<Span> = difference(one, other).collect();
            for number in 0..6 {
                let is_common = common.is_some_and(|span| contains(span, number));
                let is_left = left.iter().filter(|span| contains(**span, number)).count();
                assert_eq!(is_common, contains(one, number) && contains(other, number));
                let expected = contains(one, number) && !contains(other, number);
                assert_eq!(is_left, usize::from(expected), "{one:?} {other:?} {number}");
            }
        }
    }
}

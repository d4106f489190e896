//! Phrases that messages and notes share.

/// How many names a message or a note lists before it says how many more there are.
pub(crate) const SHOWN: usize = 5;

/// `1 bucket`, `2 buckets`.
pub(crate) fn count(number: u64, noun: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {noun}{plural}")
}

/// ` of 8 GiB`; nothing where AWS does not say how many.
pub(crate) fn gib(size: Option<i32>) -> String {
    size.map(|size| format!(" of {size} GiB"))
        .unwrap_or_default()
}

/// The first few of the items, and how many more there are: `a, b, c, d, e and 2 more`.
pub(crate) fn first_few<T: AsRef<str>>(items: &[T]) -> String {
    few(items, ", ")
}

/// The same of what counts together: `a + b + c + d + e and 2 more`.
pub(crate) fn sum<T: AsRef<str>>(items: &[T]) -> String {
    few(items, " + ")
}

/// The first few of the items with something else between them, and how many more there are.
pub(crate) fn few<T: AsRef<str>>(items: &[T], separator: &str) -> String {
    let shown: Vec<&str> = items.iter().take(SHOWN).map(AsRef::as_ref).collect();
    let list = shown.join(separator);
    match items.len() - shown.len() {
        0 => list,
        more => format!("{list} and {more} more"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_is_singular() {
        assert_eq!(count(0, "bucket"), "0 buckets");
        assert_eq!(count(1, "bucket"), "1 bucket");
        assert_eq!(count(2, "bucket"), "2 buckets");
    }

    #[test]
    fn a_long_list_is_truncated_and_marked() {
        assert_eq!(first_few(&["a", "b"]), "a, b");
        assert_eq!(first_few(&["a", "b", "c", "d", "e"]), "a, b, c, d, e");
        assert_eq!(
            first_few(&["a", "b", "c", "d", "e", "f", "g"]),
            "a, b, c, d, e and 2 more"
        );
    }
}

//! "Did you mean ...?"

/// How alike two words must be, from 0 to 1, for one to be offered in place of the other.
const ALIKE: f64 = 0.8;

/// The longest word that is compared, in bytes: to compare takes time with the square of it.
const LONGEST: usize = 200;

/// The candidate that `word` was most likely meant to be, if any comes close. Upper and lower case
/// and separators make no difference.
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    if word.len() > LONGEST {
        return None;
    }
    let word = plain(word);
    candidates
        .into_iter()
        .map(|candidate| (strsim::jaro_winkler(&word, &plain(candidate)), candidate))
        .filter(|(alike, _)| *alike >= ALIKE)
        .max_by(|(a, _), (b, _)| a.total_cmp(b))
        .map(|(_, candidate)| candidate)
}

/// The fix for an unknown word: the nearest known one, or all of them.
pub fn instead(word: &str, known: &[&str]) -> String {
    match nearest(word, known.iter().copied()) {
        Some(candidate) => format!("did you mean `{candidate}`?"),
        None if known.is_empty() => "remove it".to_owned(),
        None => format!("possible values: {}", known.join(", ")),
    }
}

fn plain(word: &str) -> String {
    word.chars()
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized_and_a_stranger_is_not() {
        let known = ["api_share", "accounts", "PublicBuckets", "s3-bucket-policy"];
        for (slip, meant) in [
            ("api-share", "api_share"),
            ("apishare", "api_share"),
            ("account", "accounts"),
            ("public_buckets", "PublicBuckets"),
            ("PublicBucket", "PublicBuckets"),
            ("s3-policy", "s3-bucket-policy"),
        ] {
            assert_eq!(nearest(slip, known), Some(meant), "{slip}");
        }
        assert_eq!(nearest("favourite_color", known), None);
        assert_eq!(nearest(&"account".repeat(1_000_000), known), None);
        assert!(instead("zzz", &known).ends_with("s3-bucket-policy"));
        assert_eq!(instead("zzz", &[]), "remove it");
    }
}

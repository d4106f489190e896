//! Texts that were meant to be the URL of a place in S3.

use crate::model::Arn;

/// How the URL of a place in S3 begins.
pub(super) const SCHEME: &str = "s3://";

/// The URL that a text was meant to be: `s3:/bucket/key`, `S3://bucket`, `arn:aws:s3:::bucket`. None where
/// it is such a URL, or the path of a file. Every such text could be a path too; as a path it starts
/// with `./`.
pub(super) fn meant(text: &str) -> Option<String> {
    let trimmed = text.trim();
    let arn = Arn::from(trimmed);
    let of_arn =
        || Some(arn.resource()).filter(|bucket| arn.service() == "s3" && !bucket.is_empty());
    let location = of_slip(trimmed).or_else(of_arn)?;
    let location = location.replace('\\', "/");
    let url = format!("{SCHEME}{}", location.trim_start_matches('/'));
    (url != text).then_some(url)
}

/// What comes after something like `s3://`.
fn of_slip(text: &str) -> Option<&str> {
    let (name, rest) = text.split_at_checked(2)?;
    let location = rest.trim_start_matches([':', ';', '/', '\\', ' ']);
    let between = rest.strip_suffix(location)?;
    let has_colon = between.contains([':', ';']);
    (name.eq_ignore_ascii_case("s3") && (has_colon || between.len() > 1)).then_some(location)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_recognized_and_a_path_is_not() {
        for (slip, url) in [
            ("s3:/bucket/p", "s3://bucket/p"),
            ("s3:bucket", "s3://bucket"),
            ("S3://bucket/P", "s3://bucket/P"),
            ("s3//bucket", "s3://bucket"),
            ("s3;//bucket", "s3://bucket"),
            ("s3:///bucket/p", "s3://bucket/p"),
            (r"s3:\\bucket\p", "s3://bucket/p"),
            (" s3://bucket", "s3://bucket"),
            ("arn:aws:s3:::bucket/p", "s3://bucket/p"),
            ("arn:aws-cn:s3:::bucket", "s3://bucket"),
        ] {
            assert_eq!(meant(slip).as_deref(), Some(url), "{slip}");
        }
        for path in [
            "arn:aws:s3",
            "arn:aws:s3:::",
            "s3://bucket/p",
            "s3",
            "s3/bucket",
            "s3-reports",
            "./s3:/bucket",
            "reports",
            "",
            "ß",
            "arn:aws:sns:eu-west-1:111122223333:topic",
        ] {
            assert_eq!(meant(path), None, "{path}");
        }
    }
}

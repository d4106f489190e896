//! Comma-separated values: UTF-8, a header line, `\n` at the end of lines.
//!
//! Names of accounts and resources are chosen by whoever owns them, and spreadsheets run cells that
//! look like formulas. So a text cell that could start one gets a `'` in front.
//! Source: <https://owasp.org/www-community/attacks/CSV_Injection>

mod coverage;
mod enrolment;
mod exceptions;
mod findings;
mod frameworks;
mod trend;
mod weekly;

use std::borrow::Cow;

pub use coverage::CoverageCsv;
pub use enrolment::write_enrolment;
pub use exceptions::write_exceptions;
pub use findings::FindingsCsv;
pub use frameworks::FrameworksCsv;
pub use trend::write_trend;
pub use weekly::write_weekly;

/// A text cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> Cow<'_, str> {
    // White space in front does not keep every spreadsheet from reading on; tab, CR and LF are white
    // space themselves. The full-width forms stand for the ASCII ones in some locales.
    let starts_formula = |c| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠');
    if text.starts_with(['\t', '\r', '\n', '\0']) || text.trim_start().starts_with(starts_formula) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

#[cfg(test)]
mod tests {
    use super::cell;

    #[test]
    fn no_cell_starts_a_formula() {
        for bad in [
            "=1+1",
            "+1",
            "-1",
            "@SUM(A1)",
            "\t=1",
            "\r=1",
            "\n=1",
            " =1",
            "＝1",
            "=cmd|' /C calc'!A0",
        ] {
            assert_eq!(cell(bad), format!("'{bad}"));
        }
        for good in ["", "prod-web", "a=b", "arn:aws:s3:::b", "1", "*"] {
            assert_eq!(cell(good), good);
        }
    }
}

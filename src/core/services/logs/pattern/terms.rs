//! Patterns of terms, which match the text of an event.

use super::Pattern;

/// Reads terms. All have to be in the event, or one of those that begin with `?`. One that begins with `-` may not be.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/FilterAndPatternSyntaxForMetricFilters.html>
pub(super) fn terms(text: &str) -> Pattern {
    let (mut all, mut any) = (Vec::new(), Vec::new());
    for (sign, term) in split(text) {
        match sign {
            Some('?') => any.push(Pattern::Term(term)),
            Some('-') => all.push(Pattern::WithoutTerm(term)),
            _ if term.starts_with('%') => {
                let reason = "its regular expression is for the whole event";
                all.push(Pattern::Unknown(reason.to_owned()));
            }
            _ => all.push(Pattern::Term(term)),
        }
    }
    match (any.is_empty(), all.is_empty()) {
        (true, _) => Pattern::All(all),
        (false, true) => Pattern::Any(any),
        (false, false) => Pattern::Unknown("its pattern has optional and other terms".to_owned()),
    }
}

/// Terms with their signs. A term in quotes may have spaces.
fn split(text: &str) -> Vec<(Option<char>, String)> {
    let (mut rest, mut found) = (text.trim_start(), Vec::new());
    while !rest.is_empty() {
        let sign = rest.chars().next().filter(|sign| "?-".contains(*sign));
        rest = rest.strip_prefix(['?', '-']).unwrap_or(rest);
        let (term, after) = match rest.strip_prefix('"') {
            Some(inner) => inner.split_once('"').unwrap_or((inner, "")),
            None => rest.split_once(char::is_whitespace).unwrap_or((rest, "")),
        };
        found.push((sign, term.to_owned()));
        rest = after.trim_start();
    }
    found
}

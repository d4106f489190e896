//! The Content-Security-Policy of what is served.

/// For everything that is no page of a report or list: nothing is loaded, nothing runs.
pub(super) const NOTHING: &str =
    "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

/// How a report's page names its own policy.
const START: &str = "<meta http-equiv=\"Content-Security-Policy\" content=\"";

/// The policy of a report's page: the one that it has itself, which allows its own scripts and style by their hashes,
/// and in addition that no other page frames it, which only a header can say. A page whose policy allows anything else
/// gets none of it.
pub(super) fn of_page(beginning: &str) -> String {
    let own = beginning
        .split_once(START)
        .and_then(|(_, rest)| rest.split_once('"'));
    let own = own.map(|(policy, _)| policy.replace("&#39;", "'"));
    match own.filter(|policy| is_strict(policy)) {
        Some(policy) => format!("{policy}; frame-ancestors 'none'"),
        None => NOTHING.to_owned(),
    }
}

/// Whether a policy allows nothing but what it names by hash.
fn is_strict(policy: &str) -> bool {
    let directive = |text: &str| {
        let mut words = text.split_whitespace();
        match words.next().unwrap_or_default() {
            "default-src" | "base-uri" | "form-action" | "trusted-types" => {
                words.all(|word| word == "'none'")
            }
            "script-src" | "style-src" => words.all(is_hash),
            "require-trusted-types-for" => words.all(|word| word == "'script'"),
            _ => false,
        }
    };
    let mut directives = policy.split(';');
    policy.starts_with("default-src 'none';") && directives.all(directive)
}

/// `'sha256-…'`
fn is_hash(source: &str) -> bool {
    let hash = source.strip_prefix("'sha256-");
    let hash = hash.and_then(|hash| hash.strip_suffix('\''));
    let is_base64 = |c: char| c.is_ascii_alphanumeric() || "+/=".contains(c);
    hash.is_some_and(|hash| hash.len() == 44 && hash.chars().all(is_base64))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(policy: &str) -> String {
        let policy = policy.replace('\'', "&#39;");
        format!("<!DOCTYPE html>\n<head>\n{START}{policy}\">\n</head>")
    }

    #[test]
    fn a_page_keeps_its_own_policy() {
        let hash = format!("'sha256-{}='", "a".repeat(43));
        let own = format!(
            "default-src 'none'; script-src {hash} {hash}; style-src {hash}; base-uri 'none'; form-action 'none'; \
             require-trusted-types-for 'script'; trusted-types 'none'"
        );
        assert_eq!(
            of_page(&page(&own)),
            format!("{own}; frame-ancestors 'none'")
        );
    }

    #[test]
    fn a_page_that_allows_more_gets_nothing() {
        for own in [
            "",
            "default-src *",
            "default-src 'none'; script-src 'unsafe-inline'",
            "default-src 'none'; script-src https://example.com",
            "default-src 'none'; connect-src 'none'",
            "default-src 'none'; script-src 'sha256-x'",
            "script-src 'sha256-aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa='",
        ] {
            assert_eq!(of_page(&page(own)), NOTHING, "{own}");
        }
        assert_eq!(of_page("<html></html>"), NOTHING);
        assert_eq!(of_page(&START[..20]), NOTHING);
    }
}

//! Kinds of secrets that a text can be recognized by.
//!
//! Only secrets whose issuer gives them a prefix are recognized. Guesses by name or entropy find too much that is no secret.

/// A kind of secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SecretKind {
    /// The id of an access key of AWS, which its secret is usually beside.
    AwsAccessKey,
    /// A token of GitHub.
    GitHubToken,
    /// A token of GitLab.
    GitLabToken,
    /// A token of npm.
    NpmToken,
    /// A private key in PEM format.
    PrivateKey,
    /// A token of Slack.
    SlackToken,
    /// A secret or restricted key of Stripe for live data.
    StripeKey,
}

impl SecretKind {
    /// What it is called in a sentence: `an AWS access key`.
    pub const fn noun(self) -> &'static str {
        match self {
            Self::AwsAccessKey => "an AWS access key",
            Self::GitHubToken => "a GitHub token",
            Self::GitLabToken => "a GitLab token",
            Self::NpmToken => "an npm token",
            Self::PrivateKey => "a private key",
            Self::SlackToken => "a Slack token",
            Self::StripeKey => "a Stripe key",
        }
    }

    /// The kind of the first secret in a text, if there is one.
    pub fn in_text(text: &str) -> Option<Self> {
        let mut prefixes = PREFIXES.iter();
        let prefix = prefixes.find(|one| one.is_in(text));
        prefix
            .map(|one| one.kind)
            .or_else(|| has_private_key(text).then_some(Self::PrivateKey))
    }
}

/// What a secret begins with, and how it goes on.
struct Prefix {
    kind: SecretKind,
    text: &'static str,
    /// How many characters follow, at least and at most.
    lengths: (usize, usize),
    /// Whether a character may follow.
    is_part: fn(u8) -> bool,
}

const fn prefix(kind: SecretKind, text: &'static str, least: usize) -> Prefix {
    Prefix {
        kind,
        text,
        lengths: (least, usize::MAX),
        is_part: |byte| byte.is_ascii_alphanumeric(),
    }
}

/// The same with hyphens, underscores and full stops among the characters.
const fn loose(kind: SecretKind, text: &'static str, least: usize) -> Prefix {
    Prefix {
        is_part: |byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.'),
        ..prefix(kind, text, least)
    }
}

/// Sources: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html#identifiers-prefixes>,
/// <https://docs.github.com/en/authentication/keeping-your-account-and-data-secure/about-authentication-to-github#githubs-token-formats>,
/// <https://docs.gitlab.com/security/tokens/#token-prefixes>, <https://docs.npmjs.com/about-access-tokens>,
/// <https://docs.slack.dev/authentication/tokens>, <https://docs.stripe.com/keys>
const PREFIXES: &[Prefix] = &[
    Prefix {
        lengths: (16, 16),
        is_part: |byte| byte.is_ascii_uppercase() || byte.is_ascii_digit(),
        ..prefix(SecretKind::AwsAccessKey, "AKIA", 16)
    },
    prefix(SecretKind::GitHubToken, "ghp_", 36),
    prefix(SecretKind::GitHubToken, "gho_", 36),
    prefix(SecretKind::GitHubToken, "ghu_", 36),
    loose(SecretKind::GitHubToken, "ghs_", 36),
    prefix(SecretKind::GitHubToken, "ghr_", 36),
    loose(SecretKind::GitHubToken, "github_pat_", 22),
    loose(SecretKind::GitLabToken, "glpat-", 20),
    loose(SecretKind::SlackToken, "xoxb-", 10),
    loose(SecretKind::SlackToken, "xoxp-", 10),
    loose(SecretKind::SlackToken, "xapp-", 10),
    prefix(SecretKind::StripeKey, "sk_live_", 16),
    prefix(SecretKind::StripeKey, "rk_live_", 16),
    prefix(SecretKind::NpmToken, "npm_", 36),
];

impl Prefix {
    /// Whether a secret is somewhere in the text, and no part of a longer word. A placeholder such as `xoxb-your-token`
    /// has no digit.
    fn is_in(&self, text: &str) -> bool {
        let mut places = text.match_indices(self.text);
        places.any(|(at, found)| {
            let (before, rest) = (&text.as_bytes()[..at], &text.as_bytes()[at + found.len()..]);
            let length = rest.iter().take_while(|byte| (self.is_part)(**byte));
            let length = length.count();
            let is_word = before.last().is_some_and(u8::is_ascii_alphanumeric)
                || rest.get(length).is_some_and(u8::is_ascii_alphanumeric);
            let (least, most) = self.lengths;
            let has_digit = rest[..length].iter().any(u8::is_ascii_digit);
            !is_word
                && (least..=most).contains(&length)
                && (has_digit || self.kind == SecretKind::AwsAccessKey)
        })
    }
}

/// A private key has its kind in its first line: `-----BEGIN RSA PRIVATE KEY-----`.
///
/// Source: <https://www.rfc-editor.org/rfc/rfc7468>
fn has_private_key(text: &str) -> bool {
    let mut labels = text.split("-----BEGIN ").skip(1);
    labels.any(|rest| {
        let label = rest.split_once("-----").map(|(label, _)| label);
        label.is_some_and(|label| label.ends_with("PRIVATE KEY"))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    use SecretKind::{
        AwsAccessKey, GitHubToken, GitLabToken, NpmToken, PrivateKey, SlackToken, StripeKey,
    };

    /// So many characters that a secret may have.
    fn x(count: usize) -> String {
        "aB3".repeat(count).chars().take(count).collect()
    }

    #[test]
    fn secrets_are_recognized_by_what_they_begin_with() {
        for (prefix, rest, kind) in [
            ("AKIA", "IOSFODNN7EXAMPLE".to_owned(), Some(AwsAccessKey)),
            ("AKIA", "IOSFODNN7EXAMPL".to_owned(), None),
            ("AKIA", "IOSFODNN7EXAMPLES".to_owned(), None),
            ("ghp_", x(36), Some(GitHubToken)),
            ("ghp_", x(35), None),
            ("ghs_", x(60), Some(GitHubToken)),
            (
                "github_pat_",
                format!("{}_{}", x(22), x(59)),
                Some(GitHubToken),
            ),
            ("glpat-", format!("{}-_", x(18)), Some(GitLabToken)),
            ("xoxb-", format!("{}-{}", x(5), x(5)), Some(SlackToken)),
            ("xoxb-", "your-bot-token".to_owned(), None),
            ("xoxb-", "…".to_owned(), None),
            ("sk_live_", x(24), Some(StripeKey)),
            ("sk_test_", x(24), None),
            ("npm_", x(36), Some(NpmToken)),
            ("npm_", "config_registry".to_owned(), None),
            (
                "-----BEGIN ",
                "PRIVATE KEY-----\\nMII".to_owned(),
                Some(PrivateKey),
            ),
            (
                "-----BEGIN ",
                "EC PRIVATE KEY-----\nMII".to_owned(),
                Some(PrivateKey),
            ),
            ("-----BEGIN ", "PUBLIC KEY-----\nMII".to_owned(), None),
            ("-----BEGIN ", "PRIVATE KEY".to_owned(), None),
        ] {
            let text = format!("{prefix}{rest}");
            assert_eq!(SecretKind::in_text(&text), kind, "{text}");
        }
    }

    #[test]
    fn a_secret_may_be_within_a_text_but_not_within_a_word() {
        let key = "AKIAIOSFODNN7EXAMPLE";
        for (text, kind) in [
            (format!("https://{key}:x@example.com"), Some(AwsAccessKey)),
            (format!("{{\"id\": \"{key}\"}}"), Some(AwsAccessKey)),
            (format!("X{key}"), None),
            (format!("{key}x"), None),
            (format!("AKIA {key}"), Some(AwsAccessKey)),
            ("a password".to_owned(), None),
            (String::new(), None),
        ] {
            assert_eq!(SecretKind::in_text(&text), kind, "{text}");
        }
    }
}

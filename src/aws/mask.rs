//! Takes secrets out of texts.
//!
//! AWS quotes requests in its error texts: SignatureDoesNotMatch the canonical request with the session
//! token, InvalidToken the token, a denial an encoded message. What is masked is recognized by its
//! label, by how such values begin, or by being longer than any name that AWS allows.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex_lite::{Captures, Regex};

/// What stands for a secret.
const MASK: &str = "***";

/// Labels whose value is masked up to its end.
const LABELS: &str = "x-amz-security-token|x-amz-s3session-token|x-amz-signature|x-amz-credential|\
    x-amzn-authorization-token|x-aws-ec2-metadata-token|aws[_-]?session[_-]?token|\
    aws[_-]?security[_-]?token|session[_-]?token|security[_-]?token|access[_-]?token|\
    refresh[_-]?token|id[_-]?token|web[_-]?identity[_-]?token|token-0|\
    aws[_-]?secret[_-]?access[_-]?key|secret[_-]?access[_-]?key|secret[_-]?key|client[_-]?secret|\
    password|credential|signature|signature[_-]?provided|external[_-]?id";

/// Patterns of secrets, each with what is kept of it.
static PATTERNS: LazyLock<Vec<(Regex, &str)>> = LazyLock::new(|| {
    // Between a label and its value: `=`, `: `, `">`, as JSON and XML have it, escaped or not.
    let value = r#"((?:[\\"'\]]*\s*(?:[:=>]|%3[aAdD])\s*[\\"'\[]*)(?:b")?)[^\s&,;"'<>\\\])}]+"#;
    let labeled = format!("(?i)\\b({LABELS}){value}");
    let patterns: [(&str, &str); 8] = [
        // Authorization: AWS4-HMAC-SHA256 Credential=…, Signature=…; AWS id:signature; Bearer …
        (
            r#"(?i)\b(authorization["'\\]*\s*[:=]\s*["'\\]*)(?:(aws|basic|bearer|digest)\s+)[^\s&,;"'<>\\]+"#,
            "$1$2 ***",
        ),
        (r"(?i)\b(bearer\s+)[a-z0-9._~+/=-]{20,}", "$1***"),
        (&labeled, "$1$2***"),
        (
            r"(?i)(encoded authorization (?:failure )?message:?\s*)[a-z0-9_+/=-]{16,}",
            "$1***",
        ),
        // How session tokens begin, and access keys.
        (
            r"\b(IQoJ|FwoG|FQoG|AQoD|AQoE)[A-Za-z0-9+/=_%-]{16,}",
            "$1***",
        ),
        (r"\b(AKIA|ASIA)[A-Z0-9]{12,}", "$1***"),
        // The password in the URL of a proxy.
        (r"(://)[^\s/@:]*:[^\s/@]+@", "$1***@"),
        // Signatures, and what no name is as long as.
        (
            r"\b(?:[0-9a-fA-F]{64}|[A-Za-z0-9+/]{100,}={0,2}|[A-Za-z0-9_-]{100,})",
            MASK,
        ),
    ];
    patterns
        .into_iter()
        .filter_map(|(pattern, kept)| Some((Regex::new(pattern).ok()?, kept)))
        .collect()
});

/// Secret access keys without a label: 40 characters of Base64.
static UNLABELED: LazyLock<Option<Regex>> = LazyLock::new(|| Regex::new("[A-Za-z0-9+/]{40,}").ok());

/// The text with its secrets masked.
pub fn mask(text: &str) -> Cow<'_, str> {
    let mut text = Cow::Borrowed(text);
    for (pattern, kept) in PATTERNS.iter() {
        if let Cow::Owned(masked) = pattern.replace_all(&text, *kept) {
            text = Cow::Owned(masked);
        }
    }
    let Some(unlabeled) = UNLABELED.as_ref() else {
        return text;
    };
    let masked = unlabeled.replace_all(&text, |found: &Captures<'_>| {
        let found = &found[0];
        match is_secret_key(found) {
            true => MASK.to_owned(),
            false => found.to_owned(),
        }
    });
    match masked {
        Cow::Owned(masked) => Cow::Owned(masked),
        Cow::Borrowed(_) => text,
    }
}

fn is_secret_key(run: &str) -> bool {
    let has = |kind: fn(&u8) -> bool| run.as_bytes().iter().any(kind);
    run.len() == 40
        && has(u8::is_ascii_uppercase)
        && has(u8::is_ascii_lowercase)
        && has(u8::is_ascii_digit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str =
        "IQoJb3JpZ2luX2VjEJr//////////wEaCXVzLWVhc3QtMSJHMEUCIQDexample+token/with=";
    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY1";
    const SIGNATURE: &str = "fe5f80f77d5fa3beca038a248ff027d0445342fe2855ddc963176630326f1024";

    fn secret_key() -> &'static str {
        &SECRET[..40]
    }

    #[test]
    fn nothing_of_a_secret_is_left_in_texts_as_aws_writes_them() {
        let secret = secret_key();
        let long = "Ab1_".repeat(60);
        let texts = [
            format!(
                "SignatureDoesNotMatch: The request signature we calculated does not match the \
                 signature you provided.\n\nThe Canonical String for this request should have been\n\
                 'POST\n/\n\nhost:sts.amazonaws.com\nx-amz-date:20261122T060000Z\n\
                 x-amz-security-token:{TOKEN}\n\nhost;x-amz-date;x-amz-security-token\n{SIGNATURE}'\n\n\
                 The String-to-Sign should have been\n'AWS4-HMAC-SHA256\n20261122T060000Z\n\
                 20261122/us-east-1/sts/aws4_request\n{SIGNATURE}'"
            ),
            format!("<Token-0>{TOKEN}</Token-0><SignatureProvided>{SIGNATURE}</SignatureProvided>"),
            format!(
                "Authorization: AWS4-HMAC-SHA256 Credential=ASIAIOSFODNN7EXAMPLE/20261122/us-east-1/ec2/\
                 aws4_request, SignedHeaders=host;x-amz-date, Signature={SIGNATURE}"
            ),
            format!(
                "\"authorization\": \"AWS AKIAIOSFODNN7EXAMPLE:{}=\"",
                &secret[..27]
            ),
            format!("authorization: Bearer eyJhbGciOiJIUzI1NiJ9.{TOKEN}"),
            format!(
                "https://b.s3.amazonaws.com/k?X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20261122&\
                 X-Amz-Security-Token={}&X-Amz-Signature={SIGNATURE}",
                TOKEN.replace('/', "%2F").replace('+', "%2B")
            ),
            format!("You are not authorized. Encoded authorization failure message: {long}"),
            format!(
                "<SecretAccessKey>{secret}</SecretAccessKey><SessionToken>{TOKEN}</SessionToken>"
            ),
            format!("{{\"SecretAccessKey\": \"{secret}\", \"SessionToken\" : \"{TOKEN}\"}}"),
            format!("b\"{{\\\"SecretAccessKey\\\": \\\"{secret}\\\"}}\""),
            format!("aws_secret_access_key = {secret}, aws_session_token={TOKEN}"),
            format!("the key {secret} is not known"),
            format!("InvalidToken: the token {TOKEN} is malformed"),
            format!("cannot connect to http://user:{}@proxy:3128", &secret[..12]),
            format!("x-amz-security-token: {}", &TOKEN[4..30]),
        ];
        for text in texts {
            let masked = mask(&text);
            let secrets = [
                &TOKEN[4..30],
                &secret[..12],
                SIGNATURE,
                &long[..40],
                "IOSFODNN7",
            ];
            for secret in secrets {
                assert!(!masked.contains(secret), "{text}\n{masked}");
            }
            assert!(masked.contains(MASK), "{masked}");
        }
    }

    #[test]
    fn what_is_no_secret_stays() {
        for text in [
            "UnauthorizedOperation: User: arn:aws:sts::111122223333:assumed-role/\
             AWSReservedSSO_AdministratorAccess_0123456789abcdef/a.rather.long.session-name@example.com \
             is not authorized to perform: ec2:DescribeVolumes with an explicit deny in a service control \
             policy: arn:aws:organizations::123456789012:policy/o-exampleorgid/service_control_policy/p-1",
            "ExpiredToken: The security token included in the request is expired",
            "InvalidClientTokenId: The security token included in the request is invalid.",
            "SignatureDoesNotMatch: Signature expired: 20261129T080000Z is now earlier than 20261129T085500Z",
            "the answer ends before </GetAccountAuthorizationDetailsResponse>",
            "AccessDenied: Request id 6f1d2c3b-4a59-4687-9786-a5b4c3d2e1f0, key arn:aws:kms:eu-west-1:\
             111122223333:key/6f1d2c3b-4a59-4687-9786-a5b4c3d2e1f0",
            "the answer lacks IsPublic",
        ] {
            // "Signature expired:" has no value that is one.
            assert_eq!(mask(text), text);
        }
    }
}

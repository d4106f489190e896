//! What AWS accepts as a name: pure tests of shape, each with the fix in its error.

use crate::model::{AccountId, Arn};
use crate::partition::{self, Partition};
use crate::suggest::instead;

type Shape = Result<(), String>;

fn check(fits: bool, otherwise: impl FnOnce() -> String) -> Shape {
    if fits { Ok(()) } else { Err(otherwise()) }
}

fn shown(text: &str) -> String {
    format!("`{}`", text.escape_debug())
}

/// `[\w+=,.@-]`, which IAM allows in the names of roles.
fn is_iam_name(c: char) -> bool {
    c.is_ascii_alphanumeric() || "_+=,.@-".contains(c)
}

/// A role's name.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
pub(super) fn role_name(name: &str) -> Shape {
    check(
        (1..=64).contains(&name.len()) && name.chars().all(is_iam_name),
        || {
            let remediation =
                "use 1 to 64 letters, digits and `_+=,.@-`; set the path in role.path";
            format!("{} is not a role name; {remediation}", shown(name))
        },
    )
}

/// A role's path.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html>
pub(super) fn role_path(path: &str) -> Shape {
    let fits = path.starts_with('/')
        && path.ends_with('/')
        && path.len() <= 512
        && path.bytes().all(|b| b.is_ascii_graphic());
    check(fits, || {
        let remediation = "begin and end it with `/`, as in `/` or `/security/`";
        format!("{} is not a role path; {remediation}", shown(path))
    })
}

/// An external id. It is not repeated in the error.
///
/// Source: <https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html>
pub(super) fn external_id(id: &str) -> Shape {
    let charset = |c: char| is_iam_name(c) || c == ':' || c == '/';
    let fits = (2..=1_224).contains(&id.len()) && id.chars().all(charset);
    check(fits, || {
        "not an external id; use 2 to 1224 letters, digits and `_+=,.@:/-`".to_owned()
    })
}

/// A stack set's name.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_CreateStackSet.html>
pub(super) fn stack_set(name: &str) -> Shape {
    let fits = name.len() <= 128
        && name.starts_with(|c: char| c.is_ascii_alphabetic())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    check(fits, || {
        let remediation = "use up to 128 letters, digits and `-`, with a letter first, such as `orgscan-member-role`";
        format!("{} is not a stack set's name; {remediation}", shown(name))
    })
}

/// A Region's name: words and a number, `eu-west-1`, `us-gov-east-1`, `eusc-de-east-1`; of a partition that
/// orgscan knows.
pub(super) fn region(name: &str) -> Shape {
    let mut parts = name.rsplit('-');
    let number = parts.next().unwrap_or_default();
    let segments: Vec<&str> = parts.collect();
    let fits = (1..=2).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_digit())
        && segments.len() >= 2
        && segments
            .iter()
            .all(|word| !word.is_empty() && word.bytes().all(|b| b.is_ascii_lowercase()));
    check(fits, || {
        format!("{} is not a Region; write it as `eu-west-1`", shown(name))
    })?;
    check(Partition::of_region(name).is_some(), || {
        let known = partition::names().join(", ");
        let name = shown(name);
        format!(
            "{name} is not in a known partition ({known}); correct it, or use a newer version of orgscan"
        )
    })
}

pub(super) fn partition(name: &str) -> Shape {
    let known = partition::names();
    check(known.contains(&name), || {
        let remediation = instead(name, &known);
        format!("no partition {}; {remediation}", shown(name))
    })
}

/// Whether an ARN names an account and a partition that orgscan knows.
pub(super) fn is_owned(arn: &Arn) -> bool {
    arn.account().parse::<AccountId>().is_ok() && Partition::named(arn.partition()).is_some()
}

/// The ARN of a standard SNS topic, with Region and partition in agreement.
///
/// Source: <https://docs.aws.amazon.com/sns/latest/api/API_CreateTopic.html>
pub(super) fn topic_arn(text: &str) -> Shape {
    let not_one = || {
        let fix = "write it as `arn:aws:sns:eu-west-1:123456789012:security-alerts`";
        format!("{} is not an SNS topic's ARN; {fix}", shown(text))
    };
    let arn = Arn::from(text);
    check(is_owned(&arn) && arn.service() == "sns", not_one)?;
    let (region, name) = (arn.region(), arn.resource());
    self::region(region)?;
    check(!name.ends_with(".fifo"), || {
        "a FIFO topic cannot notify people; give a standard topic".to_owned()
    })?;
    let charset = |b: u8| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-');
    let fits = (1..=256).contains(&name.len()) && name.bytes().all(charset);
    check(fits, not_one)?;
    let actual = Partition::of_region(region).map_or("", |one| one.name);
    check(actual == arn.partition(), || {
        let partition = arn.partition();
        format!(
            "Region {region} is in partition {actual}, but the ARN has {partition}; correct the ARN"
        )
    })
}

/// A CloudWatch namespace for metrics of one's own.
///
/// Source: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html>
pub(super) fn namespace(name: &str) -> Shape {
    let printable = name.bytes().all(|b| b.is_ascii_graphic() || b == b' ');
    check((1..=255).contains(&name.len()) && printable, || {
        let remediation = "use 1 to 255 printable ASCII characters";
        format!(
            "{} is not a CloudWatch namespace; {remediation}",
            shown(name)
        )
    })?;
    check(!name.starts_with("AWS/"), || {
        "namespaces that start with `AWS/` are reserved; use another one, such as `OrgScan`"
            .to_owned()
    })?;
    check(!name.starts_with(':') && !name.trim().is_empty(), || {
        "a namespace must not be blank or start with `:`; use another one, such as `OrgScan`"
            .to_owned()
    })
}

/// An address for people to open.
pub(super) fn web_address(address: &str) -> Shape {
    let is_plain = address.bytes().all(|b| b.is_ascii_graphic());
    let rest = address.strip_prefix("https://").unwrap_or_default();
    check(
        !rest.is_empty() && is_plain && address.len() <= 1_000,
        || {
            let remediation = "write it as `https://…`, 1,000 characters at most";
            format!("{} is not a web address; {remediation}", shown(address))
        },
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table(shape: fn(&str) -> Shape, good: &[&str], bad: &[&str]) {
        for text in good {
            assert_eq!(shape(text), Ok(()), "{text}");
        }
        for text in bad {
            let error = shape(text).expect_err(text);
            assert!(error.contains(';'), "no fix in: {error}");
        }
    }

    #[test]
    fn roles() {
        let long = "x".repeat(65);
        table(
            role_name,
            &["OrgScanMember", "a+=,.@-_1"],
            &["", "a/b", "a b", "é", &long],
        );
        table(
            role_path,
            &["/", "/security/audit/"],
            &["", "security/", "/security", "/a b/"],
        );
        table(
            stack_set,
            &["orgscan-member-role", "a"],
            &["", "1a", "a_b", "a:b", &"x".repeat(129)],
        );
        let long = "x".repeat(1_225);
        table(external_id, &["12", "a:b/c=d"], &["x", "a b", "a#", &long]);
        assert!(!external_id("se cret").unwrap_err().contains("se cret"));
    }

    #[test]
    fn regions_and_their_partitions() {
        table(
            region,
            &[
                "eu-west-1",
                "us-gov-east-1",
                "ap-southeast-7",
                "us-isob-east-1",
                "eusc-de-east-1",
                "eu-east-9",
            ],
            &[
                "",
                "eu-west",
                "EU-West-1",
                "eu_west_1",
                "eu-west-1a",
                "west-1",
                "eu--west-1",
                "eu-west-123",
                "xx-north-1",
                "eusc-fr-east-1",
            ],
        );
        table(
            partition,
            &partition::names(),
            &["", "AWS", "china", "aws-isob"],
        );
    }

    #[test]
    fn topics() {
        table(
            topic_arn,
            &[
                "arn:aws:sns:eu-west-1:123456789012:alerts",
                "arn:aws-cn:sns:cn-north-1:123456789012:a_b-C",
                "arn:aws-eusc:sns:eusc-de-east-1:123456789012:alerts",
                "arn:aws-iso-f:sns:us-isof-south-1:123456789012:alerts",
            ],
            &[
                "alerts",
                "arn:aws:sqs:eu-west-1:123456789012:alerts",
                "arn:aws:sns:eu-west-1:12345:alerts",
                "arn:aws:sns:Ireland:123456789012:alerts",
                "arn:aws:sns:eu-west-1:123456789012:alerts:4a5b",
                "arn:aws:sns:eu-west-1:123456789012:",
                "arn:aws:sns:eu-west-1:123456789012:alerts.fifo",
                "arn:aws:sns:cn-north-1:123456789012:alerts",
                "arn:aws-moon:sns:eu-west-1:123456789012:alerts",
            ],
        );
    }

    #[test]
    fn namespaces() {
        let long = "x".repeat(256);
        table(
            namespace,
            &["OrgScan", "Security/OrgScan 2#1"],
            &["", " ", ":x", "AWS/EC2", "é", "a\nb", &long],
        );
    }
}

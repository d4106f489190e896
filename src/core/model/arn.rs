//! Amazon Resource Names.

use std::fmt;
use std::ops::Deref;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An Amazon Resource Name: `arn:aws:rds:eu-west-1:111122223333:db:orders`.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html>
#[derive(
    Clone, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema,
)]
#[serde(transparent)]
#[schemars(with = "String")]
// AWS adds formats over time, so the text is kept as AWS wrote it. A part that it does not have is empty.
pub struct Arn(String);

impl Arn {
    /// The ARN with these parts. A part that AWS leaves empty is `""`.
    pub fn new(
        partition: &str,
        service: &str,
        region: &str,
        account: &str,
        resource: &str,
    ) -> Self {
        Self(format!(
            "arn:{partition}:{service}:{region}:{account}:{resource}"
        ))
    }

    /// The ARN of a policy that AWS keeps: `arn:aws:iam::aws:policy/AWSSupportAccess`.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_identifiers.html>
    pub fn aws_policy(partition: &str, name: &str) -> Self {
        Self::new(partition, "iam", "", "aws", &format!("policy/{name}"))
    }

    /// Its text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// `aws`, `aws-cn`, `aws-us-gov`.
    pub fn partition(&self) -> &str {
        self.part(1)
    }

    /// The service: `ec2`.
    pub fn service(&self) -> &str {
        self.part(2)
    }

    /// The Region's name; empty for a global resource.
    pub fn region(&self) -> &str {
        self.part(3)
    }

    /// The account's id; empty where the name has none, as a bucket's.
    pub fn account(&self) -> &str {
        self.part(4)
    }

    /// What comes after the account: `volume/vol-0123`, `db:orders`.
    pub fn resource(&self) -> &str {
        self.part(5)
    }

    fn part(&self, n: usize) -> &str {
        let mut parts = self.0.splitn(6, ':');
        match parts.next() {
            Some("arn") => parts.nth(n - 1).unwrap_or_default(),
            _ => "",
        }
    }
}

impl<T: Into<String>> From<T> for Arn {
    fn from(text: T) -> Self {
        Self(text.into())
    }
}

impl Deref for Arn {
    type Target = str;

    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for Arn {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

impl PartialEq<str> for Arn {
    fn eq(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl PartialEq<&str> for Arn {
    fn eq(&self, text: &&str) -> bool {
        self.0 == *text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_parts_and_the_last_one_may_have_colons() {
        let arn = Arn::new(
            "aws-us-gov",
            "rds",
            "us-gov-east-1",
            "111122223333",
            "db:orders",
        );
        assert_eq!(
            arn,
            "arn:aws-us-gov:rds:us-gov-east-1:111122223333:db:orders"
        );
        assert_eq!((arn.partition(), arn.service()), ("aws-us-gov", "rds"));
        assert_eq!(
            (arn.region(), arn.account()),
            ("us-gov-east-1", "111122223333")
        );
        assert_eq!(arn.resource(), "db:orders");
    }

    #[test]
    fn a_bucket_has_neither_region_nor_account_and_other_texts_have_no_parts() {
        let bucket = Arn::from("arn:aws:s3:::logs");
        assert_eq!(
            (bucket.region(), bucket.account(), bucket.resource()),
            ("", "", "logs")
        );
        for text in ["", "logs", "arn", "urn:aws:s3:::logs"] {
            let arn = Arn::from(text);
            assert_eq!((arn.partition(), arn.resource()), ("", ""), "{text}");
        }
    }
}

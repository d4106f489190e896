//! Texts that occur again and again, each once.

use std::collections::HashMap;

use serde::Serialize;

/// Stands for the resource's own name in a text.
const OWN_NAME: &str = "\u{e000}";
/// Stands for the Region.
const REGION: &str = "\u{e001}";
/// Stands for the account's id.
const ACCOUNT: &str = "\u{e002}";

/// Texts by number, in the order in which they first came.
#[derive(Debug, Default, Serialize)]
#[serde(transparent)]
pub(super) struct Strings {
    #[serde(serialize_with = "in_order")]
    numbers: HashMap<Box<str>, u32>,
}

impl Strings {
    /// The number of a text.
    pub(super) fn number(&mut self, text: &str) -> u32 {
        if let Some(number) = self.numbers.get(text) {
            return *number;
        }
        // Far more than fit into a page.
        let number = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        self.numbers.insert(text.into(), number);
        number
    }

    /// The same for a text that may be missing: -1.
    pub(super) fn optional(&mut self, text: Option<&str>) -> i64 {
        text.map_or(-1, |text| self.number(text).into())
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The texts by number.
    pub(super) fn list(&self) -> Vec<&str> {
        let mut texts: Vec<_> = self.numbers.iter().collect();
        texts.sort_by_key(|(_, number)| **number);
        texts.into_iter().map(|(text, _)| &**text).collect()
    }
}

fn in_order<S: serde::Serializer>(
    numbers: &HashMap<Box<str>, u32>,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut texts: Vec<_> = numbers.iter().collect();
    texts.sort_by_key(|(_, number)| **number);
    serializer.collect_seq(texts.into_iter().map(|(text, _)| text))
}

/// What differs from finding to finding in texts that are otherwise alike.
#[derive(Clone, Copy, Debug)]
pub(super) struct VariableTexts<'a> {
    pub(super) name: &'a str,
    pub(super) region: &'a str,
    pub(super) account: &'a str,
}

impl VariableTexts<'_> {
    /// The text with characters for private use in place of what differs, so that it occurs once. The
    /// text has been made visible, so it has none of its own.
    pub(super) fn coded(&self, text: &str) -> String {
        let mut coded = text.to_owned();
        let parts = [
            (self.name, OWN_NAME),
            (self.account, ACCOUNT),
            (self.region, REGION),
        ];
        for (part, stands) in parts {
            // Shorter ones save nothing.
            if part.len() > 3 {
                coded = coded.replace(part, stands);
            }
        }
        coded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_number() {
        let mut strings = Strings::default();
        assert_eq!(["b", "a", "b"].map(|text| strings.number(text)), [0, 1, 0]);
        assert_eq!(strings.optional(None), -1);
        assert_eq!(strings.list(), ["b", "a"]);
        assert_eq!(serde_json::json!(strings), serde_json::json!(["b", "a"]));
    }

    #[test]
    fn texts_that_differ_in_names_only_are_one() {
        let of = |name, region| {
            let arn = format!("arn:aws:ec2:{region}:111122223333:volume/{name}");
            let account = "111122223333";
            VariableTexts {
                name,
                region,
                account,
            }
            .coded(&arn)
        };
        assert_eq!(of("vol-1", "eu-west-1"), of("vol-2", "us-east-1"));
        assert_eq!(
            of("vol-1", "eu-west-1"),
            "arn:aws:ec2:\u{e001}:\u{e002}:volume/\u{e000}"
        );
    }
}

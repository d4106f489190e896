//! Where each field of the configuration was said, for error messages.

use std::collections::BTreeMap;

use super::error::Problem;
use super::fit::Finding;
use super::node::Node;

/// Where each field was said. What is said later covers what was said before.
#[derive(Debug, Default)]
pub struct Origins(BTreeMap<String, String>);

impl Origins {
    /// The fields of a document, by the lines of a file.
    pub(super) fn of_file(name: &str, root: &Node) -> Self {
        let mut origins = BTreeMap::from([(String::new(), name.to_owned())]);
        root.walk(&mut |node| {
            if let Some(line) = node.line {
                origins.insert(node.field.clone(), format!("{name}:{line}"));
            }
        });
        Self(origins)
    }

    /// Every field said by one source.
    pub(super) fn all(origin: &str) -> Self {
        Self(BTreeMap::from([(String::new(), origin.to_owned())]))
    }

    /// Notes that a field, with all that is in it, was said anew.
    pub(super) fn say(&mut self, field: &str, origin: &str) {
        self.forget(field);
        self.0.insert(field.to_owned(), origin.to_owned());
    }

    /// Forgets who said a field and what is in it.
    pub(super) fn forget(&mut self, field: &str) {
        self.0.retain(|known, _| !is_within(known, field));
    }

    /// Where exactly this field was said, if it was: `orgscan.yaml:7`.
    pub fn said(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(String::as_str)
    }

    /// Where a field, or the nearest one around it, was said.
    pub(super) fn of(&self, field: &str) -> &str {
        let mut around = field;
        loop {
            match (self.0.get(around), around.rfind(['.', '['])) {
                (Some(origin), _) => return origin,
                (None, Some(end)) => around = &around[..end],
                (None, None) if around.is_empty() => return "",
                (None, None) => around = "",
            }
        }
    }

    /// Findings with their origins.
    pub(super) fn locate(&self, findings: Vec<Finding>) -> Vec<Problem> {
        findings
            .into_iter()
            .map(|(field, message)| Problem {
                origin: self.of(&field).to_owned(),
                field,
                message,
            })
            .collect()
    }
}

fn is_within(field: &str, around: &str) -> bool {
    field
        .strip_prefix(around)
        .is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '[']))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_and_latest_origin_counts() {
        let root = Node::from_yaml("role:\n  name: x\n\nregions:\n  include:\n    - a\n    - b\n");
        let mut origins = Origins::of_file("f.yaml", &root.unwrap());
        assert_eq!(origins.of("role.name"), "f.yaml:2");
        assert_eq!(origins.of("role.path"), "f.yaml:1");
        assert_eq!(origins.of("regions.include[1]"), "f.yaml:7");
        assert_eq!(origins.of("api_share"), "f.yaml");
        origins.say("regions.include", "--region");
        assert_eq!(origins.of("regions.include[1]"), "--region");
        assert_eq!(Origins::default().of("role.name"), "");
    }
}

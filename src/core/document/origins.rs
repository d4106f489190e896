//! The source of each field of the configuration, for error messages and `orgscan config show`.

use std::collections::BTreeMap;

use super::deserialize::FieldProblem;
use super::error::Problem;
use super::node::{Node, Tree};

/// The source of each field. A later source replaces an earlier one.
#[derive(Debug, Default)]
pub struct Origins(BTreeMap<String, Origin>);

#[derive(Debug)]
struct Origin {
    name: String,
    /// Whether a value was given; a key without a value in a file counts as not given.
    is_set: bool,
    /// Whether the whole was said there, so that nothing in it is a default.
    is_whole: bool,
}

impl Origins {
    /// The fields of a document, by the lines of a file.
    pub fn of_file(name: &str, root: &Node) -> Self {
        let mut origins = Self::default();
        origins.insert("", name.to_owned(), (false, false));
        root.walk(&mut |node| {
            if let Some(line) = node.line {
                let is_set = !matches!(node.tree, Tree::Null);
                origins.insert(&node.field, format!("{name}:{line}"), (is_set, false));
            }
        });
        origins
    }

    /// Every field said by one source.
    pub fn all(origin: &str) -> Self {
        let mut origins = Self::default();
        origins.insert("", origin.to_owned(), (true, true));
        origins
    }

    /// Notes that a field, with all that is in it, was set again.
    pub fn set(&mut self, field: &str, origin: &str) {
        self.forget(field);
        self.insert(field, origin.to_owned(), (true, true));
    }

    fn insert(&mut self, field: &str, name: String, (is_set, is_whole): (bool, bool)) {
        let origin = Origin {
            name,
            is_set,
            is_whole,
        };
        self.0.insert(field.to_owned(), origin);
    }

    /// Forgets who said a field and what is in it.
    pub fn forget(&mut self, field: &str) {
        self.0.retain(|known, _| !is_within(known, field));
    }

    /// Where exactly this field was said, if it was: `orgscan.yaml:7`.
    pub fn origin_text(&self, field: &str) -> Option<&str> {
        self.0.get(field).map(|origin| &*origin.name)
    }

    /// What set the value of a field: the field itself, or something around it as a whole. None where it is
    /// the default.
    pub fn source(&self, field: &str) -> Option<&str> {
        let own = self.0.get(field).filter(|origin| origin.is_set);
        let mut around = around(field).filter_map(|field| self.0.get(field));
        let found = own.or_else(|| around.find(|origin| origin.is_whole));
        found.map(|origin| &*origin.name)
    }

    /// The source of a field, or of the nearest field around it. Empty if it is not known.
    pub fn of(&self, field: &str) -> &str {
        let mut around = around(field).filter_map(|field| self.0.get(field));
        around.next().map_or("", |origin| &origin.name)
    }

    /// Findings with their origins.
    pub fn locate(&self, findings: Vec<FieldProblem>) -> Vec<Problem> {
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

/// A field, and those around it from the innermost outwards, the root being the last.
fn around(field: &str) -> impl Iterator<Item = &str> {
    std::iter::successors(Some(field), |field| match field.rfind(['.', '[']) {
        Some(end) => field.get(..end),
        None => Some("").filter(|_| !field.is_empty()),
    })
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
        let root = Node::from_yaml(
            "role:\n  name: x\n\nregions:\n  include:\n    - a\n    - b\nhome_region:\n",
        );
        let mut origins = Origins::of_file("f.yaml", &root.unwrap());
        assert_eq!(origins.of("role.name"), "f.yaml:2");
        assert_eq!(origins.of("role.path"), "f.yaml:1");
        assert_eq!(origins.of("regions.include[1]"), "f.yaml:7");
        assert_eq!(origins.of("api_share"), "f.yaml");
        assert_eq!(origins.source("role.name"), Some("f.yaml:2"));
        for default in ["role.path", "api_share", "home_region"] {
            assert_eq!(origins.source(default), None, "{default}");
        }
        origins.set("regions.include", "--region");
        assert_eq!(origins.of("regions.include[1]"), "--region");
        assert_eq!(origins.source("regions.include[1]"), Some("--region"));
        assert_eq!(Origins::default().of("role.name"), "");
    }
}

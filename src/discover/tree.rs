//! The tree of OUs.

use std::collections::BTreeMap;

/// The organization's root and OUs, by id.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tree {
    /// `r-…`
    pub(super) root: String,
    ous: BTreeMap<String, Ou>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
struct Ou {
    name: String,
    parent: String,
}

impl Tree {
    /// A tree of nothing but a root.
    pub(super) fn new(root: String) -> Self {
        Self {
            root,
            ous: BTreeMap::new(),
        }
    }

    /// Adds an OU below a parent that is there already.
    pub(super) fn add(&mut self, id: String, name: String, parent: &str) {
        let parent = parent.to_owned();
        self.ous.insert(id, Ou { name, parent });
    }

    /// The root and all OUs.
    pub(super) fn ids(&self) -> Vec<String> {
        let ous = self.ous.keys().cloned();
        std::iter::once(self.root.clone()).chain(ous).collect()
    }

    /// Ids from the root down to this OU, and the OUs' names joined with `/`.
    pub(super) fn place(&self, id: &str) -> (Vec<String>, String) {
        let mut ids = vec![id.to_owned()];
        let mut names = Vec::new();
        let mut at = id;
        while let Some(ou) = self.ous.get(at) {
            names.push(ou.name.as_str());
            ids.push(ou.parent.clone());
            at = &ou.parent;
        }
        ids.reverse();
        names.reverse();
        (ids, names.join("/"))
    }
}

/// The id of the OU (or root) that holds an account, from one of its `Paths`:
/// `o-…/r-…/ou-…/ou-…/123456789012/`.
pub(super) fn parent_in_path(path: &str) -> Option<&str> {
    path.split('/')
        .rfind(|id| id.starts_with("ou-") || id.starts_with("r-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_ou_has_its_ids_and_its_path() {
        let mut tree = Tree::new("r-1".into());
        tree.add("ou-1-a".into(), "Workloads".into(), "r-1");
        tree.add("ou-1-b".into(), "Production".into(), "ou-1-a");
        let (ids, path) = tree.place("ou-1-b");
        assert_eq!(ids, ["r-1", "ou-1-a", "ou-1-b"]);
        assert_eq!(path, "Workloads/Production");
        assert_eq!(tree.place("r-1"), (vec!["r-1".to_owned()], String::new()));
        assert_eq!(tree.ids(), ["r-1", "ou-1-a", "ou-1-b"]);
    }

    #[test]
    fn an_accounts_parent_is_the_last_ou_of_its_path() {
        let path = "o-abc/r-a1b2/ou-a1b2-1/ou-a1b2-2/123456789012/";
        assert_eq!(parent_in_path(path), Some("ou-a1b2-2"));
        assert_eq!(parent_in_path("o-abc/r-a1b2/123456789012/"), Some("r-a1b2"));
        assert_eq!(parent_in_path(""), None);
    }
}

//! The tree of OUs.

use std::collections::BTreeMap;

/// Levels of OUs below the root, and OUs, at most: well above AWS's quotas (5 and 2,000), so that a tree
/// that would not end is noticed.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const DEEPEST: usize = 20;
const MOST: usize = 20_000;

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

    /// Adds an OU below a parent that is there already. Gives whether it is new: a page may repeat what
    /// the page before it had.
    ///
    /// # Errors
    /// Where that makes no tree: an OU cannot be moved, so one that is below two parents contains itself
    /// or is not what AWS sent.
    pub(super) fn add(&mut self, id: &str, name: String, parent: &str) -> Result<bool, String> {
        let known = self.ous.get(id);
        if known.is_some_and(|ou| ou.parent == parent) && id != parent {
            return Ok(false);
        }
        if id == self.root || id == parent || known.is_some() {
            return Err(format!(
                "the OU {id} contains itself or is below two parents"
            ));
        }
        let (ids, _) = self.place(parent);
        if ids.len() > DEEPEST || self.ous.len() >= MOST {
            return Err(format!(
                "the tree of OUs has more than {DEEPEST} levels or more than {MOST} OUs"
            ));
        }
        let parent = parent.to_owned();
        self.ous.insert(id.to_owned(), Ou { name, parent });
        Ok(true)
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
        let mut add = |id, name: &str, parent| tree.add(id, name.to_owned(), parent);
        assert_eq!(add("ou-1-a", "Workloads", "r-1"), Ok(true));
        assert_eq!(add("ou-1-b", "Production", "ou-1-a"), Ok(true));
        assert_eq!(add("ou-1-b", "Production", "ou-1-a"), Ok(false));
        let (ids, path) = tree.place("ou-1-b");
        assert_eq!(ids, ["r-1", "ou-1-a", "ou-1-b"]);
        assert_eq!(path, "Workloads/Production");
        assert_eq!(tree.place("r-1"), (vec!["r-1".to_owned()], String::new()));
        assert_eq!(tree.ids(), ["r-1", "ou-1-a", "ou-1-b"]);
    }

    #[test]
    fn a_tree_that_would_not_end_is_refused() {
        let mut tree = Tree::new("r-1".into());
        let mut add = |id: &str, parent: &str| tree.add(id, id.to_owned(), parent);
        add("ou-1-a", "r-1").unwrap();
        add("ou-1-b", "ou-1-a").unwrap();
        for (id, parent) in [
            ("ou-1-a", "ou-1-b"),
            ("ou-1-b", "ou-1-b"),
            ("r-1", "ou-1-b"),
            ("ou-1-b", "r-1"),
        ] {
            let refused = add(id, parent).unwrap_err();
            assert!(refused.contains("contains itself"), "{refused}");
        }
        let mut parent = "ou-1-b".to_owned();
        let refused = (0..100).find_map(|n| {
            let id = format!("ou-1-{n}");
            let refused = add(&id, &parent).err();
            parent = id;
            refused
        });
        assert!(refused.unwrap().contains("levels"));
    }

    #[test]
    fn an_accounts_parent_is_the_last_ou_of_its_path() {
        let path = "o-abc/r-a1b2/ou-a1b2-1/ou-a1b2-2/123456789012/";
        assert_eq!(parent_in_path(path), Some("ou-a1b2-2"));
        assert_eq!(parent_in_path("o-abc/r-a1b2/123456789012/"), Some("r-a1b2"));
        assert_eq!(parent_in_path(""), None);
    }
}

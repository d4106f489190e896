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
    /// OUs that are listed without an id, so that nothing is known of what is below them.
    pub(super) nameless: u64,
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
            nameless: 0,
        }
    }

    /// Adds an OU below a parent that is there already; one without a name is called by its id. Gives whether it is new: a page may repeat what
    /// the page before it had.
    ///
    /// # Errors
    /// Where that makes no tree: an OU cannot be moved, so one that is below two parents contains itself
    /// or is not what AWS sent.
    pub(super) fn add(
        &mut self,
        id: &str,
        name: Option<String>,
        parent: &str,
    ) -> Result<bool, String> {
        let known = self.ous.get(id);
        if known.is_some_and(|ou| ou.parent == parent) && id != parent {
            return Ok(false);
        }
        if id == self.root || id == parent || known.is_some() {
            return Err(format!(
                "the OU {id} contains itself or is below two parents"
            ));
        }
        if self.above(parent).len() > DEEPEST || self.ous.len() >= MOST {
            return Err(format!(
                "the tree of OUs has more than {DEEPEST} levels or more than {MOST} OUs"
            ));
        }
        let (name, parent) = (name.unwrap_or_else(|| id.to_owned()), parent.to_owned());
        self.ous.insert(id.to_owned(), Ou { name, parent });
        Ok(true)
    }

    /// The root and all OUs.
    pub(super) fn ids(&self) -> Vec<String> {
        let ous = self.ous.keys().cloned();
        std::iter::once(self.root.clone()).chain(ous).collect()
    }

    /// The id and the path of the root and of every OU.
    pub(super) fn named(&self) -> Vec<(String, String)> {
        let ids = self.ids().into_iter();
        ids.map(|id| {
            let path = self.path_of_ids(std::slice::from_ref(&id)).1;
            (id, path)
        })
        .collect()
    }

    /// Ids from the root down to the last of these, and the OUs' names joined with `/`. `ids` is as much of
    /// that as the list of accounts gives; what the tree lacks is taken from there, with ids for names.
    pub(super) fn path_of_ids(&self, ids: &[String]) -> (Vec<String>, String) {
        let Some(id) = ids.last() else {
            return (Vec::new(), String::new());
        };
        let known = *id == self.root || self.ous.contains_key(id);
        let ids = if known { self.above(id) } else { ids.to_vec() };
        let names = ids.iter().filter(|id| !id.starts_with("r-"));
        let names: Vec<&str> = names.map(|id| self.name(id)).collect();
        let path = names.join("/");
        (ids, path)
    }

    /// Ids from the root down to this OU.
    fn above(&self, id: &str) -> Vec<String> {
        let mut ids = vec![id.to_owned()];
        let mut at = id;
        while let Some(ou) = self.ous.get(at) {
            ids.push(ou.parent.clone());
            at = &ou.parent;
        }
        ids.reverse();
        ids
    }

    fn name<'a>(&'a self, id: &'a str) -> &'a str {
        self.ous.get(id).map_or(id, |ou| &ou.name)
    }

    /// What the path of an OU fits, each with its id, if that is not exactly one OU with this very path: a
    /// name may have a slash in it, so that `A/B` is B in A, and also an OU of that name.
    pub(super) fn ambiguous(&self, ou: &str) -> Option<Vec<String>> {
        let path = ou.trim_matches('/');
        if *ou == self.root || self.ous.contains_key(ou) {
            return None;
        }
        let path_of = |id: &String| self.path_of_ids(std::slice::from_ref(id)).1;
        let matches = |id: &String| {
            let own = path_of(id);
            own == path
                || own
                    .strip_prefix(path)
                    .is_some_and(|rest| rest.starts_with('/'))
        };
        let outermost = self
            .ous
            .iter()
            .filter(|(id, ou)| matches(id) && !matches(&ou.parent));
        let outermost: Vec<&String> = outermost.map(|(id, _)| id).collect();
        let is_one = match outermost[..] {
            [] => true,
            [one] => path_of(one) == path,
            _ => false,
        };
        let named = |id: &&String| format!("{id} (`{}`)", path_of(id).escape_debug());
        (!is_one).then(|| outermost.iter().map(named).collect())
    }

    /// What the reader should know about the tree.
    pub(super) fn note(&self) -> Option<String> {
        (self.nameless > 0).then(|| {
            format!(
                "{} of the organization's OUs are listed without an id, so their accounts have no OU where the \
                 list of accounts does not give it",
                self.nameless
            )
        })
    }
}

/// The ids of the root and the OUs in one of an account's `Paths`: `o-…/r-…/ou-…/ou-…/123456789012/`.
pub(super) fn ous_in_path(path: &str) -> impl Iterator<Item = &str> {
    path.split('/')
        .filter(|id| id.starts_with("ou-") || id.starts_with("r-"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_nested_ou_has_its_ids_and_its_path() {
        let mut tree = Tree::new("r-1".into());
        let mut add = |id, name: &str, parent| tree.add(id, Some(name.to_owned()), parent);
        assert_eq!(add("ou-1-a", "Workloads", "r-1"), Ok(true));
        assert_eq!(add("ou-1-b", "Production", "ou-1-a"), Ok(true));
        assert_eq!(add("ou-1-b", "Production", "ou-1-a"), Ok(false));
        assert_eq!(tree.add("ou-1-c", None, "r-1"), Ok(true));
        let path_of_ids =
            |ids: &[&str]| tree.path_of_ids(&ids.iter().map(|&id| id.into()).collect::<Vec<_>>());
        assert_eq!(path_of_ids(&["ou-1-c"]).1, "ou-1-c");
        let (ids, path) = path_of_ids(&["ou-1-b"]);
        assert_eq!(ids, ["r-1", "ou-1-a", "ou-1-b"]);
        assert_eq!(path, "Workloads/Production");
        assert_eq!(
            path_of_ids(&["r-1"]),
            (vec!["r-1".to_owned()], String::new())
        );
        assert_eq!(path_of_ids(&[]), (Vec::new(), String::new()));
        assert_eq!(tree.ids(), ["r-1", "ou-1-a", "ou-1-b", "ou-1-c"]);
        // An OU that the tree lacks is in the account's own path.
        let (ids, path) = path_of_ids(&["r-1", "ou-1-a", "ou-1-x"]);
        assert_eq!(ids, ["r-1", "ou-1-a", "ou-1-x"]);
        assert_eq!(path, "Workloads/ou-1-x");
    }

    #[test]
    fn a_tree_that_would_not_end_is_refused() {
        let mut tree = Tree::new("r-1".into());
        let mut add = |id: &str, parent: &str| tree.add(id, None, parent);
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
    fn the_ous_of_an_account_are_in_its_path() {
        let ous = |path| ous_in_path(path).collect::<Vec<_>>();
        let path = "o-abc/r-a1b2/ou-a1b2-1/ou-a1b2-2/123456789012/";
        assert_eq!(ous(path), ["r-a1b2", "ou-a1b2-1", "ou-a1b2-2"]);
        assert_eq!(ous("o-abc/r-a1b2/123456789012/"), ["r-a1b2"]);
        assert_eq!(ous(""), [""; 0]);
    }

    #[test]
    fn a_path_that_matches_two_ous_is_ambiguous_and_names_both() {
        let mut tree = Tree::new("r-1".into());
        for (id, name, parent) in [
            ("ou-1-a", "A", "r-1"),
            ("ou-1-b", "B", "ou-1-a"),
            ("ou-1-ab", "A/B", "r-1"),
            ("ou-1-c", "C", "ou-1-ab"),
            ("ou-1-de", "D/E", "r-1"),
            ("ou-1-f", "F", "r-1"),
            ("ou-1-f2", "F", "ou-1-f"),
        ] {
            assert_eq!(tree.add(id, Some(name.into()), parent), Ok(true));
        }
        let matches = |ou: &str| tree.ambiguous(ou).map(|matches| matches.join(" "));
        for ou in ["A/B", "/A/B/", "A"] {
            let matches = matches(ou).unwrap();
            assert!(
                matches.contains("ou-1-ab") && matches.contains("ou-1-"),
                "{ou}: {matches}"
            );
        }
        assert!(matches("A/B").unwrap().contains("ou-1-b "));
        // The one OU that it fits has another name.
        assert!(matches("D").unwrap().contains("ou-1-de"));
        for ou in [
            "A/B/C", "D/E", "F", "F/F", "ou-1-ab", "ou-1-b", "r-1", "X", "B",
        ] {
            assert_eq!(matches(ou), None, "{ou}");
        }
    }
}

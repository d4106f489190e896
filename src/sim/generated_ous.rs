//! The OUs of copies: below the OU of the recorded account, `GeneratedOu 01` and so on.

use std::collections::{BTreeMap, HashMap};

use super::rng::mix;

/// Copies in one OU, at most.
const COPIES: usize = 40;

/// Teams directly below one OU, as long as there may be deeper ones.
const BELOW_ONE: usize = 10;

/// Levels of OUs below the root.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>
const LEVELS: usize = 5;

/// An OU of copies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct GeneratedOu {
    /// `GeneratedOu 01`
    pub(super) name: String,
    /// Its OUs, from the organization's id down to itself.
    pub(super) path: String,
}

/// All OUs of copies.
#[derive(Debug, Default)]
pub(super) struct GeneratedOus {
    /// For each account that is copied: the group of those in the same OU, and its number in it.
    copied: Vec<(usize, usize)>,
    groups: Vec<Group>,
    by_id: HashMap<String, (usize, usize)>,
}

/// The copied accounts of one OU, and the teams of their copies.
#[derive(Debug)]
struct Group {
    /// Which of the copied accounts they are.
    members: Vec<usize>,
    /// How many copies they have in all.
    copies: usize,
    generated_ous: Vec<GeneratedOu>,
}

impl GeneratedOus {
    /// The OUs for so many copies of accounts in OUs of these paths, copied in turn.
    pub(super) fn new(paths: &[&str], copies: usize) -> Self {
        let mut by_path: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
        for (account, path) in paths.iter().enumerate() {
            by_path.entry(path).or_default().push(account);
        }
        let mut generated_ous = Self {
            copied: vec![(0, 0); paths.len()],
            ..Self::default()
        };
        for (path, members) in by_path {
            let (rounds, rest) = (copies / paths.len(), copies % paths.len());
            let started = members.iter().filter(|member| **member < rest).count();
            let group = Group::new(path, members, rounds, started);
            let at = generated_ous.groups.len();
            for (slot, member) in group.members.iter().enumerate() {
                generated_ous.copied[*member] = (at, slot);
            }
            for (number, ou) in group.generated_ous.iter().enumerate() {
                let id = last(&ou.path).to_owned();
                generated_ous.by_id.insert(id, (at, number));
            }
            generated_ous.groups.push(group);
        }
        generated_ous
    }

    /// The OU of a copy, by its number among all copies.
    pub(super) fn of_copy(&self, copy: usize) -> Option<&GeneratedOu> {
        let (group, slot) = *self.copied.get(copy % self.copied.len().max(1))?;
        let group = &self.groups[group];
        let position = copy / self.copied.len() * group.members.len() + slot;
        group.generated_ous.get(position / COPIES)
    }

    /// The copies in an OU, by its id.
    pub(super) fn copies_in(&self, id: &str) -> Vec<usize> {
        let Some((group, number)) = self.by_id.get(id) else {
            return Vec::new();
        };
        let group = &self.groups[*group];
        let end = ((number + 1) * COPIES).min(group.copies);
        let position = number * COPIES..end;
        let copy = |position: usize| {
            let member = group.members[position % group.members.len()];
            position / group.members.len() * self.copied.len() + member
        };
        position.map(copy).collect()
    }

    /// The OUs directly below an OU or the root, by its id.
    pub(super) fn below(&self, id: &str) -> Vec<&GeneratedOu> {
        let generated_ous = self.groups.iter().flat_map(|group| &group.generated_ous);
        generated_ous.filter(|ou| parent(&ou.path) == id).collect()
    }
}

impl Group {
    fn new(path: &str, members: Vec<usize>, rounds: usize, started: usize) -> Self {
        let copies = rounds * members.len() + started;
        let mut generated_ous: Vec<GeneratedOu> = Vec::new();
        for number in 0..copies.div_ceil(COPIES) {
            let above = match number.checked_sub(BELOW_ONE) {
                None => shallow(path),
                Some(further) => shallow(&generated_ous[further / BELOW_ONE].path),
            };
            generated_ous.push(GeneratedOu {
                name: format!("Team {:02}", number + 1),
                path: format!("{above}/{}", id(path, number)),
            });
        }
        Self {
            members,
            copies,
            generated_ous,
        }
    }
}

/// The path, or that part of it below which there may be one more level.
fn shallow(path: &str) -> &str {
    let mut path = path;
    while path.matches("/ou-").count() >= LEVELS {
        path = path.rsplit_once('/').map_or("", |(above, _)| above);
    }
    path
}

fn parent(path: &str) -> &str {
    path.rsplit('/').nth(1).unwrap_or_default()
}

/// `ou-`, the root's own characters, and eight that follow from the position in the tree.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/APIReference/API_OrganizationalUnit.html>
fn id(path: &str, number: usize) -> String {
    let root = path.split('/').find_map(|part| part.strip_prefix("r-"));
    let code = path
        .bytes()
        .fold(number as u64, |hash, byte| mix(hash ^ u64::from(byte)));
    let digits = (0..8).map(|at| (code >> (at * 8)) as u32 % 36);
    let digits: String = digits
        .filter_map(|digit| char::from_digit(digit, 36))
        .collect();
    format!("ou-{}-{digits}", root.unwrap_or_default())
}

/// The last part of a path.
pub(super) fn last(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    const PATHS: [&str; 3] = ["o-1/r-1/ou-1-a", "o-1/r-1/ou-1-a/ou-1-b", "o-1/r-1/ou-1-a"];

    #[test]
    fn every_copy_is_in_one_generated_ou_and_none_is_too_full() {
        let generated_ous = GeneratedOus::new(&PATHS, 5_000);
        let mut seen = BTreeSet::new();
        let all: Vec<_> = generated_ous
            .groups
            .iter()
            .flat_map(|group| &group.generated_ous)
            .collect();
        for ou in &all {
            let copies = generated_ous.copies_in(last(&ou.path));
            assert!((1..=COPIES).contains(&copies.len()), "{ou:?}");
            for copy in copies {
                assert_eq!(generated_ous.of_copy(copy), Some(*ou));
                assert!(seen.insert(copy));
            }
        }
        assert_eq!(seen.len(), 5_000);
        let ids: BTreeSet<_> = all.iter().map(|ou| last(&ou.path)).collect();
        assert_eq!(ids.len(), all.len());
    }

    #[test]
    fn the_tree_is_no_deeper_than_aws_allows_and_can_be_walked() {
        let generated_ous = GeneratedOus::new(&PATHS, 50_000);
        let mut open = vec!["ou-1-a".to_owned(), "ou-1-b".to_owned()];
        let mut found = 0;
        while let Some(id) = open.pop() {
            for ou in generated_ous.below(&id) {
                found += 1;
                assert!(ou.path.matches("/ou-").count() <= LEVELS, "{ou:?}");
                open.push(last(&ou.path).to_owned());
            }
        }
        let all: usize = generated_ous
            .groups
            .iter()
            .map(|group| group.generated_ous.len())
            .sum();
        assert_eq!(found, all);
        assert!(all >= 50_000 / COPIES);
        assert_eq!(generated_ous.below("ou-1-a").len(), BELOW_ONE);
    }
}

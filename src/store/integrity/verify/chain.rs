//! The manifests beside each other: whether each follows the one before. Pure.

use std::collections::BTreeMap;

use super::Checkpoint;
use super::problem::{Kind, Problem};
use crate::integrity::{MANIFEST, Manifest, PreviousLink, PublicKey, Sha256Sum, SupersededLink};

/// A link of the chain, as far as the others are about it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Its position in the chain.
    pub sequence: u64,
    /// Where its manifest is.
    pub path: String,
    /// The hash of that.
    pub sha256: Sha256Sum,
    /// The run.
    pub run: String,
    /// Its folder, by the manifest.
    pub folder: String,
    /// The link before.
    pub previous: Option<PreviousLink>,
    /// The link whose files its own have taken the place of.
    pub supersedes: Option<SupersededLink>,
    /// The key that has signed it.
    pub key: Option<PublicKey>,
}

impl Link {
    /// The link of a manifest at this position, with this hash.
    pub(super) fn of(manifest: &Manifest, path: &str, sha256: Sha256Sum) -> Self {
        let signer = manifest.signer.as_ref();
        Self {
            sequence: manifest.sequence,
            path: path.to_owned(),
            sha256,
            run: manifest.run.id.clone(),
            folder: manifest.folder.clone(),
            previous: manifest.previous.clone(),
            supersedes: manifest.supersedes.clone(),
            key: signer.map(|signer| signer.public_key.clone()),
        }
    }

    /// The link as a checkpoint.
    pub(super) fn checkpoint(&self) -> Checkpoint {
        Checkpoint {
            sequence: self.sequence,
            run_id: self.run.clone(),
            sha256: self.sha256,
        }
    }

    /// Where its manifest was when it was written.
    fn first_path(&self) -> String {
        format!("{}/{MANIFEST}", self.folder)
    }

    fn is_kept(&self) -> bool {
        !self.path.ends_with(&format!("/{MANIFEST}"))
    }
}

/// What is amiss between links, which come by their position in the chain. Without a checkpoint the chain
/// begins with link 1; with one, what was before it may have gone.
pub(super) fn check_chain(links: &[Link], checkpoint: Option<&Checkpoint>) -> Vec<Problem> {
    let mut problems = Vec::new();
    beginning(links, checkpoint, &mut problems);
    for pair in links.windows(2) {
        if let [before, link] = pair {
            pair_of(before, link, checkpoint, &mut problems);
        }
    }
    superseded(links, &mut problems);
    problems
}

fn beginning(links: &[Link], checkpoint: Option<&Checkpoint>, problems: &mut Vec<Problem>) {
    let Some(first) = links.first() else {
        return;
    };
    if let Some(point) = checkpoint {
        return after_checkpoint(links, point, problems);
    }
    match &first.previous {
        Some(previous) if first.sequence > 1 => gap(1, first, previous, problems),
        None if first.sequence == 1 => {}
        _ => {
            let message = "it has no previous link, but is not the first one";
            problems.push(Problem::new(Kind::OutOfOrder, &first.path, message));
        }
    }
}

/// The same where what was before a link may have gone.
fn after_checkpoint(links: &[Link], point: &Checkpoint, problems: &mut Vec<Problem>) {
    let mut add_problem = |link: &Link, message: String| {
        problems.push(Problem::new(Kind::OutOfOrder, &link.path, message));
    };
    if let Some(link) = links.iter().find(|link| link.sequence == point.sequence) {
        if link.sha256 != point.sha256 {
            let (sequence, sha256) = (point.sequence, &point.sha256);
            add_problem(
                link,
                format!("link {sequence} is {sha256} in the checkpoint"),
            );
        }
        return;
    }
    let Some(next) = links.iter().find(|link| link.sequence > point.sequence) else {
        return;
    };
    match &next.previous {
        Some(previous) if next.sequence > point.sequence + 1 => {
            gap(point.sequence + 1, next, previous, problems);
        }
        Some(previous) if previous.sha256 == point.sha256 => {}
        _ => add_problem(
            next,
            format!("its previous link is not the checkpoint {}", point.sha256),
        ),
    }
}

fn pair_of(
    before: &Link,
    link: &Link,
    checkpoint: Option<&Checkpoint>,
    problems: &mut Vec<Problem>,
) {
    if link.sequence == before.sequence {
        let message = format!("it has the number {}, like {}", link.sequence, before.path);
        problems.push(Problem::new(Kind::OutOfOrder, &link.path, message));
        return;
    }
    let Some(previous) = &link.previous else {
        let message = format!("it has no previous link, but is link {}", link.sequence);
        problems.push(Problem::new(Kind::OutOfOrder, &link.path, message));
        return;
    };
    if link.sequence > before.sequence + 1 {
        // Before the checkpoint anything may have gone; and of what follows it, `beginning` tells.
        if checkpoint.is_none_or(|point| before.sequence >= point.sequence) {
            gap(before.sequence + 1, link, previous, problems);
        }
        return;
    }
    if previous.sha256 != before.sha256 || previous.path != before.first_path() {
        let message = format!(
            "its previous link is {} with the hash {}, but link {} is {} with the hash {}",
            previous.path.escape_debug(),
            previous.sha256,
            before.sequence,
            before.first_path().escape_debug(),
            before.sha256
        );
        problems.push(Problem::new(Kind::OutOfOrder, &link.path, message));
    }
}

/// Links that are not there, up to one whose predecessor is known by name.
fn gap(from: u64, link: &Link, previous: &PreviousLink, problems: &mut Vec<Problem>) {
    let last = link.sequence - 1;
    let missing = match from == last {
        true => format!("link {last} of the chain"),
        false => format!("links {from} to {last} of the chain"),
    };
    let message = format!("{missing}; {} follows it", link.path);
    problems.push(Problem::new(Kind::Missing, &previous.path, message));
}

/// A link whose manifest was put aside has one that says so, and one that was not has none.
fn superseded(links: &[Link], problems: &mut Vec<Problem>) {
    let first = links.first().map_or(0, |link| link.sequence);
    let mut by_sequence = BTreeMap::new();
    for link in links {
        if let Some(superseded) = &link.supersedes {
            by_sequence.insert(superseded.sequence, link);
            let is_it = |one: &Link| one.sequence == superseded.sequence;
            let is_there = links.iter().any(is_it);
            if !is_there && superseded.sequence >= first {
                let path = format!("{}/manifest-{}.json", link.folder, superseded.sequence);
                let message = format!("{} supersedes it", link.path);
                problems.push(Problem::new(Kind::Missing, path, message));
            }
        }
    }
    for link in links {
        let by = by_sequence.get(&link.sequence);
        let fits = by.is_some_and(|by| {
            let hash = by.supersedes.as_ref().map(|one| one.sha256);
            by.folder == link.folder && by.sequence > link.sequence && hash == Some(link.sha256)
        });
        if link.is_kept() && !fits {
            let message = "no later link of its folder supersedes it";
            problems.push(Problem::new(Kind::OutOfOrder, &link.path, message));
        }
        if let (false, Some(by)) = (link.is_kept(), by) {
            let message = format!("{} supersedes it", by.path);
            problems.push(Problem::new(Kind::OutOfOrder, &link.path, message));
        }
    }
}

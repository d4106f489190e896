//! Which modules of a crate use which.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use regex_lite::Regex;

use super::imports::{Source, sources};

type Graph = BTreeMap<String, BTreeSet<String>>;

/// The modules that can be reached from themselves, each with those that it uses.
pub(crate) fn circles(folder: &Path) -> Vec<(String, BTreeSet<String>)> {
    let graph = graph(&sources(folder));
    let names: Vec<&String> = graph.keys().collect();
    let in_circles = names.iter().filter(|name| reaches(&graph, name, name));
    in_circles
        .map(|name| ((*name).clone(), graph[*name].clone()))
        .collect()
}

fn reaches(graph: &Graph, from: &str, goal: &str) -> bool {
    let mut seen = BTreeSet::new();
    let mut left = vec![from];
    while let Some(at) = left.pop() {
        for next in graph.get(at).into_iter().flatten() {
            if next == goal {
                return true;
            }
            if seen.insert(next) {
                left.push(next);
            }
        }
    }
    false
}

fn graph(sources: &[Source]) -> Graph {
    let (roots, modules): (Vec<_>, Vec<_>) = sources.iter().partition(|one| one.module() == "lib");
    let known: BTreeSet<&str> = modules.iter().map(|source| source.module()).collect();
    let exported: BTreeMap<String, String> =
        roots.iter().flat_map(|root| exports(&root.code)).collect();
    let mut graph = Graph::new();
    for source in modules {
        let own = source.module();
        let uses = graph.entry(own.to_owned()).or_default();
        for name in mentioned(source) {
            let module = exported.get(&name).unwrap_or(&name);
            if module != own && known.contains(module.as_str()) {
                uses.insert(module.clone());
            }
        }
    }
    graph
}

/// What the crate's root gives other names to, by those names: `pub use hub::Aws`.
fn exports(code: &str) -> Vec<(String, String)> {
    let uses = Regex::new(r"(?s)\buse (\w+)::(\{[^}]*\}|\w+);").unwrap();
    let of = |found: regex_lite::Captures<'_>| {
        let module = found[1].to_owned();
        identifiers(&found[2])
            .into_iter()
            .map(move |name| (name, module.clone()))
    };
    uses.captures_iter(code).flat_map(of).collect()
}

/// The names of the crate's root that a source mentions.
fn mentioned(source: &Source) -> Vec<String> {
    let is_at_the_top = source.within.iter().count() == 1 || source.within.ends_with("mod.rs");
    let is_at_the_top = is_at_the_top && source.within.iter().count() <= 2;
    let from = match is_at_the_top {
        true => "(?:crate|super)",
        false => "crate",
    };
    let paths = Regex::new(&format!(r"(?s)\b{from}::(\{{[^;]*?\}};|\w+)")).unwrap();
    let found = paths.captures_iter(&source.code);
    found.flat_map(|found| identifiers(&found[1])).collect()
}

fn identifiers(text: &str) -> Vec<String> {
    let word = Regex::new(r"\w+").unwrap();
    word.find_iter(text)
        .map(|found| found.as_str().to_owned())
        .collect()
}

//! The layers of the program: which crate may use which, what is pure, and no circle between the modules of a crate.

mod imports;
mod modules;

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Command;

use imports::{crates_in, sources};
use modules::circles;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A crate below `src`, which of those before it it may use, and why not the others.
struct Layer {
    name: &'static str,
    uses: &'static [&'static str],
    rule: &'static str,
}

/// From the lowest to the highest.
const LAYERS: &[Layer] = &[
    Layer {
        name: "core",
        uses: &[],
        rule: "the nouns and the rules know nobody: whatever they need is given to them",
    },
    Layer {
        name: "files",
        uses: &["core"],
        rule: "a file of this machine knows nothing of AWS and of reports",
    },
    Layer {
        name: "aws",
        uses: &["core", "files"],
        rule: "what reads AWS neither stores nor writes reports, and never knows that it is simulated",
    },
    Layer {
        name: "store",
        uses: &["core", "files", "aws"],
        rule: "what keeps results does not know what they are written as",
    },
    Layer {
        name: "report",
        uses: &["core"],
        rule: "a format is results in and bytes out: reading and sending are for others",
    },
    Layer {
        name: "sim",
        uses: &["core", "files"],
        rule: "the simulated organization speaks the wire protocol alone, so that it is no part of what it tests",
    },
    Layer {
        name: "app",
        uses: &["core", "files", "aws", "store", "report"],
        rule: "the pipeline has no terminal, and the function in Lambda no simulator",
    },
    Layer {
        name: "cli",
        uses: &["core", "files", "aws", "store", "report", "sim", "app"],
        rule: "nothing is above the command line but the two programs",
    },
];

/// What no pure crate may use, as source text has it.
const IMPURE: [&str; 9] = [
    "std::fs",
    "std::process",
    "std::env",
    "std::net::Tcp",
    "std::net::Udp",
    "tokio::",
    "aws_config::",
    "aws_sdk",
    "orgscan_files",
];

/// The crates without input and output.
const PURE: [&str; 2] = ["core", "report"];

fn folder(layer: &str) -> PathBuf {
    Path::new(ROOT).join("src").join(layer)
}

#[test]
fn every_crate_is_a_layer_and_uses_only_layers_below() {
    let mut below = BTreeSet::new();
    for layer in LAYERS {
        let upward = layer.uses.iter().find(|other| !below.contains(*other));
        assert_eq!(upward, None, "{} may use a layer above it", layer.name);
        below.insert(&layer.name);
    }
    let crates = std::fs::read_dir(Path::new(ROOT).join("src")).unwrap();
    let crates = crates.map(|entry| entry.unwrap().path());
    for path in crates.filter(|path| path.join("Cargo.toml").exists()) {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(below.contains(&name), "src/{name} is no layer yet");
    }
}

#[test]
fn no_import_points_upward() {
    for layer in LAYERS {
        for source in sources(&folder(layer.name)) {
            let upward = crates_in(&source.code)
                .into_iter()
                .find(|other| *other != layer.name && !layer.uses.contains(&other.as_str()));
            assert_eq!(
                upward,
                None,
                "{} uses orgscan-{}: {}",
                source.path.display(),
                upward.as_deref().unwrap_or_default(),
                layer.rule
            );
        }
    }
}

#[test]
fn what_is_pure_has_no_input_and_no_output() {
    for name in PURE {
        // Helpers of other crates' tests write the generated files.
        let own = sources(&folder(name));
        let own = own.iter().filter(|source| !source.is_below("testing"));
        for source in own {
            let impure = IMPURE.iter().find(|text| source.code.contains(*text));
            assert_eq!(impure, None, "{} is not pure", source.path.display());
        }
    }
}

#[test]
fn no_modules_of_a_crate_use_each_other_in_a_circle() {
    for layer in LAYERS {
        let circles = circles(&folder(layer.name));
        assert!(circles.is_empty(), "src/{}: {circles:?}", layer.name);
    }
}

/// The arrows of the picture in docs/architecture.md.
fn drawn() -> BTreeMap<String, BTreeSet<String>> {
    let page = std::fs::read_to_string(Path::new(ROOT).join("docs/architecture.md")).unwrap();
    let (_, rest) = page.split_once("```mermaid\n").unwrap();
    let (picture, _) = rest.split_once("```").unwrap();
    let mut arrows: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in picture.lines() {
        if let Some((from, to)) = line.trim().split_once(" --> ") {
            arrows.entry(from.into()).or_default().insert(to.into());
        }
    }
    arrows
}

/// Everything that can be reached from a layer.
fn reached(arrows: &BTreeMap<String, BTreeSet<String>>, from: &str) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    let mut left = vec![from];
    while let Some(at) = left.pop() {
        for to in arrows.get(at).into_iter().flatten() {
            if all.insert(to.clone()) {
                left.push(to);
            }
        }
    }
    all
}

#[test]
fn the_picture_of_the_layers_is_true() {
    let arrows = drawn();
    for layer in LAYERS {
        let uses: BTreeSet<String> = layer.uses.iter().map(ToString::to_string).collect();
        assert_eq!(reached(&arrows, layer.name), uses, "{}", layer.name);
    }
    let lambda = reached(&arrows, "orgscan-lambda");
    assert!(
        lambda.contains("app") && !lambda.contains("sim"),
        "{lambda:?}"
    );
    assert!(reached(&arrows, "orgscan").contains("cli"));
}

#[test]
fn the_function_in_lambda_is_built_without_the_command_line_and_the_simulator() {
    let tree = Command::new(env!("CARGO"))
        .args([
            "tree",
            "--locked",
            "--package",
            "orgscan",
            "--no-default-features",
        ])
        .args(["--edges", "normal", "--prefix", "none"])
        .current_dir(ROOT)
        .output()
        .unwrap();
    assert!(tree.status.success(), "{tree:?}");
    let tree = String::from_utf8(tree.stdout).unwrap();
    let packages: BTreeSet<&str> = tree
        .lines()
        .filter_map(|line| line.split(' ').next())
        .collect();
    assert!(packages.contains("orgscan-app"), "{tree}");
    for absent in [
        "orgscan-sim",
        "orgscan-cli",
        "clap",
        "indicatif",
        "comfy-table",
    ] {
        assert!(
            !packages.contains(absent),
            "{absent} is part of the function"
        );
    }
}

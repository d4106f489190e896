//! What the tests and the build install: each package in one version, with the hashes of its files.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::Value;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// Files of this name in the folders that have some.
fn named(name: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = [".ci", "infra", "tests"]
        .map(|folder| Path::new(ROOT).join(folder))
        .to_vec();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            match path.file_name() {
                Some(file) if file == name => found.push(path),
                _ if path.is_dir() && !path.ends_with("node_modules") => folders.push(path),
                _ => {}
            }
        }
    }
    found
}

/// The packages of a requirements file with their versions, each with whether it has a hash.
fn packages(text: &str) -> Vec<(String, bool)> {
    let joined = text.replace("\\\n", "");
    let lines = joined.lines().filter(|line| !line.starts_with('#'));
    let package = |line: &str| {
        let name = line.split_whitespace().next()?.to_owned();
        Some((name, line.contains("--hash=sha256:")))
    };
    lines.filter_map(package).collect()
}

#[test]
fn every_python_package_is_pinned_with_its_hashes() {
    let locked = named("requirements.txt");
    assert!(locked.len() >= 9, "{locked:?}");
    for file in locked {
        let packages = packages(&fs::read_to_string(&file).unwrap());
        let is_pinned = |(name, has_hash): &(String, bool)| name.contains("==") && *has_hash;
        let loose = packages.iter().find(|package| !is_pinned(package));
        assert_eq!(loose, None, "{}: run .ci/pin", file.display());
        let wanted = fs::read_to_string(file.with_extension("in")).unwrap();
        let wanted = wanted.lines().filter(|line| !line.starts_with('#'));
        for package in wanted {
            assert!(
                packages.iter().any(|(name, _)| name == package),
                "{} lacks {package}: run .ci/pin",
                file.display()
            );
        }
    }
}

#[test]
fn every_npm_package_is_pinned_with_its_hash() {
    for file in named("package.json") {
        let lock = fs::read_to_string(file.with_file_name("package-lock.json")).unwrap();
        let lock: Value = serde_json::from_str(&lock).unwrap();
        let packages = lock["packages"].as_object().unwrap().iter();
        let loose: Vec<_> = packages
            .filter(|(name, package)| !name.is_empty() && !package["integrity"].is_string())
            .collect();
        assert!(loose.is_empty(), "{}: {loose:?}", file.display());
        let manifest: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(
            lock["packages"][""]["dependencies"],
            manifest["dependencies"]
        );
    }
}

/// The workspace, as Cargo understands it.
fn workspace() -> Value {
    let mut cargo = std::process::Command::new(env!("CARGO"));
    cargo.args(["metadata", "--locked", "--no-deps", "--format-version", "1"]);
    let output = cargo.current_dir(ROOT).output().unwrap();
    assert!(output.status.success(), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn cargo_test_covers_every_crate_below_src() {
    let workspace = workspace();
    let crates = fs::read_dir(Path::new(ROOT).join("src")).unwrap();
    let crates = crates.map(|entry| entry.unwrap().path());
    let crates: Vec<_> = crates
        .filter(|path| path.join("Cargo.toml").exists())
        .collect();
    assert!(!crates.is_empty());
    for list in ["workspace_members", "workspace_default_members"] {
        let members = workspace[list].as_array().unwrap();
        assert_eq!(members.len(), crates.len() + 1, "{list}: {members:?}");
        for path in &crates {
            let is_member = |member: &Value| {
                let id = member.as_str().unwrap();
                id.contains(&format!("{}#", path.display()))
            };
            assert!(
                members.iter().any(is_member),
                "{list} lacks {}",
                path.display()
            );
        }
    }
}

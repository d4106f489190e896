//! `.ci/new`, in copies of this repository: what it writes, what it refuses, and that stubs compile and fail.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use orgscan_core::testing::assert_fresh;
use regex_lite::Regex;
use tempfile::TempDir;

use crate::judged::installed::{program, tool_folder};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// What the generator reads and changes.
const TOUCHED: [&str; 3] = [".ci", "src/aws", "src/core/services"];

/// A copy of files of this repository.
struct Repository(TempDir);

impl Repository {
    fn copy(paths: &[&str]) -> Self {
        let repository = Self(TempDir::new().unwrap());
        for path in paths {
            copy(&Path::new(ROOT).join(path), &repository.path(path));
        }
        repository
    }

    fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Runs `.ci/new` with these words.
    fn new_stub(&self, arguments: &str) -> Output {
        let mut command = Command::new(program("python3"));
        command.arg(self.path(".ci/new")).args(arguments.split(' '));
        command.output().unwrap()
    }

    /// The same for what has to succeed; gives what it prints.
    fn written(&self, arguments: &str) -> String {
        let output = self.new_stub(arguments);
        assert!(output.status.success(), "{arguments}: {output:?}");
        String::from_utf8(output.stdout).unwrap()
    }

    /// All texts, by path.
    fn texts(&self) -> BTreeMap<String, String> {
        let mut texts = BTreeMap::new();
        let mut open = vec![self.0.path().to_owned()];
        while let Some(path) = open.pop() {
            if path.is_dir() {
                open.extend(entries(&path));
            } else if let Ok(text) = fs::read_to_string(&path) {
                let path = path.strip_prefix(self.0.path()).unwrap();
                texts.insert(path.to_str().unwrap().to_owned(), text);
            }
        }
        texts
    }

    /// Takes out the check that docs/adding-a-check.md has as its example.
    fn without_the_example(&self) {
        fs::remove_file(self.path("src/core/services/s3/checks/s3_bucket_versioning_off.rs"))
            .unwrap();
        let list = self.path("src/core/services/s3/checks/mod.rs");
        let text = fs::read_to_string(&list).unwrap();
        let others = text.split_inclusive('\n');
        let others = others.filter(|line| !line.contains("s3_bucket_versioning_off"));
        fs::write(list, others.collect::<String>()).unwrap();
    }
}

fn entries(folder: &Path) -> impl Iterator<Item = PathBuf> {
    let entries = fs::read_dir(folder).unwrap();
    entries.map(|entry| entry.unwrap().path())
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        for path in entries(from) {
            copy(&path, &to.join(path.file_name().unwrap()));
        }
    } else {
        fs::create_dir_all(to.parent().unwrap()).unwrap();
        fs::copy(from, to).unwrap();
    }
}

/// The pieces of a source: its lines, and the items of lists that share a line.
fn pieces(text: &str) -> Vec<&str> {
    let pieces = text.split(['\n', ',', '{', '}', '[', ']']).map(str::trim);
    pieces.filter(|piece| !piece.is_empty()).collect()
}

/// The pieces that a text has more than before, one a line. How lines are broken is no difference.
fn added(path: &str, before: &str, after: &str) -> String {
    let mut old = pieces(before).into_iter().peekable();
    let mut added = String::new();
    for piece in pieces(after) {
        match old.peek() == Some(&piece) {
            true => drop(old.next()),
            false => added += &format!("+ {piece}\n"),
        }
    }
    assert_eq!(old.next(), None, "{path} lost something");
    added
}

/// Holds that a command writes what `tests/expected/new` has.
fn assert_writes(repository: &Repository, arguments: &str, expected: &str) {
    let before = repository.texts();
    let printed = repository.written(arguments);
    let mut text = format!("$ .ci/new {arguments}\n{printed}");
    for (path, after) in repository.texts() {
        match before.get(&path) {
            Some(before) if *before == after => {}
            Some(before) => {
                let added = added(&path, before, &after);
                text += &format!("\n=== changed {path}\n{added}");
            }
            None => text += &format!("\n=== wrote {path}\n{after}"),
        }
    }
    assert_fresh(&format!("tests/expected/new/{expected}"), &text);
}

#[test]
fn each_command_writes_what_is_expected() {
    let repository = Repository::copy(&TOUCHED);
    repository.without_the_example();
    assert_writes(
        &repository,
        "check s3 s3-bucket-versioning-off",
        "check.txt",
    );
    assert_writes(&repository, "fact rds db_proxies", "fact.txt");
    assert_writes(&repository, "service emr", "service.txt");
    assert_writes(
        &repository,
        "fact emr block_public_access",
        "first-fact.txt",
    );
    assert_writes(
        &repository,
        "check emr emr-cluster-public",
        "first-check.txt",
    );
}

#[test]
fn services_come_in_the_order_of_the_alphabet() {
    let repository = Repository::copy(&TOUCHED);
    for service in ["waf", "emr", "acm"] {
        repository.written(&format!("service {service}"));
    }
    let text = fs::read_to_string(repository.path("src/aws/json/services.rs")).unwrap();
    let declared = Regex::new(r"static (\w+): JsonService").unwrap();
    let names = declared
        .captures_iter(&text)
        .map(|found| &text[found.get(1).unwrap().range()]);
    let names: Vec<&str> = names.collect();
    assert!(names.is_sorted(), "{names:?}");
    for service in ["WAF", "EMR", "ACM"] {
        let times = names.iter().filter(|name| **name == service).count();
        assert_eq!(times, 1, "{names:?}");
    }
}

/// Words, what the message names, and the fix in it.
const REFUSED: [(&str, &str, &str); 15] = [
    ("", "`` is no command", ".ci/new check SERVICE ID"),
    (
        "check s3",
        "`check s3` is no command",
        ".ci/new check SERVICE ID",
    ),
    (
        "rule s3 x",
        "`rule s3 x` is no command",
        ".ci/new fact SERVICE NAME",
    ),
    (
        "check s4 s4-bucket-x",
        "service `s4`",
        "There are accessanalyzer, account, apigateway, backup, cloudfront, cloudtrail, config, ec2, ecr, efs, elb, events, \
         glacier, guardduty, iam, inspector2, kms, lambda, logs, macie2, opensearch, organizations, rds, s3, \
         secretsmanager, securityhub, sns, sqs; `.ci/new service s4`",
    ),
    ("check ../s3 s3-x", "service `../s3`", "`.ci/new service"),
    (
        "check s3 s3_Bucket_off",
        "id `s3_Bucket_off`",
        "kebab case, as in `s3-",
    ),
    ("check s3 s3--off", "id `s3--off`", "kebab case"),
    (
        "check rds database-public",
        "id `database-public`",
        "one of cluster, cluster-snapshot, db, rds, snapshot",
    ),
    (
        "check s3 s3-bucket-public",
        "id `s3-bucket-public`",
        "choose another id",
    ),
    (
        "fact rds DbProxies",
        "fact `DbProxies`",
        "snake case: `db_proxies`",
    ),
    (
        "fact rds db_clusters",
        "fact `db_clusters`",
        "choose another name",
    ),
    (
        "fact s3 encryption",
        "fact `encryption`",
        "`pub enum Encryption` already; choose another name",
    ),
    (
        "fact rds checks",
        "`checks`: src/core/services/rds/checks.rs",
        "choose another name",
    ),
    (
        "service e-mr",
        "service `e-mr`",
        "lower case, without hyphens, as in `emr`",
    ),
    (
        "service cloudformation",
        "service `cloudformation`",
        "src/core/services/cloudformation.rs is there already",
    ),
];

#[test]
fn bad_input_is_refused_with_the_fix_and_changes_nothing() {
    let repository = Repository::copy(&TOUCHED);
    let before = repository.texts();
    for (arguments, named, fix) in REFUSED {
        let output = repository.new_stub(arguments);
        let message = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(1), "{arguments}: {message}");
        assert!(message.starts_with("error: "), "{arguments}: {message}");
        assert!(message.contains(named), "{arguments}: {message}");
        assert!(message.contains(fix), "{arguments}: {message}");
        assert_eq!(output.stdout, b"", "{arguments}");
    }
    assert!(repository.texts() == before);
}

/// The stubs of checks and facts, old services and a new one, are formatted, and compile without a warning; their tests
/// fail.
#[test]
fn stubs_compile_and_their_tests_fail() {
    let all = [
        ".ci",
        "Cargo.toml",
        "Cargo.lock",
        "src",
        "tests/it",
        "tests/bench",
    ];
    let repository = Repository::copy(&all);
    for arguments in [
        "check s3 s3-bucket-object-lock-off",
        "fact rds db_proxies",
        "service emr",
        "fact emr clusters",
        "fact emr block_public_access",
        "check emr emr-cluster-unencrypted",
    ] {
        repository.written(arguments);
    }
    let formatted = cargo(&repository, "fmt --all -- --check");
    assert!(formatted.status.success(), "{formatted:?}");
    let tests = "test --locked --offline -p orgscan-core --lib -- s3_bucket_object_lock_off emr_cluster_unencrypted no_stub_is_left";
    let output = cargo(&repository, tests);
    let printed = String::from_utf8(output.stdout).unwrap();
    let compiled = String::from_utf8(output.stderr).unwrap();
    assert!(!compiled.contains("warning"), "{compiled}");
    assert!(
        printed.contains("0 passed; 7 failed"),
        "{printed}\n{compiled}"
    );
    for expected in [
        "TODO: the rule of s3-bucket-object-lock-off",
        "TODO: the rule of emr-cluster-unencrypted",
        "// TODO: the operation, the page and the resources (`on`) of the policy.",
        "src/aws/collect/rds/db_proxies.rs:1: //! TODO: what is read, in a few words.",
        "src/aws/collect/fixtures/emr/clusters.txt:1: TODO: what it shows, in a sentence or two.",
    ] {
        assert!(printed.contains(expected), "{expected}\n{printed}");
    }
}

/// Cargo in a copy. It compiles into a folder that it keeps.
fn cargo(repository: &Repository, arguments: &str) -> Output {
    let mut command = Command::new(env!("CARGO"));
    command
        .args(arguments.split(' '))
        .current_dir(repository.0.path());
    command.env("CARGO_TARGET_DIR", tool_folder("generator"));
    command.env_remove("RUSTC_WORKSPACE_WRAPPER");
    command.output().unwrap()
}

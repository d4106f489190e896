//! Manifests in another S3, signatures of another KMS, and both judged by nothing but standard tools, as the documentation
//! says.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use aws_sdk_kms::types::{KeySpec, KeyUsageType};
use orgscan_aws::{AwsContext, Source};
use orgscan_core::settings::Config;
use orgscan_store::integrity::{Algorithm, Manifest, PublicKey};

use super::{simulated, verify};
use crate::bucket::Bucket;
use crate::judged::World;
use crate::judged::installed::program;
use crate::judged::templates::text;
use crate::run::{Run, find, runtime};

#[test]
fn what_runs_leave_in_s3_is_verified_there() {
    let world = World::start(&[]);
    let bucket = Bucket::make(&world, "acme-manifests");
    let location = "s3://acme-manifests/audit";
    let account = world.id("security-audit");
    for id in ["first", "second"] {
        let mut command = world.orgscan(&["scan", "--account", &account, "--region", "us-east-1"]);
        command.args(["--run-id", id, "--report", location]);
        let run = Run::of(command, PathBuf::new());
        assert!(run.code() < 2, "{}", run.stderr);
    }
    let verify = || Run::of(world.orgscan(&["verify", location]), PathBuf::new());
    let run = verify();
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    let objects = bucket.below("audit/daily/");
    let key = objects
        .keys()
        .find(|key| key.ends_with("first/coverage.csv"))
        .unwrap();
    let changed = objects[key].replacen('a', "b", 1);
    bucket.put(&format!("audit/daily/{key}"), changed);
    let run = verify();
    assert_eq!(run.code(), 1);
    assert!(
        run.stdout.contains("first/coverage.csv: changed"),
        "{}",
        run.stdout
    );
}

/// A key in the emulator's KMS: its ARN and its public half.
fn kms_key(world: &World) -> (String, PublicKey) {
    runtime().block_on(async {
        let source = Source::Emulator(world.emulator.url.clone());
        let aws = AwsContext::connect(&Config::default(), &source)
            .await
            .unwrap();
        let kms = aws_sdk_kms::Client::new(&aws.config);
        let made = kms.create_key().key_spec(KeySpec::EccNistP256);
        let made = made
            .key_usage(KeyUsageType::SignVerify)
            .send()
            .await
            .unwrap();
        let arn = made.key_metadata.unwrap().arn.unwrap();
        let public = kms.get_public_key().key_id(&arn).send().await.unwrap();
        let public = PublicKey::from_der(public.public_key.unwrap().as_ref()).unwrap();
        (arn, public)
    })
}

#[test]
fn a_key_in_kms_signs_and_one_that_is_not_there_fails_the_delivery() {
    let world = World::shared();
    let (arn, public) = kms_key(world);
    assert_eq!(public.algorithm(), Algorithm::EcdsaP256Sha256);
    let account = world.id("security-audit");
    let only = ["--account", &*account];
    let run = world.scan_with(&only, &[("ORGSCAN_SIGNING_KMS_KEY_ID", &arn)]);
    assert!(run.code() < 4, "{}", run.stderr);
    let manifest = Manifest::from_bytes(run.file("manifest.json").as_bytes()).unwrap();
    let signer = manifest.signer.unwrap();
    assert_eq!(
        (signer.kms_key_arn.as_deref(), &signer.public_key),
        (Some(&*arn), &public)
    );

    let (key, folder) = (world.folder().join("kms.pem"), run.folder.clone());
    fs::write(&key, public.to_pem()).unwrap();
    let mut command = world.orgscan(&["verify", "--public-key"]);
    // It asks nobody.
    command
        .arg(&key)
        .arg(&folder)
        .env_remove("AWS_ENDPOINT_URL");
    let verified = Run::of(command, folder.clone());
    assert_eq!(verified.code(), 0, "{}{}", verified.stdout, verified.stderr);
    standard_tools(&folder, &key);

    let gone = "arn:aws:kms:us-east-1:123456789012:key/00000000-0000-0000-0000-000000000000";
    let run = world.scan_with(&only, &[("ORGSCAN_SIGNING_KMS_KEY_ID", gone)]);
    assert_eq!(run.code(), 4, "{}", run.stderr);
    assert!(run.stdout.contains("kms:GetPublicKey"), "{}", run.stdout);
    assert_eq!(find(&run.folder.join("daily"), "manifest.json"), None);
    assert!(!run.folder.join("state/head.json").exists());
}

#[test]
fn a_local_key_signs_what_standard_tools_verify() {
    let simulated = simulated();
    let (reports, keys) = (simulated.folder(), simulated.folder());
    let (location, key) = (reports.to_str().unwrap(), keys.join("key.pem"));
    // One that openssl has made, as well.
    let mut make = Command::new(program("openssl"));
    make.args(["genpkey", "-algorithm", "ed25519", "-out"])
        .arg(&key);
    assert!(make.status().unwrap().success());
    let mut command = simulated.orgscan(&["scan", "--region", "us-east-1", "--report", location]);
    let account = simulated.id("security-audit").to_string();
    command
        .args(["--account", &account])
        .env("ORGSCAN_SIGNING_KEY_FILE", &key);
    assert!(Run::of(command, reports.clone()).code() < 2);
    let public = keys.join("public.pem");
    let mut publish = Command::new(program("openssl"));
    publish
        .args(["pkey", "-pubout", "-in"])
        .arg(&key)
        .arg("-out")
        .arg(&public);
    assert!(publish.status().unwrap().success());
    let run = verify(
        &simulated,
        &[location, "--public-key", public.to_str().unwrap()],
    );
    assert_eq!(run.code(), 0, "{}{}", run.stdout, run.stderr);
    standard_tools(&reports, &public);
}

/// What the documentation has for those who do not want to trust orgscan, over a folder with one run; and
/// that it fails where it should.
fn standard_tools(reports: &Path, key: &Path) {
    program("openssl");
    let page = text("docs/integrity.md");
    let block = |name: &str| {
        let (_, rest) = page
            .split_once(&format!("<!-- {name}: run by a test -->"))
            .unwrap();
        let (_, rest) = rest.split_once("```sh\n").unwrap();
        rest.split_once("```").unwrap().0.to_owned()
    };
    let manifest = find(&reports.join("daily"), "manifest.json").unwrap();
    let text = fs::read_to_string(&manifest).unwrap();
    let signature = match text.contains("\"ed25519\"") {
        true => block("ed25519"),
        false => block("ecdsa"),
    };
    let script = format!("set -euo pipefail\n{}\n{signature}", block("files"));
    let run = manifest.parent().unwrap().strip_prefix(reports).unwrap();
    let succeeds = || {
        let mut bash = Command::new("bash");
        bash.args(["-c", &script]).current_dir(reports);
        bash.env("run", run).env("key", key);
        let output = bash.output().unwrap();
        let message = String::from_utf8_lossy(&output.stderr).into_owned();
        (output.status.success(), message)
    };
    let (is_fine, message) = succeeds();
    assert!(is_fine, "{message}");
    fs::write(
        &manifest,
        text.replacen("\"sequence\": 1", "\"sequence\": 2", 1),
    )
    .unwrap();
    assert!(!succeeds().0);
    fs::write(&manifest, text).unwrap();
    let file = manifest.with_file_name("metrics.jsonl");
    let whole = fs::read_to_string(&file).unwrap();
    fs::write(&file, whole.replacen('a', "b", 1)).unwrap();
    assert!(!succeeds().0);
}

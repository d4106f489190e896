//! Arguments of the scripts: parameters that the template does not have, code, tags, names.

use serde_json::json;

use super::super::documented::refused_by_the_aws_cli;
use super::super::text;
use super::{CHANGE_SET, FakeCli};

#[test]
fn each_misspelled_parameter_is_refused_with_the_nearest() {
    let template = super::super::parsed(super::super::CENTRAL);
    let names: Vec<_> = template["Parameters"].as_object().unwrap().keys().collect();
    let fake = FakeCli::new();
    // Two letters swapped near the end, as hands do, and another case.
    let swapped = |name: &str| {
        let mut letters: Vec<_> = name.chars().collect();
        let end = letters.len();
        letters.swap(end - 2, end - 3);
        letters.into_iter().collect::<String>()
    };
    for name in &names {
        for wrong in [swapped(name), name.to_lowercase()] {
            if names.contains(&&wrong) {
                continue;
            }
            let ended = fake.run("deploy.sh", &[&format!("{wrong}=1")]);
            ended.refused(&format!("no parameter {wrong}; did you mean {name}?"));
            assert!(ended.calls.is_empty(), "{ended}");
        }
    }
    fake.run("deploy.sh", &["AlertMail=a@example.com"])
        .refused("did you mean AlertEmail?");
    fake.run("deploy.sh", &["ExternalID=1"])
        .refused("did you mean ExternalId?");
    let ended = fake.run("deploy.sh", &["Zebra=1"]);
    ended.refused("no parameter Zebra\nIts parameters:");
    assert!(
        names
            .iter()
            .all(|name| ended.stderr.contains(name.as_str())),
        "{ended}"
    );
    fake.run("deploy.sh", &["Mode=single", "Mode=distributed"])
        .refused("Mode is given twice");
}

#[test]
fn what_is_no_argument_is_refused() {
    let fake = FakeCli::new();
    for script in ["deploy.sh", "remove.sh"] {
        fake.run(script, &["--zap"])
            .refused("unknown argument --zap");
        fake.run(script, &["--stack"])
            .refused("--stack needs a value");
        for name in ["1st", "under_score", &"a".repeat(51)] {
            let ended = fake.run(script, &["--stack", name]);
            ended.refused(&format!("--stack {name}"));
        }
    }
    fake.run("deploy.sh", &["--tag", "novalue"])
        .refused("--tag novalue: give KEY=VALUE");
    fake.deploy(&[])
        .refused("TargetOrganizationalUnits is missing: give TargetOrganizationalUnits=r-a1b2");
}

#[test]
fn tags_of_the_stack_stay_and_are_added_to() {
    let fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
    let ended = fake.deploy(&[
        "--tag",
        "cost center=42",
        "--role-arn",
        "arn:aws:iam::111122223333:role/Deploy",
    ]);
    assert_eq!(ended.code, Some(0), "{ended}");
    let deploy = ended
        .calls
        .iter()
        .find(|call| call.contains(&"deploy".to_owned()))
        .unwrap();
    let from = deploy.iter().position(|one| one == "--tags").unwrap();
    assert_eq!(
        deploy[from + 1..from + 6],
        [
            "application=orgscan",
            "team=red and blue",
            "cost center=42",
            "--role-arn",
            "arn:aws:iam::111122223333:role/Deploy"
        ]
    );
    let ended = fake.deploy(&["--tag", "team=green"]);
    assert!(
        ended
            .calls
            .iter()
            .any(|call| call.contains(&"team=green".to_owned())
                && !call.contains(&"team=red and blue".to_owned())),
        "{ended}"
    );
}

#[test]
fn the_architecture_is_read_from_the_code() {
    let mut fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
    fake.returns("s3api get-object", json!({}));
    let arm = fake.zip("arm64");
    let arm = arm.to_str().unwrap();
    let ended = fake.run("deploy.sh", &["--zip", arm]);
    assert!(
        ended
            .arguments("cloudformation deploy")
            .unwrap()
            .contains(" Architecture=arm64"),
        "{ended}"
    );
    fake.run("deploy.sh", &["--zip", arm, "Architecture=x86_64"]);
    for (zip, args, message) in [
        (
            arm,
            vec!["Architecture=x86_64"],
            "is built for arm64, but Architecture=x86_64 was given",
        ),
        (
            fake.zip("riscv").to_str().unwrap(),
            vec![],
            "no Linux program for x86_64 or arm64",
        ),
        (
            "infra/orgscan.yaml",
            vec![],
            "no zip file with a file `bootstrap`",
        ),
        ("no.zip", vec![], "there is no no.zip"),
    ] {
        let fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
        fake.run("deploy.sh", &[vec!["--zip", zip], args].concat())
            .refused(message);
    }
}

#[test]
fn code_is_uploaded_under_its_hash_or_taken_from_s3() {
    let fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
    let ended = fake.deploy(&[]);
    let bucket = "orgscan-deploy-111122223333-eu-west-1";
    let copied = ended.arguments("s3 cp").unwrap();
    let (_, key) = copied.split_once(&format!("s3://{bucket}/")).unwrap();
    assert!(
        key.starts_with("orgscan/") && key.len() == "orgscan/".len() + 64 + ".zip".len(),
        "{key}"
    );
    let deploy = ended.arguments("cloudformation deploy").unwrap();
    assert!(
        deploy.contains(&format!("CodeBucket={bucket} CodeKey={key}")),
        "{ended}"
    );

    let fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
    fake.run(
        "deploy.sh",
        &[
            "Architecture=arm64",
            "MemorySize=3008",
            "--zip",
            fake.zip("x86_64").to_str().unwrap(),
        ],
    )
    .refused("is built for x86_64");
    let ended = fake.run("deploy.sh", &["MemorySize=3008", "CodeKey=a.zip"]);
    ended.refused("CodeBucket and CodeKey belong together");
    let zip = fake.zip("x86_64");
    let both = ["--zip", zip.to_str().unwrap(), "CodeBucket=b", "CodeKey=k"];
    fake.run("deploy.sh", &both).refused("give one of them");
    fake.run("deploy.sh", &both[2..])
        .refused("the code s3://b/k cannot be read");
}

#[test]
fn code_in_s3_is_checked_like_a_file() {
    let mut fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
    fake.has_code("arm64");
    let ended = fake.run("deploy.sh", &["CodeBucket=b", "CodeKey=k"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(!ended.called("s3 cp"), "{ended}");
    let deploy = ended.arguments("cloudformation deploy").unwrap();
    assert!(
        deploy.contains("CodeBucket=b CodeKey=k Architecture=arm64"),
        "{ended}"
    );
    fake.run(
        "deploy.sh",
        &["CodeBucket=b", "CodeKey=k", "Architecture=x86_64"],
    )
    .refused("is built for arm64");
}

#[test]
fn the_aws_cli_accepts_every_call_of_the_scripts() {
    let mut calls = Vec::new();
    let mut fake = FakeCli::new();
    fake.fails(
        "s3api head-bucket",
        "An error occurred (404) when calling the HeadBucket operation: Not Found",
    );
    fake.returns("s3 mb", json!({}));
    fake.returns("s3api put-public-access-block", json!({}));
    let ended = fake.deploy(&[
        "TargetOrganizationalUnits=r-a1b2",
        "--tag",
        "a=b",
        "--role-arn",
        "arn:aws:iam::111122223333:role/Deploy",
    ]);
    assert!(ended.called("s3 mb"), "{ended}");
    calls.extend(ended.calls);
    let mut fake = FakeCli::in_states(&["UPDATE_ROLLBACK_FAILED"]);
    fake.returns(
        "cloudformation describe-stack-events",
        json!({"StackEvents": []}),
    );
    fake.returns("cloudformation describe-change-set", json!({"Changes": []}));
    calls.extend(fake.deploy(&[]).calls);
    fake.states(&["UPDATE_COMPLETE"], &[]);
    fake.has_code("x86_64");
    calls.extend(
        fake.run(
            "deploy.sh",
            &["CodeBucket=b", "CodeKey=k", "--no-execute-changeset"],
        )
        .calls,
    );
    fake.states(
        &[
            "UPDATE_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_COMPLETE",
            "DELETE_FAILED",
        ],
        &[],
    );
    calls.extend(
        fake.run(
            "remove.sh",
            &[
                "--yes",
                "--role-arn",
                "arn:aws:iam::111122223333:role/Deploy",
            ],
        )
        .calls,
    );
    for operation in [
        "delete-stack",
        "describe-change-set",
        "describe-stack-events",
        "get-object",
        "execute-change-set",
        "list-stack-instances",
    ] {
        assert!(
            calls
                .iter()
                .any(|call| call.iter().any(|one| one == operation)),
            "{operation}"
        );
    }
    assert_eq!(refused_by_the_aws_cli(&calls), json!({}));
}

#[test]
fn doctor_runs_first_where_it_is_installed() {
    let mut fake = FakeCli::new();
    fake.states(
        &["UPDATE_COMPLETE"],
        &[
            ("Mode", "distributed"),
            ("ReservedConcurrency", "60"),
            ("ExternalId", "secret"),
        ],
    );
    let doctor = |fake: &FakeCli, code: u8| {
        // An earlier version does not have the command: code 2.
        let asked = format!(
            "#!/bin/sh\n[ \"$2\" != --help ] || exit $(({code} / 2))\necho \"orgscan $*\"\nexit {code}\n"
        );
        fake.program("orgscan", &asked);
    };
    doctor(&fake, 0);
    let ended = fake.deploy(&["--dry-run"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    let asked = "orgscan doctor --preflight --region eu-west-1 --reserved-concurrency 60 --central-role-name OrgScanCentral --role-name OrgScanMember --external-id secret\n";
    assert!(ended.stdout.contains(asked), "{ended}");
    doctor(&fake, 1);
    fake.deploy(&[]).refused("orgscan doctor found problems");
    for (args, code) in [
        (&["--dry-run", "--skip-doctor"][..], 1),
        (&["--dry-run"], 2),
    ] {
        doctor(&fake, code);
        let ended = fake.deploy(args);
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(!ended.stdout.contains("orgscan doctor"), "{ended}");
    }
}

#[test]
fn names_that_another_stack_has_are_refused_before_anything_is_created() {
    let mut fake = FakeCli::new();
    fake.returns(
        "iam get-role",
        json!({"Role": {"Arn": "arn:aws:iam::111122223333:role/OrgScanCentral"}}),
    );
    let target = "TargetOrganizationalUnits=r-a1b2";
    let ended = fake.deploy(&[target]);
    ended.refused("a role OrgScanCentral already");
    ended.refused("--stack NAME CentralRoleName=... MemberRoleName=... MetricsNamespace=...");
    fake.deploy(&[target, "CentralRoleName=Second"])
        .refused("a role Second already");
}

#[test]
fn a_dry_run_and_a_change_set_change_nothing() {
    let fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
    let ended = fake.deploy(&[
        "--dry-run",
        "MemorySize=3008",
        "TargetOrganizationalUnits=ou-a1b2-11111111,ou-a1b2-22222222",
    ]);
    assert_eq!(ended.code, Some(0), "{ended}");
    for line in [
        "Would upgrade the stack orgscan in eu-west-1, account 111122223333:",
        "  MemorySize=3008",
        "ou-a1b2-22222222 (now ou-a1b2-11111111)",
        "Nothing was changed.",
    ] {
        assert!(ended.stdout.contains(line), "{line}: {ended}");
    }
    assert!(
        !ended.called("s3 cp") && !ended.called("cloudformation deploy"),
        "{ended}"
    );

    let mut fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
    let change = json!({"ResourceChange": {"Action": "Modify", "LogicalResourceId": "Function", "ResourceType": "AWS::Lambda::Function"}});
    fake.returns(
        "cloudformation describe-change-set",
        json!({"Changes": [change]}),
    );
    let ended = fake.deploy(&["--no-execute-changeset"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(
        ended.stdout.contains(&format!(
            "execute-change-set --change-set-name {CHANGE_SET} --region eu-west-1"
        )),
        "{ended}"
    );
    assert!(
        !ended.called("cloudformation execute-change-set"),
        "{ended}"
    );
}

#[test]
fn what_the_help_lists_is_taken_and_what_is_taken_is_listed() {
    for (script, more) in [
        ("infra/deploy.sh", "orgscan doctor"),
        ("infra/remove.sh", "--yes"),
    ] {
        let code = text(script);
        let (help, rest) = code.split_once("\nTEXT\n}").unwrap();
        assert!(help.contains(more));
        let flag = regex_lite::Regex::new(r"--[a-z][a-z-]+").unwrap();
        let parser = rest.split_once("done\n").unwrap().0;
        let taken: std::collections::BTreeSet<_> =
            flag.find_iter(parser).map(|one| one.as_str()).collect();
        for one in taken.iter().filter(|one| !["--help"].contains(one)) {
            assert!(help.contains(one), "{one} is not in the help of {script}");
        }
    }
}

//! Who is kept out of the report bucket, where the emulator denies what the bucket's policy denies.

use std::process::Command;

use serde_json::{Value, json};

use super::CENTRAL;
use super::stack::{aws_cli, deploy, outputs};
use crate::judged::World;

/// Whether the bucket's policy lets a caller list it.
fn lists(mut command: Command) -> bool {
    let output = command.output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    let denied = message.contains("explicit deny in a resource-based policy");
    assert_eq!(output.status.success(), !denied, "{message}");
    !denied
}

#[test]
fn a_wrong_organization_id_keeps_other_accounts_out_and_this_one_in() {
    let world = World::start(&[]);
    let parameters = [
        "TargetOrganizationalUnits=r-a1b2",
        "OrganizationId=o-misspelled1",
        "ReportAccess=organization",
    ];
    deploy(&world, &parameters);
    let bucket = outputs(&world)["ReportBucketName"].clone();
    world.post("/_emulator/policies", &json!({"enforced": true}));
    let ls = || aws_cli(&world, &["s3", "ls", &format!("s3://{bucket}")]);
    assert!(lists(ls()));
    let object = format!("s3://{bucket}/accounts/kept.txt");
    assert!(lists(aws_cli(&world, &["s3", "cp", CENTRAL, &object])));

    let member = world.id("storefront");
    let role = json!({"role_arn": format!("arn:aws:iam::{member}:role/OrgScanMember")});
    let session: Value = serde_json::from_str(&world.post("/_emulator/session", &role)).unwrap();
    let mut other = ls();
    for (name, value) in session.as_object().unwrap() {
        other.env(name, value.as_str().unwrap());
    }
    assert!(!lists(other));
}

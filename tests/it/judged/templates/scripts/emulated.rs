//! The scripts from the first deployment to the removal, on the emulator, where it denies what no policy allows.

use serde_json::json;

use super::super::stack::{cloudformation, deploy_release, outputs, script};
use super::super::{CENTRAL, printed};
use crate::judged::World;

const TARGET: &str = "TargetOrganizationalUnits=r-a1b2";

fn status(world: &World) -> String {
    let stacks = cloudformation(world, &["describe-stacks"]);
    let stack = &stacks["Stacks"][0];
    stack["StackStatus"].as_str().unwrap_or_default().to_owned()
}

#[test]
fn a_stack_is_deployed_upgraded_and_removed_and_can_be_deployed_again() {
    let world = World::start(&[]);
    world.post("/_emulator/policies", &json!({"enforced": true}));
    let message = deploy_release(&world, "1", &[TARGET, "--dry-run"]);
    assert!(
        message.contains("Would create the stack orgscan in us-east-1"),
        "{message}"
    );
    assert_eq!(status(&world), "");
    let message = deploy_release(
        &world,
        "1",
        &[TARGET, "--tag", "team=red and blue", "SignReports=off"],
    );
    assert!(
        message.contains("aws lambda invoke --function-name orgscan-scan"),
        "{message}"
    );
    assert_eq!(status(&world), "CREATE_COMPLETE");
    let message = deploy_release(&world, "2", &[TARGET, "Mode=distributed"]);
    assert!(
        message.contains("aws stepfunctions start-execution"),
        "{message}"
    );
    let stacks = cloudformation(&world, &["describe-stacks"]);
    assert_eq!(stacks["Stacks"][0]["StackStatus"], "UPDATE_COMPLETE");
    let tags = stacks["Stacks"][0]["Tags"].as_array().unwrap();
    assert!(
        tags.contains(&json!({"Key": "team", "Value": "red and blue"})),
        "{tags:?}"
    );

    let refused = script(
        &world,
        "deploy.sh",
        &[
            "TargetOrganizationalUnits=ou-a1b2-11111111",
            "--zip",
            CENTRAL,
        ],
    )
    .output()
    .unwrap();
    assert!(
        String::from_utf8_lossy(&refused.stderr).contains("--allow-role-removal"),
        "{refused:?}"
    );
    let bucket = outputs(&world)["ReportBucketName"].clone();
    let message = printed(&mut script(&world, "remove.sh", &["--yes"]));
    assert!(message.contains(&format!("s3://{bucket}")), "{message}");
    assert_eq!(
        message.matches("aws kms schedule-key-deletion").count(),
        1,
        "{message}"
    );
    assert_eq!(status(&world), "");
    let message = deploy_release(&world, "3", &[TARGET]);
    assert!(message.contains("ReportBucketName"), "{message}");
}

//! Every state of a stack, and every error in place of one, has its message and the command that helps.

use serde_json::json;

use super::{CHANGE_SET, FakeCli, NO_STACK, STACK_ID, stack};

/// Events as CloudFormation lists them, the newest first: an upgrade that failed, after a deployment that did too.
fn events() -> serde_json::Value {
    let event = |id: &str, status: &str, reason: &str| json!({"LogicalResourceId": id, "ResourceStatus": status, "ResourceStatusReason": reason});
    json!({"StackEvents": [
        event("orgscan", "UPDATE_ROLLBACK_FAILED", "The following resource(s) failed to update: [Topic]"),
        event("Function", "UPDATE_FAILED", "Resource update cancelled"),
        event("ReportBucket", "UPDATE_FAILED", "Access Denied"),
        event("orgscan", "UPDATE_IN_PROGRESS", "User Initiated"),
        event("Key", "CREATE_FAILED", "a reason of another day"),
        event("orgscan", "CREATE_IN_PROGRESS", "User Initiated"),
    ]})
}

/// A state that no deployment can begin in, and the command that helps.
const STUCK: &[[&str; 2]] = &[
    [
        "CREATE_FAILED",
        "infra/remove.sh --stack orgscan --region eu-west-1",
    ],
    [
        "ROLLBACK_COMPLETE",
        "infra/remove.sh --stack orgscan --region eu-west-1",
    ],
    [
        "ROLLBACK_FAILED",
        "infra/remove.sh --stack orgscan --region eu-west-1",
    ],
    [
        "DELETE_FAILED",
        "infra/remove.sh --stack orgscan --region eu-west-1",
    ],
    [
        "UPDATE_FAILED",
        "aws cloudformation rollback-stack --stack-name orgscan --region eu-west-1",
    ],
    [
        "IMPORT_ROLLBACK_FAILED",
        "aws cloudformation rollback-stack --stack-name orgscan --region eu-west-1",
    ],
    [
        "UPDATE_ROLLBACK_FAILED",
        "aws cloudformation continue-update-rollback --stack-name orgscan --region eu-west-1",
    ],
];

#[test]
fn a_stuck_stack_is_explained_with_its_last_failures_and_the_command_that_helps() {
    for [state, command] in STUCK {
        let mut fake = FakeCli::in_states(&[state]);
        fake.returns("cloudformation describe-stack-events", events());
        let ended = fake.deploy(&[]);
        ended.refused(&format!("in the state {state}"));
        ended.refused(command);
        let failures = "  ReportBucket: Access Denied\n  Function: Resource update cancelled\n";
        ended.refused(failures);
        assert!(!ended.stderr.contains("another day"), "{ended}");
    }
}

#[test]
fn an_operation_that_runs_is_explained_and_waited_for() {
    for state in [
        "CREATE_IN_PROGRESS",
        "ROLLBACK_IN_PROGRESS",
        "DELETE_IN_PROGRESS",
        "UPDATE_IN_PROGRESS",
        "UPDATE_COMPLETE_CLEANUP_IN_PROGRESS",
        "UPDATE_ROLLBACK_IN_PROGRESS",
        "UPDATE_ROLLBACK_COMPLETE_CLEANUP_IN_PROGRESS",
        "IMPORT_IN_PROGRESS",
        "IMPORT_ROLLBACK_IN_PROGRESS",
    ] {
        let ended = FakeCli::in_states(&[state, state, state, "UPDATE_COMPLETE"]).deploy(&[]);
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(
            ended.stdout.contains(&format!("in the state {state}.")),
            "{ended}"
        );
        let helps = if state == "UPDATE_IN_PROGRESS" {
            "cancel-update-stack"
        } else {
            "describe-stack-events"
        };
        let command = format!("aws cloudformation {helps} --stack-name orgscan --region eu-west-1");
        assert!(ended.stdout.contains(&command), "{ended}");
        assert!(ended.called("execute-change-set"), "{ended}");
        FakeCli::in_states(&[state])
            .deploy(&["--dry-run"])
            .refused("");
    }
}

#[test]
fn a_change_set_that_was_not_executed_is_no_stack() {
    let ended = FakeCli::in_states(&["REVIEW_IN_PROGRESS", "CREATE_COMPLETE"])
        .deploy(&["TargetOrganizationalUnits=r-a1b2"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(
        ended.stdout.contains(
            "aws cloudformation list-change-sets --stack-name orgscan --region eu-west-1"
        ),
        "{ended}"
    );
    assert!(
        ended
            .arguments("cloudformation deploy")
            .unwrap()
            .contains("OrganizationId=o-a1b2c3d4e5"),
        "{ended}"
    );
}

/// What the AWS CLI prints when it cannot read a stack, and what helps.
const ERRORS: &[[&str; 2]] = &[
    [
        "An error occurred (AccessDenied) when calling the DescribeStacks operation: User is not authorized to perform: cloudformation:DescribeStacks",
        "permission",
    ],
    [
        "An error occurred (ExpiredToken) when calling the DescribeStacks operation: The security token included in the request is expired",
        "Sign in again",
    ],
    [
        "Error when retrieving token from sso: Token has expired and refresh failed",
        "Sign in again",
    ],
    [
        "Unable to locate credentials. You can configure credentials by running \"aws configure\".",
        "Sign in again",
    ],
    [
        "Could not connect to the endpoint URL: \"https://cloudformation.eu-west-1.amazonaws.com/\"",
        "network",
    ],
    [
        "An error occurred (Throttling) when calling the DescribeStacks operation (reached max retries: 2): Rate exceeded",
        "Try again",
    ],
    [
        "An error occurred (ValidationError) when calling the DescribeStacks operation: 1 validation error detected",
        "message above",
    ],
    [
        "An error occurred (InternalFailure) when calling the DescribeStacks operation: Stack store does not exist",
        "message above",
    ],
];

#[test]
fn a_stack_that_cannot_be_read_is_not_one_that_does_not_exist() {
    for [error, hint] in ERRORS {
        let mut fake = FakeCli::new();
        fake.fails("cloudformation describe-stacks", error);
        for script in ["deploy.sh", "remove.sh"] {
            let args: &[&str] = if script == "remove.sh" {
                &["--yes"]
            } else {
                &["TargetOrganizationalUnits=r-a1b2"]
            };
            let ended = fake.run(script, args);
            ended.refused("the stack orgscan in eu-west-1 cannot be read");
            ended.refused(error);
            ended.refused(hint);
        }
    }
}

#[test]
fn other_calls_that_fail_are_named_with_their_error() {
    let denied = "An error occurred (AccessDenied) when calling the operation";
    for (operation, names) in [
        (
            "sts get-caller-identity",
            "AWS does not accept the credentials",
        ),
        (
            "organizations describe-organization",
            "the organization cannot be read",
        ),
        (
            "organizations list-roots",
            "the organization's root cannot be read",
        ),
        (
            "iam get-role",
            "the role OrgScanCentral cannot be read (CentralRoleName)",
        ),
        (
            "s3api head-bucket",
            "the bucket orgscan-deploy-111122223333-eu-west-1 cannot be used",
        ),
    ] {
        let mut fake = FakeCli::new();
        fake.fails(operation, denied);
        let ended = if operation.ends_with("roots") {
            fake.deploy(&[])
        } else {
            fake.deploy(&["TargetOrganizationalUnits=r-a1b2"])
        };
        ended.refused(names);
        ended.refused(denied);
    }
}

#[test]
fn a_deployment_shows_its_progress_for_as_long_as_it_takes() {
    let mut fake = FakeCli::new();
    let running = json!({"json": stack("CREATE_IN_PROGRESS", &[])});
    let mut states = vec![json!({"error": NO_STACK})];
    // 125 half minutes: longer than the waiters of the AWS CLI.
    states.extend(std::iter::repeat_n(running, 125));
    states.push(json!({"json": stack("CREATE_COMPLETE", &[])}));
    fake.answers
        .insert("cloudformation describe-stacks".to_owned(), states.into());
    let instance = |state: &str| {
        json!({"Account": "444455556666", "Region": "eu-west-1", "OrganizationalUnitId": "ou-a1b2-11111111",
        "StackInstanceStatus": {"DetailedStatus": state}, "StatusReason": "an SCP denies iam:CreateRole"})
    };
    let instances = ["SUCCEEDED", "FAILED", "PENDING", "SUCCEEDED"].map(instance);
    fake.returns(
        "cloudformation list-stack-instances",
        json!({"Summaries": instances}),
    );
    let ended = fake.deploy(&["TargetOrganizationalUnits=r-a1b2"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    let progress = "  CREATE_IN_PROGRESS, member roles: 2 of 4 done, 1 failed\n";
    assert_eq!(ended.stdout.matches(progress).count(), 125, "{ended}");
    let failed = "444455556666\teu-west-1\tou-a1b2-11111111\tFAILED\tan SCP denies iam:CreateRole";
    assert!(ended.stdout.contains(failed), "{ended}");
    assert!(
        ended
            .stdout
            .contains("aws lambda invoke --function-name orgscan-scan --region eu-west-1"),
        "{ended}"
    );
}

#[test]
fn a_deployment_that_fails_ends_with_the_reasons_and_what_helps() {
    for (state, helps) in [
        ("UPDATE_ROLLBACK_COMPLETE", "deploy again"),
        ("UPDATE_ROLLBACK_FAILED", "continue-update-rollback"),
        ("ROLLBACK_COMPLETE", "infra/remove.sh"),
    ] {
        let mut fake = FakeCli::in_states(&[
            "UPDATE_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_COMPLETE",
            "UPDATE_IN_PROGRESS",
            state,
        ]);
        fake.returns("cloudformation describe-stack-events", events());
        let ended = fake.deploy(&["MemorySize=3008"]);
        assert_eq!(ended.code, Some(1), "{ended}");
        for part in ["  ReportBucket: Access Denied\n", state, helps] {
            assert!(ended.stderr.contains(part), "{part}: {ended}");
        }
        assert!(
            ended
                .arguments("execute-change-set")
                .unwrap()
                .contains(CHANGE_SET)
        );
        assert!(
            ended
                .arguments("describe-stack-events")
                .unwrap()
                .contains(STACK_ID)
        );
    }
}

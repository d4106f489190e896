//! `infra/remove.sh` when the removal sticks.

use serde_json::json;

use super::{FakeCli, STACK_ID, stack};

fn instance(account: &str, ou: &str, state: &str, reason: &str) -> serde_json::Value {
    json!({"Account": account, "Region": "eu-west-1", "OrganizationalUnitId": ou,
        "StackInstanceStatus": {"DetailedStatus": state}, "StatusReason": reason})
}

/// A stack whose member roles cannot all be deleted.
fn stuck(state: &str) -> FakeCli {
    let mut fake = FakeCli::in_states(&[
        state,
        state,
        state,
        state,
        state,
        "DELETE_IN_PROGRESS",
        "DELETE_FAILED",
    ]);
    fake.returns(
        "cloudformation list-stack-instances",
        json!({"Summaries": [
            instance("444455556666", "ou-a1b2-11111111", "FAILED", "User is not authorized to perform: iam:DeleteRole"),
            instance("777788889999", "ou-a1b2-22222222", "INOPERABLE", "The account is suspended"),
            instance("888899990000", "ou-a1b2-22222222", "SUCCEEDED", ""),
        ]}),
    );
    let event = json!({"LogicalResourceId": "MemberRoleStackSet", "ResourceStatus": "DELETE_FAILED", "ResourceStatusReason": "Operation 1 FAILED"});
    fake.returns(
        "cloudformation describe-stack-events",
        json!({"StackEvents": [event]}),
    );
    fake
}

#[test]
fn instances_that_failed_are_listed_with_the_command_that_retains_them() {
    for state in [
        "UPDATE_COMPLETE",
        "DELETE_FAILED",
        "ROLLBACK_FAILED",
        "UPDATE_ROLLBACK_FAILED",
        "REVIEW_IN_PROGRESS",
    ] {
        let ended = stuck(state).run("remove.sh", &["--yes"]);
        assert_eq!(ended.code, Some(1), "{ended}");
        for part in [
            "  MemberRoleStackSet: Operation 1 FAILED\n",
            "  444455556666\teu-west-1\tou-a1b2-11111111\tFAILED\tUser is not authorized to perform: iam:DeleteRole\n",
            "  777788889999\teu-west-1\tou-a1b2-22222222\tINOPERABLE\tThe account is suspended\n",
            "aws cloudformation delete-stack-instances --region eu-west-1 --call-as SELF \\\n    --stack-set-name orgscan-member-role --regions eu-west-1 --retain-stacks \\\n    --deployment-targets OrganizationalUnitIds=ou-a1b2-11111111,ou-a1b2-22222222,Accounts=444455556666,777788889999,AccountFilterType=INTERSECTION\n",
            "  infra/remove.sh --stack orgscan --region eu-west-1\n",
        ] {
            assert!(ended.stderr.contains(part), "{part}: {ended}");
        }
        assert!(
            ended
                .stdout
                .contains("  DELETE_IN_PROGRESS, member roles: 3 left, 2 failed\n"),
            "{ended}"
        );
        assert!(
            ended.arguments("delete-stack").unwrap().contains(STACK_ID),
            "{ended}"
        );
    }
}

#[test]
fn a_running_removal_is_awaited_and_not_started_twice() {
    let mut states: Vec<_> = vec!["DELETE_IN_PROGRESS"; 8];
    states.push("DELETE_COMPLETE");
    let ended = FakeCli::in_states(&states).run(
        "remove.sh",
        &[
            "--yes",
            "--role-arn",
            "arn:aws:iam::111122223333:role/Deploy",
        ],
    );
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(!ended.called("delete-stack"), "{ended}");

    let mut fake = FakeCli::new();
    fake.states(
        &[
            "UPDATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
            "UPDATE_IN_PROGRESS",
            "UPDATE_COMPLETE",
            "DELETE_IN_PROGRESS",
            "DELETE_COMPLETE",
        ],
        &[("CallAs", "DELEGATED_ADMIN")],
    );
    let ended = fake.run(
        "remove.sh",
        &[
            "--yes",
            "--role-arn",
            "arn:aws:iam::111122223333:role/Deploy",
        ],
    );
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains("cancel-update-stack"), "{ended}");
    assert!(
        ended
            .arguments("delete-stack")
            .unwrap()
            .contains("--role-arn arn:aws:iam::111122223333:role/Deploy"),
        "{ended}"
    );
    assert!(
        ended
            .arguments("list-stack-instances")
            .unwrap()
            .contains("--call-as DELEGATED_ADMIN"),
        "{ended}"
    );
}

#[test]
fn reports_without_a_signing_key_have_no_command_for_one() {
    let schedule = "aws kms schedule-key-deletion --key-id arn:aws:kms:eu-west-1:111122223333:key/1 --pending-window-in-days 30 --region eu-west-1";
    let ended = FakeCli::in_states(&[
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE",
        "UPDATE_COMPLETE",
        "DELETE_COMPLETE",
    ])
    .run("remove.sh", &["--yes"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(ended.stdout.contains(schedule), "{ended}");
    assert_eq!(
        ended.stdout.matches("schedule-key-deletion").count(),
        1,
        "{ended}"
    );

    let mut signed = stack("UPDATE_COMPLETE", &[]);
    let outputs = signed["Stacks"][0]["Outputs"].as_array_mut().unwrap();
    outputs.push(json!({"OutputKey": "SigningKeyArn", "OutputValue": "arn:aws:kms:eu-west-1:111122223333:key/2"}));
    let mut fake = FakeCli::new();
    let mut states = vec![json!({"json": signed}); 5];
    states.push(json!({"json": stack("DELETE_COMPLETE", &[])}));
    fake.answers
        .insert("cloudformation describe-stacks".to_owned(), states.into());
    let ended = fake.run("remove.sh", &["--yes"]);
    assert_eq!(
        ended.stdout.matches("schedule-key-deletion").count(),
        2,
        "{ended}"
    );
}

#[test]
fn what_is_not_there_or_not_confirmed_is_not_removed() {
    let ended = FakeCli::new().run("remove.sh", &["--yes"]);
    ended.refused("there is no stack orgscan in eu-west-1");
    FakeCli::in_states(&["UPDATE_COMPLETE"])
        .run("remove.sh", &[])
        .refused("give --yes");
    let mut fake = FakeCli::in_states(&["UPDATE_COMPLETE"]);
    let protected = "An error occurred (ValidationError) when calling the DeleteStack operation: Stack [orgscan] cannot be deleted while TerminationProtection is enabled";
    fake.fails("cloudformation delete-stack", protected);
    let ended = fake.run("remove.sh", &["--yes"]);
    assert_eq!(ended.code, Some(2), "{ended}");
    assert!(ended.stderr.contains(protected), "{ended}");
}

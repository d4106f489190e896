//! Which accounts have the member role: no upgrade takes it away unasked.

use super::FakeCli;

const BEFORE: &str = "ou-a1b2-11111111,ou-a1b2-22222222";

fn deploy(parameters: &[&str]) -> super::ScriptResult {
    let mut fake = FakeCli::new();
    let before = [
        ("TargetOrganizationalUnits", BEFORE),
        ("MemberRoleExcludeAccounts", "444455556666"),
    ];
    fake.states(&["UPDATE_COMPLETE"], &before);
    fake.deploy(parameters)
}

#[test]
fn a_change_that_deletes_member_roles_is_refused_without_the_flag() {
    for (parameter, message) in [
        (
            "TargetOrganizationalUnits=ou-a1b2-11111111",
            "in all accounts of ou-a1b2-22222222,",
        ),
        (
            "TargetOrganizationalUnits=r-a1b2",
            "in all accounts of ou-a1b2-11111111,ou-a1b2-22222222,",
        ),
        (
            "TargetOrganizationalUnits=r-a1b2",
            "TargetOrganizationalUnits=ou-a1b2-11111111,ou-a1b2-22222222,r-a1b2",
        ),
        // A prefix of an id is another id.
        (
            "TargetOrganizationalUnits=ou-a1b2-111111111,ou-a1b2-22222222",
            "in all accounts of ou-a1b2-11111111,",
        ),
        (
            "MemberRoleName=Another",
            "MemberRoleName=Another replaces the member role",
        ),
        (
            "MemberRolePath=/security/",
            "MemberRolePath=/security/ replaces the member role",
        ),
        (
            "MemberRoleDeployment=none",
            "MemberRoleDeployment=none would delete",
        ),
        (
            "MemberRoleExcludeAccounts=444455556666,777788889999",
            "in the accounts 777788889999 ",
        ),
    ] {
        let ended = deploy(&[parameter]);
        ended.refused(message);
        ended.refused("--allow-role-removal");
        let ended = deploy(&[parameter, "--allow-role-removal"]);
        assert_eq!(ended.code, Some(0), "{ended}");
        assert!(
            ended
                .arguments("cloudformation deploy")
                .unwrap()
                .contains(parameter),
            "{ended}"
        );
    }
}

#[test]
fn a_change_that_keeps_every_role_is_not() {
    for parameter in [
        "TargetOrganizationalUnits=ou-a1b2-22222222,ou-a1b2-33333333,ou-a1b2-11111111",
        "MemberRoleExcludeAccounts=",
        "MemorySize=3008",
    ] {
        let ended = deploy(&[parameter]);
        assert_eq!(ended.code, Some(0), "{ended}");
    }
    // No role was deployed, so none can be removed.
    let mut fake = FakeCli::new();
    fake.states(&["UPDATE_COMPLETE"], &[("MemberRoleDeployment", "none")]);
    let ended = fake.deploy(&["TargetOrganizationalUnits=ou-a1b2-33333333"]);
    assert_eq!(ended.code, Some(0), "{ended}");
}

#[test]
fn more_ous_than_a_stack_set_takes_are_refused_with_their_parent() {
    let ous = |count: usize| {
        (0..count)
            .map(|one| format!("ou-a1b2-{one:08}"))
            .collect::<Vec<_>>()
            .join(",")
    };
    let target = |count| format!("TargetOrganizationalUnits={}", ous(count));
    let ended = FakeCli::new().deploy(&[&target(51)]);
    ended.refused("has 51 OUs, and StackSets take 50 at most");
    ended.refused("aws organizations list-parents --child-id ou-a1b2-00000000 --region eu-west-1");
    let mut fake = FakeCli::new();
    fake.states(&["UPDATE_COMPLETE"], &[]);
    let ended = fake.deploy(&[&format!("{},ou-a1b2-11111111", target(49))]);
    assert_eq!(ended.code, Some(0), "{ended}");
}

#[test]
fn an_own_role_pipeline_needs_no_ous() {
    let ended = FakeCli::new().deploy(&["MemberRoleDeployment=none", "--dry-run"]);
    assert_eq!(ended.code, Some(0), "{ended}");
    assert!(
        !ended.called("list-roots") && !ended.called("OrgScanMember"),
        "{ended}"
    );
}

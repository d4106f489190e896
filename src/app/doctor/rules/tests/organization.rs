//! The organization, trusted access and delegated administration.

use super::*;

#[test]
fn the_organization_and_its_accounts() {
    let without = |failure| Facts {
        organization: Err(failure),
        ..fine()
    };
    let none = with_code(
        "organizations:DescribeOrganization",
        "AWSOrganizationsNotInUseException",
    );
    assert_line(
        "organization",
        &without(none),
        &options(),
        (PROBLEM, "--account self"),
    );
    let refused = denied("organizations:DescribeOrganization");
    let expected = "needs organizations:DescribeOrganization";
    assert_line(
        "organization",
        &without(refused.clone()),
        &options(),
        (UNKNOWN, expected),
    );
    assert_line(
        "delegation",
        &without(refused),
        &options(),
        (UNKNOWN, "could not be read"),
    );
    let billing = Facts {
        organization: Ok(OrganizationFacts {
            has_all_features: false,
            ..organization_of(1)
        }),
        ..fine()
    };
    assert_line(
        "organization",
        &billing,
        &options(),
        (PROBLEM, "enable-all-features"),
    );
    assert_line("accounts", &fine(), &options(), (OK, "20 or more accounts"));
    let accounts = |failure| Facts {
        accounts: Err(failure),
        ..fine()
    };
    let refused = denied("organizations:ListAccounts");
    assert_line(
        "accounts",
        &accounts(refused),
        &options(),
        (PROBLEM, "delegated administrator"),
    );
    let throttled = Failure::new("organizations:ListAccounts", Cause::Throttled, "slow down");
    assert_line(
        "accounts",
        &accounts(throttled),
        &options(),
        (UNKNOWN, "slow down"),
    );
}

#[test]
fn trusted_access() {
    let access = |answer| Facts {
        access: answer,
        ..member(Ok(services(&[STACK_SETS_SERVICE, IAM_SERVICE])))
    };
    let neither = access(Ok(services(&["config.amazonaws.com"])));
    let fix = "activate-organizations-access --region eu-west-1";
    assert_line("StackSets access", &neither, &options(), (PROBLEM, fix));
    assert_line(
        "IAM access",
        &neither,
        &options(),
        (PROBLEM, "enable-aws-service-access"),
    );
    let elsewhere = Options {
        member_role_deployment: MemberRoleDeployment::None,
        ..options()
    };
    assert_line(
        "StackSets access",
        &neither,
        &elsewhere,
        (OK, "another pipeline"),
    );
    let management = Facts {
        access: Ok(Vec::new()),
        ..fine()
    };
    assert_line(
        "IAM access",
        &management,
        &options(),
        (OK, "management account"),
    );
    for check in ["StackSets access", "IAM access"] {
        assert_line(check, &fine(), &options(), (OK, "has trusted access"));
        let action = "organizations:ListAWSServiceAccessForOrganization";
        let refused = access(Err(denied(action)));
        assert_line(
            check,
            &refused,
            &options(),
            (UNKNOWN, &format!("needs {action}")),
        );
    }
}

#[test]
fn delegated_administration() {
    assert_line(
        "delegation",
        &fine(),
        &options(),
        (OK, "management account"),
    );
    let both = member(Ok(services(&[STACK_SETS_SERVICE, IAM_SERVICE])));
    assert_line("delegation", &both, &options(), (OK, "2 services"));
    let one = member(Ok(services(&[STACK_SETS_SERVICE])));
    let fix = "--account-id 111100000001 --service-principal iam.amazonaws.com";
    assert_line("delegation", &one, &options(), (PROBLEM, fix));
    let other = member(Ok(services(&["config.amazonaws.com"])));
    assert_line(
        "delegation",
        &other,
        &options(),
        (PROBLEM, STACK_SETS_SERVICE),
    );
    let iam = member(Ok(services(&[IAM_SERVICE])));
    let elsewhere = Options {
        member_role_deployment: MemberRoleDeployment::None,
        ..options()
    };
    assert_line("delegation", &iam, &elsewhere, (OK, "1 service"));
    let refused = member(Err(denied("organizations:ListDelegatedServicesForAccount")));
    let expected = "needs organizations:ListDelegatedServicesForAccount";
    assert_line("delegation", &refused, &options(), (UNKNOWN, expected));
}

//! Every check with an answer that is ok, one that is a problem, and none.

mod destinations;
mod organization;

use orgscan_aws::{Caller, Failure, SignIn};
use orgscan_core::model::{Cause, Organization, Region};
use orgscan_core::testing::id;

use super::super::facts::{
    AccountPage, Concurrency, ExistingRole, FactResult, Machine, MemberRoleDeployment,
    OrganizationFacts, RoleName, RoleTest,
};
use super::super::line::Status;
use super::*;
use crate::doctor::rules::organization::{IAM_SERVICE, STACK_SETS_SERVICE};

fn denied(action: &'static str) -> Failure {
    Failure::new(
        action,
        Cause::MissingPermission,
        "AccessDenied: not authorized",
    )
}

fn with_code(action: &'static str, code: &str) -> Failure {
    Failure {
        code: Some(code.to_owned()),
        ..Failure::new(action, Cause::Other, code)
    }
}

fn role(name: &str, found: FactResult<Option<ExistingRole>>) -> RoleName {
    RoleName {
        name: name.to_owned(),
        found,
    }
}

fn services(services: &[&str]) -> Vec<String> {
    services.iter().map(|one| (*one).to_owned()).collect()
}

fn organization_of(management: u64) -> OrganizationFacts {
    OrganizationFacts {
        organization: Organization {
            id: "o-a1b2c3d4e5".to_owned(),
            management_account: id(management),
        },
        has_all_features: true,
    }
}

/// Everything in order, in the management account.
fn fine() -> Facts {
    Facts {
        caller: Caller {
            account: id(1),
            arn: "arn:aws:iam::111100000001:user/ada".into(),
            partition: "aws".to_owned(),
        },
        home: Region::new("eu-west-1"),
        organization: Ok(organization_of(1)),
        accounts: Ok(AccountPage {
            accounts: 20,
            has_more: true,
            member: Some(id(2)),
        }),
        access: Ok(services(&[STACK_SETS_SERVICE, IAM_SERVICE])),
        delegated: None,
        concurrency: Ok(Concurrency {
            limit: 1_000,
            unreserved: 900,
        }),
        central_role: role("OrgScanCentral", Ok(None)),
        member_role: role("OrgScanMember", Ok(None)),
        role_test: RoleTest::Tried {
            account: id(2),
            role: "OrgScanMember".to_owned(),
            outcome: Ok(None),
        },
        destinations: Vec::new(),
    }
}

/// The same in the account of a delegated administrator.
fn member(delegated: FactResult<Vec<String>>) -> Facts {
    Facts {
        organization: Ok(organization_of(9)),
        delegated: Some(delegated),
        ..fine()
    }
}

fn options() -> Options {
    Options {
        preflight: false,
        reserved_concurrency: 0,
        member_role_deployment: MemberRoleDeployment::Stackset,
        central_role: "OrgScanCentral".to_owned(),
        account: None,
    }
}

fn preflight() -> Options {
    Options {
        preflight: true,
        ..options()
    }
}

/// The line of a check.
#[track_caller]
fn evaluated(check: &str, facts: &Facts, options: &Options) -> DiagnosticLine {
    let lines = connected(facts, options);
    let mut of_check = lines.into_iter().filter(|line| line.check == check);
    let line = of_check.next().unwrap_or_else(|| panic!("no line {check}"));
    let has_fix = line.remediation.is_some();
    assert_eq!(has_fix, line.status == Status::Problem, "{line:?}");
    line
}

#[track_caller]
fn assert_line(check: &str, facts: &Facts, options: &Options, (status, expected): (Status, &str)) {
    let line = evaluated(check, facts, options);
    let text = format!("{line:?}");
    assert_eq!(line.status, status, "{text}");
    assert!(text.contains(expected), "{expected} in {text}");
}

const OK: Status = Status::Ok;
const PROBLEM: Status = Status::Problem;
const UNKNOWN: Status = Status::NotChecked;

#[test]
fn all_is_ok_where_all_is_in_order() {
    for line in connected(&fine(), &options()) {
        assert_eq!(line.status, OK, "{line:?}");
    }
    let names: Vec<_> = connected(&fine(), &options())
        .into_iter()
        .map(|line| line.check)
        .collect();
    let error = ConnectError::UnknownPartition("arn".into());
    let refused: Vec<_> = refused(&error, &Config::default())
        .into_iter()
        .map(|line| line.check)
        .collect();
    assert_eq!(
        names, refused,
        "without credentials the same lines are there"
    );
}

#[test]
fn the_caller_is_identified() {
    let failure = |cause| Failure::new("sts:GetCallerIdentity", cause, "detail");
    for (error, check) in [
        (
            ConnectError::NotSignedIn {
                failure: Box::new(failure(Cause::CredentialsRejected)),
                sign_in: Box::new(SignIn {
                    source: "the profile `audit`".to_owned(),
                    fix: "Sign in again.".to_owned(),
                }),
                endpoint: String::new(),
            },
            "credentials",
        ),
        (
            ConnectError::NoFipsEndpoint(failure(Cause::NoFipsEndpoint)),
            "home Region",
        ),
        (ConnectError::Clock(failure(Cause::ClockSkew)), "clock"),
        (
            ConnectError::UnknownPartition("arn:aws-moon:iam::1:user/x".into()),
            "partition",
        ),
        (
            ConnectError::UnknownRegion("xx-north-1".into()),
            "home Region",
        ),
    ] {
        let lines = refused(&error, &Config::default());
        for line in &lines {
            let expected = if line.check == check {
                PROBLEM
            } else {
                UNKNOWN
            };
            assert_eq!(line.status, expected, "{line:?}");
        }
        let problem = lines.iter().find(|line| line.check == check).unwrap();
        assert!(
            problem
                .remediation
                .as_ref()
                .is_some_and(|fix| !fix.is_empty())
        );
    }
    for check in ["credentials", "clock", "partition", "home Region"] {
        assert_line(check, &fine(), &options(), (OK, ""));
    }
    let opt_in = Facts {
        home: Region::new("me-south-1"),
        ..fine()
    };
    assert_line("home Region", &opt_in, &options(), (PROBLEM, "opt-in"));
}

#[test]
fn the_quota_of_lambda() {
    let quota = |limit, unreserved| Facts {
        concurrency: Ok(Concurrency { limit, unreserved }),
        ..fine()
    };
    let reserving = |reserved_concurrency| Options {
        reserved_concurrency,
        ..options()
    };
    assert_line(
        "Lambda quota",
        &quota(10, 10),
        &options(),
        (OK, "10 concurrent"),
    );
    assert_line(
        "Lambda quota",
        &quota(1_000, 0),
        &options(),
        (PROBLEM, "none is available"),
    );
    assert_line(
        "Lambda quota",
        &quota(10, 10),
        &reserving(60),
        (PROBLEM, "ReservedConcurrency=0"),
    );
    assert_line(
        "Lambda quota",
        &quota(1_000, 159),
        &reserving(60),
        (PROBLEM, "L-B99A9384"),
    );
    assert_line(
        "Lambda quota",
        &quota(1_000, 160),
        &reserving(60),
        (OK, "160"),
    );
    let refused = Facts {
        concurrency: Err(denied("lambda:GetAccountSettings")),
        ..fine()
    };
    assert_line(
        "Lambda quota",
        &refused,
        &options(),
        (UNKNOWN, "needs lambda:GetAccountSettings"),
    );
}

#[test]
fn names_of_roles_that_are_taken() {
    let found = |stack: FactResult<Option<String>>| Ok(Some(ExistingRole { stack }));
    for check in ["central role", "member role"] {
        let with = |answer: FactResult<Option<ExistingRole>>| {
            let mut facts = fine();
            let slot = match check {
                "central role" => &mut facts.central_role,
                _ => &mut facts.member_role,
            };
            slot.found = answer;
            facts
        };
        assert_line(check, &with(Ok(None)), &preflight(), (OK, "has no role"));
        let of_stack = with(found(Ok(Some("orgscan".into()))));
        assert_line(check, &of_stack, &preflight(), (OK, "the stack orgscan"));
        let of_nobody = with(found(Ok(None)));
        assert_line(
            check,
            &of_nobody,
            &preflight(),
            (PROBLEM, "deploy with another"),
        );
        assert_line(
            check,
            &of_nobody,
            &options(),
            (OK, "no stack in eu-west-1 created it"),
        );
        let refused = with(Err(denied("iam:GetRole")));
        assert_line(
            check,
            &refused,
            &preflight(),
            (UNKNOWN, "needs iam:GetRole"),
        );
        let refused = with(found(Err(denied("cloudformation:DescribeStackResources"))));
        let expected = "needs cloudformation:DescribeStackResources";
        assert_line(check, &refused, &preflight(), (UNKNOWN, expected));
    }
}

#[test]
fn the_member_role_in_one_account() {
    let tried = |outcome| Facts {
        role_test: RoleTest::Tried {
            account: id(2),
            role: "OrgScanMember".to_owned(),
            outcome,
        },
        ..fine()
    };
    assert_line(
        "assume role",
        &tried(Ok(None)),
        &options(),
        (OK, "111100000002"),
    );
    let refused = Failure::new("sts:AssumeRole", Cause::RoleNotAssumable, "AccessDenied");
    assert_line(
        "assume role",
        &tried(Err(refused)),
        &options(),
        (PROBLEM, "trust policy"),
    );
    let own = tried(Ok(Some(
        "scanned with the caller's own credentials".to_owned(),
    )));
    assert_line(
        "assume role",
        &own,
        &options(),
        (PROBLEM, "own credentials"),
    );
    let slow = Failure::new("sts:AssumeRole", Cause::TimedOut, "");
    assert_line(
        "assume role",
        &tried(Err(slow)),
        &options(),
        (UNKNOWN, "sts:AssumeRole"),
    );
    let not = Facts {
        role_test: RoleTest::Not("the role is not deployed yet (--preflight)".to_owned()),
        ..fine()
    };
    assert_line("assume role", &not, &preflight(), (UNKNOWN, "--preflight"));
}

#[test]
fn files_that_may_be_open() {
    let machine = |open_files, possible_in_flight| Machine {
        open_files,
        wanted: 480,
        possible_in_flight,
    };
    assert_eq!(open_files(&machine(1_024, 480)).status, OK);
    let few = open_files(&machine(256, 108));
    assert_eq!(few.status, PROBLEM);
    assert!(
        few.detail.contains("108 requests") && few.remediation.is_some(),
        "{few:?}"
    );
}

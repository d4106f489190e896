//! Every check with an answer that is ok, one that is a problem, and none.

use super::super::facts::{
    Answer, Concurrency, Destination, FolderState, FoundRole, Listed, Machine, MemberRoles,
    OrganizationFacts, RoleName, Subscriptions, Trial,
};
use super::super::line::Status;
use super::organization::{IAM_SERVICE, STACK_SETS_SERVICE};
use super::*;
use crate::aws::{Caller, Failure, SignIn};
use crate::config::{AlertConfig, ReportConfig};
use crate::model::{Cause, Organization, Region};
use crate::testing::id;

const TOPIC: &str = "arn:aws:sns:eu-west-1:111100000001:alerts";

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

fn role(name: &str, found: Answer<Option<FoundRole>>) -> RoleName {
    RoleName {
        name: name.to_owned(),
        found,
    }
}

fn services(services: &[&str]) -> Vec<String> {
    services.iter().map(|one| (*one).to_owned()).collect()
}

fn organization(management: u64) -> OrganizationFacts {
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
            arn: "arn:aws:iam::111100000001:user/ada".to_owned(),
            partition: "aws".to_owned(),
        },
        home: Region::new("eu-west-1"),
        organization: Ok(organization(1)),
        accounts: Ok(Listed {
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
        trial: Trial::Tried {
            account: id(2),
            role: "OrgScanMember".to_owned(),
            outcome: Ok(None),
        },
        destinations: Vec::new(),
    }
}

/// The same in the account of a delegated administrator.
fn member(delegated: Answer<Vec<String>>) -> Facts {
    Facts {
        organization: Ok(organization(9)),
        delegated: Some(delegated),
        ..fine()
    }
}

fn options() -> Options {
    Options {
        preflight: false,
        reserve: 0,
        member_roles: MemberRoles::Stackset,
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
fn judged(check: &str, facts: &Facts, options: &Options) -> Line {
    let lines = connected(facts, options);
    let mut of_check = lines.into_iter().filter(|line| line.check == check);
    let line = of_check.next().unwrap_or_else(|| panic!("no line {check}"));
    let has_fix = line.fix.is_some();
    assert_eq!(has_fix, line.status == Status::Problem, "{line:?}");
    line
}

#[track_caller]
fn assert_line(check: &str, facts: &Facts, options: &Options, (status, says): (Status, &str)) {
    let line = judged(check, facts, options);
    let text = format!("{line:?}");
    assert_eq!(line.status, status, "{text}");
    assert!(text.contains(says), "{says} in {text}");
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
    let error = ConnectError::UnknownPartition("arn".to_owned());
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
fn who_the_caller_is() {
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
        assert!(problem.fix.as_ref().is_some_and(|fix| !fix.is_empty()));
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
    let says = "needs organizations:DescribeOrganization";
    assert_line(
        "organization",
        &without(refused.clone()),
        &options(),
        (UNKNOWN, says),
    );
    assert_line(
        "delegation",
        &without(refused),
        &options(),
        (UNKNOWN, "not known"),
    );
    let billing = Facts {
        organization: Ok(OrganizationFacts {
            has_all_features: false,
            ..organization(1)
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
        member_roles: MemberRoles::None,
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
        member_roles: MemberRoles::None,
        ..options()
    };
    assert_line("delegation", &iam, &elsewhere, (OK, "1 service"));
    let refused = member(Err(denied("organizations:ListDelegatedServicesForAccount")));
    let says = "needs organizations:ListDelegatedServicesForAccount";
    assert_line("delegation", &refused, &options(), (UNKNOWN, says));
}

#[test]
fn the_quota_of_lambda() {
    let quota = |limit, unreserved| Facts {
        concurrency: Ok(Concurrency { limit, unreserved }),
        ..fine()
    };
    let reserving = |reserve| Options {
        reserve,
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
        (PROBLEM, "nothing is left"),
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
    let found = |stack: Answer<Option<String>>| Ok(Some(FoundRole { stack }));
    for check in ["central role", "member role"] {
        let with = |answer: Answer<Option<FoundRole>>| {
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
            (OK, "no stack in eu-west-1 made it"),
        );
        let refused = with(Err(denied("iam:GetRole")));
        assert_line(
            check,
            &refused,
            &preflight(),
            (UNKNOWN, "needs iam:GetRole"),
        );
        let refused = with(found(Err(denied("cloudformation:DescribeStackResources"))));
        let says = "needs cloudformation:DescribeStackResources";
        assert_line(check, &refused, &preflight(), (UNKNOWN, says));
    }
}

#[test]
fn the_member_role_in_one_account() {
    let tried = |outcome| Facts {
        trial: Trial::Tried {
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
        trial: Trial::Not("the role is not deployed yet (--preflight)".to_owned()),
        ..fine()
    };
    assert_line("assume role", &not, &preflight(), (UNKNOWN, "--preflight"));
}

fn to(destination: Destination) -> Facts {
    Facts {
        destinations: vec![destination],
        ..fine()
    }
}

#[test]
fn what_has_no_dry_run_is_not_checked() {
    let metrics = Destination::Metrics {
        namespace: "OrgScan".into(),
    };
    assert_line(
        "metrics",
        &to(metrics),
        &options(),
        (UNKNOWN, "cloudwatch:PutMetricData"),
    );
    let topic = |subscriptions| {
        to(Destination::Topic {
            arn: TOPIC.into(),
            subscriptions,
        })
    };
    let of = |confirmed, pending| topic(Ok(Subscriptions { confirmed, pending }));
    assert_line(
        "alert topic",
        &of(2, 0),
        &options(),
        (UNKNOWN, "no dry run of sns:Publish"),
    );
    assert_line(
        "alert topic",
        &of(0, 1),
        &options(),
        (PROBLEM, "aws sns subscribe"),
    );
    let missing = topic(Err(with_code("sns:GetTopicAttributes", "NotFound")));
    assert_line(
        "alert topic",
        &missing,
        &options(),
        (PROBLEM, "does not exist"),
    );
    let refused = topic(Err(denied("sns:GetTopicAttributes")));
    assert_line(
        "alert topic",
        &refused,
        &options(),
        (UNKNOWN, "needs sns:GetTopicAttributes"),
    );
    let bucket = |found| {
        to(Destination::Bucket {
            name: "reports".into(),
            region: Region::new("eu-west-1"),
            found,
        })
    };
    assert_line(
        "report bucket",
        &bucket(Ok(())),
        &options(),
        (UNKNOWN, "no dry run of s3:PutObject"),
    );
    let missing = bucket(Err(with_code("s3:ListBucket", "NotFound")));
    assert_line(
        "report bucket",
        &missing,
        &options(),
        (PROBLEM, "aws s3 mb s3://reports"),
    );
    let elsewhere = Failure::new("s3:ListBucket", Cause::Other, "HTTP status 301");
    assert_line(
        "report bucket",
        &bucket(Err(elsewhere)),
        &options(),
        (PROBLEM, "another Region"),
    );
    let refused = bucket(Err(denied("s3:ListBucket")));
    assert_line(
        "report bucket",
        &refused,
        &options(),
        (UNKNOWN, "needs s3:ListBucket"),
    );
    let folder = |state| {
        to(Destination::Folder {
            path: "reports".into(),
            state,
        })
    };
    assert_line(
        "report folder",
        &folder(FolderState::There),
        &options(),
        (UNKNOWN, "is there"),
    );
    assert_line(
        "report folder",
        &folder(FolderState::ToBeMade),
        &options(),
        (UNKNOWN, "not there yet"),
    );
    let blocked = folder(FolderState::Blocked("reports".into()));
    assert_line(
        "report folder",
        &blocked,
        &options(),
        (PROBLEM, "no folder"),
    );
}

#[test]
fn keys_have_a_dry_run() {
    let would = |action| Err(with_code(action, "DryRunOperationException"));
    let report = |dry_run| {
        to(Destination::ReportKey {
            id: "alias/reports".into(),
            dry_run,
        })
    };
    let action = "kms:GenerateDataKey";
    assert_line(
        "report key",
        &report(would(action)),
        &options(),
        (OK, "is allowed"),
    );
    assert_line(
        "report key",
        &report(Err(denied(action))),
        &options(),
        (PROBLEM, "allow the caller kms:GenerateDataKey"),
    );
    for code in ["NotFoundException", "DisabledException"] {
        let broken = report(Err(with_code(action, code)));
        assert_line(
            "report key",
            &broken,
            &options(),
            (PROBLEM, "alias/reports"),
        );
    }
    let slow = report(Err(Failure::new(action, Cause::TimedOut, "")));
    assert_line("report key", &slow, &options(), (UNKNOWN, action));
    let signing = |is_fit, dry_run| {
        to(Destination::SigningKey {
            id: "alias/signing".into(),
            is_fit,
            dry_run,
        })
    };
    let fit = signing(Ok(true), would("kms:Sign"));
    assert_line("signing key", &fit, &options(), (OK, "kms:Sign is allowed"));
    let refused = signing(Ok(true), Err(denied("kms:Sign")));
    assert_line(
        "signing key",
        &refused,
        &options(),
        (PROBLEM, "allow the caller kms:Sign"),
    );
    let other = signing(Ok(false), would("kms:Sign"));
    assert_line(
        "signing key",
        &other,
        &options(),
        (PROBLEM, "ECC_NIST_P256"),
    );
    let unread = signing(Err(denied("kms:GetPublicKey")), would("kms:Sign"));
    assert_line(
        "signing key",
        &unread,
        &options(),
        (PROBLEM, "allow the caller kms:GetPublicKey"),
    );
}

#[test]
fn the_list_of_exceptions() {
    let list = |read| {
        to(Destination::Exceptions {
            location: "exceptions.yaml".into(),
            read,
        })
    };
    assert_line("exceptions", &list(Ok(())), &options(), (OK, "can be used"));
    let broken = list(Err("exceptions.yaml:4: expires: missing".to_owned()));
    assert_line(
        "exceptions",
        &broken,
        &options(),
        (PROBLEM, "exceptions.yaml:4"),
    );
}

#[test]
fn files_that_may_be_open() {
    let machine = |open_files, fitting| Machine {
        open_files,
        wanted: 480,
        fitting,
    };
    assert_eq!(open_files(&machine(1_024, 480)).status, OK);
    let few = open_files(&machine(256, 108));
    assert_eq!(few.status, PROBLEM);
    assert!(
        few.detail.contains("108 requests") && few.fix.is_some(),
        "{few:?}"
    );
}

#[test]
fn every_configured_destination_has_a_line_without_credentials_too() {
    let mut config = Config::default();
    config.destinations.metrics = Some(Default::default());
    config.destinations.alert = Some(AlertConfig::to(TOPIC));
    let mut report = ReportConfig::at("s3://reports");
    report.kms_key_id = Some("alias/reports".into());
    report.signing.kms_key_id = Some("alias/signing".into());
    config.destinations.report = Some(report);
    config.exceptions.location = Some("exceptions.yaml".into());
    let names = |config: &Config| {
        let error = ConnectError::UnknownPartition("arn".to_owned());
        let lines = refused(&error, config).into_iter().map(|line| line.check);
        lines.skip(13).collect::<Vec<_>>()
    };
    let all = [
        "metrics",
        "alert topic",
        "report bucket",
        "report key",
        "signing key",
        "exceptions",
    ];
    assert_eq!(names(&config), all);
    config.destinations.report = Some(ReportConfig::at("reports"));
    assert_eq!(
        names(&config),
        ["metrics", "alert topic", "report folder", "exceptions"]
    );
}

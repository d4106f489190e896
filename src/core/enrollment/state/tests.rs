use crate::model::{AccountState, CallAs, Enrollment, StackSetInfo};
use crate::services::sts;
use crate::testing::{account, evaluated, failed, id, plan, region, report_of, result};

use super::*;

/// One account below the OU `Work`, and what is known of it.
struct EnrollmentWorld {
    account: Account,
    facts: StackSetFacts,
    tried: AccessAttempt,
}

fn opened() -> AccessAttempt {
    AccessAttempt::Opened {
        lacking: Vec::new(),
        note: String::new(),
    }
}

fn refused(cause: Cause) -> AccessAttempt {
    AccessAttempt::Refused(Gap::new(sts::ASSUME_ROLE.action, cause))
}

fn instance(status: InstanceStatus, drift: Drift) -> StackInstance {
    StackInstance {
        status,
        reason: String::new(),
        drift,
        drift_checked: None,
    }
}

fn info() -> StackSetInfo {
    StackSetInfo {
        name: "orgscan-member-role".into(),
        call_as: CallAs::DelegatedAdmin,
        targets: vec!["ou-a1b2-work".into()],
        regions: vec!["eu-west-1".into()],
        auto_deployment: true,
    }
}

impl EnrollmentWorld {
    fn new(tried: AccessAttempt) -> Self {
        Self {
            account: account(2, "web", "Work"),
            facts: StackSetFacts::default(),
            tried,
        }
    }

    /// With a stack set that was read and has this stack in the account.
    fn with(mut self, instance: Option<StackInstance>) -> Self {
        self.facts.stack_set = StackSet::Read(info());
        let id = self.account.id.clone();
        self.facts
            .instances
            .extend(instance.map(|instance| (id, instance)));
        self
    }

    fn all(&self) -> Enrollment {
        let organization = OrganizationAccounts {
            management_account: id(1),
            central_account: id(9),
        };
        let account = Arc::new(self.account.clone());
        let accounts = [(&account, self.tried.clone())];
        enrollment(&self.facts, &organization, accounts.into_iter())
    }

    fn evaluate(&self) -> AccountEnrollment {
        self.all().accounts.remove(0)
    }

    #[track_caller]
    fn is(&self, state: EnrollmentState, remediation: &str) {
        let evaluated = self.evaluate();
        assert_eq!(evaluated.state, state, "{evaluated:?}");
        assert!(
            evaluated.remediation.contains(remediation),
            "{}",
            evaluated.remediation
        );
        assert_eq!(
            evaluated.remediation.is_empty(),
            remediation.is_empty(),
            "{}",
            evaluated.remediation
        );
        assert_eq!(self.all().is_complete(), !state.is_open());
    }
}

#[test]
fn what_a_stack_set_has_in_a_command_is_quoted() {
    let failed = instance(InstanceStatus::Failed, Drift::NotChecked);
    let mut world = EnrollmentWorld::new(opened()).with(Some(failed));
    let mut named = info();
    (named.name, named.regions) = ("=ls".into(), vec!["$(reboot)".into()]);
    world.account.ou_ids = vec!["ou;reboot".into()];
    world.facts.stack_set = StackSet::Read(named.clone());
    let remediation = world.evaluate().remediation;
    let text = "--stack-set-name '=ls' --deployment-targets 'OrganizationalUnitIds=ou;reboot,Accounts=\
                 111100000002,AccountFilterType=INTERSECTION' --regions '$(reboot)'";
    assert!(remediation.contains(text), "{remediation}");
    named.name = "a\u{202e}b".into();
    world.facts.stack_set = StackSet::Read(named);
    assert!(!world.evaluate().remediation.contains("aws "));
}

#[test]
fn an_account_that_can_be_entered_and_has_its_stack_is_enrolled() {
    use EnrollmentState::Enrolled;
    EnrollmentWorld::new(opened()).is(Enrolled, "");
    for drift in [Drift::InSync, Drift::NotChecked, Drift::Unknown] {
        let current = instance(InstanceStatus::Current, drift);
        EnrollmentWorld::new(opened())
            .with(Some(current))
            .is(Enrolled, "");
    }
}

#[test]
fn a_faulty_stack_counts_even_where_the_role_can_be_assumed() {
    use EnrollmentState::{InstanceFailed, InstanceOutdated, InstancePending};
    let update = "update-stack-instances --stack-set-name orgscan-member-role --deployment-targets \
                  OrganizationalUnitIds=ou-a1b2-work,Accounts=111100000002,AccountFilterType=INTERSECTION \
                  --regions eu-west-1 --call-as DELEGATED_ADMIN`";
    for tried in [opened(), refused(Cause::RoleNotAssumable)] {
        for (status, state, remediation) in [
            (InstanceStatus::Failed, InstanceFailed, update),
            (InstanceStatus::Outdated, InstanceOutdated, update),
            (InstanceStatus::Pending, InstancePending, "wait"),
        ] {
            let instance = instance(status, Drift::NotChecked);
            let world = EnrollmentWorld::new(tried.clone()).with(Some(instance));
            world.is(state, remediation);
            let can = world.evaluate().can_be_scanned;
            assert_eq!(can, Some(tried == opened()));
        }
    }
}

#[test]
fn a_missing_stack_differs_from_an_account_that_is_not_targeted() {
    use EnrollmentState::NoStackInstance;
    let mut world = EnrollmentWorld::new(refused(Cause::RoleNotAssumable)).with(None);
    world.is(NoStackInstance, "create-stack-instances");
    assert!(world.evaluate().reason.contains("stack set targets"));
    world.account = account(2, "web", "Elsewhere");
    world.is(NoStackInstance, "add its OU");
    assert!(world.evaluate().reason.contains("does not target"));
    // Where the OUs could not be read nobody can tell.
    world.account.ou_ids.clear();
    world.is(NoStackInstance, "--accounts 111100000002");
    assert_eq!(world.evaluate().reason, "");
    world.tried = opened();
    world.is(NoStackInstance, "create-stack-instances");
    world.tried = refused(Cause::Throttled);
    world.is(NoStackInstance, "create-stack-instances");
}

#[test]
fn disabled_automatic_deployment_is_part_of_the_remediation() {
    let mut world = EnrollmentWorld::new(opened()).with(None);
    world.facts.stack_set = StackSet::Read(StackSetInfo {
        auto_deployment: false,
        ..info()
    });
    world.is(
        EnrollmentState::NoStackInstance,
        "enable automatic deployment",
    );
}

#[test]
fn the_management_account_gets_no_stack_and_needs_none() {
    let mut world = EnrollmentWorld::new(opened()).with(None);
    world.account = account(1, "management", "");
    world.is(EnrollmentState::Enrolled, "");
    world.tried = refused(Cause::RoleNotAssumable);
    let remediation = "as a separate stack";
    world.is(EnrollmentState::RoleNotAssumable, remediation);
}

#[test]
fn a_refusal_names_its_cause() {
    for (cause, remediation) in [
        (Cause::DeniedByScp, "service control policy"),
        (Cause::DeniedByRcp, "resource control policy"),
        (Cause::MissingPermission, "grant the caller sts:AssumeRole"),
        (Cause::DeniedByVpcEndpoint, "VPC endpoint"),
        (Cause::StsNotActivated, "home_region"),
        (Cause::AccountBlocked, "AWS Support"),
        (Cause::RoleNotAssumable, "if the role is missing"),
    ] {
        EnrollmentWorld::new(refused(cause)).is(EnrollmentState::RoleNotAssumable, remediation);
    }
    let deployed = instance(InstanceStatus::Current, Drift::InSync);
    let world = EnrollmentWorld::new(refused(Cause::RoleNotAssumable)).with(Some(deployed));
    world.is(EnrollmentState::RoleNotAssumable, "the role was deployed");
    assert_eq!(world.evaluate().can_be_scanned, Some(false));
    let drifted = instance(InstanceStatus::Current, Drift::Drifted);
    let world = EnrollmentWorld::new(refused(Cause::RoleNotAssumable)).with(Some(drifted));
    world.is(
        EnrollmentState::RoleNotAssumable,
        "revert the manual changes",
    );
}

#[test]
fn missing_evidence_is_unknown_and_never_enrolled() {
    use EnrollmentState::Unknown;
    for cause in [Cause::Throttled, Cause::DeadlineExceeded, Cause::Network] {
        let world = EnrollmentWorld::new(refused(cause));
        world.is(Unknown, "run this command again");
        assert_eq!(world.evaluate().can_be_scanned, None);
    }
    EnrollmentWorld::new(refused(Cause::Other)).is(Unknown, "see the reason");
    let later = instance(InstanceStatus::Unknown, Drift::InSync);
    let world = EnrollmentWorld::new(opened()).with(Some(later));
    world.is(Unknown, "see the reason");
    // A session that was had, and then refused in the account, says nothing about the role.
    let gap = Gap::new("ec2:DescribeRegions", Cause::AccountBlocked);
    EnrollmentWorld::new(AccessAttempt::Refused(gap)).is(Unknown, "see the reason");
}

#[test]
fn drift_is_what_cloudformation_found_or_what_the_role_turned_out_to_lack() {
    let mut drifted = instance(InstanceStatus::Current, Drift::Drifted);
    drifted.drift_checked = Some("2026-11-22T06:00:00Z".parse().unwrap());
    let world = EnrollmentWorld::new(opened()).with(Some(drifted));
    world.is(
        EnrollmentState::Drifted,
        "an update of the stack set does not revert them",
    );
    assert!(world.evaluate().reason.ends_with("a change, 2026-11-22"));

    let lacking = AccessAttempt::Opened {
        lacking: vec!["ec2:DescribeVolumes".into(), "iam:ListUsers".into()],
        note: String::new(),
    };
    let mut world = EnrollmentWorld::new(lacking);
    world.is(
        EnrollmentState::Drifted,
        "deploy the template of this version",
    );
    let reason = world.evaluate().reason;
    assert_eq!(reason, "the role lacks ec2:DescribeVolumes, iam:ListUsers");
    // In the central account the caller's own role may have looked.
    world.account = account(9, "central", "");
    world.is(EnrollmentState::Enrolled, "");
}

#[test]
fn an_excluded_account_is_neither_wrong_nor_enrolled() {
    let excluded = |reason| AccessAttempt::Excluded {
        reason,
        detail: "why".into(),
    };
    let failed = instance(InstanceStatus::Failed, Drift::NotChecked);
    for reason in [
        SkipReason::Excluded,
        SkipReason::NotIncluded,
        SkipReason::ExpectedGap,
    ] {
        let world = EnrollmentWorld::new(excluded(reason)).with(Some(failed.clone()));
        world.is(EnrollmentState::Skipped, "");
        assert_eq!(world.evaluate().reason, "why");
    }
    let mut world = EnrollmentWorld::new(excluded(SkipReason::AccountNotActive));
    world.account.state = AccountState::Suspended;
    world.is(EnrollmentState::AccountNotActive, "AWS Support");
    world.account.state = AccountState::Closed;
    world.is(EnrollmentState::AccountNotActive, "");
}

#[test]
fn a_stack_set_that_cannot_be_read_leaves_the_verdicts_and_is_not_complete() {
    let mut world = EnrollmentWorld::new(opened());
    world.facts.stack_set = StackSet::Unreadable {
        name: "x".into(),
        gap: Gap::new("cloudformation:DescribeStackSet", Cause::MissingPermission),
    };
    assert_eq!(world.evaluate().state, EnrollmentState::Enrolled);
    assert!(!world.all().is_complete());
}

#[test]
fn the_enrollment_of_a_run_follows_from_its_results() {
    let denied = |action| Gap::new(action, Cause::MissingPermission);
    let gaps = [denied("ec2:DescribeVolumes"), denied("ec2:DescribeVolumes")];
    let lacks = evaluated("check", region("eu-west-1"), 1, &[], &gaps);
    let passed = evaluated("check", region("eu-west-1"), 1, &[], &[]);
    let results = [
        result(account(1, "fine", "Work"), vec![passed]),
        result(account(2, "lacks", "Work"), vec![lacks]),
        failed(account(3, "closed", "Work")),
    ];
    let report = report_of(&results);
    let all = of_run(&report, &StackSetFacts::default()).unwrap();
    let states: Vec<_> = all.accounts.iter().map(|one| one.state).collect();
    use EnrollmentState::{Drifted, Enrolled, RoleNotAssumable};
    assert_eq!(states, [Enrolled, Drifted, RoleNotAssumable]);
    assert_eq!(all.accounts[1].reason, "the role lacks ec2:DescribeVolumes");
    assert_eq!(all.part(&id(3)).accounts.len(), 1);
    // The plan's other accounts are in it too.
    let skip = crate::model::Decision::Skip {
        reason: SkipReason::Excluded,
        detail: "by id".into(),
    };
    let listed = plan(vec![(account(4, "other", ""), skip)]);
    let report = crate::testing::report(&listed, &[], &crate::testing::no_thresholds(), Vec::new());
    let all = of_run(&report, &StackSetFacts::default()).unwrap();
    assert_eq!(all.accounts[0].state, EnrollmentState::Skipped);
}

#[test]
fn an_account_without_a_stack_is_unknown_where_a_stack_has_no_account() {
    let mut world = EnrollmentWorld::new(opened()).with(None);
    assert_eq!(world.evaluate().state, EnrollmentState::NoStackInstance);
    let gap = Gap::new("cloudformation:ListStackInstances", Cause::Malformed);
    world.facts.incomplete = Some(gap.clone());
    let evaluated = world.evaluate();
    assert_eq!(evaluated.state, EnrollmentState::Unknown);
    assert_eq!(evaluated.reason, gap.to_string());
    let current = instance(InstanceStatus::Current, Drift::InSync);
    let mut world = EnrollmentWorld::new(opened()).with(Some(current));
    world.facts.incomplete = Some(gap);
    assert_eq!(world.evaluate().state, EnrollmentState::Enrolled);
}

use orgscan_core::model::{
    Account, AccountOutcome, Cause, Gap, Region, RuleResult, TargetVerdict, Verdict, Violation,
};

use super::*;

fn account(number: u64) -> Account {
    orgscan_core::testing::account(number, "prod", "Workloads")
}

fn result(account: &Account, severities: &[Severity], throttled: u64) -> AccountResult {
    let violation = |severity: &Severity| Violation {
        resource: "arn".into(),
        part: String::new(),
        region: None,
        severity: *severity,
        message: String::new(),
    };
    let result = RuleResult {
        violations: severities.iter().map(violation).collect(),
        ..RuleResult::default()
    };
    AccountResult {
        run_id: "run".into(),
        account: account.clone(),
        outcome: AccountOutcome::Scanned,
        regions: Default::default(),
        records: Default::default(),
        verdicts: vec![TargetVerdict {
            check_id: "check".into(),
            scope: TargetScope::Global,
            outcome: TargetOutcome::Evaluated(Verdict::from(Ok(result))),
        }],
        requests: Default::default(),
        throttled,
        notes: Vec::new(),
        started: jiff::Timestamp::UNIX_EPOCH,
        finished: jiff::Timestamp::UNIX_EPOCH,
    }
}

/// A run that a test drives.
#[derive(Default)]
struct TestRun(RunState);

impl TestRun {
    fn at(&mut self, seconds: u64, event: RunEvent<'_>) -> &mut Self {
        self.0.observe(&event, Duration::from_secs(seconds));
        self
    }

    fn begin(&mut self, seconds: u64, account: &Account, scopes: usize) {
        self.at(seconds, RunEvent::AccountStarted { account });
        self.at(seconds, RunEvent::TargetsPlanned { account, scopes });
    }

    fn target_done(&mut self, account: &Account, scope: &TargetScope) {
        self.at(0, RunEvent::TargetDone { account, scope });
    }

    fn line(&self, seconds: u64) -> String {
        self.0.line(Duration::from_secs(seconds))
    }
}

#[test]
fn a_run_from_its_start_to_its_end() {
    let mut run = TestRun::default();
    run.at(0, RunEvent::Stage("listing accounts"));
    assert_eq!(run.line(1), "0:01 | listing accounts");
    run.at(1, RunEvent::Planned { accounts: 20 });
    assert_eq!(run.line(2), "0:02 | 0 of 20 accounts, still listing");
    let accounts: Vec<Account> = (0..40).map(account).collect();
    for one in &accounts[..10] {
        run.begin(2, one, 18);
    }
    assert_eq!(
        run.line(2),
        "0:02 | 0 of 20 accounts, still listing | no findings"
    );
    run.at(3, RunEvent::Planned { accounts: 20 })
        .at(3, RunEvent::Listed);
    let region = TargetScope::Region(Region::new("eu-west-1"));
    for one in &accounts[..10] {
        run.target_done(one, &TargetScope::Global);
        (0..17).for_each(|_| run.target_done(one, &region));
        let result = result(one, &[Severity::Critical, Severity::Low], 3);
        run.at(12, RunEvent::AccountDone { result: &result });
    }
    // A quarter took ten seconds.
    assert_eq!(
        run.line(12),
        "0:12 | 10 of 40 accounts | findings: 10 critical, 10 low | about 30 s left \
         | 170 account-Region pairs | 30 throttled"
    );
    run.at(40, RunEvent::Stage(PUBLISHING));
    assert_eq!(
        run.line(3_723),
        "1:02:03 | 10 of 40 accounts | publishing | findings: 10 critical, 10 low \
         | 170 account-Region pairs | 30 throttled"
    );
}

#[test]
fn the_rest_is_estimated_only_once_it_can_be() {
    let mut run = TestRun::default();
    let accounts: Vec<Account> = (0..2).map(account).collect();
    run.at(0, RunEvent::Planned { accounts: 2 });
    run.begin(0, &accounts[0], 10);
    (0..5).for_each(|_| run.target_done(&accounts[0], &TargetScope::Global));
    // More accounts may come.
    assert_eq!(run.0.rest(Duration::from_secs(10)), None);
    run.at(1, RunEvent::Listed);
    assert_eq!(run.0.rest(Duration::from_secs(2)), None);
    // 5 of about 20 scopes.
    assert_eq!(
        run.0.rest(Duration::from_secs(10)),
        Some(Duration::from_secs(30))
    );
    // An account that cannot be entered has no scopes, and is not waited for.
    run.at(
        10,
        RunEvent::AccountStarted {
            account: &accounts[1],
        },
    );
    let mut failed = result(&accounts[1], &[], 0);
    let gap = Gap::new("sts:AssumeRole", Cause::RoleNotAssumable);
    failed.outcome = AccountOutcome::Failed { gap };
    run.at(10, RunEvent::AccountDone { result: &failed });
    assert_eq!(
        run.0.rest(Duration::from_secs(10)),
        Some(Duration::from_secs(10))
    );
}

#[test]
fn done_is_never_more_than_all() {
    let mut run = TestRun::default();
    let failed = account(1);
    run.at(0, RunEvent::Listed);
    run.at(
        0,
        RunEvent::AccountDone {
            result: &result(&failed, &[], 0),
        },
    );
    assert_eq!(run.line(1), "0:01 | 1 of 1 account");
}

#[test]
fn without_a_terminal_there_is_a_line_every_ten_seconds() {
    let mut schedule = Schedule::every(Duration::from_secs(10));
    let due = [0, 9, 10, 11, 19, 20, 47, 49, 50].map(Duration::from_secs);
    let due = due.map(|elapsed| schedule.is_due(elapsed));
    assert_eq!(
        due,
        [false, false, true, false, false, true, true, false, true]
    );
}

#[test]
fn an_estimate_is_no_more_exact_than_it_is() {
    for (seconds, text) in [
        (0, "5 s"),
        (12, "15 s"),
        (58, "1 min"),
        (200, "3 min"),
        (7_900, "2 h 10 min"),
    ] {
        assert_eq!(rounded(Duration::from_secs(seconds)), text);
    }
}

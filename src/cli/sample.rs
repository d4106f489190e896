//! Reports for tests.

use std::collections::BTreeMap;

use orgscan_core::model::{
    Account, AccountChanges, AccountOutcome, AccountState, AccountSummary, Cause, Changes,
    Coverage, Crossing, ExceptionsReport, Gap, GapLine, IndicatorCount, IndicatorTotal, Numbers,
    Organization, Report, RunInfo, Severity, SeverityCounts, SkipReason, TargetCounts,
    ThresholdScope,
};

pub(crate) fn account(id: &str, name: &str, ou_path: &str) -> Account {
    Account {
        id: id.parse().unwrap(),
        name: name.into(),
        state: AccountState::Active,
        ou_ids: vec!["r-a1b2".into()],
        ou_path: ou_path.into(),
        tags: BTreeMap::new(),
    }
}

/// Counts: critical, high, medium, low.
fn severities([critical, high, medium, low]: [u64; 4]) -> SeverityCounts {
    SeverityCounts {
        critical,
        high,
        medium,
        low,
        informational: 0,
    }
}

fn counted(known: [u64; 4], examined: u64, targets: u64, unknown: u64) -> IndicatorCount {
    IndicatorCount {
        by_severity: severities(known),
        suppressed: 0,
        resources_evaluated: examined,
        targets_known: targets,
        targets_unknown: unknown,
    }
}

fn scanned(
    account: Account,
    findings: [u64; 4],
    numbers: &[(&'static str, u64)],
) -> AccountSummary {
    let number = |value: u64| counted([0, value, 0, 0], 50, 17, 0);
    AccountSummary {
        account: account.into(),
        outcome: AccountOutcome::Scanned,
        indicators: Numbers::new(
            &numbers.iter().map(|(name, _)| *name).collect(),
            numbers.iter().map(|(_, value)| number(*value)),
        ),
        findings: severities(findings),
        suppressed: SeverityCounts::default(),
        changes: AccountChanges::default(),
        regions_skipped: 0,
        buckets_skipped: 0,
        targets: TargetCounts {
            known: 70,
            ..TargetCounts::default()
        },
        requests: Box::default(),
        throttled: 0,
        lacking: Box::default(),
        gaps: Box::default(),
        all_gaps: 0,
        notes: Vec::new(),
    }
}

fn total(name: &str, total: IndicatorCount, affected: u64, unknown: u64) -> IndicatorTotal {
    IndicatorTotal {
        indicator: name.into(),
        total,
        accounts_affected: affected,
        accounts_incomplete: unknown,
    }
}

/// One account, everything evaluated, nothing found.
pub(crate) fn clean() -> Report {
    Report {
        run: RunInfo {
            id: "20261122T060000Z".into(),
            orgscan_version: "0.1.0".into(),
            started: "2026-11-22T06:00:00Z".parse().unwrap(),
            finished: "2026-11-22T06:04:12Z".parse().unwrap(),
            organization: Some(Organization {
                id: "o-a1b2c3d4e5".into(),
                management_account: "111111111111".parse().unwrap(),
            }),
            central_account: "222222222222".parse().unwrap(),
            partition: "aws".into(),
        },
        indicators: vec![total("PublicBuckets", counted([0; 4], 12, 1, 0), 0, 0)],
        ous: BTreeMap::new(),
        frameworks: Vec::new(),
        accounts: vec![scanned(
            account("111111111111", "management", ""),
            [0; 4],
            &[],
        )],
        coverage: Coverage {
            accounts_listed: 1,
            accounts_scanned: 1,
            targets: TargetCounts {
                known: 70,
                ..TargetCounts::default()
            },
            ..Coverage::default()
        },
        findings: SeverityCounts::default(),
        suppressed: SeverityCounts::default(),
        findings_by_check: BTreeMap::new(),
        exceptions: ExceptionsReport::default(),
        thresholds_crossed: Vec::new(),
        enrollment: None,
        changes: Changes::default(),
        notes: Vec::new(),
    }
}

/// An organization with everything in it: findings, gaps, failures, skips, crossed thresholds, and a
/// name that wants to steer the terminal.
pub(crate) fn mixed() -> Report {
    let mut report = clean();
    report.indicators = vec![
        total("UsersWithoutMfa", counted([0, 5, 9, 3], 140, 13, 1), 4, 1),
        total(
            "ConsoleUsersWithoutMfa",
            counted([0, 5, 0, 0], 140, 13, 1),
            2,
            1,
        ),
        total(
            "UnencryptedVolumes",
            counted([0, 0, 412, 0], 12_873, 221, 0),
            9,
            0,
        ),
        total("PublicBuckets", counted([2, 1, 0, 0], 64, 14, 0), 2, 0),
        total("PublicInstances", counted([0; 4], 311, 204, 17), 0, 1),
        total("OpenSecurityGroupRules", counted([0; 4], 0, 0, 221), 0, 13),
        total(
            "ExposedSensitivePorts",
            counted([0; 4], 1_204, 221, 0),
            0,
            0,
        ),
    ];
    report.accounts = accounts();
    report.findings = severities([2, 6, 421, 3]);
    report.findings_by_check = BTreeMap::from([
        ("ebs-volume-unencrypted", severities([0, 0, 412, 0])),
        ("iam-user-without-mfa", severities([0, 5, 9, 3])),
        ("s3-bucket-public", severities([2, 1, 0, 0])),
    ]);
    report.coverage = Coverage {
        accounts_listed: 15,
        accounts_scanned: 13,
        accounts_skipped: 1,
        accounts_failed: 1,
        accounts_incomplete: 2,
        account_regions_skipped: 26,
        buckets_skipped: 14,
        targets: TargetCounts {
            known: 910,
            unknown: 89,
            skipped: 12,
            causes: BTreeMap::from([(Cause::DeniedByScp, 17), (Cause::RoleNotAssumable, 72)]),
        },
    };
    report.thresholds_crossed = crossed();
    report.notes = vec![
        "Tags could not be read, so filters by tag matched nothing: organizations:ListTagsForResource \
         is denied"
            .into(),
    ];
    report
}

fn accounts() -> Vec<AccountSummary> {
    let mut data = scanned(
        account(
            "333344445555",
            "data\u{1b}[2J-lake",
            "Workloads/Production/Analytics",
        ),
        [0, 3, 380, 0],
        &[("UnencryptedVolumes", 380), ("UsersWithoutMfa", 5)],
    );
    data.targets.unknown = 17;
    data.targets.causes.insert(Cause::DeniedByScp, 17);
    data.all_gaps = 14;
    let gap = |region: &str, action: &str, resource: &str, checks| GapLine {
        cause: Cause::DeniedByScp,
        action: action.into(),
        region: region.into(),
        resource: resource.into(),
        checks,
    };
    data.gaps = [
        gap("eu-south-1", "ec2:DescribeVolumes", "", 4),
        gap("eu-west-1", "s3:GetBucketAcl", "lake\u{1b}[2J\u{202e}", 1),
    ]
    .into();
    let mut legacy = scanned(account("444455556666", "legacy", "Legacy"), [0; 4], &[]);
    legacy.outcome = AccountOutcome::Failed {
        gap: Gap::new("sts:AssumeRole", Cause::RoleNotAssumable),
    };
    legacy.targets = TargetCounts {
        unknown: 72,
        causes: BTreeMap::from([(Cause::RoleNotAssumable, 72)]),
        ..TargetCounts::default()
    };
    let mut closed = scanned(account("555566667777", "closed", ""), [0; 4], &[]);
    closed.outcome = AccountOutcome::Skipped {
        reason: SkipReason::AccountNotActive,
        detail: "CLOSED in Organizations".into(),
    };
    let web = scanned(
        account("111122223333", "prod-web", "Workloads/Production"),
        [2, 1, 8, 0],
        &[("PublicBuckets", 2), ("UnencryptedVolumes", 8)],
    );
    let sandbox = scanned(
        account("222233334444", "sandbox", "Sandbox"),
        [0, 2, 33, 3],
        &[
            ("PublicBuckets", 1),
            ("UnencryptedVolumes", 24),
            ("UsersWithoutMfa", 12),
            ("ConsoleUsersWithoutMfa", 3),
        ],
    );
    let others = (0..9).map(|index| {
        let id = format!("66667777{index:04}");
        let name = format!("team-{index}");
        scanned(
            account(&id, &name, "Workloads/Test"),
            [0, 0, 0, u64::from(index != 8)],
            &[],
        )
    });
    let mut accounts = vec![web, sandbox, data, legacy, closed];
    accounts.extend(others);
    accounts
}

fn crossed() -> Vec<Crossing> {
    vec![
        Crossing {
            scope: ThresholdScope::Organization,
            indicator: "UsersWithoutMfa".into(),
            value: 17,
            lower_bound: true,
            highest_severity: Some(Severity::High),
            threshold: "more than 5".into(),
            exceeded: Vec::new(),
            new_or_reopened: 0,
        },
        Crossing {
            scope: ThresholdScope::Account("111122223333".parse().unwrap()),
            indicator: "PublicBuckets".into(),
            value: 2,
            lower_bound: false,
            highest_severity: Some(Severity::Critical),
            threshold: "more than 0 of severity high or worse".into(),
            exceeded: Vec::new(),
            new_or_reopened: 0,
        },
    ]
}

//! What is suggested after which command.

use std::collections::BTreeMap;

use clap::Parser;
use orgscan_core::model::{Gap, GapLine, SeverityCounts, TargetCounts};
use orgscan_core::services::CHECKS;

use super::*;
use crate::resume_command::program;
use crate::sample;

const ID: &str = "111122223333";

fn suggested(report: &Report, arguments: &str, location: Option<&str>) -> Vec<String> {
    let invocation = Invocation::of(format!("orgscan {arguments}").split_whitespace());
    let location = location.map(|text| text.parse().unwrap());
    let next = NextSteps {
        invocation: &invocation,
        checks: CHECKS,
        location: location.as_ref(),
        embedded: false,
    };
    let suggestions = next.suggestions(report).into_iter();
    let commands = suggestions.map(|(command, _)| command.replacen(program(), "orgscan", 1));
    let commands: Vec<String> = commands.collect();
    for command in &commands {
        // As a shell reads it: no value here has a space.
        let words = command.replace(['\'', '"'], "");
        let parsed = crate::Cli::try_parse_from(words.split_whitespace());
        assert!(parsed.is_ok(), "{command}: {:?}", parsed.err());
    }
    commands
}

/// A report with one account that has a gap.
fn with_gap(cause: Cause, action: &str, region: &str) -> Report {
    let mut report = sample::clean();
    let account = &mut report.accounts[0];
    account.targets.unknown = 4;
    account.targets.causes = BTreeMap::from([(cause, 4)]);
    account.gaps = [GapLine {
        cause,
        action: action.into(),
        region: region.into(),
        resource: String::new(),
        checks: 4,
    }]
    .into();
    report.accounts[0] = AccountSummary {
        account: std::sync::Arc::new(sample::account(ID, "prod", "Workloads")),
        ..account.clone()
    };
    report
}

/// A report with accounts whose role cannot be assumed.
fn not_assumable(accounts: usize) -> Report {
    let mut report = sample::clean();
    let one = report.accounts[0].clone();
    report.accounts = (0..accounts)
        .map(|index| AccountSummary {
            account: std::sync::Arc::new(sample::account(&format!("11112222333{index}"), "a", "")),
            outcome: AccountOutcome::Failed {
                gap: Gap::new(ASSUME_ROLE.action, Cause::RoleNotAssumable),
            },
            targets: TargetCounts {
                unknown: 1,
                causes: BTreeMap::from([(Cause::RoleNotAssumable, 1)]),
                ..TargetCounts::default()
            },
            ..one.clone()
        })
        .collect();
    report
}

#[test]
fn the_check_of_the_highest_severity_comes_first_whether_or_not_an_indicator_counts_it() {
    let mut report = sample::clean();
    let counts = |critical, high| SeverityCounts {
        critical,
        high,
        ..SeverityCounts::default()
    };
    report.findings_by_check = BTreeMap::from([
        ("iam-user-without-mfa", counts(0, 90)),
        ("root-access-key", counts(1, 0)),
        ("s3-bucket-public", counts(0, 91)),
    ]);
    let flags = "scan --ou Workloads --account 111122223333 --report out";
    let explain = |report: &Report| suggested(report, flags, Some("out"));
    assert_eq!(explain(&report), ["orgscan explain root-access-key"]);
    report.findings_by_check.remove("root-access-key");
    assert_eq!(explain(&report), ["orgscan explain s3-bucket-public"]);
}

#[test]
fn accounts_without_a_role_lead_to_the_enrollment_of_these_accounts() {
    let of = |accounts, arguments| suggested(&not_assumable(accounts), arguments, Some("out"));
    assert_eq!(
        of(
            2,
            "scan --ou Workloads --region eu-* --role-name R --report out"
        ),
        ["orgscan enrollment --role-name R --account 111122223330 --account 111122223331"]
    );
    assert_eq!(
        of(
            4,
            "scan --ou Workloads --region eu-* --role-name R --report out"
        ),
        ["orgscan enrollment --ou Workloads --role-name R"]
    );
    assert_eq!(
        of(1, "scan --external-id secret-1 --report out"),
        ["orgscan enrollment --external-id \"$ORGSCAN_ROLE_EXTERNAL_ID\" --account 111122223330"]
    );
}

#[test]
fn a_denied_action_leads_to_a_check_that_needs_it() {
    let report = with_gap(Cause::MissingPermission, "ec2:DescribeVolumes", "eu-west-1");
    let next = suggested(&report, "scan --report out", Some("out"));
    assert_eq!(next.len(), 1);
    let check = next[0].strip_prefix("orgscan explain ").unwrap();
    let check = CHECKS.iter().find(|one| one.id == check).unwrap();
    assert!(actions(check).contains(&"ec2:DescribeVolumes"));
}

#[test]
fn what_may_pass_is_scanned_again_in_less_and_less() {
    let report = with_gap(Cause::Throttled, "ec2:DescribeVolumes", "eu-west-1");
    let of = |arguments| suggested(&report, arguments, Some("out"));
    assert_eq!(
        of("--config c.yaml scan --ou W --check a --region eu-* --report out --metrics"),
        ["orgscan scan --region 'eu-*' --check a --config c.yaml --dry-run --account 111122223333"]
    );
    assert_eq!(
        of("scan --dry-run --account 111122223333 --region eu-*"),
        ["orgscan scan --dry-run --account 111122223333 --region eu-west-1"]
    );
    assert_eq!(
        of("scan --dry-run --account 111122223333 --region eu-west-1"),
        [""; 0]
    );
    assert_eq!(
        of("scan --account self --region eu-*"),
        ["orgscan scan --account self --region 'eu-*' --dry-run"]
    );
}

#[test]
fn a_run_without_a_report_is_repeated_with_one_and_nothing_else_changed() {
    let report = sample::clean();
    assert_eq!(
        suggested(&report, "scan --ou Sandbox --check a --fail-on high", None),
        ["orgscan scan --fail-on high --ou Sandbox --check a --report report"]
    );
    assert_eq!(
        suggested(&report, "scan --dry-run --ou Sandbox", None),
        [""; 0]
    );
    assert_eq!(
        suggested(&report, "scan --report out", Some("out")),
        [""; 0]
    );
}

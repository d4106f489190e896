//! A small organization in which everything has a name that wants to be markup, a script, an address
//! or a formula; with every state that an account can be in.

use std::collections::BTreeMap;

use orgscan_core::checks::Check;
use orgscan_core::exceptions::Exceptions;
use orgscan_core::model::{AccountOutcome, Cause, Gap, Severity, Trend, TrendNumber, TrendPoint};
use orgscan_core::services::CHECKS;
use serde_json::json;

use super::samples::{PageAccount, PageSample, account, day, id};

const REGIONS: &[&str] = &["eu-west-1", "us-east-1"];
const GROUPS: &str = "security-group-sensitive-port-open";
const BUCKETS: &str = "s3-bucket-public";
const VOLUMES: &str = "ebs-volume-unencrypted";
const ADMIN: &str = "security-group-admin-port-open-ipv4";
const USERS: &str = "iam-user-without-mfa";

/// Checks that the run was not told to make: of one that answers controls alone, and of two that answer some
/// together.
const NOT_SELECTED: [&str; 2] = [
    "s3-bucket-http-allowed",
    "security-group-admin-port-open-ipv6",
];

fn selected() -> Vec<&'static Check> {
    let all = CHECKS.iter().copied();
    all.filter(|check| !NOT_SELECTED.contains(&check.id))
        .collect()
}

/// Names as an attacker would choose them.
pub(super) fn names() -> Vec<String> {
    let names = [
        "<script>hit('tag')</script>",
        "\"><img src=x onerror=hit('attribute')>",
        "javascript:hit('address')",
        "invoice\u{202e}gpj.exe",
        "</script><script>hit('data')</script>",
        "=cmd|' /C calc'!A0;+1",
        "${hit('template')}{{hit('braces')}}",
    ];
    let mut names: Vec<String> = names.map(str::to_owned).into();
    names.push("long ".to_owned() + &"x".repeat(10_000));
    names
}

/// The account that links in tests lead to: 3 findings in two Regions, of which 1 is critical.
fn web() -> PageAccount {
    PageAccount::default()
        .violation(
            GROUPS,
            "eu-west-1",
            Severity::Critical,
            [
                "arn:aws:ec2:eu-west-1:111100000001:security-group/sg-0a1",
                "all from 0.0.0.0/0",
                "Security group web allows inbound all from 0.0.0.0/0",
            ],
        )
        .violation(
            VOLUMES,
            "us-east-1",
            Severity::Medium,
            [
                "arn:aws:ec2:us-east-1:111100000001:volume/vol-0b2",
                "",
                "Volume vol-0b2 of 8 GiB is not encrypted",
            ],
        )
        .bucket(BUCKETS, Severity::High, "assets")
}

fn exceptions() -> Exceptions {
    let list = json!({"exceptions": [{
        "id": "assets",
        "resources": ["arn:aws:s3:::assets"],
        "reason": "<img src=x onerror=hit('reason')>",
        "owner": "\"><script>hit('owner')</script>",
        "expires": "2026-11-20",
    }]});
    let document = serde_json::from_value(list).unwrap();
    Exceptions::of(
        "exceptions.yaml".into(),
        document,
        "2026-11-15".parse().unwrap(),
    )
    .unwrap()
}

fn trend() -> Trend {
    let point = |n: i8| TrendPoint {
        started: day(&format!("2026-11-{n:02}")),
        run_id: format!("202611{n:02}T030000Z"),
        indicators: BTreeMap::from([
            ("UnencryptedVolumes".into(), number(20 - n as u64, n == 12)),
            ("PublicBuckets".into(), number(n as u64 % 4, false)),
        ]),
        coverage_percent: (n != 13).then_some(90.0 + f64::from(n % 5)),
        new_or_reopened: Some(n as u64 % 3),
        resolved: Some(1),
    };
    Trend {
        points: (9..=15).map(point).collect(),
    }
}

fn number(value: u64, at_least: bool) -> TrendNumber {
    TrendNumber {
        value: Some(value),
        lower_bound: at_least,
    }
}

pub(super) fn organization() -> PageSample {
    let checks = selected();
    let denied = |detail: &str| Gap {
        detail: detail.to_owned(),
        ..Gap::new("ec2:DescribeVolumes", Cause::DeniedByScp)
    };
    let prod = account(1, "prod-web", "Workloads/Production");
    let mut now = vec![web().in_account(&prod, REGIONS, &checks)];
    for (n, name) in (2..).zip(names()) {
        let ou = if n % 2 == 0 {
            "Workloads/R&D <b>x</b>"
        } else {
            "Sandbox"
        };
        let found = PageAccount::default()
            .bucket(BUCKETS, Severity::High, &name)
            .bucket(USERS, Severity::Low, &name);
        now.push(found.in_account(&account(n, &name, ou), REGIONS, &checks));
    }
    let gap = denied("arn:aws:sts::111100000020:x <img src=x onerror=hit('gap')>");
    let partly = PageAccount::default()
        .gap(VOLUMES, "eu-west-1", gap)
        .violation(
            ADMIN,
            "us-east-1",
            Severity::High,
            [
                "arn:aws:ec2:us-east-1:111100000020:security-group/sg-0c3",
                "tcp 22 from 0.0.0.0/0",
                "Security group bastion allows inbound tcp 22 from 0.0.0.0/0",
            ],
        );
    now.push(partly.in_account(&account(20, "partly", "Workloads"), REGIONS, &checks));
    let mut failed =
        PageAccount::default().in_account(&account(21, "failed", "Workloads"), &[], &checks);
    failed.verdicts.clear();
    failed.outcome = AccountOutcome::Failed {
        gap: Gap::new("sts:AssumeRole", Cause::RoleNotAssumable),
    };
    now.push(failed);
    now.push(PageAccount::default().in_account(&account(22, "clean", ""), REGIONS, &checks));
    // The day before, prod-web had no open group and its volume could be evaluated in one more Region.
    let mut before = web();
    before.violations.remove(0);
    let before = before.bucket(USERS, Severity::High, "gone");
    PageSample {
        before: BTreeMap::from([(id(1), before.in_account(&prod, REGIONS, &checks))]),
        checks,
        now,
        skipped: vec![(account(23, "left-out", ""), "<b>left out</b>".into())],
        exceptions: exceptions(),
        trend: Some(trend()),
        notes: vec!["<script>hit('note')</script>".into()],
    }
}

//! An organization of a thousand accounts.

use std::collections::BTreeMap;

use orgscan_core::exceptions::Exceptions;
use orgscan_core::model::Severity;
use orgscan_core::services::CHECKS;

use super::samples::{PageAccount, PageSample, account};

const ACCOUNTS: u64 = 1_000;
const REGIONS: &[&str] = &[
    "ap-southeast-2",
    "eu-central-1",
    "eu-west-1",
    "us-east-1",
    "us-west-2",
];
const GROUPS: &str = "security-group-sensitive-port-open";
const OPEN: &str = "security-group-open-to-world";
const VOLUMES: &str = "ebs-volume-unencrypted";
const BUCKETS: &str = "s3-bucket-public";

/// With so many findings in each account, all of them different.
pub(super) fn organization(findings: u64) -> PageSample {
    let results = (1..=ACCOUNTS).map(|n| {
        let ou = format!("Division {}/Unit {}/Team {}", n % 5, n % 20, n % 60);
        let account = account(n, &format!("team-{}-workload-{n}", n % 60), &ou);
        let found = (0..findings).fold(PageAccount::default(), |found, m| add(found, n, m));
        found.in_account(&account, REGIONS, CHECKS)
    });
    PageSample {
        checks: CHECKS.to_vec(),
        now: results.collect(),
        before: BTreeMap::new(),
        skipped: Vec::new(),
        exceptions: Exceptions::none("2026-11-15".parse().unwrap()),
        trend: None,
        notes: Vec::new(),
    }
}

fn add(found: PageAccount, n: u64, m: u64) -> PageAccount {
    let region = REGIONS[(m % 5) as usize];
    // Ids as EC2 has them: 17 hexadecimal digits that tell nothing.
    let id = format!(
        "{:017x}",
        (n * 1_000 + m).wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 1
    );
    let account = super::samples::id(n);
    let arn =
        |kind: &str, prefix: &str| format!("arn:aws:ec2:{region}:{account}:{kind}/{prefix}-{id}");
    let (check, severity, resource, part, message) = match m % 4 {
        0 => {
            let name = format!("launch-wizard-{}", n * m % 97);
            let message = format!(
                "Security group {name} allows inbound tcp 22 from 0.0.0.0/0; this opens tcp 22 (SSH)"
            );
            (
                GROUPS,
                Severity::Critical,
                arn("security-group", "sg"),
                "tcp 22 from 0.0.0.0/0",
                message,
            )
        }
        1 => {
            let message = format!("Security group app-{m} allows inbound tcp 8080 from ::/0");
            (
                OPEN,
                Severity::Medium,
                arn("security-group", "sg"),
                "tcp 8080 from ::/0",
                message,
            )
        }
        2 => {
            let message = format!(
                "Volume vol-{id} of {} GiB is not encrypted; it is attached to i-{id}",
                m * 8
            );
            (VOLUMES, Severity::Medium, arn("volume", "vol"), "", message)
        }
        _ => {
            let name = format!("company-data-{n}-{m}-logs");
            let message =
                format!("Bucket {name} is public by its ACL, to anyone on the internet (READ)");
            (
                BUCKETS,
                Severity::High,
                format!("arn:aws:s3:::{name}"),
                "",
                message,
            )
        }
    };
    let scope = if check == BUCKETS { "global" } else { region };
    found.violation(check, scope, severity, [&resource, part, &message])
}

//! The scope in the README follows from the services, their checks and the frameworks.

use std::fmt::Write;

use crate::checks::Check;
use crate::frameworks::{FRAMEWORKS, Framework};
use crate::services::{CHECKS, SERVICES, Service};
use crate::testing::assert_fresh;
use crate::testing::docs::{page, with_section};

const PAGE: &str = "README.md";

/// The rows of the table: what they are called, and their services.
const ROWS: &[(&str, &[&str])] = &[
    (
        "IAM, with root users, root access of the organization and Identity Center",
        &["iam", "sso", "sts"],
    ),
    ("EC2, with EBS, security groups and VPC", &["ec2"]),
    ("S3, with the buckets of trails and flow logs", &["s3"]),
    (
        "load balancers, API Gateway and CloudFront",
        &["elasticloadbalancing", "apigateway", "cloudfront"],
    ),
    (
        "RDS, EFS and OpenSearch",
        &["rds", "elasticfilesystem", "es"],
    ),
    (
        "Lambda, SQS, SNS, EventBridge and ECR",
        &["lambda", "sqs", "sns", "events", "ecr"],
    ),
    ("KMS and Secrets Manager", &["kms", "secretsmanager"]),
    ("AWS Backup and S3 Glacier", &["backup", "glacier"]),
    (
        "CloudTrail, with the monitoring of its events, and CloudWatch Logs",
        &["cloudtrail", "logs", "cloudwatch"],
    ),
    ("AWS Config", &["config"]),
    (
        "Access Analyzer, GuardDuty, Inspector, Macie and Security Hub",
        &[
            "access-analyzer",
            "guardduty",
            "inspector2",
            "macie2",
            "securityhub",
        ],
    ),
    (
        "AWS Organizations and account contacts",
        &["organizations", "account"],
    ),
];

/// How many of these checks are enabled by default, and how many are opt-in.
fn counts<'a>(checks: impl Iterator<Item = &'a &'static Check>) -> (usize, usize) {
    let (default, opt_in): (Vec<&Check>, Vec<&Check>) =
        checks.copied().partition(|check| check.by_default);
    (default.len(), opt_in.len())
}

fn total() -> String {
    let (default, opt_in) = counts(CHECKS.iter());
    format!(
        "orgscan has {} checks. {default} are enabled by default. {opt_in} are opt-in: they need many requests, rarely indicate \
         exposure, or overlap\nwith another check.\n",
        default + opt_in
    )
}

fn by_service() -> String {
    let mut table = String::from(
        "| service | checks enabled by default | opt-in checks | all |\n| --- | ---: | ---: | ---: |\n",
    );
    for (title, services) in ROWS {
        let of_row = SERVICES
            .iter()
            .filter(|service| services.contains(&service.name));
        let (default, opt_in) = counts(of_row.flat_map(|service| service.checks));
        let all = default + opt_in;
        writeln!(table, "| {title} | {default} | {opt_in} | {all} |").unwrap();
    }
    table
}

fn by_framework() -> String {
    let mut table =
        String::from("| framework | flag | controls with checks |\n| --- | --- | ---: |\n");
    for framework in FRAMEWORKS.iter() {
        let Framework { id, title, .. } = framework;
        let covered = framework.controls.iter();
        let covered = covered
            .filter(|control| control.uncovered().is_none())
            .count();
        writeln!(
            table,
            "| {title} | `--framework {id}` | {covered} of {} |",
            framework.controls.len()
        )
        .unwrap();
    }
    table
}

#[test]
fn the_scope_in_the_readme_is_fresh() {
    let sections = [
        ("number of checks", total()),
        ("checks of each service", by_service()),
        ("controls with checks", by_framework()),
    ];
    let fresh = sections.iter().fold(page(PAGE), |page, (marker, text)| {
        with_section(&page, marker, text)
    });
    assert_fresh(PAGE, &fresh);
}

#[test]
fn every_service_with_checks_is_in_one_row() {
    let with_checks = SERVICES.iter().filter(|one| !one.checks.is_empty());
    for Service { name, .. } in with_checks {
        let mut rows = ROWS.iter().filter(|(_, services)| services.contains(name));
        assert!(rows.next().is_some() && rows.next().is_none(), "{name}");
    }
}

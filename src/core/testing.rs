//! Helpers for tests: small builders of accounts, results and reports, and generated files.

pub mod docs;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::LazyLock;

use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::checks::{Category, Check, Counterparts, FailedResource, Parameters, Rule};
use crate::consolidate::Consolidation;
use crate::document::read_document;
use crate::exceptions::{Document, Exceptions, ResultWithExceptions};
use crate::model::{
    Account, AccountId, AccountOutcome, AccountResult, AccountState, Cause, Decision, Gap,
    Organization, Plan, PlannedAccount, Region, RegionDecision, Report, RuleResult, RunInfo,
    Severity, TargetOutcome, TargetScope, TargetVerdict, Verdict, Violation,
};
use crate::settings::Thresholds;

pub const USERS: &str = "iam-user-without-mfa";
pub const VOLUMES: &str = "ebs-volume-unencrypted";
pub const BUCKETS: &str = "s3-bucket-public";

/// Three checks with the ids of real ones, in another order than the alphabet's.
pub static CHECKS: &[&Check] = &[
    &check(USERS, "IAM user without MFA", Category::IamSecurity),
    &check(
        VOLUMES,
        "EBS volume is not encrypted",
        Category::DataEncryption,
    ),
    &check(BUCKETS, "S3 bucket is public", Category::ExposureRisks),
];

const fn check(id: &'static str, title: &'static str, category: Category) -> Check {
    Check {
        id,
        title,
        category,
        severity: Severity::High,
        why: "It matters.",
        fix: &["Run the command.", "Check it."],
        example: FailedResource {
            account: "111122223333",
            region: "eu-west-1",
            resource: "arn:aws:x:eu-west-1:111122223333:thing/thing-1",
            part: "",
        },
        by_default: true,
        remediation: |_| None,
        controls: &[],
        prowler: Counterparts::none("it is made for tests"),
        parameters: Parameters::None,
        needs: &[],
        rule: Rule::Account(|_, _| Ok(RuleResult::default())),
    }
}

pub fn id(n: u64) -> AccountId {
    format!("{:012}", 111_100_000_000 + n).parse().unwrap()
}

pub fn account(n: u64, name: &str, ou_path: &str) -> Account {
    let mut ou_ids = vec!["r-a1b2".to_owned()];
    ou_ids.extend(
        ou_path
            .split('/')
            .filter(|ou| !ou.is_empty())
            .map(|ou| format!("ou-a1b2-{}", ou.to_lowercase())),
    );
    Account {
        id: id(n),
        name: name.to_owned(),
        state: AccountState::Active,
        ou_ids,
        ou_path: ou_path.to_owned(),
        tags: BTreeMap::new(),
    }
}

pub fn run() -> RunInfo {
    RunInfo {
        id: "2026-11-15T03-00-00Z".to_owned(),
        orgscan_version: "0.1.0".to_owned(),
        started: "2026-11-15T03:00:00Z".parse().unwrap(),
        finished: "2026-11-15T03:07:30Z".parse().unwrap(),
        organization: Some(Organization {
            id: "o-a1b2c3d4e5".to_owned(),
            management_account: id(999),
        }),
        central_account: id(999),
        partition: "aws".to_owned(),
    }
}

pub fn plan(accounts: Vec<(Account, Decision)>) -> Plan {
    Plan {
        organization: run().organization,
        central_account: id(999),
        accounts: accounts
            .into_iter()
            .map(|(account, decision)| PlannedAccount {
                account: account.into(),
                decision,
            })
            .collect(),
    }
}

pub fn result(account: Account, verdicts: Vec<TargetVerdict>) -> AccountResult {
    AccountResult {
        run_id: run().id,
        account,
        outcome: AccountOutcome::Scanned,
        regions: BTreeMap::from([(Region::new("eu-west-1"), RegionDecision::Scan)]),
        verdicts,
        records: BTreeMap::new(),
        requests: BTreeMap::from([(TargetScope::Global, 7), (region("eu-west-1"), 5)]),
        throttled: 1,
        notes: Vec::new(),
        started: run().started,
        finished: run().finished,
    }
}

pub fn failed(account: Account) -> AccountResult {
    AccountResult {
        outcome: AccountOutcome::Failed {
            gap: Gap::new("sts:AssumeRole", Cause::RoleNotAssumable),
        },
        ..result(account, Vec::new())
    }
}

pub fn region(name: &str) -> TargetScope {
    TargetScope::Region(Region::new(name))
}

pub fn violation(resource: &str, severity: Severity) -> Violation {
    Violation {
        resource: resource.into(),
        part: String::new(),
        region: None,
        severity,
        message: format!("{resource} breaks the check"),
    }
}

/// A verdict over `examined` resources of which the first ones break the check, then the gaps.
pub fn evaluated(
    check: &str,
    scope: TargetScope,
    examined: u64,
    violations: &[Severity],
    gaps: &[Gap],
) -> TargetVerdict {
    let violations = violations.iter().enumerate();
    let violations = violations
        .map(|(n, severity)| violation(&format!("{check}/{n}"), *severity))
        .collect();
    verdict(
        check,
        scope,
        RuleResult {
            resources_evaluated: examined,
            violations,
            gaps: gaps.to_vec(),
            ..RuleResult::default()
        },
    )
}

/// A complete verdict with these violations.
pub fn violated(
    check: &str,
    scope: TargetScope,
    examined: u64,
    violations: Vec<Violation>,
) -> TargetVerdict {
    verdict(
        check,
        scope,
        RuleResult {
            resources_evaluated: examined,
            violations,
            ..RuleResult::default()
        },
    )
}

fn verdict(check: &str, scope: TargetScope, result: RuleResult) -> TargetVerdict {
    TargetVerdict {
        check_id: check.into(),
        scope,
        outcome: TargetOutcome::Evaluated(Verdict::from(Ok(result))),
    }
}

/// The report over results that are all there.
pub fn report(
    plan: &Plan,
    results: &[AccountResult],
    thresholds: &Thresholds,
    notes: Vec<String>,
) -> Report {
    report_with(exceptions_none(), plan, results, thresholds, notes)
}

/// The same with exceptions.
pub fn report_with(
    exceptions: &Exceptions,
    plan: &Plan,
    results: &[AccountResult],
    thresholds: &Thresholds,
    notes: Vec<String>,
) -> Report {
    let mut consolidation = Consolidation::new(plan, run(), CHECKS, exceptions);
    for result in results {
        consolidation.add(&exceptions.apply(result.clone()));
    }
    consolidation.finish(thresholds, notes).unwrap()
}

/// A plan that scans the accounts of these results, and its report.
pub fn report_of(results: &[AccountResult]) -> Report {
    let accounts = results
        .iter()
        .map(|result| (result.account.clone(), Decision::Scan))
        .collect();
    report(&plan(accounts), results, &no_thresholds(), Vec::new())
}

/// No exceptions, on the day of [`run`].
pub fn exceptions_none() -> &'static Exceptions {
    static NONE: LazyLock<Exceptions> = LazyLock::new(|| Exceptions::none(today()));
    &NONE
}

/// The exceptions of a list, on the day of [`run`].
pub fn exceptions(yaml: &str) -> Exceptions {
    exceptions_on(today(), yaml)
}

/// The exceptions of a list, on another day.
pub fn exceptions_on(day: Date, yaml: &str) -> Exceptions {
    let document = read_document::<Document>("exceptions.yaml", yaml, |_| Vec::new());
    Exceptions::of("exceptions.yaml".to_owned(), document.unwrap(), day).unwrap()
}

fn today() -> Date {
    run().started.to_zoned(TimeZone::UTC).date()
}

/// A result to which no exception applies.
pub fn plain(result: &AccountResult) -> ResultWithExceptions<'static> {
    exceptions_none().apply(result.clone())
}

/// The repository's folder.
pub fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Compares a generated file with the one in the repository; with `ORGSCAN_BLESS=1` in the
/// environment it writes the file instead. `path` is relative to the repository.
pub fn assert_fresh(path: &str, text: &str) {
    let file = repository().join(path);
    if std::env::var_os("ORGSCAN_BLESS").is_some() {
        std::fs::write(&file, text).unwrap();
    }
    let written = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        written == text,
        "{path} is stale: `ORGSCAN_BLESS=1 cargo test` rewrites it"
    );
}

/// The same for the schema of a document.
pub fn assert_fresh_schema(path: &str, schema: &impl serde::Serialize) {
    let text = serde_json::to_string_pretty(schema).unwrap() + "\n";
    assert_fresh(path, &text);
}

/// The same for a part of a YAML file: the block of text, indented by ten spaces, between these two texts.
pub fn assert_fresh_between(path: &str, (before, after): (&str, &str), text: &str) {
    let file = repository().join(path);
    let whole = std::fs::read_to_string(file).unwrap();
    let (head, rest) = whole.split_once(before).unwrap();
    let (_, tail) = rest.split_once(after).unwrap();
    let block: String = text
        .lines()
        .map(|line| format!("          {line}\n"))
        .collect();
    assert_fresh(path, &[head, before, &block, after, tail].concat());
}

/// Nothing crosses these.
pub fn no_thresholds() -> Thresholds {
    Thresholds {
        organization: BTreeMap::new(),
        ous: BTreeMap::new(),
        accounts: BTreeMap::new(),
        overrides: Vec::new(),
    }
}

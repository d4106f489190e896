//! orgscan sends no more requests than the formula of docs/performance.md allows, and no fewer.

use std::collections::BTreeMap;

use orgscan_sim::{STACK_SET, ServiceBehavior, Settings};
use serde_json::Value;

use crate::simulated::SimulatedOrganization;

/// How often each resource comes: enough for second pages of volumes and security groups.
const RESOURCES: usize = 300;

/// What the recorded organization has in one account and Region.
#[derive(Clone, Copy, Debug, Default)]
struct ResourceCounts {
    volumes: u64,
    reservations: u64,
    groups: u64,
    prefix_lists: u64,
    any_public_address: bool,
    any_public_snapshot: bool,
}

/// API, to how many requests of it there are.
type Requests = BTreeMap<&'static str, u64>;

fn pages(items: u64, page: u64) -> u64 {
    items.div_ceil(page).max(1)
}

/// The regional part of the formula.
fn regional(has: ResourceCounts) -> Requests {
    BTreeMap::from([
        ("ec2:DescribeVolumes", pages(has.volumes, 500)),
        ("ec2:DescribeInstances", pages(has.reservations, 1_000)),
        ("ec2:DescribeSecurityGroups", pages(has.groups, 1_000)),
        ("ec2:GetManagedPrefixListEntries", has.prefix_lists),
        ("ec2:DescribeSnapshots", 1),
        (
            "ec2:GetSnapshotBlockPublicAccessState",
            u64::from(has.any_public_snapshot),
        ),
        ("ec2:DescribeImages", 1),
        ("ec2:DescribeRouteTables", u64::from(has.any_public_address)),
        ("ec2:DescribeNetworkAcls", u64::from(has.any_public_address)),
        (
            "ec2:DescribeVpcBlockPublicAccessOptions",
            u64::from(has.any_public_address),
        ),
        ("events:ListEventBuses", 1),
        ("es:ListDomainNames", 1),
    ])
}

/// What a Region costs once, whatever it has, where a check that needs it is named.
const ONCE_IF_NAMED: &[&str] = &[
    "ec2:DescribeNetworkInterfaces",
    "ec2:DescribeNetworkAcls",
    "ec2:DescribeVpcs",
    "ec2:DescribeFlowLogs",
    "ec2:DescribeVpcPeeringConnections",
    "ec2:DescribeVpcEndpoints",
    "ec2:GetSnapshotBlockPublicAccessState",
    "ec2:GetImageBlockPublicAccessState",
    "ec2:GetEbsEncryptionByDefault",
    "ec2:GetInstanceMetadataDefaults",
];

#[test]
fn a_region_costs_what_the_formula_predicts() {
    // By hand, from tests/emulator/organization.py. Every Region has its default security group, and
    // every instance a root volume and a reservation of its own.
    let cases = [
        (
            "security-audit",
            "us-east-1",
            ResourceCounts {
                volumes: 1,
                groups: 1,
                ..ResourceCounts::default()
            },
        ),
        (
            "network-hub",
            "eu-west-1",
            ResourceCounts {
                groups: 3,
                prefix_lists: 2,
                ..ResourceCounts::default()
            },
        ),
        (
            "network-hub",
            "us-east-1",
            // The VPC of its own brings a default group of its own.
            ResourceCounts {
                volumes: 3,
                reservations: 3,
                groups: 2,
                any_public_address: true,
                ..ResourceCounts::default()
            },
        ),
        (
            "analytics",
            "us-east-1",
            ResourceCounts {
                volumes: 2,
                groups: 4,
                any_public_snapshot: true,
                ..ResourceCounts::default()
            },
        ),
        (
            "payments-api",
            "eu-west-1",
            ResourceCounts {
                volumes: 2,
                reservations: 1,
                groups: 3,
                ..ResourceCounts::default()
            },
        ),
        (
            "analytics",
            "ap-south-1",
            ResourceCounts {
                groups: 1,
                ..ResourceCounts::default()
            },
        ),
    ];
    for times in [1, RESOURCES as u64] {
        let simulated = scanned(times as usize);
        let sent = simulated.requests();
        for (account, region, has) in cases {
            let id = simulated.id(account).as_str();
            let here = ResourceCounts {
                volumes: has.volumes * times,
                reservations: has.reservations * times,
                groups: has.groups * times,
                ..has
            };
            for (api, expected) in regional(here) {
                let is_it = |one: &&orgscan_sim::LoggedRequest| {
                    one.account == id && one.region == region && one.api == api
                };
                let count = sent.iter().filter(is_it).count() as u64;
                assert_eq!(count, expected, "{account} {region} {api} x{times}");
            }
        }
    }
}

#[test]
fn opt_in_checks_cost_each_region_at_most_once() {
    let simulated = SimulatedOrganization::start(plain(1));
    let all = orgscan_core::services::CHECKS.iter();
    let all = all.flat_map(|check| ["--check", check.id]);
    let args: Vec<&str> = ["scan"].into_iter().chain(all).collect();
    let run = simulated.orgscan(&args).output().unwrap();
    assert_eq!(run.status.code(), Some(3));
    let sent = simulated.requests();
    let count = |account: &str, region: &str, api: &str| {
        let id = simulated.id(account).as_str();
        let here = sent
            .iter()
            .filter(|one| one.account == id && one.region == region && one.api == api);
        here.count()
    };
    for (account, region) in [
        ("analytics", "us-east-1"),
        ("network-hub", "us-east-1"),
        ("sandbox-networking", "eu-west-1"),
        ("storefront", "ap-south-1"),
    ] {
        for api in ONCE_IF_NAMED {
            assert_eq!(count(account, region, api), 1, "{account} {region} {api}");
        }
    }
    // Nothing there has a public address, and in one of them there are peering connections.
    let tables = |account, region| count(account, region, "ec2:DescribeRouteTables");
    assert_eq!(tables("storefront", "ap-south-1"), 0);
    assert_eq!(tables("sandbox-networking", "eu-west-1"), 1);
}

#[test]
fn an_account_costs_what_the_formula_predicts() {
    let simulated = scanned(1);
    let sent = simulated.requests();
    let count = |account: &str, api: &str| {
        let id = simulated.id(account).as_str();
        let of = sent
            .iter()
            .filter(|one| one.account == id && one.api == api);
        of.count()
    };
    // Buckets that are evaluated one by one, by account; and of those the ones without an own block
    // on policies, and on ACLs.
    let buckets = [
        ("log-archive", 0, 0, 0), // the account's block settles both
        ("media-library", 9, 7, 7),
        ("analytics", 4, 4, 0), // its block is for ACLs
        ("security-audit", 0, 0, 0),
    ];
    for (account, scanned, policies, acls) in buckets {
        for api in [
            "ec2:DescribeRegions",
            "iam:GenerateCredentialReport",
            "iam:GetCredentialReport",
            "iam:GetAccountSummary",
            "iam:GetAccountPasswordPolicy",
            "iam:GetAccountAuthorizationDetails",
            "iam:ListServerCertificates",
            "s3control:GetPublicAccessBlock",
            "s3:ListBuckets",
        ] {
            assert_eq!(count(account, api), 1, "{account} {api}");
        }
        assert_eq!(
            count(account, "s3:GetPublicAccessBlock"),
            scanned,
            "{account}"
        );
        assert_eq!(
            count(account, "s3:GetBucketPolicyStatus"),
            policies,
            "{account}"
        );
        assert_eq!(count(account, "s3:GetBucketAcl"), acls, "{account}");
        assert_eq!(count(account, "s3:GetBucketLocation"), 0, "{account}");
    }
}

#[test]
fn further_iam_requests_depend_on_its_answers() {
    let simulated = scanned(1);
    let sent = simulated.requests();
    // Virtual devices are listed where root has MFA; and who has one of AWS's policies is asked where
    // somebody has it.
    let accounts = [
        ("management", 0, 1),
        ("security-audit", 0, 1),
        ("payments-api", 1, 1),
        ("sandbox-alex", 1, 1),
    ];
    for (account, devices, holders) in accounts {
        let id = simulated.id(account).as_str();
        let count = |api: &str| {
            let of = sent
                .iter()
                .filter(|one| one.account == id && one.api == api);
            of.count()
        };
        assert_eq!(count("iam:ListVirtualMFADevices"), devices, "{account}");
        assert_eq!(count("iam:ListEntitiesForPolicy"), holders, "{account}");
    }
}

#[test]
fn the_central_account_costs_what_the_formula_predicts_and_nothing_else_is_sent() {
    let simulated = scanned(1);
    let apis = simulated.replay.counts().apis;
    let count = |api: &str| apis.get(api).map_or(0, |api| api.requests);
    // 16 accounts are one page; the root and its 9 OUs are each asked for those below them once;
    // the suspended account is the one whose role nobody tries to assume.
    assert_eq!(count("sts:GetCallerIdentity"), 1);
    assert_eq!(count("organizations:DescribeOrganization"), 1);
    assert_eq!(count("organizations:DescribeResourcePolicy"), 1);
    assert_eq!(
        count("organizations:ListAWSServiceAccessForOrganization"),
        1
    );
    assert_eq!(count("organizations:ListDelegatedAdministrators"), 1);
    assert_eq!(count("organizations:ListAccounts"), 1);
    assert_eq!(count("organizations:ListRoots"), 1);
    assert_eq!(count("organizations:ListOrganizationalUnitsForParent"), 10);
    assert_eq!(count("sts:AssumeRole"), 15);
    assert_eq!(count("iam:ListOrganizationsFeatures"), 1);
    // 13 accounts, and once for the Regions of the partition.
    assert_eq!(count("ec2:DescribeRegions"), 14);
    let known = orgscan_core::services::APIS.iter().map(|api| api.name);
    let known: std::collections::BTreeSet<_> = known.collect();
    let others = apis.keys().filter(|api| !known.contains(api.as_str()));
    assert_eq!(others.collect::<Vec<_>>(), Vec::<&String>::new());
}

#[test]
fn a_stack_set_costs_one_request_and_one_for_every_hundred_accounts() {
    let simulated = SimulatedOrganization::start(Settings {
        accounts: Some(120),
        ..plain(1)
    });
    let count = |api: &str| {
        let sent = simulated.requests();
        sent.iter().filter(|one| one.api == api).count()
    };
    // The management account and the one that never had the role have no stack.
    let pages = pages(118, 100) as usize;
    for (args, times) in [(&[][..], 0), (&["--stack-set", STACK_SET], 1)] {
        let check = ["--check", "ebs-volume-unencrypted"];
        simulated.scan(&[args, &check].concat());
        assert_eq!(count("cloudformation:DescribeStackSet"), times);
        assert_eq!(count("cloudformation:ListStackInstances"), times * pages);
    }
}

#[test]
fn an_unselected_check_costs_nothing() {
    let simulated = SimulatedOrganization::start(plain(1));
    let run = simulated.scan(&["--check", "ebs-volume-unencrypted"]);
    assert_eq!(run.code(), 3, "{}", run.stderr);
    let sent = simulated.requests();
    let member: Vec<&str> = sent
        .iter()
        .filter(|one| one.account == simulated.id("storefront").as_str())
        .map(|one| one.api.as_str())
        .filter(|api| *api != "ec2:DescribeRegions" && *api != "ec2:DescribeVolumes")
        .collect();
    assert_eq!(member, Vec::<&str>::new());
}

#[test]
fn a_check_of_buckets_costs_what_the_formula_predicts() {
    let media = 9;
    for (check, own) in [
        (
            "s3-account-public-access-block-off",
            &[("s3control:GetPublicAccessBlock", 1)][..],
        ),
        (
            "s3-bucket-public-access-block-off",
            &[
                ("s3control:GetPublicAccessBlock", 1),
                ("s3:ListBuckets", 1),
                ("s3:GetPublicAccessBlock", media),
            ],
        ),
        (
            "s3-bucket-http-allowed",
            &[("s3:ListBuckets", 1), ("s3:GetBucketPolicy", media)],
        ),
        (
            "s3-bucket-mfa-delete-off,s3-bucket-versioning-off",
            &[("s3:ListBuckets", 1), ("s3:GetBucketVersioning", media)],
        ),
        (
            "s3-bucket-logging-off",
            &[("s3:ListBuckets", 1), ("s3:GetBucketLogging", media)],
        ),
        (
            "s3-bucket-encryption-type",
            &[("s3:ListBuckets", 1), ("s3:GetBucketEncryption", media)],
        ),
    ] {
        let simulated = SimulatedOrganization::start(plain(1));
        let account = simulated.id("media-library").to_string();
        let flags: Vec<_> = check.split(',').flat_map(|id| ["--check", id]).collect();
        simulated.scan(&[&flags[..], &["--account", &account]].concat());
        let mut sent: BTreeMap<String, usize> = BTreeMap::new();
        for one in simulated.requests() {
            if one.account == account && one.api != "ec2:DescribeRegions" {
                *sent.entry(one.api).or_default() += 1;
            }
        }
        let own = own.iter().map(|(api, count)| ((*api).to_owned(), *count));
        assert_eq!(sent, own.collect(), "{check}");
    }
}

#[test]
fn the_plan_foresees_the_least_number_of_requests() {
    let simulated = SimulatedOrganization::start(plain(1));
    let account = simulated.id("security-audit").to_string();
    let plan = simulated
        .orgscan(&["plan", "--account", &account, "--format", "json"])
        .output()
        .unwrap();
    let plan: Value = serde_json::from_slice(&plan.stdout).unwrap();
    let before = simulated.replay.counts().requests;
    let scan = simulated.orgscan(&["scan", "--account", &account]).output();
    assert_eq!(scan.unwrap().status.code(), Some(0));
    let sent = simulated.requests();
    let member = sent[before as usize..].iter();
    // Somebody has AWS's policy for support, so who has it is asked as well.
    // It has a detector in each Region, and analyzers of the organization in two.
    let on_condition = [
        "access-analyzer:ListFindings",
        "iam:ListEntitiesForPolicy",
        "guardduty:GetDetector",
    ];
    let member = member.filter(|one| !on_condition.contains(&one.api.as_str()));
    let member = member.filter(|one| one.account == account).count() as u64;
    // The session's own request is the caller's.
    assert_eq!(plan["requests_at_least"], member + 1);
    let events = (member + 1) as f64 * 30.4;
    assert_eq!(plan["events"]["per_month_at_least"], events.round() as u64);
}

fn plain(resources: usize) -> Settings {
    Settings {
        resources,
        behavior: ServiceBehavior::none(),
        log: true,
        ..Settings::default()
    }
}

/// An organization that was scanned once, in all Regions.
fn scanned(resources: usize) -> SimulatedOrganization {
    let simulated = SimulatedOrganization::start(plain(resources));
    let run = simulated.orgscan(&["scan"]).output().unwrap();
    let message = String::from_utf8_lossy(&run.stderr);
    assert_eq!(run.status.code(), Some(3), "{message}");
    simulated
}

//! Workloads in the management account, whichever account orgscan runs in.

use serde::{Deserialize, Serialize};

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, OrganizationReducer, OrganizationRule,
    Parameters, Rule, arn, covers, format,
};
use crate::facts::{Fact, Facts};
use crate::model::{AccountId, Cause, Gap, OrganizationRecord, RuleResult, Severity};
use crate::services::organizations::{DESCRIBE_ORGANIZATION, OrganizationProfile, Workloads};

pub(super) const CHECK: Check = Check {
    id: "organization-management-account-used",
    title: "The management account runs workloads",
    category: Category::IamSecurity,
    severity: Severity::Medium,
    why: "No policy of the organization binds the management account. An attacker who takes over a \
          workload there can reach every account. Only billing and governance belong in it. The check counts EC2 instances \
          and RDS databases, which neither orgscan nor Control Tower has there. It needs the account in \
          which orgscan runs among the scanned accounts, so it is not enabled by default.",
    fix: &[
        "Run the command. It lists the resources with tags in a Region. In the console: AWS Resource \
         Explorer, Resources.",
        "Move each workload to a member account. Take a snapshot of volumes and databases, and share it with \
         that account.",
        "Delete the workload in the management account.",
    ],
    example: FailedResource::example("global", "arn:aws:account::111122223333:account", ""),
    by_default: false,
    remediation: |_| Some("aws resourcegroupstaggingapi get-resources".to_owned()),
    controls: &[covers("cis-7.0", "2.1.3")],
    prowler: Counterparts::none("Prowler does not relate resources to the management account"),
    parameters: Parameters::None,
    needs: &[OrganizationProfile::SPEC, Workloads::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<ManagementAccount>()),
};

/// What an account tells: what runs in it.
#[derive(Debug, Default, Serialize, Deserialize)]
struct WorkloadRecord {
    /// What the central account knows of the organization; none in other accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    central: Option<CentralRecord>,
    #[serde(default)]
    instances: u64,
    #[serde(default)]
    databases: u64,
    /// Regions with any of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    regions: Vec<String>,
    /// What could not be read. It matters in the management account alone, so that it is no gap of other accounts.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unread: Vec<Gap>,
}

/// Which account the management account is.
#[derive(Debug, Serialize, Deserialize)]
struct CentralRecord {
    /// None outside an organization.
    management: Option<AccountId>,
}

/// What the central account knows; none before its record was added.
#[derive(Debug, Default)]
struct ManagementAccount(Option<CentralRecord>);

impl OrganizationReducer for ManagementAccount {
    type Record = WorkloadRecord;

    fn record(
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Option<OrganizationRecord<WorkloadRecord>> {
        let (mut record, mut gaps) = (WorkloadRecord::default(), Vec::new());
        for (region, workloads) in facts.in_regions::<Workloads>() {
            match workloads {
                Ok(found) if found.instances + found.databases > 0 => {
                    record.instances += found.instances;
                    record.databases += found.databases;
                    record.regions.push(region.to_string());
                }
                Ok(_) => {}
                Err(gap) => record.unread.push(gap.in_region(region)),
            }
        }
        if context.is_central {
            match facts.get::<OrganizationProfile>() {
                Ok(organization) => {
                    let organization = organization.as_ref();
                    let management = organization.map(|one| one.management_account.clone());
                    record.central = Some(CentralRecord { management });
                }
                Err(gap) => gaps.push(gap),
            }
        }
        Some(OrganizationRecord { record, gaps })
    }

    fn add(&mut self, _: &AccountId, record: Option<WorkloadRecord>, _: &[Gap]) {
        if let Some(central) = record.and_then(|record| record.central) {
            self.0 = Some(central);
        }
    }

    /// The management account has one. Where the central account could not tell which one it is, every account that may be it
    /// has one; outside an organization the central account.
    fn has_verdict(&self, record: &WorkloadRecord, context: &Context<'_>) -> bool {
        match self.management() {
            Some(Some(management)) => management == context.account,
            Some(None) => context.is_central,
            None => record.may_have_workloads(),
        }
    }

    fn evaluate(&self, record: WorkloadRecord, context: &Context<'_>) -> RuleResult {
        match self.management() {
            Some(Some(_)) => judged(record, context),
            Some(None) => RuleResult {
                notes: vec!["the account belongs to no organization".to_owned()],
                ..RuleResult::default()
            },
            None => RuleResult {
                gaps: record
                    .may_have_workloads()
                    .then(unknown)
                    .into_iter()
                    .collect(),
                ..RuleResult::default()
            },
        }
    }
}

impl WorkloadRecord {
    /// Whether it has any, or not all was read.
    fn may_have_workloads(&self) -> bool {
        self.instances + self.databases > 0 || !self.unread.is_empty()
    }
}

impl ManagementAccount {
    /// None where the central account could not tell, and none in it outside an organization.
    fn management(&self) -> Option<Option<&AccountId>> {
        let central = self.0.as_ref();
        central.map(|central| central.management.as_ref())
    }
}

/// The verdict on the management account. What was not read may only add to what was.
fn judged(record: WorkloadRecord, context: &Context<'_>) -> RuleResult {
    let message = || {
        let instances = format::count(record.instances, "EC2 instance");
        let databases = format::count(record.databases, "RDS database");
        let regions = format::first_few(&record.regions);
        format!("The management account has {instances} and {databases}, in {regions}")
    };
    let is_used = record.instances + record.databases > 0;
    let violation = is_used.then(|| CHECK.violation(arn::account(context), message()));
    RuleResult {
        gaps: record.unread,
        ..RuleResult::of_one(violation)
    }
}

/// The account has workloads, and may be the management account.
fn unknown() -> Gap {
    Gap {
        detail: "whether it is the management account is read in the account in which orgscan runs, which \
                 was not scanned"
            .to_owned(),
        ..Gap::new(DESCRIBE_ORGANIZATION.action, Cause::NotCollected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::checks::samples::{denied, evaluate_organization, missing};
    use crate::facts::FactStore;
    use crate::model::{Reading, Verdict};
    use crate::services::organizations::samples::profile;
    use crate::testing::id;

    fn running(facts: FactStore, instances: u64, databases: u64) -> FactStore {
        facts.with::<Workloads>(Reading::known(Workloads {
            instances,
            databases,
        }))
    }

    /// The central account, account 0, in an organization with this management account.
    fn central(management: u64) -> FactStore {
        let profile = Some(profile(id(management)));
        let facts = FactStore::default().with::<OrganizationProfile>(Reading::known(profile));
        running(facts, 1, 1)
    }

    fn verdicts(accounts: &[&FactStore]) -> Vec<Verdict> {
        evaluate_organization(&CHECK, accounts)
    }

    #[test]
    fn workloads_are_found_in_the_management_account_alone() {
        let used = running(FactStore::default(), 2, 0);
        let found = verdicts(&[&central(0), &used]);
        let counts = |found: &[Verdict]| -> Vec<usize> {
            found.iter().map(|one| one.violations.len()).collect()
        };
        assert_eq!(counts(&found), [1]);
        let found = verdicts(&[&central(1), &used]);
        assert_eq!(counts(&found), [1]);
        assert_eq!(
            found[0].violations[0].message,
            "The management account has 2 EC2 instances and 0 RDS databases, in eu-west-1"
        );
        let found = verdicts(&[&central(1), &running(FactStore::default(), 0, 0)]);
        assert_eq!((counts(&found), found[0].resources_evaluated), (vec![0], 1));
    }

    #[test]
    fn what_was_not_read_matters_in_the_management_account_alone() {
        let action = "ec2:DescribeInstances";
        let unread = FactStore::default().with::<Workloads>(missing(action));
        let found = verdicts(&[&central(1), &unread, &unread]);
        let gaps: Vec<usize> = found.iter().map(|one| one.gaps.len()).collect();
        assert_eq!(gaps, [1]);
    }

    #[test]
    fn an_unknown_management_account_may_be_any_with_workloads() {
        let action = "organizations:DescribeOrganization";
        let facts = FactStore::default().with::<OrganizationProfile>(missing(action));
        let (central, used) = (running(facts, 0, 0), running(FactStore::default(), 1, 0));
        let found = verdicts(&[&central, &used, &running(FactStore::default(), 0, 0)]);
        assert_eq!(found[0].gaps, [denied(action)]);
        let gaps: Vec<usize> = found.iter().map(|one| one.gaps.len()).collect();
        assert_eq!(gaps, [1, 1]);
    }

    #[test]
    fn outside_an_organization_there_is_nothing_to_evaluate() {
        let facts = FactStore::default().with::<OrganizationProfile>(Reading::known(None));
        let found = verdicts(&[&running(facts, 1, 0)]);
        assert_eq!((found[0].resources_evaluated, found[0].notes.len()), (0, 1));
        assert!(found[0].gaps.is_empty() && found[0].violations.is_empty());
    }
}

//! Organizations without an aggregator over all accounts and Regions, whichever account has it.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, OrganizationReducer, OrganizationRule,
    Parameters, Rule, arn, format, part, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{AccountId, Cause, Gap, OrganizationRecord, RuleResult, Severity, Violation};
use crate::services::config::{
    DESCRIBE_AGGREGATORS, OrganizationAggregator, OrganizationAggregators,
};
use crate::services::organizations::{DelegatedAdministrators, OrganizationProfile};

/// The services whose delegated administrators can have an organization aggregator.
///
/// Source: <https://docs.aws.amazon.com/config/latest/developerguide/aggregated-register-delegated-administrator.html>
const SERVICES: [&str; 2] = [
    "config.amazonaws.com",
    "config-multiaccountsetup.amazonaws.com",
];

pub(super) const CHECK: Check = Check {
    id: "config-aggregator-missing",
    title: "The organization has no AWS Config aggregator of all accounts and Regions",
    category: Category::Logging,
    severity: Severity::Low,
    why: "An organization aggregator shows the recorded configuration of all accounts and Regions in one \
          place. Without it, an investigation has to sign in to each account. The aggregator belongs to the \
          management account or to a delegated administrator of AWS Config, in any Region. The check needs \
          one request per Region, so it is not enabled by default. It reports only in the account in which \
          orgscan runs.",
    fix: &[
        "Use credentials of the management account, or of the delegated administrator of AWS Config.",
        "Create a role with the AWS managed policy AWSConfigRoleForOrganizations, which AWS Config can assume.",
        "Set `ROLE_ARN` to the ARN of that role.",
        "Run the command. The console has the same setting: AWS Config, Aggregators, Create aggregator.",
    ],
    example: FailedResource::example("global", "arn:aws:config::111122223333:account", ""),
    by_default: false,
    remediation: |_| {
        let put = "configservice put-configuration-aggregator --organization-aggregation-source \
                   \"RoleArn=$ROLE_ARN,AllAwsRegions=true\"";
        remediation::aws(put, &[("configuration-aggregator-name", "organization")])
    },
    controls: &[],
    prowler: Counterparts::per_account(&[part(
        "config_delegated_admin_and_org_aggregator_all_regions",
    )
    .not_compared("Prowler reports each aggregator and evaluates one account alone")]),
    parameters: Parameters::None,
    needs: &[
        OrganizationProfile::SPEC,
        DelegatedAdministrators::SPEC,
        OrganizationAggregators::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<Aggregators>()),
};

/// What an account tells of its aggregators.
#[derive(Debug, Default, Serialize, Deserialize)]
struct AggregatorRecord {
    /// What the central account knows of the organization; none in other accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    central: Option<CentralRecord>,
    /// Whether one aggregates everything.
    #[serde(default)]
    is_complete: bool,
    /// Those that aggregate less, in words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    partial: Vec<String>,
    /// Why it may have others. These gaps matter to the central account alone, so they are no gaps of this one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unread: Vec<Gap>,
}

/// The accounts that can have an organization aggregator: the management account and delegated administrators.
#[derive(Debug, Serialize, Deserialize)]
struct CentralRecord {
    /// Empty outside an organization.
    accounts: BTreeSet<AccountId>,
}

/// The aggregators of all accounts.
#[derive(Debug, Default)]
struct Aggregators {
    is_complete: bool,
    partial: Vec<String>,
    /// Accounts that were scanned, with what could not be read there.
    unread: BTreeMap<AccountId, Vec<Gap>>,
}

impl OrganizationReducer for Aggregators {
    type Record = AggregatorRecord;

    fn record(
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Option<OrganizationRecord<AggregatorRecord>> {
        let mut record = AggregatorRecord::default();
        for (region, aggregators) in facts.in_regions::<OrganizationAggregators>() {
            let aggregators = match aggregators {
                Ok(aggregators) => aggregators,
                Err(gap) => {
                    record.unread.push(gap.in_region(region));
                    continue;
                }
            };
            let unread = aggregators.gaps.iter();
            record
                .unread
                .extend(unread.map(|gap| gap.clone().in_region(region)));
            for aggregator in aggregators {
                match limits(aggregator) {
                    None => record.is_complete = true,
                    Some(limits) => record.partial.push(format!(
                        "{} in {region} of {} {limits}",
                        aggregator.name, context.account
                    )),
                }
            }
        }
        let mut gaps = Vec::new();
        if context.is_central {
            match central(facts) {
                Ok((central, unread)) => {
                    record.central = Some(central);
                    record.unread.extend(unread);
                }
                Err(gap) => gaps.push(gap),
            }
        }
        Some(OrganizationRecord { record, gaps })
    }

    fn add(&mut self, account: &AccountId, record: Option<AggregatorRecord>, gaps: &[Gap]) {
        let record = record.unwrap_or_else(|| AggregatorRecord {
            unread: gaps.to_vec(),
            ..AggregatorRecord::default()
        });
        self.is_complete |= record.is_complete;
        self.partial.extend(record.partial);
        self.unread.insert(account.clone(), record.unread);
    }

    fn evaluate(&self, record: AggregatorRecord, context: &Context<'_>) -> RuleResult {
        let Some(central) = record.central else {
            return RuleResult::default();
        };
        if central.accounts.is_empty() {
            return RuleResult {
                notes: vec!["the account belongs to no organization".to_owned()],
                ..RuleResult::default()
            };
        }
        if self.is_complete {
            return RuleResult::of_one(None);
        }
        let own = record.unread.iter().cloned();
        let others = central
            .accounts
            .iter()
            .filter(|one| *one != context.account);
        let others = others.flat_map(|account| self.gaps_of(account));
        let gaps: Vec<Gap> = own.chain(others).collect();
        if !gaps.is_empty() {
            return RuleResult {
                gaps,
                ..RuleResult::default()
            };
        }
        RuleResult::of_one(Some(self.violation(context)))
    }
}

impl Aggregators {
    /// Why an account that can have an aggregator may have one that is not known.
    fn gaps_of(&self, account: &AccountId) -> Vec<Gap> {
        let gap = |detail: String| {
            let gap = Gap::new(DESCRIBE_AGGREGATORS.action, Cause::OwnedByOtherAccount);
            Gap {
                detail,
                ..gap.of(account.as_str())
            }
        };
        match self.unread.get(account) {
            None => vec![gap(
                "the account can have an organization aggregator, and was not scanned".to_owned(),
            )],
            Some(unread) => {
                let of_account = |unread: &Gap| {
                    let region = unread.region.as_ref().map_or("", |region| region.as_str());
                    gap(format!(
                        "the account can have an organization aggregator in {region}: {}",
                        unread.cause
                    ))
                };
                unread.iter().map(of_account).collect()
            }
        }
    }

    fn violation(&self, context: &Context<'_>) -> Violation {
        let mut partial = self.partial.clone();
        partial.sort_unstable();
        let message = match partial.is_empty() {
            true => "The organization has no aggregator in AWS Config".to_owned(),
            false => format!(
                "No aggregator in AWS Config covers all accounts and Regions: {}",
                format::first_few(&partial)
            ),
        };
        CHECK.violation(arn::config_settings(context, None), message)
    }
}

/// What an aggregator does not cover; none if it covers everything.
fn limits(aggregator: &OrganizationAggregator) -> Option<String> {
    match aggregator.regions {
        Some(regions) => {
            let regions = format::count(regions, "Region");
            Some(format!("covers {regions}"))
        }
        None if aggregator.is_filtered => Some("covers only some resource types".to_owned()),
        None => None,
    }
}

/// The accounts that can have an organization aggregator, and why others may be among them.
fn central(facts: &Facts<'_>) -> Result<(CentralRecord, Vec<Gap>), Gap> {
    let mut accounts = BTreeSet::new();
    let Some(organization) = facts.get::<OrganizationProfile>()? else {
        return Ok((CentralRecord { accounts }, Vec::new()));
    };
    accounts.insert(organization.management_account.clone());
    if !organization.has_all_features {
        return Ok((CentralRecord { accounts }, Vec::new()));
    }
    let administrators = facts.get::<DelegatedAdministrators>()?;
    let mut gaps = administrators.gaps.clone();
    for administrator in administrators {
        match administrator.services.get() {
            Ok(services) if SERVICES.iter().any(|one| services.contains(*one)) => {
                accounts.insert(administrator.account.clone());
            }
            Ok(_) => {}
            Err(gap) => gaps.push(gap.clone()),
        }
    }
    Ok((CentralRecord { accounts }, gaps))
}

#[cfg(test)]
mod tests;

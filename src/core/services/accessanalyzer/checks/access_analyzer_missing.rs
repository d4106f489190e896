//! Regions without an analyzer of external access, of the account or of the organization.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::owners::{CentralRecord, NEEDS as OWNERS, Owners};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, OrganizationReducer, OrganizationRule,
    Parameters, Rule, arn, covers, remediation, same,
};
use crate::facts::{Fact, Facts};
use crate::model::{
    AccountId, Gap, Items, OrganizationRecord, Region, RuleResult, Severity, Violation,
};
use crate::services::accessanalyzer::{
    AnalyzerStatus, ExternalAnalyzer, ExternalAnalyzers, TrustZone,
};

pub(super) const CHECK: Check = Check {
    id: "access-analyzer-missing",
    title: "No external access analyzer in this Region",
    category: Category::ExposureRisks,
    severity: Severity::Low,
    why: "IAM Access Analyzer finds resources that other accounts or the internet can access. Each analyzer \
          covers one Region, and analyzers of external access are free of charge. An active analyzer of the \
          organization counts for every account. Analyzers of unused access and of internal access do not \
          count.",
    fix: &[
        "Best create one analyzer for all accounts in the delegated administrator account of Access Analyzer, \
         with `--type ORGANIZATION`, in each Region.",
        "Run the command. It creates an analyzer for this account. The console has the same setting: IAM, \
         Access Analyzer, Analyzer settings, Create analyzer.",
    ],
    example: FailedResource::example(
        "eu-west-1",
        "arn:aws:access-analyzer:eu-west-1:111122223333:account",
        "",
    ),
    by_default: true,
    remediation: |failed| {
        let create = "accessanalyzer create-analyzer --type ACCOUNT";
        remediation::regional(create, failed, ("analyzer-name", "external-access"))
    },
    controls: &[covers("cis-7.0", "2.18"), covers("cis-5.0", "1.19")],
    prowler: Counterparts::per_region(&[same("accessanalyzer_enabled")]),
    parameters: Parameters::None,
    needs: &[OWNERS[0], OWNERS[1], ExternalAnalyzers::SPEC],
    rule: Rule::Organization(OrganizationRule::of::<Analyzers>()),
};

/// What an account tells of its analyzers.
#[derive(Debug, Default, Serialize, Deserialize)]
struct AnalyzerRecord {
    /// What the central account knows of the organization; none in other accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    central: Option<CentralRecord>,
    /// How many Regions have an active analyzer of the account's own.
    own: u64,
    /// The Regions of its active organization analyzers, which are among these.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    organization: BTreeSet<Region>,
    /// The Regions without an active analyzer, each with an inactive one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    lacking: BTreeMap<Region, Option<(String, AnalyzerStatus)>>,
    /// The Regions that could not be read. An organization analyzer may make up for them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    unread: BTreeMap<Region, Gap>,
}

/// The organization's analyzers, and which account may own others.
#[derive(Debug, Default)]
struct Analyzers {
    owners: Owners,
    organization: BTreeSet<Region>,
}

impl OrganizationReducer for Analyzers {
    type Record = AnalyzerRecord;

    fn record(
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Option<OrganizationRecord<AnalyzerRecord>> {
        let mut record = AnalyzerRecord {
            central: CentralRecord::of(facts, context),
            ..AnalyzerRecord::default()
        };
        for (region, analyzers) in facts.in_regions::<ExternalAnalyzers>() {
            match analyzers.and_then(state) {
                Ok(RegionState::Active(zone)) => {
                    record.own += 1;
                    if zone == TrustZone::Organization {
                        record.organization.insert(region.clone());
                    }
                }
                Ok(RegionState::Lacking(inactive)) => {
                    record.lacking.insert(region.clone(), inactive);
                }
                Err(gap) => {
                    record.unread.insert(region.clone(), gap.in_region(region));
                }
            }
        }
        let gaps = Vec::new();
        Some(OrganizationRecord { record, gaps })
    }

    fn add(&mut self, account: &AccountId, record: Option<AnalyzerRecord>, _: &[Gap]) {
        let Some(record) = record else {
            return;
        };
        if record.own > 0 || !record.lacking.is_empty() || !record.unread.is_empty() {
            let unread = record.unread.into_keys().collect();
            self.owners.add(account, unread);
        }
        self.organization.extend(record.organization);
        self.owners.add_central(record.central);
    }

    fn evaluate(&self, record: AnalyzerRecord, context: &Context<'_>) -> RuleResult {
        let mut result = RuleResult {
            resources_evaluated: record.own,
            ..RuleResult::default()
        };
        for (region, gap) in record.unread {
            let is_covered = self.organization.contains(&region);
            result.add(if is_covered { Ok(None) } else { Err(gap) });
        }
        let mut undecided = Vec::new();
        for (region, inactive) in record.lacking {
            if self.organization.contains(&region) {
                result.add(Ok(None));
                continue;
            }
            match self.owners.possible(&region, context) {
                Some(why) => undecided.push((region, why)),
                None => result.add(Ok(Some(violation(&region, inactive, context)))),
            }
        }
        let is_all = result.resources_evaluated == 0 && result.gaps.is_empty();
        let gaps = self.owners.undecided(&undecided, is_all, context);
        result.gaps.extend(gaps);
        result
    }
}

/// What there is in one Region of an account.
enum RegionState {
    /// An active analyzer, preferably one of the organization.
    Active(TrustZone),
    /// None, with one that is not active.
    Lacking(Option<(String, AnalyzerStatus)>),
}

/// One active analyzer is enough, even if others could not be read. An organization analyzer counts in other accounts too,
/// so an unread one is a gap unless one is known.
fn state(analyzers: &Items<ExternalAnalyzer>) -> Result<RegionState, Gap> {
    let is_active = |one: &&ExternalAnalyzer| one.status == AnalyzerStatus::Active;
    let mut active = analyzers.iter().filter(is_active);
    if active.any(|one| one.zone == TrustZone::Organization) {
        return Ok(RegionState::Active(TrustZone::Organization));
    }
    analyzers.complete()?;
    if analyzers.iter().any(|one| is_active(&one)) {
        return Ok(RegionState::Active(TrustZone::Account));
    }
    let inactive = analyzers.iter().next();
    Ok(RegionState::Lacking(
        inactive.map(|one| (one.name.clone(), one.status)),
    ))
}

fn violation(
    region: &Region,
    inactive: Option<(String, AnalyzerStatus)>,
    context: &Context<'_>,
) -> Violation {
    let message = match inactive {
        Some((name, status)) => format!(
            "No external access analyzer is active: analyzer {name} is {}",
            status.as_str()
        ),
        None => {
            "There is no external access analyzer, of the account or of the organization".to_owned()
        }
    };
    let resource = arn::service_settings(context, "access-analyzer", region);
    Violation {
        region: Some(region.clone()),
        ..CHECK.violation(resource, message)
    }
}

#[cfg(test)]
mod tests;

//! Resources that somebody outside the organization can access, as organization analyzers report them.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::owners::{CentralRecord, NEEDS as OWNERS, Owners};
use crate::checks::{
    Category, Check, Context, Counterparts, FailedResource, OrganizationReducer, OrganizationRule,
    Parameters, Rule, covers, format, remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{
    AccountId, Arn, Cause, Gap, OrganizationRecord, Region, RuleResult, Severity, Violation,
};
use crate::services::accessanalyzer::{
    ExternalAnalyzers, ExternalFinding, LIST_FINDINGS, OrganizationFindings, Restriction,
    ZoneFindings,
};

/// A new analyzer may not have analyzed every resource in this time.
///
/// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-concepts.html>
const HOURS_TO_ANALYZE: i64 = 24;
/// More resources of a Region are not kept.
const MAX_RESOURCES: usize = 20_000;
/// More principals of a resource are counted, not named.
const MAX_PRINCIPALS: usize = 3;
/// What has an exact check of its own: public buckets and snapshots are not reported twice.
const CHECKED_ELSEWHERE: [&str; 2] = ["AWS::S3::Bucket", "AWS::EC2::Snapshot"];

pub(super) const CHECK: Check = Check {
    id: "resource-shared-outside",
    title: "Resource can be accessed from outside the organization",
    category: Category::ExposureRisks,
    severity: Severity::High,
    why: "The organization analyzer of IAM Access Analyzer proves from the policies of a resource who can access it. \
          Access by everybody is a high severity, access by other accounts and identity providers a medium one. \
          Archived findings count, since the access is still there. IAM roles, public buckets and public EBS snapshots \
          are left to other checks. EventBridge, Glacier, AWS Backup and OpenSearch are not analyzed. Regions without an \
          active organization analyzer are not evaluated.",
    fix: &[
        "Set `ANALYZER` to the ARN of the Region's organization analyzer, which the delegated administrator account owns.",
        "Run the command in that account. It shows which actions are possible, and whether the access is public. The console \
         also shows the statement and its conditions: IAM, Access Analyzer, Resource analysis.",
        "Remove the statement, or limit it to the organization with the condition key `aws:PrincipalOrgID`. For a snapshot, \
         remove the account from its permissions.",
        "If the access is intended, record an exception with its reason.",
    ],
    example: FailedResource::example("eu-west-1", "arn:aws:sqs:eu-west-1:111122223333:orders", ""),
    by_default: true,
    remediation: |failed| {
        let show = "accessanalyzer get-analyzed-resource --analyzer-arn \"$ANALYZER\"";
        remediation::regional(show, failed, ("resource-arn", failed.resource))
    },
    controls: &[covers("cis-7.0", "2.21")],
    prowler: Counterparts::none("Prowler counts the findings of an analyzer and names no resource"),
    parameters: Parameters::Fixed(|| format!("{HOURS_TO_ANALYZE} hours")),
    needs: &[
        OWNERS[0],
        OWNERS[1],
        ExternalAnalyzers::SPEC,
        OrganizationFindings::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<Zones>()),
};

/// What an account tells of the organization's analyzers.
#[derive(Debug, Default, Serialize, Deserialize)]
struct ZoneRecord {
    /// What the central account knows of the organization; none in other accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    central: Option<CentralRecord>,
    /// The Regions that were scanned.
    regions: BTreeSet<Region>,
    /// Those whose analyzers, or their findings, could not be read. That matters in accounts that can own one.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    unread: BTreeMap<Region, Gap>,
    /// Those with an organization analyzer of the account.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    zones: BTreeMap<Region, Zone>,
}

/// What an organization analyzer reports in a Region.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Zone {
    /// Why it proves nothing; the account that owns it has this gap.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    undecided: Option<Gap>,
    /// By account and ARN.
    resources: BTreeMap<AccountId, BTreeMap<String, Resource>>,
}

/// A resource with access from outside.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Resource {
    kind: String,
    is_public: bool,
    principals: BTreeSet<String>,
    /// All findings are archived.
    is_archived: bool,
    may_be_restricted: bool,
    /// Why it could not be analyzed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    error: Option<String>,
}

/// The organization's analyzers.
#[derive(Debug, Default)]
struct Zones {
    owners: Owners,
    zones: BTreeMap<Region, Zone>,
}

impl OrganizationReducer for Zones {
    type Record = ZoneRecord;

    fn record(facts: &Facts<'_>, context: &Context<'_>) -> Option<OrganizationRecord<ZoneRecord>> {
        let mut record = ZoneRecord {
            central: CentralRecord::of(facts, context),
            ..ZoneRecord::default()
        };
        let mut gaps = Vec::new();
        for (region, findings) in facts.in_regions::<OrganizationFindings>() {
            record.regions.insert(region.clone());
            match findings {
                Ok(None) => {}
                Ok(Some(findings)) => {
                    let zone = Zone::of(findings, context.now);
                    gaps.extend(
                        zone.undecided
                            .iter()
                            .map(|gap| gap.clone().in_region(region)),
                    );
                    record.zones.insert(region.clone(), zone);
                }
                Err(gap) => {
                    record.unread.insert(region.clone(), gap.in_region(region));
                }
            }
        }
        Some(OrganizationRecord { record, gaps })
    }

    fn add(&mut self, account: &AccountId, record: Option<ZoneRecord>, _: &[Gap]) {
        let Some(record) = record else {
            return;
        };
        if !record.regions.is_empty() {
            self.owners
                .add(account, record.unread.into_keys().collect());
        }
        self.owners.add_central(record.central);
        for (region, zone) in record.zones {
            self.zones.entry(region).or_insert(zone);
        }
    }

    fn evaluate(&self, mut record: ZoneRecord, context: &Context<'_>) -> RuleResult {
        let mut result = RuleResult::default();
        let (mut unread, mut without) = (Vec::new(), Vec::new());
        let may_own = self.owners.may_own(context.account);
        for region in record.regions {
            let own = record.unread.remove(&region).filter(|_| may_own);
            match self.zones.get(&region) {
                Some(zone) if zone.undecided.is_some() => {
                    unread.push((region, "its findings are not known".to_owned()));
                }
                Some(zone) => {
                    result.resources_evaluated += 1;
                    zone.evaluate(&region, context, &mut result);
                }
                None => match (own, self.owners.possible(&region, context)) {
                    (Some(gap), _) => result.gaps.push(gap),
                    (None, Some(why)) => unread.push((region, why)),
                    (None, None) => without.push(region),
                },
            }
        }
        let is_none = result.resources_evaluated == 0 && result.gaps.is_empty();
        let gaps = self.owners.undecided(&unread, is_none, context);
        result.gaps.extend(gaps);
        if is_none && result.gaps.is_empty() {
            result.gaps.push(no_analyzer());
        } else if !without.is_empty() {
            result.notes.push(format!(
                "not evaluated in {}, which has no organization analyzer",
                format::count(without.len() as u64, "Region")
            ));
        }
        result
    }
}

impl Zone {
    fn of(findings: &ZoneFindings, now: Timestamp) -> Self {
        let mut zone = Self {
            undecided: undecided(findings, now),
            ..Self::default()
        };
        let mut left = MAX_RESOURCES;
        for finding in &findings.findings {
            let of_account = zone.resources.entry(finding.account.clone()).or_default();
            if !of_account.contains_key(&finding.resource) {
                if left == 0 {
                    zone.undecided = zone.undecided.or_else(|| Some(too_many()));
                    break;
                }
                left -= 1;
            }
            let resource = of_account
                .entry(finding.resource.clone())
                .or_insert_with(|| Resource::new(finding));
            resource.add(finding);
        }
        zone
    }

    fn evaluate(&self, region: &Region, context: &Context<'_>, result: &mut RuleResult) {
        let resources = self.resources.get(context.account).into_iter().flatten();
        for (arn, resource) in resources {
            match &resource.error {
                Some(error) if resource.principals.is_empty() && !resource.is_public => {
                    result.gaps.push(not_analyzed(arn, error).in_region(region));
                }
                _ if resource.is_checked_elsewhere() => {}
                _ => result.violations.push(resource.violation(arn, region)),
            }
        }
    }
}

/// Why an analyzer proves nothing, if so. Without all of its findings, no resource passes.
fn undecided(findings: &ZoneFindings, now: Timestamp) -> Option<Gap> {
    if let Some(gap) = findings.findings.gaps.first() {
        return Some(gap.clone());
    }
    let age = now.duration_since(findings.created).as_hours();
    (age < HOURS_TO_ANALYZE).then(|| Gap {
        detail: format!(
            "the organization analyzer is younger than {HOURS_TO_ANALYZE} hours, and may not have analyzed every resource"
        ),
        ..Gap::new(LIST_FINDINGS.action, Cause::Undecided)
    })
}

fn too_many() -> Gap {
    Gap {
        detail: format!("more than {MAX_RESOURCES} resources have findings"),
        ..Gap::new(LIST_FINDINGS.action, Cause::Undecided)
    }
}

fn not_analyzed(arn: &str, error: &str) -> Gap {
    Gap {
        detail: format!("the analyzer could not analyze the resource: {error}"),
        ..Gap::new(LIST_FINDINGS.action, Cause::Undecided).of(arn)
    }
}

/// No account of the organization has an analyzer of the whole organization.
fn no_analyzer() -> Gap {
    Gap {
        detail: "no Region has an active organization analyzer".to_owned(),
        ..Gap::new(LIST_FINDINGS.action, Cause::NotEnabled)
    }
}

impl Resource {
    fn new(finding: &ExternalFinding) -> Self {
        Self {
            kind: finding.kind.clone(),
            is_archived: true,
            ..Self::default()
        }
    }

    fn add(&mut self, finding: &ExternalFinding) {
        if let Some(error) = &finding.error {
            self.error.get_or_insert_with(|| error.clone());
            return;
        }
        self.is_public |= finding.is_public;
        self.is_archived &= finding.is_archived;
        self.may_be_restricted |= finding.restriction == Restriction::Possible;
        self.principals.extend(finding.principals.iter().cloned());
    }

    fn is_checked_elsewhere(&self) -> bool {
        self.is_public && CHECKED_ELSEWHERE.contains(&self.kind.as_str())
    }

    fn violation(&self, arn: &str, region: &Region) -> Violation {
        let (who, severity) = match self.is_public {
            true => ("everybody".to_owned(), Severity::High),
            false => (self.outsiders(), Severity::Medium),
        };
        let kind = self.kind.trim_start_matches("AWS::").replace("::", " ");
        let mut message = format!("{kind} can be accessed by {who}");
        if self.is_archived {
            message.push_str("; the finding is archived in Access Analyzer");
        }
        if self.may_be_restricted {
            message.push_str("; a resource control policy may deny it");
        }
        Violation {
            region: Some(region.clone()),
            ..CHECK
                .violation(Arn::from(arn), message)
                .with_severity(severity)
        }
    }

    fn outsiders(&self) -> String {
        let named: Vec<&str> = self
            .principals
            .iter()
            .take(MAX_PRINCIPALS)
            .map(String::as_str)
            .collect();
        let more = self.principals.len().saturating_sub(MAX_PRINCIPALS);
        match (named.is_empty(), more) {
            (true, _) => "somebody outside the organization".to_owned(),
            (false, 0) => format!("{}, outside the organization", named.join(", ")),
            (false, more) => format!(
                "{} and {more} more outside the organization",
                named.join(", ")
            ),
        }
    }
}

#[cfg(test)]
mod tests;

//! Events that the CIS benchmark has monitored, and that no alarm reports.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::chain::Matchers;
use super::states::{PartState, PartStates, states, states_with_rules};
use crate::checks::{
    Category, Check, Context, ControlMapping, Counterpart, Counterparts, FailedResource,
    OrganizationReducer, OrganizationRule, Parameters, Rule, arn, covers_part, on_part,
    remediation,
};
use crate::facts::{Fact, Facts};
use crate::model::{
    AccountId, Arn, Cause, Declared, Gap, OrganizationRecord, Region, RuleResult, Severity,
    Violation,
};
use crate::services::cloudtrail::{LIST_TRAILS, Trail, TrailList, Trails};
use crate::services::cloudwatch::Alarms;
use crate::services::events::EventRules;
use crate::services::logs::MetricFilters;
use crate::services::logs::pattern::{PARTS, Part};
use crate::services::sns::ConfirmedTopics;

pub(super) const CHECK: Check = Check {
    id: "cloudtrail-alarm-missing",
    title: "No alarm reports events that CIS monitors",
    category: Category::Logging,
    severity: Severity::Low,
    why: "CloudTrail records who changes policies, keys, networks and the trail itself. Nobody reads these \
          records every day. The CIS benchmark monitors 15 kinds of events with a metric filter, an alarm and \
          a topic with a confirmed subscription. A filter that matches more events passes too, and so does an \
          event rule with a target. orgscan cannot see an external SIEM. Declare its controls in `monitoring` \
          in the configuration.",
    fix: &[
        "Create a trail of all Regions that delivers to a log group, if there is none. An organization trail \
         covers every account.",
        "Set `LOG_GROUP` to the name of the trail's log group, in its account and Region.",
        "Run the command. It creates the metric filter. The console has the same setting: CloudWatch, Log \
         groups, Metric filters.",
        "Create an SNS topic with a subscription, and confirm the subscription.",
        "Create an alarm on the metric, with the statistic Sum and the threshold 1, that notifies the topic.",
    ],
    example: FailedResource::example(
        "global",
        "arn:aws:cloudtrail::111122223333:account",
        "iam-policy-changes",
    ),
    by_default: false,
    remediation: |failed| {
        let part = Part::by_id(failed.part)?;
        let create = format!(
            "logs put-metric-filter --log-group-name \"$LOG_GROUP\" --filter-name cis-{0} \
             --metric-transformations metricName={0},metricNamespace=CISBenchmark,metricValue=1",
            part.id
        );
        remediation::aws(&create, &[("filter-pattern", part.filter)])
    },
    controls: &CONTROLS,
    prowler: Counterparts::per_account(&COUNTERPARTS),
    parameters: Parameters::None,
    needs: &[
        Trails::SPEC,
        MetricFilters::SPEC,
        Alarms::SPEC,
        ConfirmedTopics::SPEC,
        EventRules::SPEC,
    ],
    rule: Rule::Organization(OrganizationRule::of::<MonitoredTrails>()),
};

/// Prowler has a check for each part.
#[rustfmt::skip]
const COUNTERPARTS: [Counterpart; 15] = [
    on_part("cloudwatch_log_metric_filter_unauthorized_api_calls", "unauthorized-api-calls"),
    on_part("cloudwatch_log_metric_filter_sign_in_without_mfa", "sign-in-without-mfa"),
    on_part("cloudwatch_log_metric_filter_root_usage", "root-usage"),
    on_part("cloudwatch_log_metric_filter_policy_changes", "iam-policy-changes"),
    on_part("cloudwatch_log_metric_filter_and_alarm_for_cloudtrail_configuration_changes_enabled", "cloudtrail-changes"),
    on_part("cloudwatch_log_metric_filter_authentication_failures", "console-authentication-failures"),
    on_part("cloudwatch_log_metric_filter_disable_or_scheduled_deletion_of_kms_cmk", "kms-key-deletion"),
    on_part("cloudwatch_log_metric_filter_for_s3_bucket_policy_changes", "s3-bucket-policy-changes"),
    on_part("cloudwatch_log_metric_filter_and_alarm_for_aws_config_configuration_changes_enabled", "config-changes"),
    on_part("cloudwatch_log_metric_filter_security_group_changes", "security-group-changes"),
    on_part("cloudwatch_changes_to_network_acls_alarm_configured", "network-acl-changes"),
    on_part("cloudwatch_changes_to_network_gateways_alarm_configured", "network-gateway-changes"),
    on_part("cloudwatch_changes_to_network_route_tables_alarm_configured", "route-table-changes"),
    on_part("cloudwatch_changes_to_vpcs_alarm_configured", "vpc-changes"),
    on_part("cloudwatch_log_metric_filter_aws_organizations_changes", "organizations-changes"),
];

/// Each part has a control of its own.
#[rustfmt::skip]
const CONTROLS: [ControlMapping; 30] = [
    covers_part("cis-7.0", "5.1", "unauthorized-api-calls"),
    covers_part("cis-7.0", "5.2", "sign-in-without-mfa"),
    covers_part("cis-7.0", "5.3", "root-usage"),
    covers_part("cis-7.0", "5.4", "iam-policy-changes"),
    covers_part("cis-7.0", "5.5", "cloudtrail-changes"),
    covers_part("cis-7.0", "5.6", "console-authentication-failures"),
    covers_part("cis-7.0", "5.7", "kms-key-deletion"),
    covers_part("cis-7.0", "5.8", "s3-bucket-policy-changes"),
    covers_part("cis-7.0", "5.9", "config-changes"),
    covers_part("cis-7.0", "5.10", "security-group-changes"),
    covers_part("cis-7.0", "5.11", "network-acl-changes"),
    covers_part("cis-7.0", "5.12", "network-gateway-changes"),
    covers_part("cis-7.0", "5.13", "route-table-changes"),
    covers_part("cis-7.0", "5.14", "vpc-changes"),
    covers_part("cis-7.0", "5.15", "organizations-changes"),
    covers_part("cis-5.0", "4.1", "unauthorized-api-calls"),
    covers_part("cis-5.0", "4.2", "sign-in-without-mfa"),
    covers_part("cis-5.0", "4.3", "root-usage"),
    covers_part("cis-5.0", "4.4", "iam-policy-changes"),
    covers_part("cis-5.0", "4.5", "cloudtrail-changes"),
    covers_part("cis-5.0", "4.6", "console-authentication-failures"),
    covers_part("cis-5.0", "4.7", "kms-key-deletion"),
    covers_part("cis-5.0", "4.8", "s3-bucket-policy-changes"),
    covers_part("cis-5.0", "4.9", "config-changes"),
    covers_part("cis-5.0", "4.10", "security-group-changes"),
    covers_part("cis-5.0", "4.11", "network-acl-changes"),
    covers_part("cis-5.0", "4.12", "network-gateway-changes"),
    covers_part("cis-5.0", "4.13", "route-table-changes"),
    covers_part("cis-5.0", "4.14", "vpc-changes"),
    covers_part("cis-5.0", "4.15", "organizations-changes"),
];

/// What an account tells: what it monitors itself, and the organization trails that log there.
#[derive(Debug, Default, Serialize, Deserialize)]
struct MonitoringRecord {
    /// What its own trails and event rules monitor. Empty if its trails could not be read.
    #[serde(default, skip_serializing_if = "PartStates::is_empty")]
    own: PartStates,
    /// Whether a trail of its own logs, or may.
    has_own_trail: bool,
    /// The organization trails that it owns, with what their metric filters monitor.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    trails: BTreeMap<Arn, OrganizationTrail>,
    /// The organization trails of other accounts that log here.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    of_others: BTreeSet<Arn>,
}

/// An organization trail, as its owner has it.
#[derive(Debug, Serialize, Deserialize)]
struct OrganizationTrail {
    /// Whether it logs, or may.
    may_log: bool,
    /// What its metric filters monitor.
    states: PartStates,
}

/// What the organization trails of all accounts monitor.
#[derive(Debug, Default)]
struct MonitoredTrails {
    trails: BTreeMap<Arn, OrganizationTrail>,
    /// The accounts of the run.
    accounts: BTreeSet<AccountId>,
    /// The first of the accounts without a trail of their own that an organization trail logs.
    first: BTreeMap<Arn, AccountId>,
}

impl OrganizationReducer for MonitoredTrails {
    type Record = MonitoringRecord;

    fn record(
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Option<OrganizationRecord<MonitoringRecord>> {
        let mut recorded = OrganizationRecord {
            record: MonitoringRecord::default(),
            gaps: Vec::new(),
        };
        match facts.get::<Trails>() {
            Ok(trails) => recorded.record = record(trails, facts, context),
            Err(gap) => recorded.gaps.push(gap),
        }
        Some(recorded)
    }

    fn add(&mut self, account: &AccountId, record: Option<MonitoringRecord>, _: &[Gap]) {
        self.accounts.insert(account.clone());
        let Some(record) = record else {
            return;
        };
        self.trails.extend(record.trails);
        if record.has_own_trail {
            return;
        }
        for trail in record.of_others {
            let first = self.first.entry(trail).or_insert_with(|| account.clone());
            if account < first {
                *first = account.clone();
            }
        }
    }

    /// What an account without a trail of its own lacks is reported once, by the owner of the organization trail.
    fn has_verdict(&self, record: &MonitoringRecord, context: &Context<'_>) -> bool {
        record.has_own_trail
            || record.of_others.is_empty()
            || self.unknown_owner(record, context).is_some()
            || self.are_all_monitored(record, context)
    }

    fn evaluate(&self, record: MonitoringRecord, context: &Context<'_>) -> RuleResult {
        let mut result = RuleResult::default();
        if record.own.is_empty() {
            // The gap of its trails is beside the record.
            return result;
        }
        if !self.are_all_monitored(&record, context)
            && let Some(gap) = self.unknown_owner(&record, context)
        {
            result.gaps.push(gap);
            return result;
        }
        for part in &PARTS {
            if let Some(Declared::Until(until)) = declared(part, context) {
                let by = &context.monitoring.by;
                result.notes.push(format!(
                    "{} (CIS 7.0 {}): the configuration declares that {by} monitors them, until {until}",
                    part.title, part.control
                ));
            }
            match self.state(part, &record, context) {
                PartState::Monitored => result.resources_evaluated += 1,
                PartState::Missing(reason) => {
                    result.add(Ok(Some(violation(part, &reason, context))));
                }
                PartState::Unknown(gaps) => result.gaps.extend(gaps.into_iter().map(|gap| Gap {
                    detail: with_resource(&gap),
                    resource: part.id.to_owned(),
                    ..gap
                })),
            }
        }
        result
    }
}

impl MonitoredTrails {
    /// The state of a part: the best of what the account monitors itself, and what the organization's trails do.
    fn state(&self, part: &Part, record: &MonitoringRecord, context: &Context<'_>) -> PartState {
        if self.is_monitored(part, record, context) {
            return PartState::Monitored;
        }
        let others = record
            .of_others
            .iter()
            .map(|arn| match self.trails.get(arn) {
                Some(trail) => trail.states.get(part.id).cloned(),
                None => Some(PartState::Unknown(vec![not_scanned(arn)])),
            });
        let own = record.own.get(part.id).cloned();
        let all: Vec<PartState> = others.chain([own]).flatten().collect();
        let gaps = all.iter().filter_map(|state| match state {
            PartState::Unknown(gaps) => Some(gaps.clone()),
            _ => None,
        });
        let gaps: Vec<Gap> = gaps.flatten().collect();
        match all.into_iter().next_back() {
            Some(state) if gaps.is_empty() => state,
            _ => PartState::Unknown(gaps),
        }
    }

    fn is_monitored(&self, part: &Part, record: &MonitoringRecord, context: &Context<'_>) -> bool {
        let has = |states: &PartStates| states.get(part.id) == Some(&PartState::Monitored);
        let others = || {
            record
                .of_others
                .iter()
                .filter_map(|arn| self.trails.get(arn))
        };
        // EventBridge gets no events of CloudTrail where no trail logs.
        let is_logged = record.has_own_trail || others().any(|trail| trail.may_log);
        matches!(declared(part, context), Some(Declared::Until(_)))
            || is_logged && has(&record.own)
            || others().any(|trail| has(&trail.states))
    }

    fn are_all_monitored(&self, record: &MonitoringRecord, context: &Context<'_>) -> bool {
        let mut parts = PARTS.iter();
        parts.all(|part| self.is_monitored(part, record, context))
    }

    /// Why nothing is known of the accounts that an organization trail logs: no account of the run owns it. The first of
    /// them reports it.
    fn unknown_owner(&self, record: &MonitoringRecord, context: &Context<'_>) -> Option<Gap> {
        if record.has_own_trail {
            return None;
        }
        let is_scanned = |arn: &&Arn| {
            let mut accounts = self.accounts.iter();
            accounts.any(|account| account.as_str() == arn.account())
        };
        let mut trails = record.of_others.iter();
        let trail =
            trails.find(|arn| !is_scanned(arn) && self.first.get(*arn) == Some(context.account))?;
        Some(not_scanned(trail))
    }
}

fn record(trails: &TrailList, facts: &Facts<'_>, context: &Context<'_>) -> MonitoringRecord {
    let (mut own, mut organization) = (Matchers::default(), BTreeMap::new());
    for trail in &trails.own {
        let of_trail = Matchers::of_trail(trail, facts, context);
        if trail.is_organization {
            let logged = OrganizationTrail {
                may_log: may_log(trail),
                states: states(&of_trail),
            };
            organization.insert(trail.arn.clone(), logged);
        }
        own = own.and(&of_trail);
    }
    own.gaps.extend(trails.own.gaps.iter().cloned());
    if trails.own.is_empty() && trails.of_others.is_empty() {
        let problem = "no trail logs the account's events";
        own.problems.push(problem.to_owned());
    }
    let has_own_trail = trails.own.iter().any(may_log) || !trails.own.gaps.is_empty();
    let has_events = has_own_trail || !trails.of_others.is_empty();
    let own = match has_events {
        true => {
            let rules = Matchers::of_rules(facts, context);
            let regions: Vec<&Region> = facts
                .get::<EventRules>()
                .map(|regions| regions.keys().collect())
                .unwrap_or_default();
            states_with_rules(own, &rules, &regions, context.partition)
        }
        false => states(&own),
    };
    MonitoringRecord {
        own,
        has_own_trail,
        trails: organization,
        of_others: trails.of_others.iter().cloned().collect(),
    }
}

fn may_log(trail: &Trail) -> bool {
    trail.status.get().map_or(true, |status| status.is_logging)
}

fn declared(part: &Part, context: &Context<'_>) -> Option<Declared> {
    let names = [part.control, part.id];
    context.monitoring.declared(names, context.now)
}

fn violation(part: &Part, reason: &str, context: &Context<'_>) -> Violation {
    let ended = match declared(part, context) {
        Some(Declared::Ended(until)) => format!(
            ". The declaration that {} monitors them ended on {until}",
            context.monitoring.by
        ),
        _ => String::new(),
    };
    let message = format!(
        "No alarm reports {}: {reason}. An external SIEM is not visible to orgscan{ended}",
        part.title
    );
    CHECK
        .violation(arn::cloudtrail_account(context), message)
        .with_part(part.id)
}

fn not_scanned(trail: &Arn) -> Gap {
    let detail = format!(
        "account {} owns the organization trail, and its monitoring is not known to this run",
        trail.account()
    );
    let gap = Gap::new(LIST_TRAILS.action, Cause::OwnedByOtherAccount).of(trail.as_str());
    Gap { detail, ..gap }
}

/// The gap's detail, with the resource that it is about.
fn with_resource(gap: &Gap) -> String {
    match (gap.resource.as_str(), gap.detail.as_str()) {
        ("", detail) => detail.to_owned(),
        (resource, "") => resource.to_owned(),
        (resource, detail) => format!("{resource}: {detail}"),
    }
}

#[cfg(test)]
mod tests;

//! What formats for other systems tell: an event for every finding, for every target that could not be
//! evaluated, and for every finding that was closed. Passes are in the ledger only.

use jiff::Timestamp;
use orgscan_core::checks::{Check, FailedResource};
use orgscan_core::compare::{ComparedFinding, Comparison, Key};
use orgscan_core::frameworks::{Control, FRAMEWORKS, Framework};
use orgscan_core::model::{AccountId, Arn, ChangeKind, Region, Severity, Suppression, TargetScope};

use super::findings::Row;
use super::ledger::{ALL, LedgerOutcome, LedgerRow};
use super::sink::AccountReport;

/// The account that an event is about.
#[derive(Clone, Copy, Debug)]
pub(super) struct EventAccount<'a> {
    pub(super) id: &'a AccountId,
    pub(super) name: &'a str,
    pub(super) ou_path: &'a str,
    pub(super) ou_id: Option<&'a str>,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum EventStatus {
    /// The resource breaks the check.
    Failed,
    /// It did before, and could not be evaluated.
    Unseen,
    /// A check could not be made, or not completely.
    NotEvaluated {
        /// The causes, as words.
        cause: String,
        /// The IAM actions that were needed.
        action: String,
        /// AWS's own words.
        detail: String,
    },
    /// A complete look did not find it any more.
    Resolved,
    /// It went with its account.
    Gone,
}

#[derive(Debug)]
pub(super) struct Event<'a> {
    /// The finding's id, which lasts; or that of the check in its place.
    pub(super) id: String,
    pub(super) account: EventAccount<'a>,
    pub(super) check_id: &'a str,
    /// None where this version does not have it.
    pub(super) check: Option<&'static Check>,
    pub(super) status: EventStatus,
    /// None where nothing was evaluated.
    pub(super) severity: Option<Severity>,
    /// None for the account as a whole, and for all Regions.
    pub(super) region: Option<&'a str>,
    /// The resource's ARN; none where nothing was evaluated.
    pub(super) resource: Option<&'a str>,
    pub(super) part: &'a str,
    pub(super) message: String,
    pub(super) change: Option<ChangeKind>,
    pub(super) first_seen: Option<Timestamp>,
    pub(super) last_seen: Option<Timestamp>,
    pub(super) exception: Option<&'a Suppression>,
}

impl Event<'_> {
    /// The check's title; its id where this version does not have it.
    pub(super) fn title(&self) -> &str {
        self.check.map_or(self.check_id, |check| check.title)
    }

    /// How to fix it, with the command for its resource where it has one.
    pub(super) fn remediation(&self) -> Option<String> {
        let check = self.check?;
        Some(match self.resource {
            None => check.numbered_fix(),
            Some(resource) => check.remediation(&FailedResource {
                account: self.account.id.as_str(),
                region: self.region.unwrap_or(TargetScope::GLOBAL),
                resource,
                part: self.part,
            }),
        })
    }

    /// The frameworks that ask for the check, and those of their controls that this breaks, or that are not
    /// known to hold.
    pub(super) fn requirements(
        &self,
    ) -> impl Iterator<Item = (&'static Framework, &'static Control)> {
        FRAMEWORKS.iter().flat_map(move |framework| {
            let asked = framework.controls_of(self.check_id);
            let asked = asked.filter(|control| self.is_about(control));
            asked.map(|control| (*framework, control))
        })
    }

    fn is_about(&self, control: &Control) -> bool {
        let mut mapped = control.checks.iter();
        mapped.any(|answer| {
            answer.check == self.check_id
                && answer.is_about(self.part)
                && self
                    .severity
                    .is_none_or(|severity| severity >= answer.at_least)
        })
    }

    /// How it came about, beside the message.
    pub(super) fn detail(&self) -> Option<String> {
        match &self.status {
            EventStatus::Failed => self
                .exception
                .map(|exception| format!("suppressed by the exception {exception}")),
            EventStatus::Unseen => Some(
                "unknown: this finding was open before, and this run could not evaluate it; it stays open"
                    .to_owned(),
            ),
            EventStatus::NotEvaluated {
                cause,
                action,
                detail,
            } => {
                let text = [cause, action, detail];
                let text: Vec<&str> = text
                    .into_iter()
                    .map(String::as_str)
                    .filter(|word| !word.is_empty())
                    .collect();
                Some(text.join("; "))
            }
            EventStatus::Resolved => Some("a complete look did not find it any more".to_owned()),
            EventStatus::Gone => {
                Some("its account is closed, suspended or no longer in the organization".to_owned())
            }
        }
    }
}

/// The events of an account that has a result: its findings, then its gaps, each ordered by check.
pub(super) fn of_account<'r>(
    reported: &'r AccountReport<'_>,
    checks: &[&'static Check],
) -> Vec<Event<'r>> {
    let result = reported.applied.result();
    let account = EventAccount {
        id: &result.account.id,
        name: &result.account.name,
        ou_path: &result.account.ou_path,
        ou_id: result.account.ou_ids.last().map(String::as_str),
    };
    let findings = reported.rows().iter();
    let mut events: Vec<_> = findings
        .map(|row| of_finding(account, row, checks))
        .collect();
    let gaps = reported.ledger().iter();
    let gaps = gaps.filter(|row| row.outcome == LedgerOutcome::Unknown);
    events.extend(gaps.map(|row| of_gap(account, row, checks)));
    events
}

/// The events of findings that were closed, of an account that was listed or not.
pub(super) fn of_closed<'r>(
    comparison: &'r Comparison,
    checks: &[&'static Check],
) -> impl Iterator<Item = Event<'r>> {
    let known = &comparison.account;
    let account = EventAccount {
        id: &known.id,
        name: &known.name,
        ou_path: known.ou.as_ref().map_or("", |ou| &ou.path),
        ou_id: known.ou.as_ref().map(|ou| ou.id.as_str()),
    };
    comparison.findings.iter().filter_map(move |one| {
        let status = match one.kind? {
            ChangeKind::Resolved => EventStatus::Resolved,
            ChangeKind::Gone => EventStatus::Gone,
            _ => return None,
        };
        Some(of_known(account, one, status, checks))
    })
}

fn of_finding<'r>(
    account: EventAccount<'r>,
    row: &'r Row<'_>,
    checks: &[&'static Check],
) -> Event<'r> {
    let change = row.compared.and_then(|compared| compared.kind);
    let known = row.compared.map(|compared| &compared.finding);
    Event {
        id: row.id.clone(),
        account,
        check_id: row.check,
        check: by_id(row.check, checks),
        status: match change {
            Some(ChangeKind::Unknown) => EventStatus::Unseen,
            _ => EventStatus::Failed,
        },
        severity: Some(row.severity),
        region: a_region(row.region),
        resource: Some(row.resource),
        part: row.part,
        message: row.message.to_owned(),
        change,
        first_seen: known.map(|finding| finding.first_seen),
        last_seen: known.map(|finding| finding.last_seen),
        exception: row.exception,
    }
}

fn of_known<'r>(
    account: EventAccount<'r>,
    one: &'r ComparedFinding,
    status: EventStatus,
    checks: &[&'static Check],
) -> Event<'r> {
    let ComparedFinding { finding, kind, .. } = one;
    Event {
        id: finding.key.id(account.id),
        account,
        check_id: &finding.key.check,
        check: by_id(&finding.key.check, checks),
        status,
        severity: Some(finding.severity),
        region: a_region(finding.region()),
        resource: Some(&finding.key.resource),
        part: &finding.key.part,
        message: finding.message.clone(),
        change: *kind,
        first_seen: Some(finding.first_seen),
        last_seen: Some(finding.last_seen),
        exception: None,
    }
}

fn of_gap<'r>(
    account: EventAccount<'r>,
    row: &'r LedgerRow<'_>,
    checks: &[&'static Check],
) -> Event<'r> {
    let key = Key {
        check: row.check.into(),
        scope: match row.region {
            TargetScope::GLOBAL => TargetScope::Global,
            region => TargetScope::Region(Region::new(region)),
        },
        resource: Arn::default(),
        part: String::new(),
    };
    let scope = match row.region {
        TargetScope::GLOBAL => "for the account as a whole".to_owned(),
        ALL => "in any Region".to_owned(),
        region => format!("in {region}"),
    };
    let check = by_id(row.check, checks);
    let title = check.map_or(row.check, |check| check.title);
    Event {
        id: key.id(account.id),
        account,
        check_id: row.check,
        check,
        severity: None,
        region: a_region(row.region),
        resource: None,
        part: "",
        message: format!("It is not known whether this holds {scope}: {title}"),
        status: EventStatus::NotEvaluated {
            cause: row.cause.clone(),
            action: row.action.clone(),
            detail: row.detail.clone(),
        },
        change: None,
        first_seen: None,
        last_seen: None,
        exception: None,
    }
}

fn by_id(id: &str, checks: &[&'static Check]) -> Option<&'static Check> {
    let made = checks.iter().copied().find(|check| check.id == id);
    made.or_else(|| orgscan_core::services::by_id(id))
}

fn a_region(region: &str) -> Option<&str> {
    (region != TargetScope::GLOBAL && region != ALL).then_some(region)
}

#[cfg(test)]
mod tests;

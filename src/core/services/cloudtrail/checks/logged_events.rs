//! Whether some trail logs the events of an account in all Regions: a trail of its own, or an organization's trail, whose
//! owner has all about it. What the checks of logged events share.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Debug;
use std::marker::PhantomData;

use serde::{Deserialize, Serialize};

use crate::checks::{Check, Context, OrganizationReducer, arn, format};
use crate::facts::Facts;
use crate::model::{AccountId, Arn, Cause, Gap, OrganizationRecord, RuleResult};
use crate::services::cloudtrail::{EventSelectors, GET_EVENT_SELECTORS, Trail, TrailList, Trails};

/// A check of the events that are logged.
pub(super) trait LoggedEventsCheck: Debug + Default + Send + Sync + 'static {
    /// The check.
    const CHECK: &'static Check;
    /// What a violation is: `No multi-Region trail logs management events`.
    const PROBLEM: &'static str;

    /// What a trail with these selectors lacks, `logs no reads`; none where it logs what the check asks for.
    fn lacks(selectors: &EventSelectors) -> Option<String>;

    /// What the reader should know about a trail that logs what the check asks for.
    fn note(_: &EventSelectors) -> Option<String> {
        None
    }
}

/// What an account contributes.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct TrailsRecord {
    /// Whether something of its own trails could not be read, which may decide.
    is_incomplete: bool,
    /// The trails that it owns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    own: Vec<TrailRecord>,
    /// The organization's trails that it sees and another account owns.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    of_others: Vec<Arn>,
    /// What could not be read, where an organization's trail may make up for it. Otherwise it is beside the record.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    gaps: Vec<Gap>,
}

/// A trail, as far as the check needs it.
#[derive(Debug, Serialize, Deserialize)]
struct TrailRecord {
    arn: Arn,
    is_organization: bool,
    state: TrailState,
}

/// Whether a trail logs what the check asks for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum TrailState {
    /// It does, with what the reader should know.
    Logs(Option<String>),
    /// It does not, for this reason.
    Lacks(String),
    /// Nobody could read it.
    Unread,
}

/// The organization's trails, as their owners have them.
#[derive(Debug, Default)]
pub(super) struct OrganizationTrails<C> {
    trails: BTreeMap<Arn, TrailState>,
    /// Every account with a record.
    accounts: BTreeSet<AccountId>,
    check: PhantomData<C>,
}

impl<C: LoggedEventsCheck> OrganizationReducer for OrganizationTrails<C> {
    type Record = TrailsRecord;

    fn record(facts: &Facts<'_>, _: &Context<'_>) -> Option<OrganizationRecord<TrailsRecord>> {
        Some(match facts.get::<Trails>() {
            Ok(list) => recorded::<C>(list),
            Err(gap) => OrganizationRecord {
                record: TrailsRecord {
                    is_incomplete: true,
                    ..TrailsRecord::default()
                },
                gaps: vec![gap],
            },
        })
    }

    fn add(&mut self, account: &AccountId, record: Option<TrailsRecord>, _: &[Gap]) {
        self.accounts.insert(account.clone());
        let own = record.into_iter().flat_map(|record| record.own);
        let of_organization = own.filter(|trail| trail.is_organization);
        self.trails
            .extend(of_organization.map(|trail| (trail.arn, trail.state)));
    }

    fn evaluate(&self, record: TrailsRecord, context: &Context<'_>) -> RuleResult {
        let of_others = || record.of_others.iter().map(|arn| (arn, self.state(arn)));
        let own = record.own.iter().map(|trail| &trail.state);
        let mut states = own.chain(of_others().map(|(_, state)| state));
        if states.any(|state| matches!(state, TrailState::Logs(_))) {
            return RuleResult {
                notes: notes(&record.own),
                ..RuleResult::of_one(None)
            };
        }
        let mut gaps = record.gaps.clone();
        if !record.is_incomplete {
            let mut unread = of_others().filter(|(_, state)| **state == TrailState::Unread);
            gaps.extend(unread.next().map(|(arn, _)| self.ask_owner(arn, context)));
        }
        if record.is_incomplete || !gaps.is_empty() {
            return RuleResult {
                gaps,
                ..RuleResult::default()
            };
        }
        let account = arn::cloudtrail_account(context);
        let of_others = of_others().filter_map(|(arn, state)| lacks_of_other(arn, state));
        let own = record.own.iter().filter_map(lacks_of_own);
        let lacks: Vec<String> = own.chain(of_others).collect();
        let message = match lacks.is_empty() {
            true => format!("{}: there is no trail", C::PROBLEM),
            false => format!("{}: {}", C::PROBLEM, format::few(&lacks, "; ")),
        };
        RuleResult::of_one(Some(C::CHECK.violation(account, message)))
    }
}

impl<C: LoggedEventsCheck> OrganizationTrails<C> {
    /// What is known of another account's trail.
    fn state(&self, arn: &Arn) -> &TrailState {
        self.trails.get(arn).unwrap_or(&TrailState::Unread)
    }

    /// An organization's trail that only another account can show. It is that account's gap, and skips the check here. If
    /// the owner is not part of the run at all, the central account has the gap, so that it appears once. A run of one
    /// account has no such account.
    fn ask_owner(&self, trail: &Arn, context: &Context<'_>) -> Gap {
        let owner = trail.account();
        let is_scanned = self.accounts.iter().any(|one| one.as_str() == owner);
        let cause = match context.is_central && !is_scanned && self.accounts.len() > 1 {
            true => Cause::OwnedByOtherAccount,
            false => Cause::DelegationRequired,
        };
        let why = match is_scanned {
            true => "could not be read there",
            false => "is not part of this run",
        };
        Gap {
            detail: format!(
                "account {owner} owns the organization trail that logs here, and its settings are only known there: \
                 it {why}"
            ),
            ..Gap::new(GET_EVENT_SELECTORS.action, cause).of(trail.as_str())
        }
    }
}

/// The record of an account whose trails were listed. Its own gaps decide, unless one of its trails is enough, or an
/// organization's trail may be.
fn recorded<C: LoggedEventsCheck>(list: &TrailList) -> OrganizationRecord<TrailsRecord> {
    let mut gaps = list.own.gaps.clone();
    let mut own = Vec::new();
    for trail in &list.own {
        let state = state::<C>(trail).unwrap_or_else(|gap| {
            gaps.push(gap);
            TrailState::Unread
        });
        own.push(TrailRecord {
            arn: trail.arn.clone(),
            is_organization: trail.is_organization,
            state,
        });
    }
    if own
        .iter()
        .any(|one| matches!(one.state, TrailState::Logs(_)))
    {
        gaps.clear();
    }
    let mut record = TrailsRecord {
        is_incomplete: !gaps.is_empty(),
        own,
        of_others: list.of_others.clone(),
        ..TrailsRecord::default()
    };
    if !record.of_others.is_empty() {
        record.gaps = std::mem::take(&mut gaps);
    }
    OrganizationRecord { record, gaps }
}

/// Whether a trail logs what the check asks for. What certainly rules it out outweighs what is not known.
fn state<C: LoggedEventsCheck>(trail: &Trail) -> Result<TrailState, Gap> {
    let lacks = |what: String| Ok(TrailState::Lacks(what));
    if !trail.is_multi_region {
        return lacks(format!("logs in {} only", trail.home));
    }
    let (status, selectors) = (trail.status.get(), trail.selectors.get());
    if status.as_ref().is_ok_and(|status| !status.is_logging) {
        return lacks("is stopped".to_owned());
    }
    if let Some(what) = selectors.as_ref().ok().and_then(|one| C::lacks(one)) {
        return lacks(what);
    }
    status?;
    Ok(TrailState::Logs(C::note(selectors?)))
}

/// What the reader should know about the account's own trails.
fn notes(own: &[TrailRecord]) -> Vec<String> {
    let notes = own.iter().filter_map(|trail| match &trail.state {
        TrailState::Logs(Some(note)) => Some(format!("trail {} {note}", name(&trail.arn))),
        _ => None,
    });
    notes.collect()
}

/// What a trail of another account lacks, if it is known.
fn lacks_of_other(arn: &Arn, state: &TrailState) -> Option<String> {
    let TrailState::Lacks(what) = state else {
        return None;
    };
    let (name, owner) = (name(arn), arn.account());
    Some(format!(
        "organization trail {name} of account {owner} {what}"
    ))
}

/// What an own trail lacks, if it is known.
fn lacks_of_own(trail: &TrailRecord) -> Option<String> {
    match &trail.state {
        TrailState::Lacks(what) => Some(format!("trail {} {what}", name(&trail.arn))),
        _ => None,
    }
}

fn name(trail: &Arn) -> &str {
    let resource = trail.resource();
    resource.strip_prefix("trail/").unwrap_or(resource)
}

//! What is known of each part: whether its events are monitored.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::chain::{Matcher, Matchers};
use super::notification::Notification;
use crate::model::{Cause, Gap, Region};
use crate::partition::Partition;
use crate::services::events::LIST_RULES;
use crate::services::logs::DESCRIBE_METRIC_FILTERS;
use crate::services::logs::pattern::{Coverage, EventRegions, PARTS, Part, Pattern, coverage};

/// Whether the events of a part are monitored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum PartState {
    /// They are.
    Monitored,
    /// They are not, for this reason.
    Missing(String),
    /// That is not known.
    Unknown(Vec<Gap>),
}

/// The state of each part, by its name.
pub(super) type PartStates = BTreeMap<String, PartState>;

/// The states that follow from the metric filters of trails alone.
pub(super) fn states(matchers: &Matchers) -> PartStates {
    let state = |part: &Part| (part.id.to_owned(), state(&part.required(), matchers, None));
    PARTS.iter().map(state).collect()
}

/// The states that follow from event rules too. A rule gets the events of its own Region, so rules have to match in all
/// `regions` that the events occur in.
pub(super) fn states_with_rules(
    filters: Matchers,
    rules: &Matchers,
    regions: &[&Region],
    partition: &str,
) -> PartStates {
    let all = filters.and(rules);
    let state = |part: &Part| {
        let (in_regions, unread) = required(part, regions, partition);
        // Without rules, Regions make no difference.
        let required = match rules.known.is_empty() {
            true => part.required(),
            false => in_regions,
        };
        (part.id.to_owned(), state(&required, &all, unread))
    };
    PARTS.iter().map(state).collect()
}

/// The events of a part in the Regions that they occur in. The rules of one of them may not have been read.
fn required(part: &Part, regions: &[&Region], partition: &str) -> (Pattern, Option<Gap>) {
    let of_partition = |region: fn(&Partition) -> &'static str| {
        let partition = Partition::named(partition).map(region);
        Region::new(partition.unwrap_or_default())
    };
    let occurring = match part.regions {
        EventRegions::All => regions.iter().map(|one| (*one).clone()).collect(),
        EventRegions::Iam => vec![of_partition(|one| one.iam_region)],
        EventRegions::Organizations => vec![of_partition(|one| one.organizations_region)],
    };
    let unread = occurring.iter().find(|one| !regions.contains(one));
    let unread = unread.map(|region| Gap {
        detail: format!(
            "the events occur in {region}, which was not scanned, so its event rules are unknown"
        ),
        ..Gap::new(LIST_RULES.action, Cause::NotCollected)
    });
    let names: Vec<&str> = occurring.iter().map(Region::as_str).collect();
    let here = Pattern::one_of("awsRegion", &names);
    (Pattern::All(vec![here, part.required()]), unread)
}

fn state(required: &Pattern, matchers: &Matchers, unread: Option<Gap>) -> PartState {
    let with = |is_taken: fn(&Notification) -> bool| -> Vec<&Matcher> {
        let known = matchers.known.iter();
        known.filter(|one| is_taken(&one.notification)).collect()
    };
    let covered = |matchers: &[&Matcher]| {
        let patterns = matchers.iter().map(|one| one.pattern.clone());
        coverage(required, &patterns.collect::<Vec<_>>())
    };
    let notified = with(|one| *one == Notification::Confirmed);
    let first = covered(&notified);
    if first == Coverage::Full {
        return PartState::Monitored;
    }
    let possible = with(|one| !matches!(one, Notification::None(_)));
    let mut gaps = matchers.gaps.clone();
    gaps.extend(unread);
    let with_possible = match possible.len() == notified.len() {
        true => first.clone(),
        false => covered(&possible),
    };
    if !matches!(with_possible, Coverage::Missing(_)) {
        gaps.extend(possible.iter().filter_map(|one| doubt(one, required)));
        if gaps.is_empty() {
            gaps.push(undecided(&possible, &first));
        }
    }
    if !gaps.is_empty() {
        return PartState::Unknown(gaps);
    }
    PartState::Missing(reason(matchers, required, first))
}

/// Why a filter or rule may or may not cover some of a part's events.
fn doubt(matcher: &Matcher, required: &Pattern) -> Option<Gap> {
    if let Notification::Unknown(gap) = &matcher.notification {
        return Some(gap.clone());
    }
    match coverage(required, std::slice::from_ref(&matcher.pattern)) {
        Coverage::Unknown(reason) => Some(Gap {
            detail: format!("{}: {reason}", matcher.name),
            ..Gap::new(matcher.action, Cause::Malformed)
        }),
        _ => None,
    }
}

fn undecided(possible: &[&Matcher], first: &Coverage) -> Gap {
    let names: Vec<&str> = possible.iter().map(|one| one.name.as_str()).collect();
    let reason = match first {
        Coverage::Unknown(reason) => reason.as_str(),
        _ => "they may match together",
    };
    Gap {
        detail: format!("{}: {reason}", crate::checks::format::first_few(&names)),
        ..Gap::new(DESCRIBE_METRIC_FILTERS.action, Cause::Malformed)
    }
}

/// Why the events of a part are not monitored: what matches them notifies nobody, or the nearest misses some.
fn reason(matchers: &Matchers, required: &Pattern, first: Coverage) -> String {
    let silent = matchers
        .known
        .iter()
        .find_map(|one| match &one.notification {
            Notification::None(reason) => {
                let alone = coverage(required, std::slice::from_ref(&one.pattern));
                (alone == Coverage::Full).then_some(reason)
            }
            _ => None,
        });
    let nothing = matchers.known.is_empty().then(|| matchers.problems.first());
    match (silent.or(nothing.flatten()), first) {
        (Some(reason), _) => reason.clone(),
        (None, Coverage::Missing(event)) if !matchers.known.is_empty() && !event.is_empty() => {
            format!("no metric filter with an alarm matches {event}")
        }
        _ => "no metric filter with an alarm matches them".to_owned(),
    }
}

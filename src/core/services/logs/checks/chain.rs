//! What an account has that matches events and notifies somebody: metric filters of its trails, and event rules.

use super::notification::{Notification, Notifiers};
use crate::checks::Context;
use crate::facts::Facts;
use crate::model::{Arn, Cause, Gap, Reading, Region};
use crate::services::cloudtrail::Trail;
use crate::services::cloudwatch::{Alarms, DESCRIBE_ALARMS};
use crate::services::events::{EventRule, EventRules, LIST_TARGETS_BY_RULE};
use crate::services::logs::pattern::{Pattern, parse};
use crate::services::logs::{DESCRIBE_METRIC_FILTERS, MetricFilter, MetricFilters};
use crate::services::sns::ConfirmedTopics;

/// What matches some events.
#[derive(Clone, Debug)]
pub(super) struct Matcher {
    /// The filter or rule, for messages: `metric filter root`.
    pub(super) name: String,
    /// The action that reads it.
    pub(super) action: &'static str,
    /// The events that it matches.
    pub(super) pattern: Pattern,
    /// Whether somebody is notified of them.
    pub(super) notification: Notification,
}

/// Everything that matches events.
#[derive(Clone, Debug, Default)]
pub(super) struct Matchers {
    /// What is known.
    pub(super) known: Vec<Matcher>,
    /// Why there may be more.
    pub(super) gaps: Vec<Gap>,
    /// Why there is nothing that counts.
    pub(super) problems: Vec<String>,
}

impl Matchers {
    /// These and others.
    pub(super) fn and(mut self, others: &Self) -> Self {
        self.known.extend(others.known.iter().cloned());
        self.gaps.extend(others.gaps.iter().cloned());
        self.problems.extend(others.problems.iter().cloned());
        self
    }

    /// Those of a trail.
    pub(super) fn of_trail(trail: &Trail, facts: &Facts<'_>, context: &Context<'_>) -> Self {
        let mut matchers = Self::default();
        match usable(trail, context) {
            Ok((group, excluded)) => {
                if let Err(gap) = matchers.read_filters(group, &excluded, facts, context) {
                    matchers.gaps.push(gap);
                }
            }
            Err(Obstacle::Problem(problem)) => matchers.problems.push(problem),
            Err(Obstacle::Gap(gap)) => matchers.gaps.push(gap),
        }
        matchers
    }

    fn read_filters(
        &mut self,
        group: &Arn,
        excluded: &[String],
        facts: &Facts<'_>,
        context: &Context<'_>,
    ) -> Result<(), Gap> {
        let filters = facts.get::<MetricFilters>()?.get(group);
        let filters = filters.map_or_else(|| Err(unread(group)), Reading::get)?;
        self.gaps.extend(filters.gaps.iter().cloned());
        if filters.known.is_empty() {
            let name = group_name(group);
            self.problems
                .push(format!("log group {name} has no metric filter"));
            return Ok(());
        }
        let region = Region::new(group.region());
        let alarms = facts.get::<Alarms>()?.get(&region);
        let alarms = alarms.map_or_else(|| Err(no_alarms(&region)), Reading::get)?;
        let notifiers = Notifiers {
            account: context.account,
            alarms,
            topics: facts.get::<ConfirmedTopics>()?,
        };
        let known = filters.iter();
        self.known.extend(known.map(|filter| Matcher {
            name: format!("metric filter {}", filter.name),
            action: DESCRIBE_METRIC_FILTERS.action,
            pattern: pattern_of(filter, excluded),
            notification: notifiers.of_filter(filter),
        }));
        Ok(())
    }

    /// The event rules of all scanned Regions. They count only where a trail logs the account's events.
    pub(super) fn of_rules(facts: &Facts<'_>, context: &Context<'_>) -> Self {
        let mut matchers = Self::default();
        let regions = match facts.get::<EventRules>() {
            Ok(regions) => regions,
            Err(gap) => {
                matchers.gaps.push(gap);
                return matchers;
            }
        };
        for (region, rules) in regions {
            match rules.get() {
                Ok(rules) => {
                    matchers.gaps.extend(rules.gaps.iter().cloned());
                    let known = rules.iter().map(|rule| of_rule(rule, region, context));
                    matchers.known.extend(known);
                }
                Err(gap) if gap.cause == Cause::NotOffered => {}
                Err(gap) => matchers.gaps.push(gap),
            }
        }
        matchers
    }
}

fn of_rule(rule: &EventRule, region: &Region, context: &Context<'_>) -> Matcher {
    let name = &rule.name;
    Matcher {
        name: format!("event rule {name} in {region}"),
        action: LIST_TARGETS_BY_RULE.action,
        pattern: rule.events(context.account.as_str(), region),
        notification: match rule.has_target.get() {
            Ok(true) => Notification::Confirmed,
            Ok(false) => Notification::None(format!("event rule {name} in {region} has no target")),
            Err(gap) => Notification::Unknown(gap),
        },
    }
}

/// The events that a filter matches among those that its trail delivers.
fn pattern_of(filter: &MetricFilter, excluded: &[String]) -> Pattern {
    let mut parts = vec![parse(&filter.pattern)];
    if filter.is_restricted {
        let reason = "it matches only some accounts or Regions, or events that were transformed";
        parts.push(Pattern::Unknown(reason.to_owned()));
    }
    let excluded = excluded.iter();
    parts.extend(excluded.map(|source| Pattern::is_not("eventSource", source)));
    Pattern::All(parts)
}

/// Why the filters of a trail's log group do not count.
enum Obstacle {
    Problem(String),
    Gap(Gap),
}

impl From<Gap> for Obstacle {
    fn from(gap: Gap) -> Self {
        Self::Gap(gap)
    }
}

/// The log group that gets all management events of all Regions, and the event sources that the trail leaves out.
fn usable<'a>(trail: &'a Trail, context: &Context<'_>) -> Result<(&'a Arn, Vec<String>), Obstacle> {
    let problem = |what: &str| Obstacle::Problem(format!("trail {} {what}", trail.name));
    if !trail.status.get()?.is_logging {
        return Err(problem("does not log"));
    }
    if !trail.is_multi_region {
        return Err(problem("logs only one Region"));
    }
    let events = trail.selectors.get()?.management_events();
    if !(events.has_reads() && events.has_writes()) {
        return Err(problem("does not log all management events"));
    }
    let group = trail.log_group.as_ref();
    let group = group.ok_or_else(|| problem("delivers to no log group"))?;
    if group.account() != context.account.as_str() {
        let detail = format!(
            "trail {} delivers to log group {} of account {}, whose metric filters are not related to it",
            trail.name,
            group_name(group),
            group.account()
        );
        return Err(Obstacle::Gap(Gap {
            detail,
            ..Gap::new(DESCRIBE_METRIC_FILTERS.action, Cause::OwnedByOtherAccount)
        }));
    }
    let excluded = events.excluded_sources().into_iter();
    Ok((group, excluded.map(str::to_owned).collect()))
}

/// `CloudTrail/logs` of `arn:aws:logs:eu-west-1:111122223333:log-group:CloudTrail/logs:*`.
fn group_name(group: &Arn) -> &str {
    let name = group.resource();
    let name = name.strip_prefix("log-group:").unwrap_or(name);
    name.strip_suffix(":*").unwrap_or(name)
}

fn unread(group: &Arn) -> Gap {
    Gap {
        detail: format!("the metric filters of {} were not read", group_name(group)),
        ..Gap::new(DESCRIBE_METRIC_FILTERS.action, Cause::NotCollected)
    }
}

fn no_alarms(region: &Region) -> Gap {
    Gap {
        detail: format!("the alarms of {region} were not read"),
        ..Gap::new(DESCRIBE_ALARMS.action, Cause::NotCollected)
    }
}

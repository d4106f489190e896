//! Whether somebody is notified of the events that a metric filter matches.

use std::collections::BTreeMap;

use crate::model::{AccountId, Arn, Cause, Gap, Reading};
use crate::services::cloudwatch::{AlarmActions, AlarmList, DESCRIBE_ALARMS, MetricAlarm, Reach};
use crate::services::logs::MetricFilter;
use crate::services::sns::LIST_SUBSCRIPTIONS_BY_TOPIC;

/// Services whose actions notify or page somebody in a way that is not evaluated.
const OTHER_NOTIFIERS: [&str; 4] = ["aiops", "lambda", "ssm", "ssm-incidents"];

/// Whether somebody is notified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Notification {
    /// A topic with a confirmed subscription is.
    Confirmed,
    /// That is not known.
    Unknown(Gap),
    /// Nobody is, for this reason.
    None(String),
}

impl Notification {
    /// The best of some; the first where several are as good.
    fn best(all: impl IntoIterator<Item = Self>, none: impl FnOnce() -> String) -> Self {
        let rank = |one: &Self| match one {
            Self::Confirmed => 0,
            Self::Unknown(_) => 1,
            Self::None(_) => 2,
        };
        let best = all.into_iter().min_by_key(rank);
        best.unwrap_or_else(|| Self::None(none()))
    }
}

/// The alarms of a Region, and what is known of the topics that they notify.
#[derive(Clone, Copy, Debug)]
pub(super) struct Notifiers<'a> {
    pub(super) account: &'a AccountId,
    pub(super) alarms: &'a AlarmList,
    pub(super) topics: &'a BTreeMap<Arn, Reading<bool>>,
}

impl Notifiers<'_> {
    /// Whether somebody is notified of the events that a filter matches.
    pub(super) fn of_filter(&self, filter: &MetricFilter) -> Notification {
        let name = &filter.name;
        let alarms = self.alarms.metric.iter();
        let reached = alarms.flat_map(|alarm| {
            let reached = filter.transformations.iter();
            reached.filter_map(move |one| Some((alarm, alarm.reach(one)?)))
        });
        let known = reached.map(|(alarm, reach)| self.of_alarm(alarm, reach));
        let unread = self.alarms.metric.gaps.iter().cloned();
        Notification::best(known.chain(unread.map(Notification::Unknown)), || {
            format!("metric filter {name} has no alarm")
        })
    }

    fn of_alarm(&self, alarm: &MetricAlarm, reach: Reach) -> Notification {
        let name = &alarm.actions.name;
        match reach {
            Reach::Raised => self.of_actions(alarm),
            Reach::Never(reason) => Notification::None(format!("alarm {name} {reason}")),
            Reach::Unknown(reason) => Notification::Unknown(undecided(name, &reason)),
        }
    }

    /// Of the alarm itself, and of the composite alarms that are raised with it.
    fn of_actions(&self, alarm: &MetricAlarm) -> Notification {
        let name = &alarm.actions.name;
        let (raised, unread) = self.alarms.raised_with(alarm);
        let known = raised.into_iter().map(|actions| self.of_one(actions));
        let unread = unread
            .into_iter()
            .map(|name| undecided(name, "has a rule that cannot be read"));
        let unread = unread.chain(self.alarms.composite.gaps.iter().cloned());
        Notification::best(known.chain(unread.map(Notification::Unknown)), || {
            format!("alarm {name} has no actions")
        })
    }

    fn of_one(&self, actions: &AlarmActions) -> Notification {
        let name = &actions.name;
        if !actions.are_enabled {
            return Notification::None(format!("alarm {name} has its actions disabled"));
        }
        let all = actions.alarm.iter().filter_map(|arn| match arn.service() {
            "sns" => Some(self.of_topic(name, arn)),
            service if OTHER_NOTIFIERS.contains(&service) => {
                let reason = format!("notifies {arn}, which is not evaluated");
                Some(Notification::Unknown(undecided(name, &reason)))
            }
            _ => None,
        });
        Notification::best(all, || format!("alarm {name} notifies no topic"))
    }

    fn of_topic(&self, alarm: &str, topic: &Arn) -> Notification {
        match self.topics.get(topic).map(Reading::get) {
            Some(Ok(true)) => Notification::Confirmed,
            Some(Ok(false)) => Notification::None(format!(
                "alarm {alarm} notifies topic {}, which has no confirmed subscription",
                topic.resource()
            )),
            Some(Err(gap)) => Notification::Unknown(gap),
            None if topic.account() != self.account.as_str() => Notification::Unknown(Gap {
                detail: format!("alarm {alarm} notifies {topic}, a topic of another account"),
                ..Gap::new(
                    LIST_SUBSCRIPTIONS_BY_TOPIC.action,
                    Cause::OwnedByOtherAccount,
                )
            }),
            None => Notification::Unknown(Gap {
                detail: format!("the subscriptions of {topic} were not read"),
                ..Gap::new(LIST_SUBSCRIPTIONS_BY_TOPIC.action, Cause::NotCollected)
            }),
        }
    }
}

fn undecided(alarm: &str, reason: &str) -> Gap {
    Gap {
        detail: format!("alarm {alarm} {reason}"),
        ..Gap::new(DESCRIBE_ALARMS.action, Cause::Malformed)
    }
}

//! Which messages a run has to send: one about all accounts, and one for each topic of a route. Pure.

use orgscan_core::consolidate::view;
use orgscan_core::model::{Arn, Report};
use orgscan_core::settings::{AccountMatch, AlertConfig, AlertRoute, SendWhen};
use orgscan_store::integrity::SealedLink;
use serde::{Deserialize, Serialize};

use super::alert::{Alert, AlertContext, ExceptionNotice, needed, render};

/// A message and its topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Message {
    /// The topic; none if none is configured.
    pub topic_arn: Option<Arn>,
    /// Whether HTTPS subscriptions get the chat format.
    pub chat_for_https: bool,
    /// Whether it has something to report.
    pub should_send: bool,
    /// Its content.
    #[serde(flatten)]
    pub alert: Alert,
}

/// The input for a run's messages.
#[derive(Clone, Copy, Debug)]
pub struct Messages<'a> {
    /// The report.
    pub report: &'a Report,
    /// The topics; without any, the message is about all accounts and is not sent.
    pub config: Option<&'a AlertConfig>,
    /// Exceptions that are about to expire or have expired.
    pub exceptions: &'a [ExceptionNotice],
    /// Where the report's files are, for people.
    pub report_location: Option<&'a str>,
    /// Whether the report has a page, `index.html`.
    pub has_page: bool,
    /// The report's link of the chain of manifests, once it has one.
    pub manifest: Option<&'a SealedLink>,
}

impl Messages<'_> {
    /// Renders them: the one about all accounts first, then one for each topic of the routes. A topic that gets the
    /// first one gets no other, because the first one is complete.
    ///
    /// # Errors
    /// If a value cannot be written as JSON.
    pub fn render(&self) -> Result<Vec<Message>, serde_json::Error> {
        let send = self.config.map_or(SendWhen::Always, |config| config.send);
        let mut messages = vec![Message {
            topic_arn: self.config.map(|config| config.topic_arn.clone()),
            chat_for_https: self.config.is_some_and(|config| config.chat),
            ..self.message(&self.context(self.report, None), send)?
        }];
        for group in self.routes() {
            let Some((first, config)) = group.first().zip(self.config) else {
                continue;
            };
            let report = view(self.report, |account| {
                group.iter().any(|route| route.accounts.matches(account))
            });
            let names: Vec<_> = group.iter().map(|route| name(route)).collect();
            let names = names.join(", ");
            let always = group
                .iter()
                .any(|route| route.send.unwrap_or(config.send) == SendWhen::Always);
            let send = if always {
                SendWhen::Always
            } else {
                SendWhen::Needed
            };
            messages.push(Message {
                topic_arn: Some(first.topic_arn.clone()),
                chat_for_https: group.iter().any(|route| route.chat.unwrap_or(config.chat)),
                ..self.message(&self.context(&report, Some(&names)), send)?
            });
        }
        Ok(messages)
    }

    /// The routes, grouped by topic.
    fn routes(&self) -> Vec<Vec<&AlertRoute>> {
        let Some(config) = self.config else {
            return Vec::new();
        };
        let mut groups: Vec<Vec<&AlertRoute>> = Vec::new();
        let others = |route: &&AlertRoute| route.topic_arn != config.topic_arn;
        for route in config.routes.iter().filter(others) {
            let is_same = |one: &AlertRoute| one.topic_arn == route.topic_arn;
            let same = groups
                .iter_mut()
                .find(|group| group.first().is_some_and(|first| is_same(first)));
            match same {
                Some(group) => group.push(route),
                None => groups.push(vec![route]),
            }
        }
        groups
    }

    fn context<'m>(&'m self, report: &'m Report, route: Option<&'m str>) -> AlertContext<'m> {
        AlertContext {
            report,
            // An exception can name accounts of other routes.
            exceptions: if route.is_none() {
                self.exceptions
            } else {
                &[]
            },
            report_location: self.report_location,
            has_page: self.has_page,
            manifest: self.manifest,
            dashboard: self
                .config
                .and_then(|config| config.dashboard_url.as_deref()),
            route,
        }
    }

    fn message(
        &self,
        context: &AlertContext<'_>,
        send: SendWhen,
    ) -> Result<Message, serde_json::Error> {
        Ok(Message {
            topic_arn: None,
            chat_for_https: false,
            should_send: send == SendWhen::Always || needed(context),
            alert: render(context)?,
        })
    }
}

/// The name of a route.
fn name(route: &AlertRoute) -> String {
    let named = route.name.clone();
    named.unwrap_or_else(|| describe(&route.accounts))
}

/// `Workloads/Production, team=web`
fn describe(accounts: &AccountMatch) -> String {
    let ids = accounts.ids.iter().map(ToString::to_string);
    let ous = accounts.ous.iter().chain(&accounts.names).cloned();
    let tags = accounts
        .tags
        .iter()
        .map(|(key, value)| format!("{key}={value}"));
    ids.chain(ous).chain(tags).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests;

//! Where the alert goes, and when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::filters::AccountMatch;
use crate::model::Arn;

/// One SNS message per run and topic.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertConfig {
    /// The topic's ARN.
    pub topic_arn: Arn,
    /// When to send it.
    #[serde(default)]
    pub send: SendWhen,
    /// Whether HTTPS subscriptions get a chat notification: for a topic that feeds Slack or Teams
    /// through Amazon Q Developer in chat applications.
    #[serde(default)]
    pub chat: bool,
    /// The dashboard's address, for the message to point to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dashboard: Option<String>,
    /// Messages of their own for those who look after some of the accounts. The message above is about
    /// all accounts, whatever is here.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub routes: Vec<AlertRoute>,
}

impl AlertConfig {
    /// To this topic, and all else as it is by default.
    pub fn to(topic_arn: impl Into<Arn>) -> Self {
        Self {
            topic_arn: topic_arn.into(),
            send: SendWhen::default(),
            chat: false,
            dashboard: None,
            routes: Vec::new(),
        }
    }
}

/// A message about some of the accounts. Routes to the same topic are sent as one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertRoute {
    /// What the message calls those accounts; by default what `match` names.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The accounts.
    #[serde(rename = "match")]
    pub accounts: AccountMatch,
    /// The topic's ARN.
    pub topic_arn: Arn,
    /// When to send it; by default as the message about all accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send: Option<SendWhen>,
    /// Whether HTTPS subscriptions get a chat notification; by default as with all accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<bool>,
}

/// When to send the alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SendWhen {
    /// When there is news since the run before: findings that are new, reopened or worse, something that
    /// can no longer be looked at, accounts moved or gone, an exception that comes to its end, an
    /// alert that was not delivered. Where there is no run to compare with, when a threshold is crossed or
    /// something could not be looked at; in a first run also when there are findings.
    #[default]
    Needed,
    /// After every run.
    Always,
}

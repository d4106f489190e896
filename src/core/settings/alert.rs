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
    /// Whether HTTPS subscriptions receive a chat notification, for Slack or Teams through Amazon Q Developer in chat
    /// applications.
    #[serde(default)]
    pub chat: bool,
    /// The URL of the dashboard, for a link in the message.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub dashboard_url: Option<String>,
    /// Separate messages about some of the accounts, for their owners. The message to `topic_arn` is always about all
    /// accounts.
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
            dashboard_url: None,
            routes: Vec::new(),
        }
    }
}

/// A message about some of the accounts. Routes to the same topic are sent as one message.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AlertRoute {
    /// The name of these accounts in the message; by default the filters of `match`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The accounts.
    #[serde(rename = "match")]
    pub accounts: AccountMatch,
    /// The topic's ARN.
    pub topic_arn: Arn,
    /// When to send it; by default the same as the message about all accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub send: Option<SendWhen>,
    /// Whether HTTPS subscriptions receive a chat notification; by default the same as the message about all accounts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chat: Option<bool>,
}

/// When to send the alert.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum SendWhen {
    /// If something changed since the previous run: findings that are new, reopened or worsened, lost coverage,
    /// accounts that moved or are gone, an expiring exception, an undelivered alert. Without a previous run: if a
    /// threshold is crossed or there are coverage gaps; in the first run also if there are findings.
    #[default]
    Needed,
    /// After every run.
    Always,
}

//! The alert in a chat channel: Amazon Q Developer in chat applications takes it from a topic over HTTPS
//! and shows it in Slack or Teams.
//!
//! Source: <https://docs.aws.amazon.com/chatbot/latest/adminguide/custom-notifs.html>

use orgscan_core::text::clean;
use serde::Serialize;

use super::{AlertContext, body, headline};

/// The most characters of a title, a text and a next step: Slack shows little more of each.
const TITLE: usize = 200;
const TEXT: usize = 2_500;
const STEP: usize = 300;

/// A custom notification.
#[derive(Debug, Serialize)]
pub(super) struct Notification<'a> {
    version: &'static str,
    source: &'static str,
    id: &'a str,
    content: Content,
    metadata: Metadata<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Content {
    text_type: &'static str,
    title: String,
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    next_steps: Vec<String>,
    keywords: Vec<&'static str>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Metadata<'a> {
    /// Messages of the same thread are shown together: those of one run.
    thread_id: &'a str,
    summary: String,
    event_type: &'static str,
}

impl<'a> Notification<'a> {
    pub(super) fn of(context: &AlertContext<'a>) -> Self {
        let run = &context.report.run.id;
        let sentence = headline::sentence(context);
        let title = match context.route {
            Some(route) => format!("orgscan, {route}: {sentence}"),
            None => format!("orgscan: {sentence}"),
        };
        Self {
            version: "1.0",
            source: "custom",
            id: run,
            content: Content {
                text_type: "client-markdown",
                title: escaped(&clean(&title, TITLE)),
                description: description(context),
                next_steps: next_steps(context),
                keywords: vec!["orgscan", "security"],
            },
            metadata: Metadata {
                thread_id: run,
                summary: escaped(&clean(&sentence, TITLE)),
                event_type: "orgscan.alert",
            },
        }
    }
}

/// What changed, without the totals, truncated at the end of a line.
fn description(context: &AlertContext<'_>) -> String {
    let mut text = String::new();
    for line in body::regressions(context).trim().lines() {
        let line = match line.strip_prefix("  ") {
            Some(item) => format!("• {}\n", escaped(&clean(item, TEXT))),
            None if line.is_empty() => "\n".to_owned(),
            None => format!("*{}*\n", escaped(line)),
        };
        if text.chars().count() + line.chars().count() > TEXT {
            text.push_str("… more in the report\n");
            break;
        }
        text.push_str(&line);
    }
    match text.trim_end() {
        "" => "No new findings.".to_owned(),
        text => text.to_owned(),
    }
}

fn next_steps(context: &AlertContext<'_>) -> Vec<String> {
    let report = context.findings_at();
    let report = report.map(|location| format!("All findings, and how to fix them: {location}"));
    let dashboard = context.dashboard.map(|at| format!("Dashboard: {at}"));
    let steps = report.into_iter().chain(dashboard);
    steps.map(|step| clean(&step, STEP)).collect()
}

/// Text from outside orgscan, without mentions and without links behind other text.
///
/// Source: <https://docs.slack.dev/messaging/formatting-message-text>
fn escaped(text: &str) -> String {
    let mut plain = String::new();
    for c in text.chars() {
        match c {
            '&' => plain.push_str("&amp;"),
            '<' => plain.push_str("&lt;"),
            '>' => plain.push_str("&gt;"),
            '[' => plain.push('('),
            ']' => plain.push(')'),
            c => plain.push(c),
        }
    }
    plain
}

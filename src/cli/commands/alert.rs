//! `orgscan alert --preview`

use std::io::{self, Write};

use orgscan_app::publish::messages::Message;
use orgscan_app::publish::reports::MESSAGES;
use orgscan_core::clock::Clock;
use orgscan_core::model::RunId;
use orgscan_core::settings::{Location, ReportConfig};
use orgscan_core::suggest::instead;
use orgscan_core::text::clean;
use orgscan_store::{RunFile, Storage};

use super::archive::{self, open_storage, without_runs_ahead};
use super::{CommandError, configure};
use crate::args::{AlertArgs, AlertFormat, GlobalArgs};
use crate::exit::CLEAN;
use crate::terminal;

/// How much is shown of a subject, a topic and a place.
const SUBJECT: usize = 300;

#[derive(Debug, thiserror::Error)]
pub(crate) enum NoSuchAlert {
    #[error("no run{0} with a file {MESSAGES} in {1}; check --run-id and --report")]
    NoRun(String, Location),
    #[error("{location} is damaged: {source}; use another run with --run-id")]
    Damaged {
        location: String,
        source: serde_json::Error,
    },
    #[error("--route: no alert route `{0}` in this run; {1}")]
    NoRoute(String, String),
}

/// Prints a message of a stored run in one of its formats.
pub(crate) async fn alert(
    global: &GlobalArgs,
    args: &AlertArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let config = configure(global, args.reports.layer()).await?;
    let report = archive::configured(&config)?;
    let archive = open_storage(&config, report).await?;
    let found = find(&archive, args.run_id.as_ref(), Clock::System).await?;
    let found = found.ok_or_else(|| none(args.run_id.as_ref(), report))?;
    let bytes = archive.read(found.path()).await?.unwrap_or_default();
    let messages: Vec<Message> =
        serde_json::from_slice(&bytes).map_err(|source| NoSuchAlert::Damaged {
            location: found.location.clone(),
            source,
        })?;
    let message = select(&messages, args.route.as_deref())?;
    let topic = message.topic_arn.as_deref().unwrap_or("no topic");
    let needed = match message.should_send {
        true => "needed, so it is sent",
        false => "not needed, so it is not sent",
    };
    writeln!(
        terminal::stderr(),
        "Alert from {} for {}: {needed}",
        clean(&found.location, SUBJECT),
        clean(topic, SUBJECT)
    )?;
    write(message, args.format, out)?;
    Ok(CLEAN)
}

/// The messages of a run; without one, of the last by day and id that is not dated ahead of the clock.
async fn find(
    archive: &Storage,
    run: Option<&RunId>,
    clock: Clock,
) -> Result<Option<RunFile>, CommandError> {
    let mut found = archive.all(MESSAGES).await?;
    match run {
        Some(run) => found.retain(|one| one.run == run.as_str()),
        None => found = without_runs_ahead(archive, found, clock).await?,
    }
    Ok(found.pop())
}

fn none(run: Option<&RunId>, report: &ReportConfig) -> NoSuchAlert {
    let run = run.map_or_else(String::new, |run| format!(" {run}"));
    NoSuchAlert::NoRun(run, report.location.clone())
}

fn select<'m>(messages: &'m [Message], route: Option<&str>) -> Result<&'m Message, NoSuchAlert> {
    let found = messages.iter().find(|one| match route {
        Some(_) => one.alert.route.as_deref() == route,
        None => one.alert.route.is_none(),
    });
    found.ok_or_else(|| {
        let known = messages.iter().filter_map(|one| one.alert.route.as_deref());
        let known: Vec<_> = known.collect();
        let route = route.unwrap_or_default();
        let remediation = match known.is_empty() {
            true => "the run has no alert routes".to_owned(),
            false => instead(route, &known),
        };
        NoSuchAlert::NoRoute(route.escape_debug().to_string(), remediation)
    })
}

fn write(message: &Message, format: AlertFormat, out: &mut impl Write) -> io::Result<()> {
    let alert = &message.alert;
    match format {
        AlertFormat::Email => {
            let subject = clean(&alert.subject, SUBJECT);
            write!(
                out,
                "Subject: {subject}\n\n{}",
                terminal::plain(&alert.email)
            )
        }
        AlertFormat::Sms => writeln!(out, "{}", terminal::plain(&alert.sms)),
        AlertFormat::Json => pretty(&alert.json, out),
        AlertFormat::Chat => pretty(&alert.chat, out),
        AlertFormat::Attributes => {
            for one in &alert.attributes {
                let line = format!("{} ({}): {}", one.name, one.data_type, one.value);
                writeln!(out, "{}", terminal::plain(&line))?;
            }
            Ok(())
        }
    }
}

fn pretty(json: &str, out: &mut impl Write) -> io::Result<()> {
    let value: serde_json::Value = serde_json::from_str(json)?;
    writeln!(out, "{value:#}")
}

//! `orgscan demo`

use std::io::{self, Write};
use std::path::Path;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};
use orgscan_app::config::ConfigLayer;
use orgscan_app::scan::{FinishedRun, Request, RunError, scan};
use orgscan_aws::{AwsContext, OtherEnd, Source};
use orgscan_core::model::RunId;
use orgscan_core::settings::{Location, SigningConfig};
use orgscan_core::shell;
use orgscan_files::local_file;
use orgscan_sim::{Replay, STACK_SET, Settings};
use orgscan_store::integrity::{demo_key, demo_key_file};

use super::scan::{page_of, print};
use super::timings;
use super::{CommandError, configure_run, request, shown};
use crate::args::{DemoArgs, GlobalArgs};
use crate::browser::{self, refuse_without_page};
use crate::exit::{CLEAN, Rules, exit_code};
use crate::grid::Page;
use crate::progress::Progress;
use crate::resume_command::program;
use crate::signals::Signals;
use crate::style::{HEADING, paint};
use crate::terminal;

/// The folder has reports that are no demo's.
#[derive(Debug, thiserror::Error)]
#[error("{0} contains reports that are not from a demo; use another folder with --report")]
pub(crate) struct NoDemoFolder(String);

/// Scans a simulated organization and prints what was found. A demo that has shown incomplete
/// coverage has done its work, so its exit code is 0.
pub(crate) async fn demo(
    global: &GlobalArgs,
    args: &DemoArgs,
    signals: &Signals,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let folder = shown(&args.output);
    if args.output.join("daily").exists() && demo_key(&args.output).is_none() {
        return Err(NoDemoFolder(folder).into());
    }
    if !global.quiet {
        print_introduction(args)?;
    }
    let Some(days) = args.days else {
        return one_day(global, args, signals, out).await;
    };
    let began = Timestamp::now();
    let name = RunId::from_timestamp(began);
    let mut page = None;
    for day in 1..=days {
        let before = SignedDuration::from_hours(24 * i64::try_from(days - day).unwrap_or_default());
        let started = began - before;
        let settings = Settings {
            day: Some(day),
            clock: Some(started),
            ..args.simulation.settings(0)?
        };
        let replay = Replay::start(settings).await?;
        let id = format!("{name}-day-{day}").parse().ok();
        let (finished, _) = scanned(global, args, signals, &replay, id, Some(started)).await?;
        writeln!(out, "{}\n", paint(HEADING, format_args!("Day {day}")))?;
        writeln!(out, "{}", terminal::plain(&alert_of(&finished)))?;
        page = page_of(&finished);
    }
    if !global.quiet {
        print_summary(&folder, out)?;
    }
    if let Some(page) = &page {
        writeln!(out, "{}    {page}", paint(HEADING, "Open"))?;
    }
    open_page(args, page).await;
    Ok(CLEAN)
}

fn print_introduction(args: &DemoArgs) -> io::Result<()> {
    let accounts = args.simulation.accounts;
    let text = format!("Scanning a simulated organization of {accounts} accounts, without AWS");
    Page::of_terminal().write(&text, &mut terminal::stderr())
}

/// What the days of a demo were, and what can be done with its reports.
fn print_summary(folder: &str, out: &mut impl Write) -> io::Result<()> {
    let text = "This was a demo with a simulated organization on this machine. A scan would send these alerts by email.";
    Page::of_terminal().write(text, out)?;
    if let Some(folder) = shell::path(folder) {
        let program = program();
        writeln!(
            out,
            "\n{program} trend --report {folder}   # the indicators over these days"
        )?;
        writeln!(
            out,
            "{program} serve {folder}            # the report pages of all runs"
        )?;
    }
    Ok(())
}

async fn open_page(args: &DemoArgs, page: Option<String>) {
    if args.open
        && let Some(page) = page
    {
        browser::open(&page).await;
    }
}

async fn one_day(
    global: &GlobalArgs,
    args: &DemoArgs,
    signals: &Signals,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let replay = Replay::start(args.simulation.settings(0)?).await?;
    let (finished, request) = scanned(global, args, signals, &replay, None, None).await?;
    print(&finished, &request, global, true, out)?;
    if args.timings {
        timings::write(&finished, &mut terminal::stderr())?;
    }
    if !global.quiet {
        let code = exit_code(&finished.report, finished.is_delivered(), Rules::default());
        let text = format!(
            "This was a demo with a simulated organization on this machine. A scan with this result exits with code {code}."
        );
        writeln!(out)?;
        Page::of_terminal().write(&text, out)?;
    }
    open_page(args, page_of(&finished)).await;
    Ok(CLEAN)
}

async fn scanned(
    global: &GlobalArgs,
    args: &DemoArgs,
    signals: &Signals,
    replay: &Replay,
    run_id: Option<RunId>,
    started: Option<Timestamp>,
) -> Result<(FinishedRun, Request), CommandError> {
    let location = Location::Folder(args.output.clone());
    let layer = ConfigLayer::default()
        .with("destinations.report.location", location)
        .with("enrollment.stack_set", STACK_SET);
    let (mut config, origins) = configure_run(global, layer, OtherEnd::ThisProcess).await?;
    if args.open {
        refuse_without_page(&config, false)?;
    }
    // It goes with the demo, which nobody has to trust: beside the user's own it would stay for good.
    if let Some(report) = &mut config.destinations.report {
        report.signing = SigningConfig {
            kms_key_id: None,
            key_file: Some(shown(&demo_key_file(&args.output))),
        };
    }
    let mut request = request((config, origins), run_id, false, false);
    if let Some(started) = started {
        request.behind = request.started.duration_since(started);
        request.started = started;
    }
    let source = Source::Emulator(replay.url.clone());
    let aws = Arc::new(AwsContext::connect(&request.config, &source).await?);
    let progress = Arc::new(Progress::start(global.quiet));
    let finished = scan(&aws, &request, progress.clone(), &signals.stop).await;
    progress.finish();
    match finished {
        Ok(finished) => Ok((finished, request)),
        Err(RunError::Interrupted) => {
            let shown_path = shown(&args.output);
            let note =
                format!("The demo did not complete. Its files until then are in {shown_path}.");
            Err(signals.interrupted(note).into())
        }
        Err(error) => Err(error.into()),
    }
}

/// The alert's text, from the report folder.
fn alert_of(finished: &FinishedRun) -> String {
    let folder = finished.report_location.as_deref().unwrap_or_default();
    let read = local_file::read_text(&Path::new(folder).join("alert.txt"), local_file::SMALL);
    read.unwrap_or_else(|error| format!("The alert in {folder} cannot be read: {error}\n"))
}

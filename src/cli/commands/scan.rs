//! `orgscan scan`

use std::io::Write;
use std::sync::Arc;

use orgscan_app::scan::{FinishedRun, Request, RunError, scan as run};
use orgscan_aws::{AwsContext, OtherEnd, Source};
use orgscan_report::json::ReportJson;
use orgscan_report::{AccountReport, Sink};
use orgscan_store::history::History;

use super::timings;
use super::{CommandError, configure_run, request};
use crate::args::{Format, GlobalArgs, ScanArgs};
use crate::browser::{self, page_url, refuse_without_page};
use crate::exit::{Rules, exit_code};
use crate::grid::Page;
use crate::invocation::Invocation;
use crate::progress::Progress;
use crate::signals::Signals;
use crate::summary::{NextSteps, Summary};
use crate::{resume_command, terminal};

/// Scans, publishes, and prints what was found. Gives the exit code.
pub(crate) async fn scan(
    global: &GlobalArgs,
    args: &ScanArgs,
    signals: &Signals,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let own_account = args.selection.account_args.own_account()?;
    let configured = configure_run(global, args.layer(), OtherEnd::Elsewhere);
    let configured = signals.or(configured).await??;
    if args.publish.open {
        refuse_without_page(&configured.0, args.publish.dry_run)?;
    }
    let dry_run = args.publish.dry_run;
    let request = request(configured, args.run_id.clone(), own_account, dry_run);
    let connect = AwsContext::connect(&request.config, &Source::Environment);
    let aws = Arc::new(signals.or(connect).await??);
    let progress = Arc::new(Progress::start(global.quiet));
    let finished = run(&aws, &request, progress.clone(), &signals.stop).await;
    progress.finish();
    let finished = finished.map_err(|error| match error {
        RunError::Interrupted => CommandError::from(signals.interrupted(how_to_continue(&request))),
        error => error.into(),
    })?;
    match args.format {
        Format::Text => print(&finished, &request, global, false, out)?,
        Format::Json => write_json(&finished, &request, out)?,
    }
    if args.timings {
        timings::write(&finished, &mut terminal::stderr())?;
    }
    if args.publish.open
        && let Some(url) = page_of(&finished)
    {
        browser::open(&url).await;
    }
    let delivered = finished.is_delivered();
    let rules = Rules {
        fail_on: args.fail_on,
        allow_incomplete: args.allow_incomplete,
    };
    Ok(exit_code(&finished.report, delivered, rules))
}

/// How to continue an interrupted run.
fn how_to_continue(request: &Request) -> String {
    let (run, config) = (&request.run_id, &request.config);
    let report = config.destinations.report.as_ref();
    let Some(report) = report.filter(|_| !request.dry_run) else {
        return format!(
            "The run {run} did not complete. Its results are lost, because results are stored only with a report: add \
             --report with a folder or s3://BUCKET/PREFIX."
        );
    };
    let arguments = std::env::args_os().skip(1);
    let arguments = arguments.map(|one| one.to_string_lossy().into_owned());
    let how = match resume_command::command(arguments, run) {
        Some(command) => format!("Continue it with:\n  {command}"),
        None => format!("Continue it with --run-id {run}."),
    };
    format!(
        "The run {run} did not complete. The results of finished accounts are in {}.\n{how}",
        report.location
    )
}

/// Prints the whole report as JSON, the same as the file `report.json`.
fn write_json(
    finished: &FinishedRun,
    request: &Request,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let checks = request.config.checks.select();
    let out = std::io::BufWriter::new(out);
    let mut json = Box::new(ReportJson::start(out, &finished.report, &checks)?);
    let history = finished.history.as_ref();
    let mut walk = history.map(History::walk).transpose()?;
    for account in finished.plan.to_scan() {
        let result = finished.store.of(account).map_err(RunError::from)?;
        let comparison = History::of(&mut walk, &result)?;
        let applied = finished.exceptions.apply(result);
        json.account(&AccountReport::new(&applied, comparison.as_ref(), &checks))?;
    }
    json.finish()?.flush()?;
    Ok(())
}

/// The address of the page that the run has written.
pub(super) fn page_of(finished: &FinishedRun) -> Option<String> {
    page_url(finished.report_location.as_deref()?)
}

/// Prints the summary for people.
pub(super) fn print(
    finished: &FinishedRun,
    request: &Request,
    global: &GlobalArgs,
    embedded: bool,
    out: &mut impl Write,
) -> Result<(), CommandError> {
    let deliveries = finished.deliveries.iter();
    let undelivered = deliveries.clone().filter_map(|one| {
        let error = one.outcome.as_ref().err()?;
        Some(format!("{}: {error}", one.destination))
    });
    let sent_before = deliveries.filter(|one| one.before).filter_map(|one| {
        let detail = one.outcome.as_ref().ok()?;
        Some(format!("{}: {detail}", one.destination))
    });
    let report = request.config.destinations.report.as_ref();
    let report = report.filter(|_| !request.dry_run);
    let next = NextSteps {
        invocation: &Invocation::of_process(),
        checks: &request.config.checks.select(),
        location: report.map(|report| &report.location),
        embedded,
    };
    Summary {
        report: &finished.report,
        report_location: finished.report_location.as_deref(),
        undelivered: &undelivered.collect::<Vec<_>>(),
        sent_before: &sent_before.collect::<Vec<_>>(),
        page_url: page_of(finished).as_deref(),
        page: Page::of_terminal(),
        next: (!global.quiet).then_some(next),
    }
    .write(out)?;
    if request.dry_run {
        let text = format!(
            "Dry run: nothing was published. The {} metrics would cost about {:.2} USD per month with one run per day \
             (list price in us-east-1).",
            finished.metrics_series, finished.metrics_cost
        );
        writeln!(out)?;
        Page::of_terminal().write(&text, out)?;
    }
    Ok(())
}

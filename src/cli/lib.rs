//! The command line: arguments in, text and an exit code out.

#![cfg_attr(
    test,
    expect(clippy::too_many_lines, reason = "a test is long by its cases")
)]

mod args;
mod browser;
mod catalog;
mod charset;
mod commands;
mod controls;
pub mod exit;
mod explain;
mod grid;
mod invocation;
mod layer;
mod logging;
mod manual;
mod no_such;
mod progress;
mod prose;
mod resume_command;
#[cfg(test)]
mod sample;
mod serve;
mod signals;
mod simulation;
mod style;
pub mod summary;
mod terminal;
mod text;
mod trend;
mod verdict;

use std::io::Write;
use std::process::ExitCode;

use clap::ColorChoice;

pub use args::{
    AccountArg, AccountArgs, AlertArgs, AlertFormat, ChecksArgs, Cli, Command, CompletionsArgs,
    ConfigArgs, ConfigCommand, DashboardArgs, DemoArgs, DoctorArgs, EnrollmentArgs, ExceptionsAdd,
    ExceptionsArgs, ExceptionsCommand, ExceptionsFile, ExceptionsImport, ExceptionsList,
    ExplainArgs, ExportArgs, ExportTarget, Format, GlobalArgs, HistoryArgs, HistoryCommand,
    ManArgs, PlanArgs, PublishArgs, RegionList, RepairArgs, ReplayArgs, ReportsArg, RowFormat,
    ScanArgs, SchemaArgs, SchemaOf, SelectionArgs, ServeArgs, TrendArgs, TrendFormat, VerifyArgs,
    WeeklyArgs,
};
use charset::Charset;
use commands::CommandError;
use invocation::Invocation;
pub use layer::OwnAccountConflict;
use signals::Signals;

/// The formats that people read.
const FOR_PEOPLE: [&str; 3] = ["text", "email", "sms"];

/// Runs the command of the command line.
pub async fn run(cli: Cli) -> ExitCode {
    match cli.global.color {
        ColorChoice::Auto => {}
        ColorChoice::Always => anstream::ColorChoice::Always.write_global(),
        ColorChoice::Never => anstream::ColorChoice::Never.write_global(),
    }
    let color = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
    logging::init(cli.global.verbose, color);
    let mut out = terminal::stdout(charset(&cli.command));
    match dispatch(&cli, &mut out).await {
        Ok(code) => ExitCode::from(code),
        Err(CommandError::Interrupted(interrupted)) => {
            let _ = writeln!(terminal::stderr(), "{interrupted}");
            ExitCode::from(interrupted.signal.exit_code())
        }
        Err(error) => {
            // Nothing is left to be done where standard error is gone too.
            let text = terminal::plain(&with_sources(&error));
            let _ = writeln!(terminal::stderr(), "error: {text}");
            ExitCode::from(exit::COULD_NOT_RUN)
        }
    }
}

/// The characters of the output. What programs read is the same in every locale.
fn charset(command: &Command) -> Charset {
    let is_generated = matches!(
        command,
        Command::Schema(_)
            | Command::Completions(_)
            | Command::Man(_)
            | Command::Dashboard(_)
            | Command::Export(_)
    );
    let invocation = Invocation::of_process();
    let mut formats = invocation.values("format");
    match is_generated || formats.any(|format| !FOR_PEOPLE.contains(&format)) {
        true => Charset::Unicode,
        false => Charset::of_process(),
    }
}

async fn dispatch(cli: &Cli, out: &mut impl Write) -> Result<u8, CommandError> {
    match &cli.command {
        Command::Schema(args) => catalog::schema(args.of, out)?,
        Command::Completions(args) => manual::completions(args.shell, out)?,
        Command::Man(args) => manual::page(args.command.as_deref(), out)??,
        _ => return work(cli, out).await,
    }
    Ok(exit::CLEAN)
}

/// Commands that work for a while.
async fn work(cli: &Cli, out: &mut impl Write) -> Result<u8, CommandError> {
    let signals = Signals::listen()?;
    let global = &cli.global;
    match &cli.command {
        Command::Scan(args) => commands::scan(global, args, &signals, out).await,
        Command::Demo(args) => commands::demo(global, args, &signals, out).await,
        Command::Replay(args) => commands::replay(args, &signals, out).await,
        Command::Serve(args) => commands::serve(global, args, &signals, out).await,
        command => signals.or(reading(global, command, out)).await?,
    }
}

/// Commands that leave nothing half-done where they are dropped.
async fn reading(
    global: &GlobalArgs,
    command: &Command,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    match command {
        Command::Plan(args) => commands::plan(global, args, out).await,
        Command::Enrollment(args) => commands::enrollment(global, args, out).await,
        Command::Exceptions(args) => commands::exceptions(global, args, out).await,
        Command::Trend(args) => commands::trend(global, args, out).await,
        Command::History(args) => commands::history(global, args, out).await,
        Command::Weekly(args) => commands::weekly(global, args, out).await,
        Command::Doctor(args) => commands::doctor(global, args, out).await,
        Command::Config(args) => commands::config(global, args, out).await,
        Command::Checks(args) => commands::checks(global, args, out).await,
        Command::Explain(args) => commands::explain(global, args, out).await,
        Command::Alert(args) => commands::alert(global, args, out).await,
        Command::Export(args) => commands::export(global, args, out).await,
        Command::Verify(args) => commands::verify(global, args, out).await,
        Command::Dashboard(args) => commands::dashboard(global, args, out).await,
        // These were dealt with.
        Command::Scan(_)
        | Command::Demo(_)
        | Command::Replay(_)
        | Command::Serve(_)
        | Command::Schema(_)
        | Command::Completions(_)
        | Command::Man(_) => Ok(exit::CLEAN),
    }
}

/// The error and what it says about its causes, where it does not say that itself.
fn with_sources(error: &CommandError) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_text = cause.to_string();
        if !text.contains(&cause_text) {
            text.push_str(": ");
            text.push_str(&cause_text);
        }
        source = cause.source();
    }
    text
}

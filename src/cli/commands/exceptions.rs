//! `orgscan exceptions`

mod add;

use std::io::Write;
use std::path::{Path, PathBuf};

use jiff::Timestamp;
use orgscan_app::config::{ConfigLayer, read_exceptions};
use orgscan_core::exceptions::Exceptions;
use orgscan_core::exceptions::prowler::{ImportTerms, import};
use orgscan_core::model::{ExceptionKind, ExceptionState, ExceptionsReport};
use orgscan_core::settings::{Config, ConfigSource};
use orgscan_core::text::{clean, count, number};
use orgscan_files::local_file;

pub(crate) use add::AddExceptionError;

use super::{CommandError, configure};
use crate::args::{
    ExceptionsArgs, ExceptionsCommand, ExceptionsFile, ExceptionsImport, ExceptionsList, Format,
    GlobalArgs,
};
use crate::exit::CLEAN;
use crate::grid::{Grid, width};
use crate::style::{BAD, FAINT, GOOD, UNKNOWN, paint};
use crate::terminal;

/// How much is shown of a text that may be as long as a sentence.
const LINE: usize = 300;

/// There is nothing to read.
#[derive(Debug, thiserror::Error)]
pub(crate) enum NoExceptions {
    #[error(
        "no exceptions file: give one, or set ORGSCAN_EXCEPTIONS_LOCATION, or exceptions.location in the \
         configuration"
    )]
    NotNamed,
    #[error("{}: cannot be read: {source}; give a file on this machine", path.display())]
    Unreadable {
        path: PathBuf,
        source: std::io::Error,
    },
}

/// Checks, lists or imports exceptions. Gives the exit code.
pub(crate) async fn exceptions(
    global: &GlobalArgs,
    args: &ExceptionsArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    match &args.command {
        ExceptionsCommand::Check(file) => {
            let report = load(global, file).await?.report();
            check(&report, out)?;
        }
        ExceptionsCommand::List(ExceptionsList { format, file }) => {
            let report = load(global, file).await?.report();
            match format {
                Format::Text => list(&report, out)?,
                Format::Json => writeln!(out, "{:#}", serde_json::to_value(&report.entries)?)?,
            }
        }
        ExceptionsCommand::Add(args) => add::run(global, args, out).await?,
        ExceptionsCommand::Import(args) => from_prowler(args, out)?,
    }
    Ok(CLEAN)
}

/// The exceptions as they stand today.
async fn load(global: &GlobalArgs, file: &ExceptionsFile) -> Result<Exceptions, CommandError> {
    let layer = ConfigLayer::default().with("exceptions.location", &file.file);
    let Config {
        profile,
        exceptions: config,
        ..
    } = configure(global, layer).await?;
    let location = config.location.ok_or(NoExceptions::NotNamed)?;
    let source = ConfigSource::of_exceptions(location);
    let now = Timestamp::now();
    let profile = profile.as_deref();
    Ok(read_exceptions(&source, config.require_expiry, now, profile).await?)
}

fn check(report: &ExceptionsReport, out: &mut impl Write) -> std::io::Result<()> {
    let of = |kind| report.count(|one| one.kind == kind);
    let location = report.location.as_deref().unwrap_or_default();
    writeln!(
        out,
        "{}: {}, {}; {} expired, {} that expire within 14 days. {}",
        clean(location, LINE),
        count(of(ExceptionKind::Findings), "exception"),
        count(of(ExceptionKind::Gaps), "expected gap"),
        number(report.count(|one| one.state == ExceptionState::Expired)),
        number(report.count(|one| one.state == ExceptionState::Expiring)),
        paint(GOOD, "The file is valid."),
    )
}

fn list(report: &ExceptionsReport, out: &mut impl Write) -> std::io::Result<()> {
    let headings = ["id", "state", "expires", "owner", "suppresses"];
    let mut grid = Grid::new(width(), &headings).whole(0).whole(1).whole(2);
    for one in &report.entries {
        let terms = &one.suppression;
        let style = match one.state {
            ExceptionState::Active => GOOD,
            ExceptionState::Expiring => UNKNOWN,
            ExceptionState::Expired => BAD,
        };
        let expires = terms.expires.map(|day| day.to_string());
        let matches = one.criteria.as_deref().unwrap_or_default();
        let kind = one.kind.as_str();
        grid.row([
            clean(&terms.id, LINE),
            paint(style, one.state.as_str()),
            expires.unwrap_or_else(|| paint(FAINT, "never")),
            clean(&terms.owner, LINE),
            clean(&format!("{kind}: {matches}; {}", terms.reason), LINE),
        ]);
    }
    grid.write(out)
}

fn from_prowler(args: &ExceptionsImport, out: &mut impl Write) -> Result<(), CommandError> {
    let text = text_of(&args.file)?;
    let terms = ImportTerms {
        owner: args.owner.clone(),
        expires: args.expires,
    };
    let imported = import(&args.file.display().to_string(), &text, &terms)?;
    out.write_all(imported.yaml.as_bytes())?;
    let mut errors = terminal::stderr();
    for what in &imported.skipped {
        writeln!(errors, "no counterpart in orgscan: {}", clean(what, LINE))?;
    }
    if terms.owner.is_none() || terms.expires.is_none() {
        writeln!(
            errors,
            "A mutelist has no owners and no expiry dates: add them to the file, or import it with --owner and \
             --expires."
        )?;
    }
    Ok(())
}

fn text_of(path: &Path) -> Result<String, NoExceptions> {
    local_file::read_text(path, local_file::LIST).map_err(|source| NoExceptions::Unreadable {
        path: path.to_owned(),
        source,
    })
}

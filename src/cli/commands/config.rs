//! `orgscan config`

use std::io::{self, Write};

use orgscan_app::config::EffectiveValue;
use orgscan_core::model::SensitivePort;
use serde_json::json;

use super::{CommandError, configure_traced};
use crate::args::{ConfigArgs, ConfigCommand, Format, GlobalArgs};
use crate::exit::CLEAN;
use crate::grid::{Grid, width};
use crate::style::{FAINT, HEADING, paint};
use crate::terminal;

/// Where the source stands on a line, unless the value is longer.
const SOURCE_AT: usize = 52;

/// Shows the effective configuration. Gives the exit code.
pub(crate) async fn config(
    global: &GlobalArgs,
    args: &ConfigArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let ConfigCommand::Show(flags) = &args.command;
    flags.selection.account_args.own_account()?;
    let (config, origins) = configure_traced(global, flags.layer()).await?;
    let values = orgscan_app::config::effective_values(&config, &origins)?;
    let ports = config.sensitive_ports.effective();
    match flags.format {
        Format::Text => write(&values, &ports, out)?,
        Format::Json => {
            let document = json!({ "values": values, "effective_sensitive_ports": ports });
            writeln!(out, "{document:#}")?;
        }
    }
    Ok(CLEAN)
}

fn write(
    values: &[EffectiveValue],
    ports: &[SensitivePort],
    out: &mut impl Write,
) -> io::Result<()> {
    for value in values {
        let line = terminal::plain(&format!("{}: {}", value.field, value.value));
        let source = terminal::plain(&value.source);
        let source = paint(FAINT, format_args!("# {source}"));
        writeln!(out, "{line:<SOURCE_AT$}  {source}")?;
    }
    let title = format!("{} sensitive ports", ports.len());
    writeln!(out, "\n{}", paint(HEADING, title))?;
    let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
    Grid::lines(width(), std::iter::once(terminal::plain(&ports.join(", ")))).write(out)
}

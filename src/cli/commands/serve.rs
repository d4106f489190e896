//! `orgscan serve`

use std::io::Write;

use super::CommandError;
use crate::args::{GlobalArgs, ServeArgs};
use crate::browser;
use crate::exit::CLEAN;
use crate::serve::Server;
use crate::signals::Signals;
use crate::style::{HEADING, paint};

/// Shows the reports of a folder in a browser, until interrupted.
pub(crate) async fn serve(
    global: &GlobalArgs,
    args: &ServeArgs,
    signals: &Signals,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let server = Server::start(&args.folder, args.port).await?;
    // The first line is for programs that wait for it. They may read no further, so all is written at once.
    let note = match global.quiet {
        true => "",
        false => "Only this machine can open it, with this address. Press Ctrl-C to stop.\n",
    };
    let label = paint(HEADING, "Open");
    out.write_all(format!("{label}    {}\n{note}", server.url).as_bytes())?;
    out.flush()?;
    if args.open {
        browser::open(&server.ticket_url).await;
    }
    signals.stop.requested().await;
    Ok(CLEAN)
}

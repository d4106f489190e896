//! `orgscan demo`

use std::io::Write;
use std::sync::Arc;

use super::scan::print;
use super::timings;
use super::{CommandError, configure, request, shown};
use crate::aws::{Aws, Source};
use crate::cli::args::{DemoArgs, Global};
use crate::cli::exit::{CLEAN, exit_code};
use crate::cli::progress::Progress;
use crate::config::Overlay;
use crate::replay::{Replay, STACK_SET};
use crate::scan::scan;

/// Scans a simulated organization and prints what was found. A demo that has shown incomplete
/// coverage has done its work, so its exit code is 0.
pub(in crate::cli) async fn demo(
    global: &Global,
    args: &DemoArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let mut say = anstream::stderr();
    let replay = Replay::start(args.simulation.settings(0)?).await?;
    let accounts = args.simulation.accounts;
    writeln!(
        say,
        "Scanning a simulated organization of {accounts} accounts; no AWS account is needed"
    )?;
    let overlay = Overlay {
        report_location: Some(shown(&args.output)),
        stack_set: Some(STACK_SET.to_owned()),
        ..Overlay::default()
    };
    let request = request(configure(global, overlay).await?, None, false, false);
    let source = Source::Emulator(replay.url.clone());
    let aws = Arc::new(Aws::connect(&request.config, &source).await?);
    let progress = Arc::new(Progress::new());
    let finished = scan(&aws, &request, progress.clone()).await;
    progress.finish();
    let finished = finished?;
    print(&finished, &request, true, out)?;
    if args.timings {
        timings::write(&finished, &mut say)?;
    }
    let code = exit_code(&finished.report, finished.is_delivered(), None);
    writeln!(
        out,
        "\nThis was a demo: a simulated organization on this machine, no AWS account. A scan with \
         this result exits with code {code}."
    )?;
    Ok(CLEAN)
}

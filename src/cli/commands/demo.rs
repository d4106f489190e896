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
use crate::demo::{Emulator, Python, environment, scripts};
use crate::scan::scan;

/// Starts an embedded organization, scans it and prints what was found. A demo that has shown
/// incomplete coverage has done its work, so its exit code is 0.
pub(in crate::cli) async fn demo(
    global: &Global,
    args: &DemoArgs,
    out: &mut impl Write,
) -> Result<u8, CommandError> {
    let mut say = anstream::stderr();
    let scripts = scripts();
    let place = environment();
    writeln!(
        say,
        "Preparing the embedded organization's environment in {}",
        shown(&place)
    )?;
    let python = Python::ensure(&place, &scripts.join("requirements.txt")).await?;
    writeln!(
        say,
        "Starting the embedded organization, and creating what is in it"
    )?;
    let emulator = Emulator::start(&python, &scripts, &place.join("demo"), &[]).await?;

    let mut overlay = Overlay {
        report_location: Some(shown(&args.output)),
        ..Overlay::default()
    };
    let regions = emulator.inventory.regions.iter();
    overlay.regions.include = regions.map(ToString::to_string).collect();
    let request = request(configure(global, overlay)?, None, false, false);
    let source = Source::Emulator(emulator.url.clone());
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
        "\nThis was a demo: an emulated organization at {}, no AWS account. A scan with this result \
         exits with code {code}.",
        emulator.url
    )?;
    if args.keep {
        keep(&emulator, &mut say).await?;
    }
    Ok(CLEAN)
}

/// Leaves the organization running for other AWS clients, until interrupted.
async fn keep(emulator: &Emulator, say: &mut impl Write) -> Result<(), CommandError> {
    writeln!(
        say,
        "It keeps running until Ctrl-C. To look around:\n  AWS_ENDPOINT_URL={} AWS_ACCESS_KEY_ID=demo \
         AWS_SECRET_ACCESS_KEY=demo AWS_REGION=us-east-1 aws organizations list-accounts",
        emulator.url
    )?;
    tokio::signal::ctrl_c().await?;
    Ok(())
}

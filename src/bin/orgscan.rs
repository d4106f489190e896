//! The command line: arguments in, exit code out.

use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use orgscan_aws::Descriptors;
use orgscan_cli::{Cli, exit, run};
use tokio::runtime::Runtime;

/// See `lambda.rs`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// How long to wait for what cannot be stopped, the resolution of a name for instance.
const LAST: Duration = Duration::from_secs(1);

fn main() -> ExitCode {
    Descriptors::raise();
    let cli = Cli::parse();
    match Runtime::new() {
        Ok(runtime) => {
            let code = runtime.block_on(run(cli));
            runtime.shutdown_timeout(LAST);
            code
        }
        Err(_) => ExitCode::from(exit::COULD_NOT_RUN),
    }
}

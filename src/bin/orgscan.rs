//! The command line: arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser;
use orgscan::cli::{Cli, run};

/// See `lambda.rs`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    run(Cli::parse()).await
}

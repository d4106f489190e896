//! The command line: arguments in, exit code out.

use std::process::ExitCode;

use clap::Parser;
use orgscan::aws::Descriptors;
use orgscan::cli::{Cli, run};

/// See `lambda.rs`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

#[tokio::main]
async fn main() -> ExitCode {
    Descriptors::raise();
    run(Cli::parse()).await
}

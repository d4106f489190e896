//! Log lines: for people on a terminal, as JSON in Lambda. Always on standard error.

use std::io::{self, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use indicatif::MultiProgress;
use tracing_subscriber::EnvFilter;

/// What the AWS SDK and the HTTP stack may say at most.
const QUIET: &str = "aws_config=warn,aws_smithy_runtime=warn,aws_smithy_http_client=warn,\
    aws_sdk=warn,aws_runtime=warn,hyper=warn,hyper_util=warn,rustls=warn,h2=warn,lambda_runtime=warn";

/// Logs for people: warnings only where nothing else is asked for, since the summary has them too.
/// `RUST_LOG` wins over `verbose`.
pub fn init(verbose: u8, color: bool) {
    let level = match verbose {
        0 => "error",
        1 => "info",
        _ => "debug",
    };
    tracing_subscriber::fmt()
        .with_env_filter(filter(level))
        .with_ansi(color)
        .with_target(false)
        .with_writer(|| AboveBars)
        .init();
}

/// Logs for machines: one JSON object a line, with fields at its top level.
pub fn init_json() {
    tracing_subscriber::fmt()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_env_filter(filter("info"))
        .with_writer(io::stderr)
        .init();
}

fn filter(level: &str) -> EnvFilter {
    match std::env::var("RUST_LOG") {
        Ok(own) if !own.is_empty() => EnvFilter::new(own),
        _ => EnvFilter::new(format!("{level},{QUIET}")),
    }
}

static BARS: OnceLock<Mutex<MultiProgress>> = OnceLock::new();

/// From now on, log lines are printed above these bars instead of through them.
pub(super) fn print_above(bars: &MultiProgress) {
    let current = BARS.get_or_init(|| Mutex::new(bars.clone()));
    *current.lock().unwrap_or_else(PoisonError::into_inner) = bars.clone();
}

/// Standard error, with the bars out of the way while something is written.
struct AboveBars;

impl Write for AboveBars {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        match BARS.get() {
            Some(bars) => {
                let bars = bars.lock().unwrap_or_else(PoisonError::into_inner);
                bars.suspend(|| io::stderr().write(text))
            }
            None => io::stderr().write(text),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}

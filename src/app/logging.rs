//! Log lines: for people on a terminal, as JSON in Lambda. Always on standard error.
//!
//! The AWS SDK and the HTTP stack say at most warnings, whatever `RUST_LOG` asks for: below that they
//! log requests and answers, which may hold what nobody should read.

use std::io::{self, Write};

use tracing::{Level, Metadata, Subscriber};
use tracing_subscriber::filter::{EnvFilter, FilterExt, LevelFilter, filter_fn};
use tracing_subscriber::fmt::{self, MakeWriter};
use tracing_subscriber::layer::{Filter, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

use orgscan_aws::mask;

/// Whose log lines are orgscan's own: its crates have this name, or one that begins so.
const OWN: &str = "orgscan";

/// Logs for machines: one JSON object a line, with fields at its top level. Does nothing where logs
/// go somewhere already.
pub fn init_json() {
    let layer = fmt::layer()
        .json()
        .flatten_event(true)
        .with_current_span(true)
        .with_span_list(false)
        .with_writer(MaskingWriters(io::stderr))
        .with_filter(filter(&log_filter(), LevelFilter::INFO));
    let _ = Registry::default().with(layer).try_init();
}

/// What `RUST_LOG` asks for.
pub fn log_filter() -> String {
    std::env::var(EnvFilter::DEFAULT_ENV).unwrap_or_default()
}

/// What is asked for, or else `level`; others than orgscan never below warnings.
pub fn filter<S: Subscriber>(log_filter: &str, level: LevelFilter) -> impl Filter<S> + use<S> {
    EnvFilter::builder()
        .with_default_directive(level.into())
        .parse_lossy(log_filter)
        .and(filter_fn(is_loggable))
}

fn is_loggable(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::WARN || is_own(metadata)
}

fn is_own(metadata: &Metadata<'_>) -> bool {
    let module = metadata.target().split("::").next().unwrap_or_default();
    let rest = module.strip_prefix(OWN);
    rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
}

/// Writers that take the secrets out of what others than orgscan say: the SDK's warnings quote errors
/// with all that they hold.
#[derive(Debug)]
pub struct MaskingWriters<W>(pub W);

impl<'w, W: MakeWriter<'w>> MakeWriter<'w> for MaskingWriters<W> {
    type Writer = MaskingWriter<W::Writer>;

    fn make_writer(&'w self) -> Self::Writer {
        let (writer, masks) = (self.0.make_writer(), true);
        MaskingWriter { writer, masks }
    }

    fn make_writer_for(&'w self, metadata: &Metadata<'_>) -> Self::Writer {
        let (writer, masks) = (self.0.make_writer_for(metadata), !is_own(metadata));
        MaskingWriter { writer, masks }
    }
}

/// A writer that takes the secrets out of a line, where the line is of others.
#[derive(Debug)]
pub struct MaskingWriter<W> {
    writer: W,
    masks: bool,
}

impl<W: Write> Write for MaskingWriter<W> {
    /// A line comes in one piece.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        if !self.masks {
            return self.writer.write(line);
        }
        let text = String::from_utf8_lossy(line);
        self.writer.write_all(mask(&text).as_bytes())?;
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

//! Log lines for people on a terminal, on standard error.

use std::io::{self, Write};
use std::sync::{Mutex, OnceLock, PoisonError};

use indicatif::MultiProgress;
use orgscan_app::logging::{MaskingWriters, filter, log_filter};
use tracing::Subscriber;
use tracing_subscriber::filter::LevelFilter;
use tracing_subscriber::fmt;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::registry::LookupSpan;
use tracing_subscriber::util::SubscriberInitExt;
use tracing_subscriber::{Layer, Registry};

use super::charset::Charset;
use super::terminal::log_line;

/// Logs for people: errors only where nothing else is asked for, since the summary has the rest.
/// `RUST_LOG` wins over `verbose`. Does nothing where logs go somewhere already.
pub(crate) fn init(verbose: u8, color: bool) {
    let level = match verbose {
        0 => LevelFilter::ERROR,
        1 => LevelFilter::INFO,
        _ => LevelFilter::DEBUG,
    };
    let layer = human(&log_filter(), level, color, || AboveBars);
    let _ = Registry::default().with(layer).try_init();
}

fn human<S, W>(
    log_filter: &str,
    level: LevelFilter,
    color: bool,
    writer: impl Fn() -> W + Send + Sync + 'static,
) -> impl Layer<S>
where
    S: Subscriber + for<'s> LookupSpan<'s>,
    W: Write + 'static,
{
    fmt::layer()
        .with_ansi(color)
        .with_target(false)
        .with_writer(MaskingWriters(move || LogLines(writer())))
        .with_filter(filter(log_filter, level))
}

/// Log lines in which nothing steers the terminal. A line comes in one piece.
struct LogLines<W>(W);

impl<W: Write> Write for LogLines<W> {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let line = log_line(&String::from_utf8_lossy(text));
        let line = Charset::of_process().shown(&line).into_owned();
        self.0.write_all(line.as_bytes())?;
        Ok(text.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
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

#[cfg(test)]
mod tests {
    use std::sync::{Arc, Mutex};

    use super::*;

    #[derive(Clone, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl Write for Lines {
        fn write(&mut self, text: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(text)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    fn logged(log_filter: &str, level: LevelFilter) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let layer = human(log_filter, level, false, move || writer.clone());
        tracing::subscriber::with_default(Registry::default().with(layer), || {
            let hostile = "a\u{1b}[2J\u{202e}b\n ERROR forged";
            tracing::debug!(name = %hostile, quoted = hostile, "detail {hostile}");
            tracing::info!("step");
            tracing::warn!("trouble");
            tracing::debug!(target: "aws_smithy_runtime::client", "authorization: secret");
            tracing::info!(target: "hyper_util::client", "secret");
            tracing::warn!(target: "aws_config::profile", "profile");
            let error = "x-amz-security-token:IQoJb3JpZ2luX2VjEJr\\nhost";
            tracing::warn!(target: "aws_config::meta", error, "quoted");
        });
        let bytes = lines.0.lock().unwrap().clone();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn the_sdk_stays_quiet_however_much_is_asked_for() {
        let text = logged("trace,aws_smithy_runtime=trace", LevelFilter::WARN);
        for word in ["detail", "step", "trouble", "profile", "quoted"] {
            assert!(text.contains(word), "{text}");
        }
        assert!(!text.contains("secret"), "{text}");
        assert!(!text.contains("IQoJb3"), "{text}");
        assert!(
            !text.contains('\u{1b}') && !text.contains('\u{202e}'),
            "{text}"
        );
        let mut lines = text.lines();
        assert!(lines.all(|line| !line.starts_with(" ERROR")), "{text}");
    }

    #[test]
    fn only_warnings_are_logged_by_default() {
        let text = logged("", LevelFilter::WARN);
        assert!(text.contains("trouble") && !text.contains("step"), "{text}");
    }
}

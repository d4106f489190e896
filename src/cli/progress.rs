//! The progress of a run on standard error: one line that changes on a terminal, a line every ten seconds elsewhere.

mod state;

use std::io::{self, IsTerminal, Write};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use orgscan_app::observe::{Observer, RunEvent};
use tokio::task::AbortHandle;

use self::state::{RunState, Schedule};
use super::charset::Charset;
use super::{logging, terminal};

/// How often the line on a terminal changes.
const FRAME: Duration = Duration::from_millis(200);

/// How often there is a line elsewhere.
const PERIOD: Duration = Duration::from_secs(10);

/// What turns while the run goes on.
const UNICODE: &str = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏ ";
const ASCII: &str = "|/-\\ ";

/// Shows how far a run is, until it is dropped.
#[derive(Debug)]
pub(super) struct Progress {
    started: Instant,
    state: Arc<Mutex<RunState>>,
    /// What draws; none with `--quiet`.
    drawing: Option<AbortHandle>,
    bar: Option<ProgressBar>,
}

impl Progress {
    /// Shows nothing if `quiet`. Has to be called inside of a runtime.
    pub(super) fn start(quiet: bool) -> Self {
        let bar = (!quiet && is_terminal()).then(bar);
        let mut progress = Self {
            started: Instant::now(),
            state: Arc::default(),
            drawing: None,
            bar,
        };
        if !quiet {
            progress.drawing = Some(progress.draw());
        }
        progress
    }

    fn draw(&self) -> AbortHandle {
        let (started, state, bar) = (self.started, self.state.clone(), self.bar.clone());
        let mut lines = Schedule::every(PERIOD);
        let drawing = async move {
            loop {
                tokio::time::sleep(FRAME).await;
                let elapsed = started.elapsed();
                match &bar {
                    Some(bar) => {
                        bar.set_message(locked(&state).line(elapsed));
                        bar.tick();
                    }
                    None if lines.is_due(elapsed) => {
                        let line = locked(&state).line(elapsed);
                        // Nobody reads the progress where standard error is gone.
                        let _ = writeln!(terminal::stderr(), "{line}");
                    }
                    None => {}
                }
            }
        };
        tokio::spawn(drawing).abort_handle()
    }

    /// Ends the line.
    pub(super) fn finish(&self) {
        if let Some(drawing) = &self.drawing {
            drawing.abort();
        }
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.finish();
    }
}

impl Observer for Progress {
    fn observe(&self, event: RunEvent<'_>) {
        locked(&self.state).observe(&event, self.started.elapsed());
    }
}

fn locked(state: &Mutex<RunState>) -> MutexGuard<'_, RunState> {
    state.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Whether standard error can change a line that it shows.
fn is_terminal() -> bool {
    let is_dumb = std::env::var_os("TERM").is_some_and(|name| name == "dumb");
    io::stderr().is_terminal() && !is_dumb
}

/// Log lines are printed above it.
fn bar() -> ProgressBar {
    let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
    let turning = match Charset::of_process() {
        Charset::Unicode => UNICODE,
        Charset::Ascii => ASCII,
    };
    let bar = bars.add(ProgressBar::new_spinner().with_style(style(turning)));
    logging::print_above(&bars);
    bar
}

/// A template that does not parse is an error that the test below finds; the plain style serves then.
fn style(turning: &str) -> ProgressStyle {
    ProgressStyle::with_template("{spinner} {wide_msg}")
        .map(|style| style.tick_chars(turning))
        .unwrap_or_else(|_| ProgressStyle::default_spinner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_parses() {
        assert!(ProgressStyle::with_template("{spinner} {wide_msg}").is_ok());
    }

    #[tokio::test]
    async fn quiet_draws_nothing() {
        let quiet = Progress::start(true);
        assert!(quiet.drawing.is_none() && quiet.bar.is_none());
        quiet.observe(RunEvent::Planned { accounts: 2 });
        quiet.finish();
    }
}

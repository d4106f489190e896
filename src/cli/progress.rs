//! Progress bars on a terminal; nothing anywhere else.

use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::logging;
use crate::model::AccountOutcome;
use crate::observe::{Event, Observer};

/// One bar for accounts and one for places, on standard error.
#[derive(Debug)]
pub(super) struct Progress {
    bars: MultiProgress,
    accounts: ProgressBar,
    places: ProgressBar,
}

impl Progress {
    /// Bars that show nothing until something is planned. Where standard error is no terminal they
    /// show nothing at all.
    pub(super) fn new() -> Self {
        let bars = MultiProgress::with_draw_target(ProgressDrawTarget::stderr());
        let accounts = bars.add(ProgressBar::new(0).with_style(style("accounts")));
        let places = bars.add(ProgressBar::new(0).with_style(style("places")));
        logging::print_above(&bars);
        Self {
            bars,
            accounts,
            places,
        }
    }

    /// Takes the bars away.
    pub(super) fn finish(&self) {
        self.accounts.finish_and_clear();
        self.places.finish_and_clear();
        // Nothing to mend where a terminal has gone away.
        let _ = self.bars.clear();
    }
}

/// A template that does not parse is a mistake that the test below finds; the plain bar serves then.
fn style(what: &str) -> ProgressStyle {
    let template = format!("  {what:<9}{{bar:32.cyan/dim}} {{pos:>6}}/{{len:<6}} {{wide_msg}}");
    ProgressStyle::with_template(&template)
        .map(|style| style.progress_chars("━━─"))
        .unwrap_or_else(|_| ProgressStyle::default_bar())
}

impl Observer for Progress {
    fn observe(&self, event: Event<'_>) {
        match event {
            Event::Stage(stage) => self.accounts.set_message(stage),
            Event::Planned { accounts } => {
                self.accounts.inc_length(accounts as u64);
                self.accounts.set_message("");
                self.accounts.enable_steady_tick(Duration::from_millis(200));
            }
            Event::TargetsPlanned { places, .. } => self.places.inc_length(places as u64),
            Event::TargetDone { .. } => self.places.inc(1),
            Event::AccountDone { result } => {
                self.accounts.inc(1);
                if let AccountOutcome::Failed { gap } = &result.outcome {
                    let id = &result.account.id;
                    self.accounts
                        .set_message(format!("{id}: {}", gap.cause.in_words()));
                }
            }
            Event::AccountStarted { .. } => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_template_parses() {
        assert!(
            ProgressStyle::with_template("{bar:32.cyan/dim} {pos:>6}/{len:<6} {wide_msg}").is_ok()
        );
    }

    #[test]
    fn places_add_up_as_accounts_become_known() {
        let progress = Progress::new();
        let account = crate::testing::account(1, "prod", "Workloads");
        progress.observe(Event::Planned { accounts: 2 });
        for places in [3, 4] {
            let account = &account;
            progress.observe(Event::TargetsPlanned { account, places });
        }
        assert_eq!(progress.accounts.length(), Some(2));
        assert_eq!(progress.places.length(), Some(7));
        progress.finish();
    }
}

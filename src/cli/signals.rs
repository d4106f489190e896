//! Ctrl-C and other signals that end a process. The first one stops what is under way in an orderly manner,
//! the second one ends the process at once. Where this is process 1 of a container it would otherwise ignore
//! SIGTERM.

use std::fmt;
use std::io;
use std::process;
use std::sync::{Arc, OnceLock};

use orgscan_app::stop::{StopSignal, stop};

/// A signal that ends the process.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Signal {
    /// The terminal is gone.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no such signal"))]
    Hangup,
    /// Ctrl-C.
    Interrupt,
    /// Somebody asks the process to end.
    #[cfg_attr(not(unix), expect(dead_code, reason = "there is no such signal"))]
    Terminate,
}

impl Signal {
    const ALL: [Self; 3] = [Self::Hangup, Self::Interrupt, Self::Terminate];

    const fn number(self) -> u8 {
        match self {
            Self::Hangup => 1,
            Self::Interrupt => 2,
            Self::Terminate => 15,
        }
    }

    /// What a shell reports of a process that the signal ended.
    pub(super) const fn exit_code(self) -> u8 {
        128 + self.number()
    }
}

impl fmt::Display for Signal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Hangup => "SIGHUP",
            Self::Interrupt => "SIGINT",
            Self::Terminate => "SIGTERM",
        })
    }
}

#[derive(Debug)]
pub(super) struct Interruption {
    pub(super) signal: Signal,
    /// What the user has to know, with line breaks.
    pub(super) note: String,
}

impl fmt::Display for Interruption {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Interrupted by {}. {}", self.signal, self.note)
    }
}

impl std::error::Error for Interruption {}

/// The signals that this process has got.
#[derive(Clone, Debug)]
pub(super) struct Signals {
    /// Is requested by the first one.
    pub(super) stop: StopSignal,
    first: Arc<OnceLock<Signal>>,
}

impl Signals {
    /// Takes note of signals from now on, until the process ends.
    pub(super) fn listen() -> io::Result<Self> {
        let mut incoming = Incoming::open()?;
        let (stopper, stop) = stop();
        let signals = Self {
            stop,
            first: Arc::default(),
        };
        let first = signals.first.clone();
        // In a task of its own: a second signal counts whatever the first one was answered with.
        tokio::spawn(async move {
            let signal = incoming.next().await;
            let _ = first.set(signal);
            stopper.request();
            process::exit(incoming.next().await.exit_code().into());
        });
        Ok(signals)
    }

    /// Does something that can be dropped where it stands.
    pub(super) async fn or<T>(&self, work: impl Future<Output = T>) -> Result<T, Interruption> {
        tokio::select! {
            biased;
            done = work => Ok(done),
            () = self.stop.requested() => Err(self.interrupted("The command did not complete.")),
        }
    }

    /// That the first signal interrupted the command.
    pub(super) fn interrupted(&self, note: impl Into<String>) -> Interruption {
        Interruption {
            signal: self.first.get().copied().unwrap_or(Signal::Interrupt),
            note: note.into(),
        }
    }
}

#[cfg(unix)]
struct Incoming(Vec<(Signal, tokio::signal::unix::Signal)>);

#[cfg(unix)]
impl Incoming {
    fn open() -> io::Result<Self> {
        use tokio::signal::unix::{SignalKind, signal};
        let ignored = ignored(&std::fs::read_to_string("/proc/self/status").unwrap_or_default());
        let open = |one: Signal| {
            let kind = SignalKind::from_raw(one.number().into());
            Ok((one, signal(kind)?))
        };
        let wanted = Signal::ALL.into_iter();
        let wanted = wanted.filter(|one| ignored & (1 << (one.number() - 1)) == 0);
        Ok(Self(wanted.map(open).collect::<io::Result<_>>()?))
    }

    async fn next(&mut self) -> Signal {
        std::future::poll_fn(|cx| {
            for (one, signals) in &mut self.0 {
                if signals.poll_recv(cx) == std::task::Poll::Ready(Some(())) {
                    return std::task::Poll::Ready(*one);
                }
            }
            std::task::Poll::Pending
        })
        .await
    }
}

/// The signals that the process was started to ignore, a bit each: `nohup` has it ignore SIGHUP, and a shell
/// SIGINT where it starts something in the background. They stay ignored.
#[cfg(unix)]
fn ignored(status: &str) -> u64 {
    let mask = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    mask.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .unwrap_or(0)
}

#[cfg(not(unix))]
struct Incoming;

#[cfg(not(unix))]
impl Incoming {
    fn open() -> io::Result<Self> {
        Ok(Self)
    }

    async fn next(&mut self) -> Signal {
        match tokio::signal::ctrl_c().await {
            Ok(()) => Signal::Interrupt,
            Err(_) => std::future::pending().await,
        }
    }
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use super::*;

    #[test]
    fn what_was_ignored_at_the_start_stays_ignored() {
        assert_eq!(
            ignored("Name:\torgscan\nSigIgn:\t0000000000001001\n"),
            0x1001
        );
        assert_eq!(ignored(""), 0);
    }

    #[test]
    fn exit_codes_are_those_of_a_shell() {
        assert_eq!(Signal::ALL.map(Signal::exit_code), [129, 130, 143]);
    }
}

//! How many files and sockets the process may have open at the same time, and what fits in.

use orgscan_core::settings::Config;

/// Sockets for AWS in all. They fit into the 1,024 file descriptors of a Lambda function, and more would
/// not make a run faster.
///
/// Source: <https://docs.aws.amazon.com/lambda/latest/dg/gettingstarted-limits.html>
const SOCKETS: usize = 960;

/// Descriptors that are no sockets for AWS: standard streams, the runtime's own, locks, results that are
/// being written, the files of a report.
const FILES: usize = 40;

/// As many descriptors as are requested from the system. No run needs so many, but far more would slow down
/// programs that are started from here and close every descriptor that they could have.
const REQUESTED: u64 = 65_536;

/// What has the other end of a connection to AWS.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OtherEnd {
    /// Another machine or process.
    Elsewhere,
    /// This process, which simulates AWS: each connection takes two descriptors.
    ThisProcess,
}

/// How many files and sockets the process may have open at the same time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Descriptors(usize);

impl Descriptors {
    /// Raises the process's limit as far as the system allows: macOS, where it is 256, up to
    /// `kern.maxfilesperproc`. What the system refuses stays as it is.
    pub fn raise() {
        if let Err(error) = rlimit::increase_nofile_limit(REQUESTED) {
            tracing::debug!(%error, "the limit of open files cannot be raised");
        }
    }

    /// Those of this process. A system that has no such limit has enough.
    pub fn of_process() -> Self {
        let limit = rlimit::Resource::NOFILE.get_soft().unwrap_or(REQUESTED);
        Self::of_limit(usize::try_from(limit.min(REQUESTED)).unwrap_or(SOCKETS))
    }

    /// Those of a process with this limit.
    pub fn of_limit(limit: usize) -> Self {
        Self(limit)
    }

    /// Sockets for AWS.
    pub fn sockets(self) -> usize {
        self.0.saturating_sub(FILES).clamp(2, SOCKETS)
    }

    /// How many there are.
    pub fn limit(self) -> usize {
        self.0
    }

    /// How many of the requests in flight that are wanted there are sockets for: two for each, since connections
    /// to other hosts stay open for a while.
    pub fn requests(self, wanted: usize, other_end: OtherEnd) -> usize {
        let Self(limit) = self;
        let there = match other_end {
            OtherEnd::Elsewhere => self.sockets(),
            OtherEnd::ThisProcess => Self((limit + FILES) / 2).sockets(),
        };
        match there < SOCKETS {
            true => wanted.min(there / 2).max(1),
            false => wanted,
        }
    }

    /// Lowers the requests in flight to those that there are sockets for.
    pub fn limit_in_flight(self, config: &mut Config, other_end: OtherEnd) {
        let wanted = config.concurrency.requests;
        let possible = self.requests(wanted, other_end);
        if possible < wanted {
            config.concurrency.requests = possible;
            tracing::warn!(
                open_files = self.limit(),
                "the limit of open files allows only {possible} requests at the same time instead of {wanted}; raise it \
                 (`ulimit -n`) for a faster run"
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn possible(limit: usize, wanted: usize, other_end: OtherEnd) -> usize {
        let mut config = Config::default();
        config.concurrency.requests = wanted;
        Descriptors(limit).limit_in_flight(&mut config, other_end);
        config.concurrency.requests
    }

    #[test]
    fn requests_in_flight_fit_into_the_descriptors() {
        use OtherEnd::{Elsewhere, ThisProcess};
        for limit in [0, 16, 64, 100, 256, 512, 1_000, 1_024, 4_096] {
            for wanted in [1, 2, 50, 480, 800] {
                let (client, both) = (
                    possible(limit, wanted, Elsewhere),
                    possible(limit, wanted, ThisProcess),
                );
                assert!((1..=wanted).contains(&client) && (1..=client).contains(&both));
                // A connection that is being opened beside each that is in use.
                if limit >= 64 {
                    assert!(
                        2 * client + FILES <= limit || limit >= 1_000,
                        "{limit} {client}"
                    );
                    assert!(
                        4 * both + FILES <= limit || limit >= 2_000,
                        "{limit} {both}"
                    );
                }
            }
        }
        assert_eq!(possible(1_024, 480, Elsewhere), 480);
        assert_eq!(possible(1_024, 800, Elsewhere), 800);
        assert_eq!(possible(256, 480, Elsewhere), 108);
        assert_eq!(possible(256, 480, ThisProcess), 54);
        assert_eq!(possible(64, 480, ThisProcess), 6);
        assert_eq!(possible(64, 3, ThisProcess), 3);
    }
}

//! What is replayed: how many accounts, under which physics, with which faults.

use std::time::Duration;

use jiff::Timestamp;

use super::faults::Fault;
use super::ids::LARGEST;
use super::latency::Latency;
use super::tls::Certificate;

/// What is replayed.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// How many accounts there are; as many as are recorded if left out. Fewer are the first of
    /// those, more are copies of those that nothing is denied in.
    pub accounts: Option<usize>,
    /// How many times each resource comes.
    pub resources: usize,
    /// What all chance follows from.
    pub seed: u64,
    /// How AWS behaves.
    pub behavior: ServiceBehavior,
    /// Which requests fail; the first that matches decides.
    pub faults: Vec<Fault>,
    /// The day, counted from 1, of an organization that changes; none for one that does not.
    pub day: Option<u64>,
    /// The time that ages are counted back from; the start of the replay if left out. Sessions and
    /// credential reports have the real time.
    pub clock: Option<Timestamp>,
    /// The loopback port to listen on; 0 for a free one.
    pub port: u16,
    /// The certificate to serve under, over TLS; plain HTTP if left out.
    pub certificate: Option<Certificate>,
    /// Whether every request is written down, for [`super::Replay::log`].
    pub log: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            accounts: None,
            resources: 1,
            seed: 0,
            behavior: ServiceBehavior::aws(),
            faults: Vec::new(),
            day: None,
            clock: None,
            port: 0,
            certificate: None,
            log: false,
        }
    }
}

impl Settings {
    /// What cannot be replayed, with the fix.
    pub(super) fn problem(&self) -> Option<String> {
        let largest = LARGEST as usize;
        let outside = |value: usize| value == 0 || value > largest;
        if self.accounts.is_some_and(outside) {
            return Some(format!("accounts: use 1 to {largest}"));
        }
        if outside(self.resources) {
            return Some(format!("resources: use 1 to {largest}"));
        }
        let scale = self.behavior.quota_scale.unwrap_or(1.0);
        let usable = scale.is_finite() && scale > 0.0;
        (!usable).then(|| format!("quota_scale: {scale} is no scale; use a number above 0"))
    }
}

/// How AWS behaves beyond what it answers.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceBehavior {
    /// How large the quotas are, and how fast they refill, beside those that AWS publishes; none for
    /// no quotas.
    pub quota_scale: Option<f64>,
    /// How long answers take; none for no time. Throttled requests are refused at once.
    pub latency: Option<Latency>,
    /// How long IAM takes to make a credential report; none for no time.
    pub credential_report: Option<Latency>,
    /// How much longer the first answer on a connection takes.
    pub connect: Duration,
    /// How long a session lasts at most.
    pub session_limit: Duration,
}

impl ServiceBehavior {
    /// AWS's, as far as it is known. Sessions that are assumed from a session last an hour at most.
    ///
    /// Source: <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles.html#iam-term-role-chaining>
    pub fn aws() -> Self {
        Self {
            quota_scale: Some(1.0),
            latency: Some(Latency::AWS),
            credential_report: Some(Latency::CREDENTIAL_REPORT),
            connect: Duration::from_millis(15),
            session_limit: Duration::from_secs(3_600),
        }
    }

    /// No limits, and every answer at once.
    pub fn none() -> Self {
        Self {
            quota_scale: None,
            latency: None,
            credential_report: None,
            connect: Duration::ZERO,
            session_limit: Duration::from_secs(12 * 3_600),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_cannot_be_replayed_is_named_with_a_fix() {
        assert_eq!(Settings::default().problem(), None);
        let none = Settings {
            accounts: Some(0),
            ..Settings::default()
        };
        assert_eq!(none.problem().unwrap(), "accounts: use 1 to 1048575");
        let mut empty = Settings::default();
        empty.behavior.quota_scale = Some(0.0);
        assert!(empty.problem().unwrap().contains("above 0"));
    }
}

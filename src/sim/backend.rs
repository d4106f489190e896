//! From a request to its answer: who asks, what stands against it, and what was recorded.

mod respond;

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::HeaderMap;
use jiff::Timestamp;
use respond::{cut_cleanly, malformed};

use super::account_list::{AccountList, Member};
use super::answers::Answers;
use super::call::Call;
use super::counts::{Counter, Counts, RequestFate};
use super::days::faults_of;
use super::error::ReplayError;
use super::faults::{FaultContext, FaultKind, Faults};
use super::ids::Ids;
use super::latency::Draws;
use super::objects::Objects;
use super::organizations::Organizations;
use super::quotas::{Buckets, THROTTLED_AFTER};
use super::recording::{Header, Recording};
use super::reply::{ErrorFormat, Refusal, Reply};
use super::reports::Reports;
use super::rng::SeededRng;
use super::session::SessionKey;
use super::settings::{ServiceBehavior, Settings};
use super::sts::{Sts, account_of};
use super::writes::{WriteLog, Writes};

/// Requests without an answer that are remembered by name, at most.
const MISSING: usize = 1_000;

/// All that answers are made of.
#[derive(Debug)]
pub(super) struct Backend {
    pub(super) header: Header,
    pub(super) counter: Arc<Counter>,
    account_list: AccountList,
    answers: Answers,
    organizations: Organizations,
    sts: Sts,
    behavior: ServiceBehavior,
    faults: Faults,
    draws: Mutex<Draws>,
    buckets: Option<Mutex<Buckets>>,
    reports: Mutex<Reports>,
    objects: Mutex<Objects>,
    written: Mutex<WriteLog>,
    missing: Mutex<BTreeSet<String>>,
}

/// An answer, and how it is given.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) reply: Reply,
    pub(super) delivery: Delivery,
    /// How long it takes.
    pub(super) delay: Duration,
}

/// How an answer is given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Delivery {
    Whole,
    /// Half of it, and then the connection is closed.
    Half,
    /// The connection is closed instead.
    Closed,
    /// Never.
    Never,
}

/// Who asks.
struct Caller<'a> {
    member: Member<'a>,
    id: String,
    is_session: bool,
    has_expired: bool,
}

impl Backend {
    /// Makes a recording ready.
    ///
    /// # Errors
    /// See [`ReplayError`].
    pub(super) fn new(recording: &Recording, settings: &Settings) -> Result<Self, ReplayError> {
        if let Some(problem) = settings.problem() {
            return Err(ReplayError::Settings(problem));
        }
        let (recording, ids) = on_day(recording, settings.day);
        let recording = &*recording;
        let behavior = settings.behavior.clone();
        let mut faults = settings.faults.clone();
        faults.extend(settings.day.into_iter().flat_map(faults_of));
        let times = u32::try_from(settings.resources).unwrap_or(1);
        let clock = settings.clock.unwrap_or_else(Timestamp::now);
        let unusable = ReplayError::Organization;
        Ok(Self {
            header: recording.header.clone(),
            counter: Arc::new(Counter::new(settings.log)),
            account_list: AccountList::new(recording, settings.accounts).map_err(unusable)?,
            answers: Answers::new(&recording.exchanges, times, clock, ids)?,
            organizations: Organizations::new(recording).map_err(unusable)?,
            sts: Sts::new(recording, behavior.session_limit),
            faults: Faults::new(&faults)?,
            draws: Mutex::new(Draws::new(settings.seed)),
            buckets: behavior
                .quota_scale
                .map(|scale| Mutex::new(Buckets::new(scale))),
            behavior,
            reports: Mutex::default(),
            objects: Mutex::default(),
            written: Mutex::default(),
            missing: Mutex::default(),
        })
    }

    /// The answer to a request.
    pub(super) fn answer(&self, call: &Call, headers: &HeaderMap, body: &Bytes) -> Outcome {
        let Some(caller) = self.caller(call) else {
            let refusal = Refusal::new(500, "InternalFailure", "the organization has no account");
            return whole(refusal.reply(ErrorFormat::of(call)), Duration::ZERO);
        };
        let request = lock(&self.draws).request(call, &caller.id);
        let draw = lock(&self.draws).draw(request);
        let (outcome, fate) = self.decide(call, headers, body, &caller, draw);
        if fate != RequestFate::Answered {
            lock(&self.draws).failed(request);
        }
        self.counter.count(call, &caller.id, fate);
        outcome
    }

    fn decide(
        &self,
        call: &Call,
        headers: &HeaderMap,
        body: &Bytes,
        caller: &Caller<'_>,
        draw: SeededRng,
    ) -> (Outcome, RequestFate) {
        if !self.is_within_quota(call, caller) {
            let latency = self.behavior.latency;
            let delay = latency.map_or(Duration::ZERO, |_| THROTTLED_AFTER);
            let reply = self.refusal(FaultKind::Throttled, call, caller);
            return (whole(reply, delay), RequestFate::Throttled);
        }
        let latency = self.behavior.latency;
        let delay = latency.map_or(Duration::ZERO, |latency| latency.draw(draw.with("latency")));
        let answered = |reply| (whole(reply, delay), RequestFate::Answered);
        if caller.has_expired {
            return answered(self.refusal(FaultKind::Expired, call, caller));
        }
        let Some(kind) = self.fault(call, caller, draw) else {
            return answered(self.reply(call, headers, body, caller, draw));
        };
        let reply = match kind {
            FaultKind::Truncated => self.reply(call, headers, body, caller, draw),
            FaultKind::CutCleanly => cut_cleanly(self.reply(call, headers, body, caller, draw)),
            FaultKind::Malformed => malformed(call),
            _ => self.refusal(kind, call, caller),
        };
        let outcome = Outcome {
            reply,
            delivery: delivery(kind),
            delay,
        };
        (outcome, RequestFate::Fault)
    }

    /// Keys that nobody handed out here are the management account's, the first one.
    fn caller(&self, call: &Call) -> Option<Caller<'_>> {
        let session = SessionKey::parse(&call.access_key);
        let index = session.map_or(0, |session| session.account);
        let member = self
            .account_list
            .member(index)
            .or_else(|| self.account_list.member(0))?;
        let now = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .unwrap_or_default();
        Some(Caller {
            id: member.id(),
            is_session: session.is_some(),
            has_expired: session.is_some_and(|session| session.expires <= now.as_secs()),
            member,
        })
    }

    fn is_within_quota(&self, call: &Call, caller: &Caller<'_>) -> bool {
        let Some(buckets) = &self.buckets else {
            return true;
        };
        lock(buckets).take(call, caller.member.index, Instant::now())
    }

    fn fault(&self, call: &Call, caller: &Caller<'_>, draw: SeededRng) -> Option<FaultKind> {
        if self.faults.is_empty() {
            return None;
        }
        let role = call.parameter("RoleArn").and_then(account_of);
        let role = role.and_then(|account| self.account_list.by_id(account));
        let role_names = role.map(|member| (member.id(), member.name()));
        let name = caller.member.name();
        let mut accounts = vec![caller.id.as_str(), &name];
        if let Some((id, name)) = &role_names {
            accounts.extend([id.as_str(), name]);
        }
        self.faults.find_match(call, &accounts, draw.with("fault"))
    }

    fn refusal(&self, kind: FaultKind, call: &Call, caller: &Caller<'_>) -> Reply {
        let format = ErrorFormat::of(call);
        let apis = orgscan_core::services::APIS.iter();
        let mut known =
            apis.filter(|api| api.service == call.service && api.operation == call.operation);
        let name = call.name();
        let occasion = FaultContext {
            call,
            caller_arn: &self.sts.arn(&caller.member, caller.is_session),
            action: known.next().map_or(&name, |api| api.action),
            format,
        };
        let refusal = kind.refusal(&occasion);
        refusal.map_or_else(|| Reply::xml(200, ""), |refusal| refusal.reply(format))
    }

    /// Notes a request that has no answer.
    pub(super) fn note_missing(&self, request: String) {
        let mut missing = lock(&self.missing);
        if missing.len() < MISSING {
            missing.insert(request);
        }
    }

    /// How many requests and connections there were.
    pub(super) fn counts(&self) -> Counts {
        let slowest = lock(&self.reports).slowest().as_millis();
        Counts {
            slowest_report_ms: u64::try_from(slowest).unwrap_or(u64::MAX),
            ..self.counter.show()
        }
    }

    /// Requests that had no answer.
    pub(super) fn missing(&self) -> Vec<String> {
        lock(&self.missing).iter().cloned().collect()
    }

    /// What was written.
    pub(super) fn writes(&self) -> Writes {
        Writes {
            objects: lock(&self.objects).keys(),
            ..lock(&self.written).show()
        }
    }

    /// How much longer the first answer on a connection takes.
    pub(super) fn connect(&self) -> Duration {
        self.behavior.connect
    }
}

/// The organization as it is on a day, and the ids that resources keep from day to day: they follow from
/// the order of all that was ever recorded.
fn on_day(recording: &Recording, day: Option<u64>) -> (Cow<'_, Recording>, Ids) {
    match day {
        Some(day) => (
            Cow::Owned(recording.clone().on_day(day)),
            Ids::of(&recording.exchanges),
        ),
        None => (Cow::Borrowed(recording), Ids::default()),
    }
}

fn whole(reply: Reply, delay: Duration) -> Outcome {
    Outcome {
        reply,
        delivery: Delivery::Whole,
        delay,
    }
}

fn delivery(kind: FaultKind) -> Delivery {
    match kind {
        FaultKind::Hang => Delivery::Never,
        FaultKind::Reset => Delivery::Closed,
        FaultKind::Truncated => Delivery::Half,
        _ => Delivery::Whole,
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests;

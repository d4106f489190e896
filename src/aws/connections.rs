//! The connections of the process, under one limit.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use aws_smithy_async::rt::sleep::{AsyncSleep, Sleep};
use aws_smithy_http_client::pool::{ConnectionEvent, ConnectionEventListener};
use tokio::sync::Notify;

/// How many connections there are, and were.
#[derive(Debug, Default)]
pub struct Connections {
    open: AtomicUsize,
    peak: AtomicUsize,
    opened: AtomicUsize,
    /// Those of the open ones that take no more requests.
    closing: AtomicUsize,
    /// Those that wait for room, and are not open.
    waiting: AtomicUsize,
    /// A connection has been closed.
    closed: Notify,
    /// A connection may have to be closed.
    wanted: Notify,
}

impl Connections {
    /// Connections open now, busy or idle.
    pub fn open(&self) -> usize {
        self.open.load(Ordering::SeqCst)
    }

    /// The most connections that were open at one time.
    pub fn peak(&self) -> usize {
        self.peak.load(Ordering::SeqCst)
    }

    /// All connections ever opened.
    pub fn opened(&self) -> usize {
        self.opened.load(Ordering::SeqCst)
    }

    /// Waits until fewer connections than this are open. Meanwhile idle connections are closed, the
    /// oldest first, whatever their host.
    pub(crate) async fn room(&self, open_at_most: usize) {
        if self.open() < open_at_most {
            return;
        }
        let _waiting = Waiting::of(self);
        loop {
            let closed = self.closed.notified();
            if self.open() < open_at_most {
                return;
            }
            closed.await;
        }
    }

    /// Waits until more connections wait for room than are being closed.
    async fn too_many(&self) {
        loop {
            let wanted = self.wanted.notified();
            let waiting = self.waiting.load(Ordering::SeqCst);
            if waiting > self.closing.load(Ordering::SeqCst) {
                return;
            }
            wanted.await;
        }
    }
}

/// A connection that waits for room, until this is dropped.
struct Waiting<'a>(&'a Connections);

impl<'a> Waiting<'a> {
    fn of(connections: &'a Connections) -> Self {
        connections.waiting.fetch_add(1, Ordering::SeqCst);
        connections.wanted.notify_waiters();
        Self(connections)
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.0.waiting.fetch_sub(1, Ordering::SeqCst);
    }
}

/// Counts what happens to the connections of a pool.
#[derive(Clone)]
pub(crate) struct Counter(pub Arc<Connections>);

impl ConnectionEventListener for Counter {
    fn on_event(&self, event: &ConnectionEvent<'_>) {
        let Self(connections) = self;
        match event {
            ConnectionEvent::Opened(_) => {
                let open = connections.open.fetch_add(1, Ordering::SeqCst) + 1;
                connections.peak.fetch_max(open, Ordering::SeqCst);
                connections.opened.fetch_add(1, Ordering::SeqCst);
            }
            // The pool reports it once for each connection, before the close itself.
            ConnectionEvent::LogicalClose(_) => {
                connections.closing.fetch_add(1, Ordering::SeqCst);
            }
            ConnectionEvent::PhysicalClose(_) => {
                connections.open.fetch_sub(1, Ordering::SeqCst);
                connections.closing.fetch_sub(1, Ordering::SeqCst);
                connections.closed.notify_waiters();
                connections.wanted.notify_waiters();
            }
            _ => {}
        }
    }
}

/// The pool's sleep until its oldest idle connection has been idle for long enough. While a connection
/// waits for room, that is now: the pool takes the end of the sleep for that time, and closes it.
#[derive(Clone, Debug)]
pub(crate) struct IdleSleep(pub Arc<Connections>);

impl AsyncSleep for IdleSleep {
    fn sleep(&self, duration: Duration) -> Sleep {
        let connections = self.0.clone();
        Sleep::new(async move {
            tokio::select! {
                () = tokio::time::sleep(duration) => {}
                () = connections.too_many() => {}
            }
        })
    }
}

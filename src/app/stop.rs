//! A request to stop, which what works for a while takes note of.

use std::time::Duration;

use tokio::sync::watch;

/// How long something brief may take to complete once the request is there. Docker kills a container ten
/// seconds after it has asked it to stop, and two such steps may follow one another.
///
/// Source: <https://docs.docker.com/reference/cli/docker/container/stop/>
const GRACE: Duration = Duration::from_secs(4);

/// Whether to stop. Copies are told of the same request.
#[derive(Clone, Debug)]
pub struct StopSignal(watch::Receiver<bool>);

/// Requests to stop.
#[derive(Debug)]
pub struct StopSender(watch::Sender<bool>);

/// Somebody who can request to stop, and what those see who stop.
pub fn stop() -> (StopSender, StopSignal) {
    let (sender, receiver) = watch::channel(false);
    (StopSender(sender), StopSignal(receiver))
}

impl StopSender {
    /// Requests to stop, for good.
    pub fn request(&self) {
        self.0.send_replace(true);
    }
}

impl StopSignal {
    /// Nobody ever requests to stop.
    pub fn never() -> Self {
        stop().1
    }

    /// Waits until somebody requests to stop.
    pub async fn requested(&self) {
        if self
            .0
            .clone()
            .wait_for(|requested| *requested)
            .await
            .is_err()
        {
            // No sender is left that could request it.
            std::future::pending::<()>().await;
        }
    }

    /// Does something that is better not left half-done: once somebody requests to stop, it has a few
    /// seconds to complete. None where it did not.
    pub async fn grace<T>(&self, work: impl Future<Output = T>) -> Option<T> {
        self.grace_of(GRACE, work).await
    }

    async fn grace_of<T>(&self, time: Duration, work: impl Future<Output = T>) -> Option<T> {
        let over = async {
            self.requested().await;
            tokio::time::sleep(time).await;
        };
        tokio::select! {
            biased;
            done = work => Some(done),
            () = over => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};

    use super::*;

    #[tokio::test]
    async fn short_work_completes_and_hanging_work_is_abandoned() {
        let (stopper, stop) = stop();
        let brief = || async { tokio::time::sleep(Duration::from_millis(1)).await };
        assert_eq!(stop.grace_of(Duration::ZERO, brief()).await, Some(()));
        stopper.request();
        stop.requested().await;
        assert_eq!(stop.grace_of(Duration::ZERO, ready(1)).await, Some(1));
        assert_eq!(stop.grace(brief()).await, Some(()));
        assert_eq!(stop.grace_of(Duration::ZERO, pending::<()>()).await, None);
        drop(stopper);
        stop.requested().await;
    }

    #[tokio::test]
    async fn without_a_stop_request_nothing_is_abandoned() {
        let brief = async { tokio::time::sleep(Duration::from_millis(1)).await };
        assert_eq!(
            StopSignal::never().grace_of(Duration::ZERO, brief).await,
            Some(())
        );
    }
}

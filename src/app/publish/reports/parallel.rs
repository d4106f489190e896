//! Work on several files at the same time.

use std::io;
use std::iter;
use std::num::NonZero;
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError};
use std::thread::{self, ScopedJoinHandle};

/// Does the work on each item, in as many threads as there are processors, and something else meanwhile. The results are
/// in the order of the items. A thread for each item would take more memory and save no time: each has an allocator's
/// heap of its own.
///
/// # Errors
/// The error of an item, or that a thread cannot be started.
pub(super) fn in_parallel<I: Send, T: Send, D>(
    items: impl IntoIterator<Item = I, IntoIter: Send>,
    work: impl Fn(I) -> io::Result<T> + Sync,
    meanwhile: impl FnOnce() -> D,
) -> io::Result<(D, Vec<T>)> {
    let queue = Mutex::new(items.into_iter().enumerate());
    let next = || queue.lock().unwrap_or_else(PoisonError::into_inner).next();
    let take_all = || -> io::Result<Vec<(usize, T)>> {
        iter::from_fn(next)
            .map(|(index, item)| Ok((index, work(item)?)))
            .collect()
    };
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    thread::scope(|scope| {
        let mut working = Vec::new();
        for _ in 0..threads {
            working.push(thread::Builder::new().spawn_scoped(scope, take_all)?);
        }
        let done = meanwhile();
        let mut results = Vec::new();
        for thread in working {
            results.extend(joined(thread)?);
        }
        results.sort_unstable_by_key(|(index, _)| *index);
        let results = results.into_iter().map(|(_, result)| result);
        Ok((done, results.collect()))
    })
}

/// What came of a thread.
fn joined<T>(thread: ScopedJoinHandle<'_, io::Result<T>>) -> io::Result<T> {
    let done = thread.join();
    done.unwrap_or_else(|panic| resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_item_is_done_once_and_results_are_in_order() {
        let done = in_parallel(0..100, |item| Ok(item * 2), || "meanwhile").unwrap();
        assert_eq!(done, ("meanwhile", (0..100).map(|item| item * 2).collect()));
    }

    #[test]
    fn the_error_of_one_item_is_the_error_of_all() {
        let work = |item| match item {
            57 => Err(io::Error::other("no space left")),
            item => Ok(item),
        };
        let error = in_parallel(0..100, work, || ()).unwrap_err();
        assert_eq!(error.to_string(), "no space left");
    }
}

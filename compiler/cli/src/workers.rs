//! Work on all cores, with results in order.

use std::collections::VecDeque;
use std::num::NonZero;
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use anyhow::Context;
use rayon::{Scope, ThreadPool, ThreadPoolBuilder};

use crate::Failure;

/// Pieces of work that are under way or wait to be taken, for each thread: enough that a slow piece does not stop the
/// others, few enough that results do not pile up.
const AHEAD: usize = 4;

/// Time between two calls of the one who waits.
const PERIOD: Duration = Duration::from_millis(100);

/// Some threads.
pub(crate) struct Workers {
    pool: ThreadPool,
}

impl Workers {
    /// Starts threads: as many as given, or one a core for 0, but no more than there are pieces of work.
    pub(crate) fn new(jobs: usize, pieces: usize) -> anyhow::Result<Self> {
        let cores = || thread::available_parallelism().map_or(1, NonZero::get);
        let count = if jobs == 0 { cores() } else { jobs }.clamp(1, pieces.max(1));
        let pool = ThreadPoolBuilder::new().num_threads(count).build();
        Ok(Self { pool: pool.context("cannot start threads")? })
    }

    /// Does `work` on each item, and lets `take` have the results in the order of the items.
    ///
    /// Items are made, and results taken, on the thread of the caller; `wait` is called there now and then. Ends with
    /// the first failure of `take`.
    pub(crate) fn in_order<T: Send, R: Send>(
        &self,
        mut items: impl Iterator<Item = T>,
        work: impl Fn(T) -> R + Sync,
        mut take: impl FnMut(R) -> Result<(), Failure>,
        mut wait: impl FnMut(),
    ) -> Result<(), Failure> {
        let most = AHEAD * self.pool.current_num_threads();
        let work = &work;
        self.pool.in_place_scope(|scope| {
            let mut ahead: VecDeque<Receiver<R>> =
                items.by_ref().take(most).map(|item| start(scope, work, item)).collect();
            while let Some(next) = ahead.pop_front() {
                let result = loop {
                    match next.recv_timeout(PERIOD) {
                        Ok(result) => break result,
                        Err(RecvTimeoutError::Timeout) => wait(),
                        // The thread has panicked; so does this one at the end of the scope.
                        Err(RecvTimeoutError::Disconnected) => return Ok(()),
                    }
                };
                wait();
                ahead.extend(items.next().map(|item| start(scope, work, item)));
                take(result)?;
            }
            Ok(())
        })
    }
}

/// Starts work on an item; the result comes to the receiver.
fn start<'s, T: Send + 's, R: Send + 's>(
    scope: &Scope<'s>,
    work: &'s (impl Fn(T) -> R + Sync),
    item: T,
) -> Receiver<R> {
    let (sender, receiver) = sync_channel(1);
    scope.spawn(move |_| {
        // Nobody receives after a failure.
        let _ = sender.send(work(item));
    });
    receiver
}

#[cfg(test)]
mod tests {
    use super::*;

    fn squares(jobs: usize, count: u64) -> Vec<u64> {
        let workers = Workers::new(jobs, 100).expect("threads start");
        let mut taken = Vec::new();
        // The first pieces take longest, so that later ones overtake them.
        let work = |item: u64| {
            thread::sleep(Duration::from_micros(2 * count.saturating_sub(item)));
            item * item
        };
        let take = |square| {
            taken.push(square);
            Ok(())
        };
        let result = workers.in_order(0..count, work, take, || ());
        assert!(result.is_ok());
        taken
    }

    #[test]
    fn results_come_in_the_order_of_the_items() {
        let expected: Vec<u64> = (0..100).map(|item| item * item).collect();
        for jobs in [0, 1, 2, 8] {
            assert_eq!(squares(jobs, 100), expected, "{jobs} jobs");
        }
        assert!(squares(3, 0).is_empty());
    }

    #[test]
    fn work_does_not_run_far_ahead_of_what_is_taken() {
        let workers = Workers::new(2, 100).expect("threads start");
        let mut made = 0;
        let mut taken = 0;
        let items = (0..100).inspect(|_| made += 1);
        let result = workers.in_order(
            items,
            |item| item,
            |_: i32| {
                if taken == 10 {
                    Err(Failure::Reported)
                } else {
                    taken += 1;
                    Ok(())
                }
            },
            || (),
        );
        assert!(matches!(result, Err(Failure::Reported)));
        assert!(made <= taken + 1 + 2 * AHEAD, "{made} pieces begun, {taken} taken");
    }

    #[test]
    fn a_panic_of_a_thread_ends_the_run() {
        let workers = Workers::new(2, 100).expect("threads start");
        let work = |item: i32| assert_ne!(item, 5, "on purpose");
        let run = || workers.in_order(0..100, work, |()| Ok(()), || ());
        assert!(std::panic::catch_unwind(std::panic::AssertUnwindSafe(run)).is_err());
    }
}

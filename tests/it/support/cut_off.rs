//! Workers cut off before they have finished, as a killed process or a lost machine leaves them.

use std::future::Future;
use std::time::Duration;

/// Moments (µs up to that) that are as good as random, and the same in every run.
pub fn moments(count: usize, up_to: u64) -> impl Iterator<Item = Duration> {
    let mut dice = 0x9e37_79b9_7f4a_7c15_u64;
    std::iter::repeat_with(move || {
        dice ^= dice << 13;
        dice ^= dice >> 7;
        dice ^= dice << 17;
        Duration::from_micros(dice % up_to)
    })
    .take(count)
}

/// Starts a worker for each moment, one after another, cuts it off when that moment has passed, and
/// lets `then` happen (such as its lease running out). The first is cut off as soon as it has begun:
/// however fast the machine, one had no time to finish.
pub async fn cut_off<F>(
    moments: impl IntoIterator<Item = Duration>,
    mut worker: impl FnMut(usize) -> F,
    mut then: impl FnMut(),
) where
    F: Future<Output: Send + 'static> + Send + 'static,
{
    let mut cut = 0;
    for (n, moment) in moments.into_iter().enumerate() {
        let task = tokio::spawn(worker(n));
        tokio::task::yield_now().await;
        if n > 0 {
            tokio::time::sleep(moment).await;
        }
        cut += usize::from(!task.is_finished());
        task.abort();
        drop(task.await);
        then();
    }
    assert!(cut >= 1, "every worker had finished");
}

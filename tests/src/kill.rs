//! Work that is killed half-way, as a platform does it: it is dropped while it waits.

use std::pin::pin;
use std::task::Poll;

/// Drives a future until it has waited `waits` times, then drops it. Tells whether it had ended.
pub async fn kill_after<T>(waits: usize, work: impl Future<Output = T>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = waits;
    std::future::poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending if left == 0 => Poll::Ready(None),
        Poll::Pending => {
            left -= 1;
            Poll::Pending
        }
    })
    .await
}

//! Work that several take from, each piece once.

use std::sync::{Mutex, PoisonError};

/// What is still to be done, in order.
#[derive(Debug)]
pub(super) struct Queue<T>(Mutex<std::vec::IntoIter<T>>);

impl<T> Queue<T> {
    pub(super) fn new(work: impl IntoIterator<Item = T>) -> Self {
        Self(Mutex::new(work.into_iter().collect::<Vec<_>>().into_iter()))
    }

    /// The next piece; nothing when all of it is taken.
    pub(super) fn next(&self) -> Option<T> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next()
    }
}

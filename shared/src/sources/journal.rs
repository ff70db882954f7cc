//! What was asked of whom and how it went.
//!
//! It holds no key: an endpoint is a path without its query, and errors are told without addresses.

use std::sync::{Arc, Mutex, PoisonError};

use jiff::Timestamp;

/// How a call went.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CallStatus {
    /// A usable answer.
    Ok,
    /// An answer with an error status.
    HttpError,
    /// No answer within the time-out.
    Timeout,
    /// No connection, or one that broke.
    Connection,
    /// An answer that cannot be read.
    Broken,
}

impl CallStatus {
    /// The word in `data_collection_logs`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::HttpError => "http_error",
            Self::Timeout => "timeout",
            Self::Connection => "connection",
            Self::Broken => "broken",
        }
    }
}

/// One call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Call {
    /// Which service.
    pub service: &'static str,
    /// Which path of it.
    pub endpoint: String,
    /// How it went.
    pub status: CallStatus,
    /// The status of the answer, when there was one.
    pub http_status: Option<u16>,
    /// How long it took.
    pub latency_ms: i64,
    /// How many items the answer held.
    pub items: usize,
    /// What went wrong.
    pub error: Option<String>,
    /// When it was made.
    pub at: Timestamp,
}

/// Collects what happens during a run; clones share one.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<Vec<Call>>>);

impl Journal {
    /// The calls since the last time, in order.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.calls())
    }

    pub(super) fn note(&self, call: Call) {
        self.calls().push(call);
    }

    fn calls(&self) -> std::sync::MutexGuard<'_, Vec<Call>> {
        // A panic elsewhere leaves whole entries behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

//! What was asked of whom and how it went; and who asked for a pause.
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

/// A service's address that asks not to be called for a while.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Block {
    /// Which service.
    pub service: &'static str,
    /// Its address.
    pub base: String,
    /// When it may be asked again.
    pub until: Timestamp,
}

/// Collects what happens during a run; clones share one.
#[derive(Debug, Clone, Default)]
pub struct Journal(Arc<Mutex<Pages>>);

#[derive(Debug, Default)]
struct Pages {
    calls: Vec<Call>,
    known_blocks: Vec<Block>,
    new_blocks: Vec<Block>,
}

impl Journal {
    /// A journal of a run that begins with `blocks` known from other instances.
    pub fn with_blocks(blocks: Vec<Block>) -> Self {
        let pages = Pages {
            known_blocks: blocks,
            ..Pages::default()
        };
        Self(Arc::new(Mutex::new(pages)))
    }

    /// The calls since the last time, in order.
    pub fn take_calls(&self) -> Vec<Call> {
        std::mem::take(&mut self.pages().calls)
    }

    /// The pauses that were asked for since the last time.
    pub fn take_new_blocks(&self) -> Vec<Block> {
        std::mem::take(&mut self.pages().new_blocks)
    }

    /// Until when an address must not be asked, if that is after `now`.
    pub fn blocked_until(&self, service: &str, base: &str, now: Timestamp) -> Option<Timestamp> {
        let pages = self.pages();
        let known = pages
            .known_blocks
            .iter()
            .filter(|block| block.service == service && block.base == base);
        known.map(|block| block.until).filter(|until| *until > now).max()
    }

    pub(super) fn note(&self, call: Call) {
        self.pages().calls.push(call);
    }

    pub(super) fn block(&self, block: Block) {
        let mut pages = self.pages();
        pages.known_blocks.push(block.clone());
        pages.new_blocks.push(block);
    }

    fn pages(&self) -> std::sync::MutexGuard<'_, Pages> {
        // A panic elsewhere leaves whole entries behind.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

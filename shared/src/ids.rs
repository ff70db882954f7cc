//! The only home of random identifiers.
//!
//! Ids are UUID version 7: they sort by the time they were made, which keeps index pages dense.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use uuid::Uuid;

/// Makes identifiers: random ones, or a predictable row of them for tests and `--at`.
#[derive(Debug, Clone, Default)]
pub struct Ids(Source);

#[derive(Debug, Clone, Default)]
enum Source {
    #[default]
    Random,
    Counted(Arc<AtomicU64>),
}

impl Ids {
    /// Random, time-ordered ids.
    pub const fn random() -> Self {
        Self(Source::Random)
    }

    /// 00000000-0000-7000-8000-000000000001, …2, …3: the same in every run.
    pub fn counted() -> Self {
        Self(Source::Counted(Arc::default()))
    }

    /// A new id.
    #[expect(clippy::disallowed_methods, reason = "this module is the ids' home")]
    pub fn next(&self) -> Uuid {
        match &self.0 {
            Source::Random => Uuid::now_v7(),
            Source::Counted(counter) => {
                let n = counter.fetch_add(1, Ordering::SeqCst) + 1;
                Uuid::from_u128((0x7000_u128 << 64) | (0x8000_u128 << 48) | u128::from(n))
            }
        }
    }
}

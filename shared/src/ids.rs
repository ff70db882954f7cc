//! The only home of identifiers.
//!
//! Random ids are UUID version 7: they sort by the time they were made, which keeps index pages dense.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::digest::{SHA256, digest};
use jiff::Timestamp;
use rust_decimal::Decimal;
use uuid::{Builder, Uuid};

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

/// The id of a strategy's execution as of T, a UUID version 8 that sorts by T.
///
/// Always the same one: a run that dies has written down what it spent under the id that the next
/// delivery records.
pub fn of_execution(strategy_id: &str, as_of: Timestamp) -> Uuid {
    let millisecond = u64::try_from(as_of.as_millisecond()).unwrap_or(0).to_be_bytes();
    let mut time = [0_u8; 6];
    time.copy_from_slice(&millisecond[2..]);
    named(time, &format!("{strategy_id} {as_of}"))
}

/// The id of what an execution decided for a vector of weights, in the order macro, on-chain,
/// technical: a UUID version 8 that sorts by T, and always the same one.
pub fn of_decision(execution: Uuid, [macro_, onchain, ta]: [Decimal; 3]) -> Uuid {
    let mut time = [0_u8; 6];
    time.copy_from_slice(&execution.as_bytes()[..6]);
    named(time, &format!("{execution} {macro_:.4} {onchain:.4} {ta:.4}"))
}

/// The id of a strategy's reference portfolio, a UUID version 8 that sorts before all others.
pub fn of_reference(strategy_id: &str) -> Uuid {
    named([0; 6], &format!("reference {strategy_id}"))
}

/// A UUID version 8: six bytes as they are, the rest from the name.
fn named(head: [u8; 6], name: &str) -> Uuid {
    let named = digest(&SHA256, name.as_bytes());
    let mut bytes = [0_u8; 16];
    bytes[..6].copy_from_slice(&head);
    bytes[6..].copy_from_slice(&named.as_ref()[..10]);
    Builder::from_custom_bytes(bytes).into_uuid()
}

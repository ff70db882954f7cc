//! The only home of randomness that must not be guessed: tokens, nonces, keys.
//!
//! Identifiers come from [`crate::ids`]; they name things and protect nothing.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use aws_lc_rs::rand;

/// The operating system gave no random bytes.
#[derive(Debug, Clone, Copy, thiserror::Error)]
#[error("the operating system gives no random bytes")]
pub struct NoRandomness;

/// Makes secrets: random ones, or a predictable row of them for tests.
#[derive(Debug, Clone, Default)]
pub struct Random(Source);

#[derive(Debug, Clone, Default)]
enum Source {
    #[default]
    System,
    Counted(Arc<AtomicU64>),
}

impl Random {
    /// Bytes that nobody can guess.
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// Bytes that end in 1, 2, 3: the same in every run.
    pub fn counted() -> Self {
        Self(Source::Counted(Arc::default()))
    }

    /// `N` new bytes.
    #[expect(clippy::disallowed_methods, reason = "this module is the home of randomness")]
    pub fn bytes<const N: usize>(&self) -> Result<[u8; N], NoRandomness> {
        let mut bytes = [0; N];
        match &self.0 {
            Source::System => rand::fill(&mut bytes).map_err(|_| NoRandomness)?,
            Source::Counted(counter) => {
                let number = (counter.fetch_add(1, Ordering::SeqCst) + 1).to_be_bytes();
                let ends = bytes.iter_mut().rev().zip(number.iter().rev());
                ends.for_each(|(to, from)| *to = *from);
            }
        }
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_bytes_differ_and_counted_ones_are_the_same_in_every_run() {
        let random = Random::system();
        assert_ne!(random.bytes::<32>().unwrap(), random.bytes::<32>().unwrap());

        let counted = Random::counted();
        assert_eq!(counted.bytes::<2>().unwrap(), [0, 1]);
        assert_eq!(counted.bytes::<1>().unwrap(), [2]);
    }
}

//! The tokens of one attempt, by the way each is billed.

use serde::{Deserialize, Serialize};

/// Tokens of an attempt. Every token is in exactly one of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Usage {
    /// Prompt tokens that were neither written to a cache nor read from one.
    pub input: u64,
    /// Prompt tokens that were written to a cache for five minutes.
    pub cache_write_5m: u64,
    /// Prompt tokens that were written to a cache for an hour.
    pub cache_write_1h: u64,
    /// Prompt tokens that were read from a cache.
    pub cache_read: u64,
    /// Tokens of the answer, those of silent thinking included.
    pub output: u64,
}

impl Usage {
    /// No tokens.
    pub const NONE: Self = Self {
        input: 0,
        cache_write_5m: 0,
        cache_write_1h: 0,
        cache_read: 0,
        output: 0,
    };

    /// The most tokens of one kind that are believed: far above what a prompt or an answer can have,
    /// far below what a cost of `numeric(18,10)` or a column of the log has room for.
    pub const MOST_TOKENS: u64 = 1_000_000_000;

    /// All tokens of the prompt, however they were billed.
    pub const fn prompt(&self) -> u64 {
        self.input
            .saturating_add(self.cache_write_5m)
            .saturating_add(self.cache_write_1h)
            .saturating_add(self.cache_read)
    }

    /// All tokens.
    pub const fn total(&self) -> u64 {
        self.prompt().saturating_add(self.output)
    }

    /// The same with no count above [`Self::MOST_TOKENS`]: counts are somebody else's.
    #[must_use]
    pub fn believable(self) -> Self {
        let most = |tokens: u64| tokens.min(Self::MOST_TOKENS);
        Self {
            input: most(self.input),
            cache_write_5m: most(self.cache_write_5m),
            cache_write_1h: most(self.cache_write_1h),
            cache_read: most(self.cache_read),
            output: most(self.output),
        }
    }
}

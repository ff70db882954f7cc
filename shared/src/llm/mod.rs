//! Language models: how one is asked, once, and what its answer or failure means.
//!
//! [`Model`] is the port: a [`Question`] in, an [`Attempted`] out. [`Providers`] asks Anthropic and
//! OpenAI over HTTP; [`Models`] is what the rest of the platform holds: the port with the ladder and
//! the prices, which are data beside this file. A failure says what to do next
//! ([`ModelError::next`]); nobody here tries again, climbs the ladder, keeps a budget or a cache:
//! that is the services' part. Shapes are those of each provider's documents.

mod anthropic;
mod data;
mod dialect;
mod error;
mod models;
mod openai;
mod prompt;
mod providers;
mod schema;
#[cfg(test)]
mod tests;

use std::fmt;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::domain::models::{Opinion, Rung, Usage};

pub use data::{DataError, committed_ladder, committed_prices};
pub use error::{ModelError, ModelErrorKind, Next};
pub use models::{Models, ModelsError};
pub use prompt::Prompt;
pub use providers::{ClientError, Providers};

/// The most characters of an answer that are kept for the record.
const KEPT: usize = 4_000;

/// Somebody who can be asked: the providers, or a test's own.
pub trait Model: fmt::Debug + Send + Sync {
    /// Asks once and gives what came of it, within the question's patience.
    fn ask<'a>(&'a self, question: &'a Question) -> BoxFuture<'a, Attempted>;
}

/// One question to one model.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Question {
    /// Who is asked.
    pub rung: Rung,
    /// What is asked.
    pub prompt: Prompt,
    /// How long the whole answer may take.
    pub patience: Duration,
}

/// What came of a question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attempted {
    /// The answer, or why there is none.
    pub answer: Result<ModelAnswer, ModelError>,
    /// The tokens that the provider reported, for failures too; none where it reported none.
    pub usage: Usage,
    /// Whether `usage` is what the provider bills. It is not known where the answer was cut off after
    /// the question had been sent, or came without it: the worst case may be billed then.
    pub is_usage_known: bool,
    /// The model that answered, by its provider's word; else the one that was asked.
    pub model: String,
    /// How long it took, milliseconds.
    pub latency_ms: i64,
}

/// An answer that can be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ModelAnswer {
    /// What the model says.
    pub opinion: Opinion,
    /// Its text as it came, at most 4,000 characters of it, for the record.
    pub raw: String,
}

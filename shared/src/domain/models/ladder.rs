//! Who is asked, in which order, and for how long.
//!
//! The figures are data of the repository; the loop that follows them is not here.

use std::fmt;
use std::time::Duration;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

/// Who serves a model.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Provider {
    /// Anthropic's messages.
    Anthropic,
    /// OpenAI's chat completions.
    OpenAi,
}

impl Provider {
    /// Every provider.
    pub const ALL: [Self; 2] = [Self::Anthropic, Self::OpenAi];

    /// The name in the database, in the data and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Anthropic => "anthropic",
            Self::OpenAi => "openai",
        }
    }
}

impl fmt::Display for Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// One model to try.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rung {
    /// Who serves it.
    pub provider: Provider,
    /// Its name there.
    pub model: String,
    /// The most tokens its answer may have, silent thinking included.
    pub max_output_tokens: u32,
    /// How hard it is to think, in its provider's word; the provider's default without one.
    pub effort: Option<String>,
}

/// When a provider is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Breaker {
    /// Failures in a row that open it.
    pub failures_to_open: u32,
    /// How long it stays open after those.
    pub open_for: SignedDuration,
    /// How long a provider is left that asks for money.
    pub money: SignedDuration,
    /// How long a provider is left that refuses the key, the model or the request.
    pub configuration: SignedDuration,
}

/// How long things may take, and how often they are tried. Source: DOMAIN "Language models".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// One attempt.
    pub attempt: Duration,
    /// All attempts of one agent.
    pub agent: Duration,
    /// All agents of a run.
    pub run: Duration,
    /// The longest pause that a provider may ask for and still be tried again.
    pub longest_retry_after: Duration,
    /// Further tries of the same rung.
    pub retries_per_rung: u32,
    /// The pause before one, before jitter, when the provider names none.
    pub retry_pause: Duration,
    /// When a provider is left alone.
    pub breaker: Breaker,
}

/// A ladder that nobody could climb.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// There is nobody to ask.
    #[error("the ladder has no rung")]
    Empty,
    /// Two rungs are the same model.
    #[error("{model} is on the ladder twice")]
    Twice {
        /// Which one.
        model: String,
    },
    /// A rung lacks something.
    #[error("rung {model:?}: {what}")]
    Rung {
        /// Which one.
        model: String,
        /// What is wrong with it.
        what: &'static str,
    },
    /// The limits contradict each other.
    #[error("limits: {what}")]
    Limits {
        /// How.
        what: &'static str,
    },
}

/// The models to try, best first, and the limits while trying.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ladder {
    rungs: Vec<Rung>,
    limits: Limits,
}

impl Ladder {
    /// A ladder; refuses one that is empty, names a model twice or contradicts itself.
    pub fn new(rungs: Vec<Rung>, limits: Limits) -> Result<Self, LadderError> {
        if rungs.is_empty() {
            return Err(LadderError::Empty);
        }
        for (place, rung) in rungs.iter().enumerate() {
            rung.check()?;
            let above = &rungs[..place];
            if above.iter().any(|other| other.model == rung.model) {
                let model = rung.model.clone();
                return Err(LadderError::Twice { model });
            }
        }
        limits.check()?;
        Ok(Self { rungs, limits })
    }

    /// The rungs, the one to try first first.
    pub fn rungs(&self) -> &[Rung] {
        &self.rungs
    }

    /// The limits.
    pub const fn limits(&self) -> &Limits {
        &self.limits
    }
}

impl Rung {
    fn check(&self) -> Result<(), LadderError> {
        let what = if self.model.trim().is_empty() {
            "it has no model"
        } else if self.max_output_tokens == 0 {
            "its answers may have no token"
        } else if self.effort.as_deref().is_some_and(str::is_empty) {
            "its effort is empty; leave it out for the provider's default"
        } else {
            return Ok(());
        };
        Err(LadderError::Rung {
            model: self.model.clone(),
            what,
        })
    }
}

impl Limits {
    fn check(&self) -> Result<(), LadderError> {
        let what = if self.attempt.is_zero() {
            "an attempt has no time"
        } else if self.attempt > self.agent || self.agent > self.run {
            "an attempt must fit into an agent's time, and that into the run's"
        } else if self.longest_retry_after > self.agent {
            "the longest pause must fit into an agent's time"
        } else if self.breaker.failures_to_open == 0 {
            "a provider is left alone after at least one failure"
        } else {
            return Ok(());
        };
        Err(LadderError::Limits { what })
    }
}

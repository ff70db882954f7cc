//! Failures of a model, by what to do about them.

use std::time::Duration;

use jiff::SignedDuration;

use crate::domain::models::{Limits, Provider};

/// What went wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ModelErrorKind {
    /// No connection, or one that broke.
    Connection,
    /// No whole answer within the question's patience.
    Timeout,
    /// Too many questions.
    RateLimited,
    /// The provider has no room at the moment: 503, 529.
    Overloaded,
    /// The provider failed: 500, 504 and what else begins with a 5.
    ServerError,
    /// The model declines to answer.
    Refused,
    /// The answer ends where its tokens did.
    Cut,
    /// The answer has not the documented shape, or its text is not JSON.
    Malformed,
    /// The text is JSON, but not what was asked for.
    SchemaViolation,
    /// A limit of spending is reached, or the account is empty. Only a person can change that.
    Money,
    /// The key, the model or the request is refused. Asking again changes nothing.
    Configuration,
    /// The answer ended for a reason that the documents do not name.
    UnexpectedStop,
}

impl ModelErrorKind {
    /// Every kind.
    pub const ALL: [Self; 12] = [
        Self::Connection,
        Self::Timeout,
        Self::RateLimited,
        Self::Overloaded,
        Self::ServerError,
        Self::Refused,
        Self::Cut,
        Self::Malformed,
        Self::SchemaViolation,
        Self::Money,
        Self::Configuration,
        Self::UnexpectedStop,
    ];

    /// The word in `agent_execution_logs`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Connection => "connection",
            Self::Timeout => "timeout",
            Self::RateLimited => "rate_limited",
            Self::Overloaded => "overloaded",
            Self::ServerError => "server_error",
            Self::Refused => "refused",
            Self::Cut => "cut",
            Self::Malformed => "malformed",
            Self::SchemaViolation => "schema_violation",
            Self::Money => "money",
            Self::Configuration => "configuration",
            Self::UnexpectedStop => "unexpected_stop",
        }
    }

    /// Whether the same question may well be answered a moment later.
    const fn passes(self) -> bool {
        matches!(
            self,
            Self::Connection | Self::RateLimited | Self::Overloaded | Self::ServerError
        )
    }
}

/// Why a model gave no usable answer. Its text holds no key and no address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{provider}: {} ({reason})", kind.as_str())]
pub struct ModelError {
    /// Who was asked.
    pub provider: Provider,
    /// What went wrong.
    pub kind: ModelErrorKind,
    /// More about it, for people: one short line.
    pub reason: String,
    /// The pause that the provider asks for.
    pub retry_after: Option<Duration>,
    /// What the provider itself says about asking again.
    pub should_retry: Option<bool>,
}

/// What to do after a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask the same rung again, if it was not asked again already and the time allows.
    RetryHere {
        /// The pause that the provider asks for. It is longer than [`Limits::longest_retry_after`]
        /// only where the provider said besides that it wants to be asked again.
        after: Option<Duration>,
    },
    /// Ask the next rung.
    NextRung,
}

impl ModelError {
    /// A failure about which the provider said nothing more.
    pub fn new(provider: Provider, kind: ModelErrorKind, reason: impl Into<String>) -> Self {
        Self {
            provider,
            kind,
            reason: reason.into(),
            retry_after: None,
            should_retry: None,
        }
    }

    /// Whether the same rung may be asked again. The provider's own word wins, but not over money.
    /// Source: DOMAIN "Language models".
    pub fn next(&self, limits: &Limits) -> Next {
        let is_soon = self
            .retry_after
            .is_none_or(|pause| pause <= limits.longest_retry_after);
        let may_retry = match (self.kind, self.should_retry) {
            (ModelErrorKind::Money, _) => false,
            (_, Some(said)) => said,
            (kind, None) => kind.passes() && is_soon,
        };
        if may_retry {
            let after = self.retry_after;
            Next::RetryHere { after }
        } else {
            Next::NextRung
        }
    }

    /// How long this one failure is a reason to leave the provider alone; `None` when it is none.
    pub fn leaves_provider_for(&self, limits: &Limits) -> Option<SignedDuration> {
        match (self.kind, self.should_retry) {
            (ModelErrorKind::Money, _) => Some(limits.breaker.money),
            (ModelErrorKind::Configuration, Some(true)) => None,
            (ModelErrorKind::Configuration, _) => Some(limits.breaker.configuration),
            _ => None,
        }
    }
}

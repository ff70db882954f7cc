//! Which providers and models are left alone for a while, by word of all instances.
//!
//! Without a cache nobody is left alone: every agent finds out for itself, within its own time.

use std::time::Duration;

use futures_util::future::join;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::app::App;
use crate::cache::{BreakerRule, CacheError};
use crate::domain::models::{Limits, Rung};
use crate::llm::{ModelError, ModelErrorKind};

/// How much longer than an attempt the try through a half-open breaker may take to be told of.
const TOLD_WITHIN: Duration = Duration::from_secs(2);

/// Until when a rung is left alone; `None` when a run may ask it.
pub(super) async fn left_alone_until(app: &App, rung: &Rung, run_id: Uuid) -> Option<Timestamp> {
    let lease = app.models.limits().attempt + TOLD_WITHIN;
    let caller = run_id.to_string();
    // In turn: who is kept from the provider must not hold the one try of its model.
    for name in [rung.provider.as_str(), &model_key(rung)] {
        let admitted = app.cache.breaker_admits(name, &caller, lease).await;
        if let Some(until) = noted(admitted).flatten() {
            return Some(until);
        }
    }
    None
}

/// Tells all that a rung answered.
pub(super) async fn note_success(app: &App, rung: &Rung) {
    let model = model_key(rung);
    let told = join(
        app.cache.breaker_succeeded(rung.provider.as_str()),
        app.cache.breaker_succeeded(&model),
    )
    .await;
    noted(told.0);
    noted(told.1);
}

/// Tells all how a rung failed. An account without money is the provider's, everything else the model's.
pub(super) async fn note_failure(app: &App, rung: &Rung, error: &ModelError) {
    let (limits, now) = (app.models.limits(), app.clock.now());
    let model = model_key(rung);
    if let Some(pause) = error.leaves_provider_for(limits) {
        tracing::error!(
            provider = rung.provider.as_str(),
            model = rung.model,
            error = error as &dyn std::error::Error,
            "a model is left alone: an operator has to look at it"
        );
        let left_alone = match error.kind {
            ModelErrorKind::Money => rung.provider.as_str(),
            _ => &model,
        };
        noted(app.cache.breaker_leave(left_alone, now + pause).await);
    } else if let Some(pause) = long_pause(error, limits) {
        noted(app.cache.breaker_leave(&model, now + pause).await);
    } else if counts(error.kind) {
        let rule = BreakerRule {
            failures: limits.breaker.failures_to_open,
            open_for: limits.breaker.open_for.unsigned_abs(),
        };
        noted(app.cache.breaker_failed(&model, rule).await);
    }
}

/// The pause that a provider asks for, where it is too long to wait for.
fn long_pause(error: &ModelError, limits: &Limits) -> Option<SignedDuration> {
    let pause = error
        .retry_after
        .filter(|pause| *pause > limits.longest_retry_after)?;
    SignedDuration::try_from(pause).ok()
}

/// What says something about the service, not about one question.
const fn counts(kind: ModelErrorKind) -> bool {
    matches!(
        kind,
        ModelErrorKind::Connection
            | ModelErrorKind::Timeout
            | ModelErrorKind::RateLimited
            | ModelErrorKind::Overloaded
            | ModelErrorKind::ServerError
    )
}

fn model_key(rung: &Rung) -> String {
    format!("{}/{}", rung.provider, rung.model)
}

fn noted<T>(answer: Result<T, CacheError>) -> Option<T> {
    answer
        .inspect_err(|error| {
            tracing::warn!(
                error = error as &dyn std::error::Error,
                "what other instances know of the models is not known"
            );
        })
        .ok()
}

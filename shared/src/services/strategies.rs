//! The strategies there are, each with how its own portfolio did.
//!
//! A strategy's performance is that of its reference portfolio of 10,000 USD. How many follow it is
//! nobody's business but theirs. The list is kept in Redis: for a minute instead of the database, and
//! for a day while that is gone. Source: DOMAIN "Statistics".

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::history::{self, HistoryError, MOST_POINTS, Moments};
use crate::app::App;
use crate::cache::Key;
use crate::db::portfolios::{self, Owner, Reference, Span};
use crate::db::{self, DbError, strategies, subscriptions};
use crate::domain::equity::{self, Moment, Movement};
use crate::domain::money::Money;
use crate::domain::paper::Prices;
use crate::domain::strategy::{Strategy, next_run_at_or_after};
use crate::domain::wire::Utc;
use crate::services::subscriptions::ShownWeights;

/// How long the list outlives a database that is gone. Source: DOMAIN "Operations".
const KEEP: Duration = Duration::from_hours(24);

/// How long it is served without asking the database: it changes with an execution.
const TRUST: SignedDuration = SignedDuration::from_secs(60);

/// Days of a performance at most.
const MOST_DAYS: i64 = 4_000;

/// Sums of trades of all reference portfolios.
const MOST_MOVEMENTS: i64 = 200_000;

/// The strategies there are.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownStrategies {
    /// By id.
    #[cfg_attr(feature = "http", schema(value_type = Vec<ShownStrategy>))]
    pub items: Value,
    /// Always null: the list is short.
    pub next_cursor: Option<String>,
    /// The database is gone and this is the last that is known.
    pub stale: bool,
    /// How long ago it was known, in seconds; 0 unless stale.
    pub age_seconds: i64,
}

/// A strategy.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct ShownStrategy {
    /// Its id.
    pub id: String,
    /// Its name for people.
    pub name: String,
    /// How often it decides.
    pub interval_minutes: i32,
    /// The timeframe the technical agent reads.
    pub trend_timeframe: &'static str,
    /// How much each agent counts.
    pub weights: ShownWeights,
    /// When it is run next.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub next_run_at: Utc,
    /// How its own portfolio did; null before its first execution.
    pub performance: Option<Performance>,
}

/// How a strategy's own portfolio did.
#[derive(Debug, Clone, Serialize)]
#[cfg_attr(feature = "http", derive(utoipa::ToSchema))]
pub struct Performance {
    /// The T of its first decision.
    #[cfg_attr(feature = "http", schema(value_type = String, format = DateTime))]
    pub since: Utc,
    /// What it began with, USD as text.
    #[cfg_attr(feature = "http", schema(value_type = String))]
    pub capital: Money,
    /// What it is worth; null when the price of something held is unknown.
    #[cfg_attr(feature = "http", schema(value_type = Option<String>))]
    pub equity: Option<Money>,
    /// Its figures, from daily values.
    pub statistics: crate::domain::statistics::Statistics,
}

#[derive(Serialize, Deserialize)]
struct Remembered {
    known_at: Timestamp,
    items: Value,
}

impl Remembered {
    fn shown(self, now: Timestamp, stale: bool) -> ShownStrategies {
        ShownStrategies {
            items: self.items,
            next_cursor: None,
            stale,
            age_seconds: if stale {
                now.duration_since(self.known_at).as_secs()
            } else {
                0
            },
        }
    }
}

/// Every strategy that decides.
pub async fn list(app: &App) -> Result<ShownStrategies, DbError> {
    let now = app.clock.now();
    let known = look_up(app).await;
    match known {
        Some(known) if now.duration_since(known.known_at) < TRUST => Ok(known.shown(now, false)),
        known => match (load(app, now).await, known) {
            (Ok(loaded), _) => {
                keep(app, &loaded).await;
                Ok(loaded.shown(now, false))
            }
            (Err(error), Some(known)) if error.is_unavailable() => Ok(known.shown(now, true)),
            (Err(error), _) => Err(error),
        },
    }
}

async fn load(app: &App, now: Timestamp) -> Result<Remembered, DbError> {
    let active = strategies::list_active(&app.db).await?;
    let performances = performances(app, &active, now).await?;
    let items: Vec<ShownStrategy> = active
        .iter()
        .map(|strategy| ShownStrategy {
            id: strategy.id.to_string(),
            name: strategy.name.clone(),
            interval_minutes: strategy.interval.minutes(),
            trend_timeframe: strategy.trend_timeframe.as_str(),
            weights: strategy.weights.into(),
            next_run_at: next_run(strategy, now).into(),
            performance: performances.get(strategy.id.as_str()).cloned(),
        })
        .collect();
    Ok(Remembered {
        known_at: now,
        items: serde_json::to_value(items).map_err(|error| DbError::row("list of strategies", error))?,
    })
}

/// The run of the newest boundary while that is to come, or else that of the next one.
fn next_run(strategy: &Strategy, now: Timestamp) -> Timestamp {
    let boundary = strategy.interval.boundary_at_or_before(now);
    let run = next_run_at_or_after(boundary);
    if run >= now {
        run
    } else {
        next_run_at_or_after(boundary + strategy.interval.duration())
    }
}

/// How the reference portfolios did, by strategy.
async fn performances(
    app: &App,
    active: &[Strategy],
    now: Timestamp,
) -> Result<BTreeMap<String, Performance>, DbError> {
    let mut connection = app.db.get().await?;
    let transaction = db::begin_reading(&mut connection).await?;
    let names: Vec<&str> = active.iter().map(|strategy| strategy.id.as_str()).collect();
    let references = portfolios::list_references(&transaction, &names).await?;
    let Some(since) = references.iter().map(|reference| reference.since).min() else {
        return Ok(BTreeMap::new());
    };
    let span = Span {
        since: since.max(now - SignedDuration::from_hours(24 * MOST_DAYS)),
        until: now,
    };
    let mut moments = Moments::over(span, MOST_POINTS).map_err(too_many)?;
    moments.price_days(&history::daily_closes(&transaction, span).await?);
    let closes = subscriptions::list_closes(&transaction, &[now]).await?;
    moments.ended(now, history::closed_prices(&closes, now));
    for reference in &references {
        // Nothing is held when it begins, so that no price is needed.
        moments.flowed(reference.since.max(span.since), Prices::default(), Money::ZERO);
    }
    let moments = moments.in_order();
    let times: Vec<Timestamp> = moments.iter().map(|moment| moment.at).collect();
    let ids: Vec<_> = references.iter().map(|reference| reference.id.uuid()).collect();
    let owner = Owner::Subscriptions(&ids);
    let movements = portfolios::list_movements(&transaction, owner, &times, MOST_MOVEMENTS).await?;
    Ok(references
        .iter()
        .map(|reference| {
            let performance = performance(reference, &moments, &movements, span.since);
            (reference.strategy_id.clone(), performance)
        })
        .collect())
}

fn performance(
    reference: &Reference,
    moments: &[Moment],
    movements: &[Movement],
    since: Timestamp,
) -> Performance {
    let begin = reference.since.max(since);
    let own_moments: Vec<Moment> = moments
        .iter()
        .map(|moment| Moment {
            flow: if moment.at == begin {
                reference.paid_in
            } else {
                Money::ZERO
            },
            ..*moment
        })
        .collect();
    let own: Vec<Movement> = movements
        .iter()
        .filter(|movement| movement.subscription == reference.id)
        .copied()
        .collect();
    let curve = equity::draw(Money::ZERO, &own_moments, &own);
    Performance {
        since: reference.since.into(),
        capital: reference.paid_in,
        equity: curve.points.last().and_then(|point| point.equity),
        statistics: curve.statistics,
    }
}

fn too_many(error: HistoryError) -> DbError {
    match error {
        HistoryError::Database(error) => error,
        other => DbError::row("reference portfolio", other),
    }
}

async fn look_up(app: &App) -> Option<Remembered> {
    let bytes = app.cache.get(&Key::Strategies).await.ok().flatten()?;
    serde_json::from_slice(&bytes).ok()
}

async fn keep(app: &App, loaded: &Remembered) {
    let Ok(bytes) = serde_json::to_vec(loaded) else {
        return;
    };
    if let Err(error) = app.cache.set(&Key::Strategies, &bytes, KEEP).await {
        tracing::warn!(
            error = &error as &dyn std::error::Error,
            "the strategies could not be kept in the cache"
        );
    }
}

//! `automoney local --once`: every collector and `run-strategies`, one after the other, then what came of it.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared::app::App;
use shared::config::Section;
use shared::db::market_gaps::{self, Gap};
use shared::db::{DbError, strategies};
use shared::domain::market::{Asset, Timeframe};
use shared::domain::strategy::Strategy;
use shared::services::scores::{self, ScoresError};

use super::outcome::{Hole, Outcome, Ran, Scored};
use super::process::Process;
use super::report;
use crate::registry::{TaskFailed, scheduled_functions};

/// Why the run failed.
#[derive(Debug, thiserror::Error)]
pub enum OnceError {
    /// `run-strategies` ended with an error.
    #[error(transparent)]
    Task(#[from] TaskFailed),
    /// What was decided cannot be read.
    #[error("the outcome cannot be read")]
    Scores(#[from] ScoresError),
    /// What was collected cannot be read.
    #[error("the outcome cannot be read")]
    Database(#[from] DbError),
    /// The outcome cannot be written as JSON.
    #[error("the outcome cannot be written")]
    Json(#[from] serde_json::Error),
}

/// Runs everything once and prints what came of it.
pub async fn run(process: &Process, as_json: bool) -> Result<(), OnceError> {
    let outcome = run_all(process).await?;
    if as_json {
        println!("{}", serde_json::to_string_pretty(&outcome)?);
    } else {
        print!("{}", report::text(&outcome));
    }
    Ok(())
}

async fn run_all(process: &Process) -> Result<Outcome, OnceError> {
    let app = &process.app;
    let now = process.now();
    let mut collected = Vec::new();
    // Reports on days that ended have nothing to say about a first run.
    let tasks = scheduled_functions().filter(|task| task.function.sections.contains(&Section::Sources));
    for task in tasks {
        let result = match task.run_for(app, now).await {
            Ok(result) => result,
            // The agents say what they miss; a source that is down is no reason not to ask them.
            Err(TaskFailed { job, why }) if job != run_strategies::FUNCTION.name => {
                json!({ "series": [], "failures": [{ "what": job, "why": why }] })
            }
            Err(error) => return Err(error.into()),
        };
        if task.function.name != run_strategies::FUNCTION.name {
            collected.push(Ran {
                job: task.function.name,
                result,
            });
        }
    }
    let mut strategies = Vec::new();
    for strategy in strategies::list_active(&app.db).await? {
        strategies.push(scored(app, &strategy).await?);
    }
    Ok(Outcome {
        time: now.into(),
        market: process.feed.description.clone(),
        collected,
        holes: holes(process).await?,
        strategies,
    })
}

async fn holes(process: &Process) -> Result<Vec<Hole>, DbError> {
    let shift = process.feed.candles_shift();
    let mut holes = Vec::new();
    for asset in Asset::ALL {
        for timeframe in Timeframe::STORED {
            let known = market_gaps::list(&process.app.db, (asset, timeframe), Timestamp::UNIX_EPOCH).await?;
            holes.extend(known.into_iter().map(|Gap { open_time, .. }| Hole {
                symbol: asset.symbol(),
                timeframe,
                open_time: open_time.into(),
                file_time: (shift > SignedDuration::ZERO).then(|| (open_time - shift).into()),
            }));
        }
    }
    Ok(holes)
}

async fn scored(app: &App, strategy: &Strategy) -> Result<Scored, OnceError> {
    let newest = scores::newest(app, &strategy.id, None).await?;
    let full = scores::execution(app, newest.execution_id).await?;
    Ok(Scored {
        strategy_id: newest.strategy_id,
        name: strategy.name.clone(),
        as_of: newest.as_of,
        agents: full.document["agents"].clone(),
        decision: serde_json::from_str(newest.decision.get())?,
        skip_reason: newest.skip_reason,
        locks: serde_json::from_str(newest.locks.get())?,
    })
}

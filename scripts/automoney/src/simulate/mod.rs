//! `automoney simulate`: a strategy over stored history, with rules alone.
//!
//! Works in a database of its own beside the one in `DATABASE_URL`, and drops it at its end or when it is
//! interrupted: no real portfolio, score or lock is touched. The history is copied from the database in
//! `DATABASE_URL`; where that has none, or files are given, it is collected as `local --once --at` does.

mod output;
mod progress;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use shared::app::{App, AppError};
use shared::clock::Clock;
use shared::config::{Config, ConfigError, DatabaseSettings, Environment, Section};
use shared::db::migrations::{MIGRATIONS, MigrationError, Runner};
use shared::db::{Db, DbError, admin, connect_once};
use shared::domain::money::{AmountError, Money};
use shared::domain::strategy::{StrategyId, StrategyIdError, Weights, WeightsError};
use shared::ids::Ids;
use shared::secrets::EnvironmentSecrets;
use shared::services::collect::{self, CollectError};
use shared::services::simulate::{self, Plan, SimulateError, Simulation};
use shared::telemetry::{self, Format};
use tracing::Level;

use crate::cli::{LocalOptions, SimulateOptions};
use crate::local::database::{DatabaseError, FeedDatabase};
use crate::local::feed::{Feed, FeedError, scratch_suffix};
use crate::local::signals::Signals;

use progress::Progress;

/// Less would never trade: the smallest order would be under the minimum.
const LEAST_CAPITAL_USD: u32 = 2500;

/// A day's last run is due this long after its end.
const AFTER_THE_END: SignedDuration = SignedDuration::from_mins(2);

/// Connections of a simulation: what it does, it does one after the other.
const CONNECTIONS: &str = "8";

/// Why there is no simulation.
#[derive(Debug, thiserror::Error)]
pub enum SimulateCommandError {
    /// The days are none.
    #[error("--from {from} --to {to}: the first day must not come after the last one")]
    Days {
        /// The first day.
        from: Date,
        /// The last day.
        to: Date,
    },
    /// The last day is not over.
    #[error("--to {0}: only days that are over can be simulated")]
    Future(Date),
    /// The strategy's name is none.
    #[error("--strategy {0:?}")]
    Strategy(String, #[source] StrategyIdError),
    /// The money is none, or too little.
    #[error("--capital {0}: at least {LEAST_CAPITAL_USD} USD, with at most eight decimals")]
    Capital(Decimal, #[source] Option<AmountError>),
    /// The weights are none.
    #[error("--weights {0}: macro, on-chain and technical, as in 0.4,0.4,0.2")]
    Weights(String, #[source] Option<WeightsError>),
    /// The configuration is wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The configuration names no database.
    #[error("no database is configured")]
    NoDatabase,
    /// The database with the history has another schema.
    #[error(
        "the database in DATABASE_URL has the schema of another version; `automoney migrate up` brings it up"
    )]
    Schema,
    /// The files or the stand-in cannot be used.
    #[error(transparent)]
    Feed(#[from] FeedError),
    /// The scratch database cannot be made or dropped.
    #[error(transparent)]
    Scratch(#[from] DatabaseError),
    /// The history cannot be read or copied.
    #[error("the history cannot be copied")]
    History(#[from] DbError),
    /// The schema of the database with the history cannot be looked at.
    #[error(transparent)]
    Migration(#[from] MigrationError),
    /// The history cannot be collected.
    #[error("the history cannot be collected")]
    Collect(#[from] CollectError),
    /// The state cannot be built.
    #[error(transparent)]
    App(#[from] AppError),
    /// The simulation failed.
    #[error(transparent)]
    Simulate(#[from] SimulateError),
    /// The outcome cannot be shown.
    #[error("the outcome cannot be shown")]
    Json(#[from] serde_json::Error),
    /// Somebody stopped it.
    #[error("interrupted")]
    Interrupted,
    /// Signals cannot be listened for.
    #[error("signals cannot be received")]
    Signals(#[source] std::io::Error),
}

/// Simulates and prints what came of it.
pub async fn run(environment: &Environment, options: &SimulateOptions) -> Result<(), SimulateCommandError> {
    let level = environment
        .get("LOG_LEVEL")
        .and_then(|level| level.parse().ok())
        // Locks come and go in years of history; only what makes the outcome doubtful is told.
        .unwrap_or(Level::ERROR);
    telemetry::init(Format::Text, level, std::io::stderr);
    let plan = plan(options)?;
    let mut told_to_stop = Signals::listen().map_err(SimulateCommandError::Signals)?;

    let config = load(environment, &[Section::Database, Section::Cache]).await?;
    let given = config.database.as_ref().ok_or(SimulateCommandError::NoDatabase)?;
    let scratch = scratch_suffix(plan.from, Ids::random().next());
    let database = FeedDatabase::beside(given, Some(&scratch));
    let simulated = tokio::select! {
        simulated = Box::pin(simulate_in(&database, environment, &config, options, &plan)) => simulated,
        () = told_to_stop.next() => Err(SimulateCommandError::Interrupted),
    };
    // Whatever happened: nothing of a simulation stays.
    let dropped = database.discard().await;
    let (simulation, market) = simulated?;
    dropped?;
    print!("{}", output::text(&simulation, &market, options.format)?);
    Ok(())
}

fn plan(options: &SimulateOptions) -> Result<Plan, SimulateCommandError> {
    let (from, to) = (options.from, options.to);
    if from > to {
        return Err(SimulateCommandError::Days { from, to });
    }
    let midnight = |day: Date| day.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp());
    let end = to.tomorrow().and_then(midnight).unwrap_or(Timestamp::MAX);
    if end > Clock::system().now() {
        return Err(SimulateCommandError::Future(to));
    }
    let strategy: StrategyId = options
        .strategy
        .parse()
        .map_err(|error| SimulateCommandError::Strategy(options.strategy.clone(), error))?;
    let capital = Money::new(options.capital)
        .map_err(|error| SimulateCommandError::Capital(options.capital, Some(error)))?;
    if capital < Money::usd(LEAST_CAPITAL_USD) {
        return Err(SimulateCommandError::Capital(options.capital, None));
    }
    Ok(Plan {
        strategy,
        from: midnight(from).unwrap_or(Timestamp::MIN),
        to: end,
        capital,
        weights: options.weights.as_deref().map(weights).transpose()?,
    })
}

/// `0.4,0.4,0.2`, taken apart.
fn weights(given: &str) -> Result<Weights, SimulateCommandError> {
    let refuse = |error| SimulateCommandError::Weights(given.to_owned(), error);
    let parts: Vec<Decimal> = given
        .split(',')
        .map(|part| part.trim().parse().map_err(|_| refuse(None)))
        .collect::<Result<_, _>>()?;
    let [macro_, onchain, ta] = parts[..] else {
        return Err(refuse(None));
    };
    Weights::new(macro_, onchain, ta).map_err(|error| refuse(Some(error)))
}

async fn load(environment: &Environment, sections: &[Section]) -> Result<Config, ConfigError> {
    let roomy = match environment.get("DATABASE_MAX_CONNECTIONS") {
        Some(_) => environment.clone(),
        None => environment.clone().with("DATABASE_MAX_CONNECTIONS", CONNECTIONS),
    };
    Config::load(&roomy, sections, &EnvironmentSecrets).await
}

/// Everything between the making of the database and its end. Also says where the history is from.
async fn simulate_in(
    database: &FeedDatabase,
    environment: &Environment,
    config: &Config,
    options: &SimulateOptions,
    plan: &Plan,
) -> Result<(Simulation, String), SimulateCommandError> {
    let given = config.database.as_ref().ok_or(SimulateCommandError::NoDatabase)?;
    database.prepare("simulation", false, plan.from).await?;
    let has_files = !options.candles.is_empty() || options.sentiment.is_some();
    let market = if !has_files && has_history(given, plan.from).await? {
        copy(given, database).await?
    } else {
        collect(database, environment, options, plan).await?
    };

    let mut config = config.clone();
    config.database = Some(database.settings.clone());
    if let Some(cache) = &mut config.cache {
        cache.namespace = format!("{}-{}", cache.namespace, database.name);
    }
    let app = App::new(config, Clock::fixed(plan.from), Ids::counted())?;
    let mut progress = Progress::new(plan, options.progress);
    let simulated = simulate::run(&app, plan, |as_of, _| progress.tell(as_of)).await;
    app.db.close();
    Ok((simulated?, market))
}

/// Whether the given database has candles from before the simulation begins.
async fn has_history(given: &DatabaseSettings, from: Timestamp) -> Result<bool, SimulateCommandError> {
    let status = Runner::new(connect_once(given).await?, MIGRATIONS)
        .status()
        .await?;
    let applied = status
        .iter()
        .filter(|migration| migration.applied_at.is_some())
        .count();
    match applied {
        0 => Ok(false),
        all if all == status.len() => Ok(admin::has_history(&connect_once(given).await?, from).await?),
        _ => Err(SimulateCommandError::Schema),
    }
}

async fn copy(given: &DatabaseSettings, database: &FeedDatabase) -> Result<String, SimulateCommandError> {
    let (mut from, to) = (
        connect_once(given).await?,
        connect_once(&database.settings).await?,
    );
    let room = Db::connect(&database.settings)?;
    let copied = admin::copy_history(&mut from, &to, &room).await;
    room.close();
    Ok(format!("{} stored rows of the database", copied?))
}

/// Collects everything that a decision between the first and the last day reads, at the last one's end.
async fn collect(
    database: &FeedDatabase,
    environment: &Environment,
    options: &SimulateOptions,
    plan: &Plan,
) -> Result<String, SimulateCommandError> {
    let at = plan.to + AFTER_THE_END;
    let feed = Feed::open(
        environment,
        &LocalOptions {
            port: 0,
            live: false,
            candles: options.candles.clone(),
            sentiment: options.sentiment.clone(),
            once: true,
            json: false,
            at: Some(at),
            reset: false,
        },
    )
    .await?;
    let sections = [Section::Database, Section::Cache, Section::Sources];
    let mut config = load(&feed.applied_to(environment), &sections).await?;
    config.database = Some(database.settings.clone());
    if let Some(cache) = &mut config.cache {
        // Prices of the last day must not be found by the first one.
        cache.namespace = format!("{}-{}-collected", cache.namespace, database.name);
    }
    let app = App::new(config, Clock::fixed(at), Ids::random())?;
    let collected = Box::pin(collect::collect_history(&app, plan.to.duration_since(plan.from))).await;
    app.db.close();
    for failure in collected?.failures {
        eprintln!("not collected: {failure}");
    }
    Ok(feed.description)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_are_three_numbers_that_add_up_to_one() {
        assert!(weights("0.4,0.4,0.2").is_ok());
        assert!(weights(" 0, 0.5, 0.5").is_ok());
        for wrong in ["", "1", "0.5,0.5", "0.5,0.5,0.5", "a,b,c", "0.2,0.2,0.2,0.4"] {
            assert!(
                matches!(weights(wrong), Err(SimulateCommandError::Weights(given, _)) if given == wrong),
                "{wrong}"
            );
        }
    }
}

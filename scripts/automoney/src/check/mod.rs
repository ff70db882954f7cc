//! `automoney check`: what works, what does not, and what to do about it.
//!
//! Asks every server and every outside service once, with the configuration at hand, and looks at the
//! data that is stored. Language models are looked at and not asked: that costs money. Changes nothing.

mod data;
mod locks;
mod mode;
mod models;

use std::process::ExitCode;
use std::time::Duration;

use jiff::SignedDuration;
use jiff::tz::TimeZone;
use shared::app::App;
use shared::clock::Clock;
use shared::config::{Config, Environment, Section};
use shared::db::migrations::{MIGRATIONS, Runner};
use shared::db::{self, connect_once};
use shared::domain::candles;
use shared::domain::market::{Asset, Timeframe};
use shared::domain::observations::Metric;
use shared::ids::Ids;
use shared::secrets::SecretsManager;
use shared::sources::{SourceError, binance, blockchain_info, coingecko, fear_greed, fred, glassnode};
use shared::telemetry;

/// How long one thing may take before it counts as not working.
const PATIENCE: Duration = Duration::from_secs(15);

/// How one thing is.
enum Finding {
    Works(String),
    /// Works with less than there could be.
    Limited(String),
    Broken(String),
}

/// What was looked at, and how it is.
type Line = (String, Finding);

/// Prints one line for each thing; the exit code says whether all work that must.
pub async fn run(environment: &Environment) -> ExitCode {
    let clock = Clock::system();
    let secrets = SecretsManager::new(clock.clone());
    let config = match Config::load(environment, &Section::ALL, &secrets).await {
        Ok(config) => config,
        Err(error) => {
            print("configuration", &Finding::Broken(error.to_string()));
            return ExitCode::FAILURE;
        }
    };
    let app = match App::new(config, clock, Ids::random()) {
        Ok(app) => app,
        Err(error) => {
            print(
                "configuration",
                &Finding::Broken(telemetry::chain(&error).join(": ")),
            );
            return ExitCode::FAILURE;
        }
    };
    print(
        "configuration",
        &Finding::Works(format!("stage {}", app.config.core.stage)),
    );
    let mut findings = servers_and_services(&app).await;
    findings.extend(models::ready(&app).await);
    findings.push(mode::standing(&app).await);
    findings.extend(locks::standing(&app).await);
    for (name, finding) in &findings {
        print(name, finding);
    }
    for (name, finding) in data::stored(&app).await {
        print(&name, &finding);
    }
    let is_broken = findings
        .iter()
        .any(|(_, finding)| matches!(finding, Finding::Broken(_)));
    if is_broken {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

async fn servers_and_services(app: &App) -> Vec<Line> {
    let findings = [
        ("database", timely(database(app)).await),
        ("schema", timely(schema(app)).await),
        ("redis", timely(redis(app)).await),
        ("binance", timely(prices(app)).await),
        ("coingecko", timely(cross_check(app)).await),
        ("alternative.me", timely(sentiment(app)).await),
        ("on-chain", timely(onchain(app)).await),
        ("fred", timely(rates(app)).await),
    ];
    findings.map(|(name, finding)| (name.to_owned(), finding)).into()
}

fn print(name: &str, finding: &Finding) {
    let (mark, text) = match finding {
        Finding::Works(text) => ("ok", text),
        Finding::Limited(text) => ("limited", text),
        Finding::Broken(text) => ("BROKEN", text),
    };
    println!("{mark:<8} {name:<15} {text}");
}

async fn timely(asked: impl Future<Output = Finding>) -> Finding {
    let answer = tokio::time::timeout(PATIENCE, asked).await;
    answer.unwrap_or_else(|_| Finding::Broken(format!("no answer within {} s", PATIENCE.as_secs())))
}

async fn database(app: &App) -> Finding {
    match db::ping(&app.db).await {
        Ok(()) => Finding::Works("answers".to_owned()),
        Err(error) => Finding::Broken(format!(
            "{}; look at DATABASE_URL",
            telemetry::chain(&error).join(": ")
        )),
    }
}

async fn schema(app: &App) -> Finding {
    let Some(settings) = &app.config.database else {
        return Finding::Broken("no database is configured".to_owned());
    };
    let client = match connect_once(settings).await {
        Ok(client) => client,
        Err(error) => return Finding::Broken(telemetry::chain(&error).join(": ")),
    };
    let runner = Runner::new(client, MIGRATIONS);
    match runner.status().await {
        Err(error) => Finding::Broken(telemetry::chain(&error).join(": ")),
        Ok(status) => {
            let problems: Vec<String> = status
                .iter()
                .filter_map(|step| Some(format!("{}: {}", step.title, step.problem?)))
                .collect();
            let missing = status.iter().filter(|step| step.applied_at.is_none()).count();
            match (problems.is_empty(), missing) {
                (false, _) => Finding::Broken(problems.join("; ")),
                (true, 0) => Finding::Works(format!("all {} migrations are applied", status.len())),
                (true, missing) => Finding::Broken(format!(
                    "{missing} migrations are not applied: run `cargo automoney migrate up`"
                )),
            }
        }
    }
}

async fn redis(app: &App) -> Finding {
    match app.cache.ping().await {
        Ok(()) => Finding::Works("answers".to_owned()),
        Err(error) => Finding::Broken(format!(
            "{}; look at REDIS_URL",
            telemetry::chain(&error).join(": ")
        )),
    }
}

async fn prices(app: &App) -> Finding {
    let since = candles::open_time_at(Timeframe::D1, app.clock.now() - SignedDuration::from_hours(48));
    judge(
        binance::klines(&app.upstream, Asset::Btc, Timeframe::D1, since, 3)
            .await
            .map(|page| page.source),
    )
}

/// The exchange's prices alone do, so that without this one nothing is broken.
async fn cross_check(app: &App) -> Finding {
    match coingecko::prices(&app.upstream).await {
        Ok(prices) => judge(Ok(prices.source)),
        Err(error) => Finding::Limited(format!(
            "{error}; the live price has no cross-check and no fall-back"
        )),
    }
}

async fn sentiment(app: &App) -> Finding {
    judge(
        fear_greed::index(&app.upstream, 1)
            .await
            .map(|index| index.source),
    )
}

async fn onchain(app: &App) -> Finding {
    let has_key = app
        .config
        .sources
        .as_ref()
        .is_some_and(|sources| sources.glassnode_api_key.is_some());
    if has_key {
        let since = app.clock.now() - SignedDuration::from_hours(4 * 24);
        return judge(
            glassnode::series(&app.upstream, Metric::MvrvZScore, since)
                .await
                .map(|series| series.source),
        );
    }
    match blockchain_info::active_addresses(&app.upstream).await {
        Ok(_) => Finding::Limited(
            "only the free source answers: the on-chain agent abstains without GLASSNODE_API_KEY".to_owned(),
        ),
        Err(error) => Finding::Broken(error.to_string()),
    }
}

async fn rates(app: &App) -> Finding {
    let has_key = app
        .config
        .sources
        .as_ref()
        .is_some_and(|sources| sources.fred_api_key.is_some());
    if !has_key {
        return Finding::Limited("not asked: the macro agent abstains without FRED_API_KEY".to_owned());
    }
    let since = (app.clock.now() - SignedDuration::from_hours(14 * 24))
        .to_zoned(TimeZone::UTC)
        .date();
    judge(
        fred::observations(&app.upstream, Metric::FedFundsRate, since)
            .await
            .map(|series| series.source),
    )
}

fn judge(answer: Result<&'static str, SourceError>) -> Finding {
    match answer {
        Ok(source @ ("sample" | "csv")) => {
            Finding::Limited(format!("a stand-in answers ({source}), not the service"))
        }
        Ok(_) => Finding::Works("answers".to_owned()),
        Err(error) => Finding::Broken(error.to_string()),
    }
}

//! Benchmark: the first run of `collect-prices` over an empty database, twice.
//!
//! Once in this process, 15,008 candles of four series, many rounds. Once by the function's own
//! binary, as Lambda would run it: a year of hours, four-hour candles and days of both assets, with
//! its memory and what it weighs at the exchange. Candles come from the stand-in over HTTP, a
//! thousand a page, are parsed, checked against the grid and stored set-wise. Beside both, in the
//! same run: the same rows written one statement a row, and copied from table to table within
//! PostgreSQL, which no collector can beat.

use std::process::ExitCode;

use clap::Parser;
use jiff::Span;
use jiff::tz::TimeZone;
use serde_json::json;
use shared::clock::Stopwatch;
use shared::config::Environment;
use shared::ids::Ids;
use standin::{Service, Standin};
use tests::bundle::Bundle;
use tests::database::Database;
use tests::function::Function;
use tests::market_file::MarketFile;
use tests::process::peak_memory_mib;
use tokio_postgres::Client;

/// What the exchange lets an address weigh in a minute.
const WEIGHT_PER_MINUTE: u32 = 6000;

/// Linux counts processor time in hundredths of a second.
const CLOCK_TICKS: f64 = 100.0;

/// 1,072 days of two assets, six four-hour candles and one daily one each: 15,008 candles.
const FIRST_DAY: &str = "2021-03-25";
const END: &str = "2024-03-01T00:02:00Z";

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Options {
    /// Rounds, each over a new database; the medians are printed.
    #[arg(long, default_value_t = 5)]
    rounds: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    let rounds = Options::parse().rounds;
    let measured = async {
        first_run(rounds).await?;
        back_fill().await
    };
    match measured.await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_ingest: {error}");
            ExitCode::FAILURE
        }
    }
}

/// A year of every timeframe by the function itself.
async fn back_fill() -> Result<(), Failure> {
    let database = Database::fresh().await;
    let upstream = Standin::start(standin::Options::default()).await?;
    let redis_url = Environment::process()
        .get("REDIS_URL")
        .unwrap_or_default()
        .to_owned();
    let clock = shared::clock::Clock::system();
    let year_ago = clock.now().to_zoned(TimeZone::UTC).date() - Span::new().days(365);
    let mut environment = vec![
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", database.url().to_owned()),
        ("REDIS_URL", redis_url),
        ("CACHE_NAMESPACE", format!("bench-{}", Ids::random().next())),
        ("HISTORY_SINCE", year_ago.to_string()),
    ];
    for service in Service::ALL {
        environment.push((service.variable(), upstream.base_url(service)));
    }
    let function = Function::start("collect-prices", &environment).await;
    let process = function.process_id().ok_or("the function is not running")?;

    let event = json!({ "job": "collect-prices", "scheduled_at": clock.now().to_string() });
    let watch = Stopwatch::start();
    let summary = function.answer("back-fill", event).await;
    let (took, spent) = (milliseconds(watch), cpu_milliseconds(process)?);
    if summary["failures"] != json!([]) {
        return Err(summary["failures"].to_string().into());
    }
    let client = database.client().await;
    let (row_by_row, within, stored) = baselines(&client).await?;

    println!("\nback-fill of a year by the function's own binary: {stored} candles of six series, one run");
    for (name, value) in [
        ("collect-prices, from the event to its answer", took),
        ("its own processor time, start included", spent),
        ("baseline: one INSERT a row, one transaction", row_by_row),
        ("floor: INSERT … SELECT within PostgreSQL", within),
    ] {
        println!("{name:<46}{value:>10.0} ms");
    }
    println!(
        "{:<46}{:>10.1} MiB",
        "most memory it held (VmHWM)",
        peak_memory_mib(process)?
    );
    println!(
        "{:<46}{:>10} of {} a minute",
        "weight of its requests at the exchange",
        upstream.peak_used_weight(),
        WEIGHT_PER_MINUTE
    );
    Ok(())
}

/// Processor time that a process has used, user and system.
fn cpu_milliseconds(process: u32) -> Result<f64, Failure> {
    let stat = std::fs::read_to_string(format!("/proc/{process}/stat"))?;
    // The name, in brackets, may hold spaces.
    let (_, fields) = stat.rsplit_once(')').ok_or("an odd process status")?;
    let ticks: f64 = fields
        .split_whitespace()
        .skip(11)
        .take(2)
        .map(str::parse::<f64>)
        .sum::<Result<f64, _>>()?;
    Ok(ticks * 1000.0 / CLOCK_TICKS)
}

/// Milliseconds of one round.
struct Round {
    collect: f64,
    row_by_row: f64,
    within: f64,
}

async fn first_run(rounds: usize) -> Result<(), Failure> {
    let mut measured = Vec::new();
    let mut candles = 0;
    for _ in 0..rounds {
        let (round, stored) = one_round().await?;
        measured.push(round);
        candles = stored;
    }
    println!("{candles} candles of four series, {rounds} rounds over new databases, medians");
    for (name, times) in [
        (
            "first run of collect-prices",
            measured.iter().map(|round| round.collect).collect(),
        ),
        (
            "baseline: one INSERT a row, one transaction",
            measured.iter().map(|round| round.row_by_row).collect(),
        ),
        (
            "floor: INSERT … SELECT within PostgreSQL",
            measured.iter().map(|round| round.within).collect(),
        ),
    ] {
        println!("{name:<46}{:>10.0} ms", median(times));
    }
    Ok(())
}

async fn one_round() -> Result<(Round, i64), Failure> {
    let file = MarketFile::four_hourly(FIRST_DAY, "2024-03-02");
    let bundle = Bundle::with()
        .at(END)
        .candles(file)
        .history_since(FIRST_DAY)
        .start()
        .await;
    let watch = Stopwatch::start();
    bundle
        .run("collect-prices")
        .await
        .map_err(|error| error.to_string())?;
    let collect = milliseconds(watch);

    let client = bundle.database().client().await;
    let (row_by_row, within, stored) = baselines(&client).await?;
    Ok((
        Round {
            collect,
            row_by_row,
            within,
        },
        stored,
    ))
}

/// The stored candles written in two plainer ways, milliseconds each; and how many there are.
async fn baselines(client: &Client) -> Result<(f64, f64, i64), Failure> {
    for table in ["row_by_row", "within"] {
        let create = format!("CREATE TABLE {table} (LIKE market_data INCLUDING ALL)");
        client.batch_execute(&create).await?;
    }
    let row_by_row = write_row_by_row(client).await?;
    let watch = Stopwatch::start();
    let stored = client
        .execute("INSERT INTO within SELECT * FROM market_data", &[])
        .await?;
    Ok((row_by_row, milliseconds(watch), i64::try_from(stored)?))
}

/// Every stored candle once more, one statement a row.
async fn write_row_by_row(client: &Client) -> Result<f64, Failure> {
    let rows = client
        .query("SELECT (m.*)::market_data::text FROM market_data m", &[])
        .await?;
    let rows: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
    let insert = client
        .prepare("INSERT INTO row_by_row SELECT ($1::text::market_data).* ON CONFLICT DO NOTHING")
        .await?;
    let watch = Stopwatch::start();
    client.batch_execute("BEGIN").await?;
    for row in &rows {
        client.execute(&insert, &[row]).await?;
    }
    client.batch_execute("COMMIT").await?;
    Ok(milliseconds(watch))
}

fn milliseconds(watch: Stopwatch) -> f64 {
    watch.elapsed().as_secs_f64() * 1e3
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times.get(times.len() / 2).copied().unwrap_or(f64::NAN)
}

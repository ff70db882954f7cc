//! Benchmark: the first run of `collect-prices` over an empty database.
//!
//! About 15,000 candles come from the stand-in over HTTP, a thousand a page, are parsed, checked
//! against the grid and stored set-wise. Beside it, in the same run: the same rows written one
//! statement a row, and copied from table to table within PostgreSQL, which no collector can beat.

use std::process::ExitCode;

use clap::Parser;
use shared::clock::Stopwatch;
use tests::bundle::Bundle;
use tests::market_file::MarketFile;
use tokio_postgres::Client;

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
    match measure(Options::parse().rounds).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_ingest: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Milliseconds of one round.
struct Round {
    collect: f64,
    row_by_row: f64,
    within: f64,
}

async fn measure(rounds: usize) -> Result<(), Failure> {
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
    client
        .batch_execute("CREATE TABLE row_by_row (LIKE market_data INCLUDING ALL)")
        .await?;
    client
        .batch_execute("CREATE TABLE within (LIKE market_data INCLUDING ALL)")
        .await?;
    let row_by_row = write_row_by_row(&client).await?;
    let watch = Stopwatch::start();
    let stored = client
        .execute("INSERT INTO within SELECT * FROM market_data", &[])
        .await?;
    let within = milliseconds(watch);
    Ok((
        Round {
            collect,
            row_by_row,
            within,
        },
        i64::try_from(stored)?,
    ))
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

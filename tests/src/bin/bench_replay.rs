//! Benchmark: a year of history, boundary by boundary, and every execution of it proven again.
//!
//! Both built-in strategies decide at each of 2,190 boundaries, with models at a stand-in that answers
//! at once; then each execution is replayed from what was known at its time. A part that comes out
//! differently fails the run. Beside both, in the same run: reading the same series without deciding.

use std::process::ExitCode;

use clap::Parser;
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan as _};
use shared::clock::Stopwatch;
use shared::domain::market::Timeframe;
use shared::services::gather::KnownAt;
use shared::services::{replay, stepping};
use tests::bundle::Bundle;

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Options {
    /// Days of history, up to 2024-03-01.
    #[arg(long, default_value_t = 365)]
    days: i64,
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(Options::parse().days).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_replay: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(days: i64) -> Result<(), Failure> {
    // On-chain history reaches back sixty days on a first run; a step of a year has the other agents.
    let bundle = Bundle::with().models("1000000").start().await;
    bundle.collect().await;
    let to: Timestamp = "2024-03-01T08:00:00Z".parse()?;
    let from = to
        .to_zoned(TimeZone::UTC)
        .checked_sub(Span::new().days(days))?
        .timestamp()
        + 4.hours();
    let app = bundle.app_at(from);

    let watch = Stopwatch::start();
    let stepped = stepping::step(&app, (from, to), |_, _| {}).await?;
    let stepping_ms = milliseconds(watch);

    let client = bundle.database().client().await;
    let rows = client
        .query("SELECT id, as_of FROM strategy_executions ORDER BY as_of", &[])
        .await?;
    let watch = Stopwatch::start();
    for row in &rows {
        let replayed = replay::replay(bundle.app(), row.get(0), None).await?;
        if !replayed.is_proven() || replayed.recorded != replayed.recomputed {
            return Err(format!("{}: {:?}", replayed.as_of, replayed.differences).into());
        }
    }
    let replaying_ms = milliseconds(watch);

    let watch = Stopwatch::start();
    for row in &rows {
        let known = KnownAt::read(bundle.app(), row.get(1)).await?;
        known.market(bundle.app(), Timeframe::H4).await?;
    }
    let reading_ms = milliseconds(watch);

    let executions = f64::from(u32::try_from(rows.len())?);
    println!(
        "{days} days: {} boundaries, {} executions, {} decided, all proven",
        stepped.boundaries,
        rows.len(),
        stepped.decided
    );
    for (name, total) in [
        ("decided, models asked, recorded", stepping_ms),
        ("replayed and compared", replaying_ms),
        ("baseline: the same inputs read, nothing decided", reading_ms),
    ] {
        println!(
            "{name:<52}{:>9.1} s {:>7.2} ms an execution",
            total / 1e3,
            total / executions
        );
    }
    Ok(())
}

fn milliseconds(watch: Stopwatch) -> f64 {
    watch.elapsed().as_secs_f64() * 1e3
}

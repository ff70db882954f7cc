//! Benchmark: the cost report over ten million attempts.
//!
//! The rows are made inside PostgreSQL, an hour a statement, over five weeks, and summed by the table's
//! own trigger as in production. Then the 30-day report as the command makes it, beside the plain
//! aggregate over the same 30 days of rows in the same run.

use std::process::ExitCode;

use clap::Parser;
use jiff::Timestamp;
use rust_decimal::Decimal;
use shared::clock::Stopwatch;
use shared::db::{Db, costs};
use shared::domain::costs::{Span, utc_day};
use shared::services::costs::report;
use tests::database::Database;
use tokio_postgres::Client;

/// Days that the rows are spread over; the report reads the last thirty.
const DAYS: i64 = 35;

const HOURS: i64 = 24 * DAYS;

const REPORTED: u16 = 30;

/// The end of the last day.
const NOW: &str = "2026-03-31T23:59:59.999999Z";

/// An hour's rows: 20 strategies, the three agents, four models, one in ten failed, one in ten used again.
/// Three attempts in a row are of one execution and agent. Ids are written in order, as version 7 is.
const HOUR: &str = "
INSERT INTO agent_execution_logs
    (id, execution_id, strategy_id, agent_type, provider, model, prompt_version, status, input_tokens,
     cache_write_tokens, cached_tokens, output_tokens, tokens_used, cost, latency_ms, cache_hit, created_at)
SELECT lpad(to_hex($1::bigint * $2 + n), 32, '0')::uuid, lpad(to_hex($1 * $2 + n / 9), 32, '0')::uuid,
       'strategy-' || n / 9 % 20, (ARRAY['macro', 'onchain', 'ta'])[(n / 3 % 3 + 1)::integer],
       (ARRAY['anthropic', 'openai'])[(n % 2 + 1)::integer], 'model-' || n % 4, 'v1',
       CASE WHEN n % 10 = 0 THEN 'time_out' ELSE 'ok' END, 100, 20, 1000, 34, 1154,
       CASE WHEN n % 10 = 1 THEN 0 ELSE 0.0000123456 END, 812, n % 10 = 1,
       '2026-02-25Z'::timestamptz + $1 * interval '1 hour' + n * (interval '1 hour' / $2)
FROM generate_series(0, $2::bigint - 1) AS n";

/// What the report would have to do without the sums.
const PLAIN: &str = "
SELECT agent_type, provider, model, strategy_id, (created_at AT TIME ZONE 'UTC')::date AS day, count(*),
       count(*) FILTER (WHERE status NOT IN ('ok', 'abstained')), sum(tokens_used), sum(cost)
FROM agent_execution_logs
WHERE created_at >= $1 AND created_at <= $2
GROUP BY GROUPING SETS ((agent_type), (provider, model), (strategy_id), ((created_at AT TIME ZONE 'UTC')::date))";

type Failure = Box<dyn std::error::Error + Send + Sync>;

#[derive(Parser)]
struct Options {
    /// Rows in `agent_execution_logs`.
    #[arg(long, default_value_t = 10_000_000)]
    rows: i64,
    /// Times the report is made; the plain aggregate a tenth of that, three times at least.
    #[arg(long, default_value_t = 50)]
    rounds: usize,
}

#[tokio::main]
async fn main() -> ExitCode {
    match measure(&Options::parse()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_costs: {error}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &Options) -> Result<(), Failure> {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    let watch = Stopwatch::start();
    let written = fill(&client, options.rows).await?;
    println!(
        "{written} attempts over {DAYS} days in {:.0} s, summed by the table's trigger",
        watch.elapsed().as_secs_f64()
    );

    let now: Timestamp = NOW.parse()?;
    let span = Span::ending(utc_day(now), REPORTED);
    let (reported, cost) = report_times(&db, span, now, options.rounds).await?;
    let (plain, plain_cost) = plain_times(&client, span, now, (options.rounds / 10).max(3)).await?;
    if cost != plain_cost {
        return Err(format!("the report says {cost} USD and the rows {plain_cost} USD").into());
    }
    let rows: i64 = client
        .query_one("SELECT count(*) FROM agent_cost_days", &[])
        .await?
        .get(0);
    println!("{REPORTED} days, {cost} USD, from {rows} sums; medians");
    for (name, times) in [
        ("the report", &reported),
        ("baseline: plain aggregate over the rows", &plain),
    ] {
        println!(
            "{name:<46}{:>10.2} ms   {:>10.2} ms slowest of {}",
            median(times),
            slowest(times),
            times.len()
        );
    }
    Ok(())
}

/// Writes the rows, an hour a statement.
async fn fill(client: &Client, rows: i64) -> Result<u64, Failure> {
    // Nothing else may run on the machine while it is measured.
    client
        .batch_execute("ALTER TABLE agent_execution_logs SET (autovacuum_enabled = false)")
        .await?;
    let insert = client.prepare(HOUR).await?;
    let mut written = 0;
    for hour in 0..HOURS {
        written += client.execute(&insert, &[&hour, &(rows / HOURS)]).await?;
        if hour % 24 == 0 {
            // As autovacuum would: the trigger's plan must not stay the one for an empty table.
            client.batch_execute("ANALYZE agent_execution_logs").await?;
        }
    }
    // The plain aggregate is to have its best plan.
    client
        .batch_execute("VACUUM (ANALYZE) agent_execution_logs, agent_cost_days, agent_execution_days")
        .await?;
    Ok(written)
}

async fn report_times(
    db: &Db,
    span: Span,
    now: Timestamp,
    rounds: usize,
) -> Result<(Vec<f64>, Decimal), Failure> {
    // The first one connects and prepares.
    costs::sums(db, span, utc_day(now)).await?;
    let (mut times, mut cost) = (Vec::new(), Decimal::ZERO);
    for _ in 0..rounds {
        let watch = Stopwatch::start();
        let made = report(db, span, Decimal::from(15), now).await?;
        times.push(milliseconds(watch));
        cost = made.total.figures.cost_usd;
    }
    Ok((times, cost))
}

async fn plain_times(
    client: &Client,
    span: Span,
    now: Timestamp,
    rounds: usize,
) -> Result<(Vec<f64>, Decimal), Failure> {
    let from: Timestamp = format!("{}T00:00:00Z", span.first).parse()?;
    let statement = client.prepare(PLAIN).await?;
    let (mut times, mut cost) = (Vec::new(), Decimal::ZERO);
    for _ in 0..rounds {
        let watch = Stopwatch::start();
        let rows = client.query(&statement, &[&from, &now]).await?;
        times.push(milliseconds(watch));
        let of_agents = rows
            .iter()
            .filter(|row| row.get::<_, Option<String>>(0).is_some());
        cost = of_agents.map(|row| row.get::<_, Decimal>(8)).sum();
    }
    Ok((times, cost))
}

fn milliseconds(watch: Stopwatch) -> f64 {
    watch.elapsed().as_secs_f64() * 1e3
}

fn median(times: &[f64]) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn slowest(times: &[f64]) -> f64 {
    times.iter().copied().fold(0.0, f64::max)
}

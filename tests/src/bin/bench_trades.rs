//! Benchmark: one BUY traded for every follower of a strategy.
//!
//! Each delivery is a process of its own with nothing but a database, as the function has it: how long
//! it takes, and the most memory it holds. Every follower gets a BTC and an ETH leg, with an open
//! stream (two events each) and without. Beside it, in the same run: one subscription a transaction;
//! and followers with so many weights of their own, each of which is a decision, beside as many with
//! the strategy's. Last, a delivery that is killed half-way, and the state after the next one.

use std::process::{ExitCode, Stdio};

use clap::{Parser, Subcommand};
use jiff::{SignedDuration, Timestamp};
use shared::clock::Stopwatch;
use shared::services::trade;
use tests::paper::{Order, Stage, T, app_on};
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::{Child, Command};

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Followers with 10,000 USD each, whose ids say their number: the same in every database.
const FOLLOWERS: &str = "
INSERT INTO users (id, google_sub, email, created_at, signed_in_at)
SELECT lpad(to_hex(n), 32, '0')::uuid, 'user-' || n, 'user-' || n || '@example.com', now(), now()
FROM generate_series(1, $1::bigint) AS n";

const SUBSCRIPTIONS: &str = "
INSERT INTO subscriptions
    (id, user_id, strategy_id, status, paid_in, taken_out, cash, realised, active_since, created_at)
SELECT md5('subscription' || id)::uuid, id, 'hodl-wave', 'active', 10000, 0, 10000, 0, '2024-01-01', '2024-01-01'
FROM users";

/// Where their money came from.
const PORTFOLIOS: &str = "
WITH opened AS (
    INSERT INTO portfolios SELECT id, 0, '2024-01-01' FROM users RETURNING user_id
)
INSERT INTO portfolio_entries
SELECT md5('opening' || user_id)::uuid, user_id, 'opening', NULL, 10000, 10000, '2024-01-01'::timestamptz FROM opened
UNION ALL
SELECT md5('paid in' || user_id)::uuid, user_id, 'paid_in', md5('subscription' || user_id)::uuid, -10000, 0,
       '2024-01-01'::timestamptz
FROM opened";

/// Weights of their own, so many different ones, none of which is the strategy's.
const WEIGHTS: &str = "
UPDATE subscriptions
SET weight_macro = 0.2 + 0.0001 * (substr(google_sub, 6)::bigint % $1::bigint), weight_onchain = 0.4,
    weight_ta = 0.4 - 0.0001 * (substr(google_sub, 6)::bigint % $1::bigint)
FROM users WHERE users.id = user_id";

/// What one delivery may take and hold at most.
const GOAL_SECONDS: f64 = 15.0;
const GOAL_MEGABYTES: f64 = 256.0;

const STREAMS: &str = "INSERT INTO push_streams SELECT id, 0, '2030-01-01' FROM users";

#[derive(Parser)]
struct Options {
    /// Followers; each number is measured.
    #[arg(long, value_delimiter = ',', default_values_t = [25_000, 50_000, 100_000])]
    followers: Vec<u32>,
    /// Followers of the delivery that takes one subscription a transaction.
    #[arg(long, default_value_t = 2_000)]
    naive: u32,
    /// Followers with weights of their own.
    #[arg(long, default_value_t = 20_000)]
    weighted: u32,
    /// How many different weights they have.
    #[arg(long, default_value_t = 1_000, value_parser = clap::value_parser!(u32).range(1..=4_000))]
    vectors: u32,
    /// Subscriptions in one transaction.
    #[arg(long, default_value_t = trade::CHUNK)]
    chunk: usize,
    #[command(subcommand)]
    part: Option<Part>,
}

#[derive(Subcommand)]
enum Part {
    /// Delivers what is pending in a database; the bench starts itself so.
    #[command(hide = true)]
    Deliver { url: String },
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let done = match &options.part {
        Some(Part::Deliver { url }) => deliver(url, options.chunk).await,
        None => measure(&options).await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_trades: {error}");
            ExitCode::FAILURE
        }
    }
}

/// Two minutes after T.
fn now() -> Result<Timestamp, jiff::Error> {
    Ok(T.parse::<Timestamp>()? + SignedDuration::from_mins(2))
}

async fn deliver(url: &str, chunk: usize) -> Result<(), Failure> {
    let app = app_on(url, now()?).await;
    let watch = Stopwatch::start();
    let summary = trade::pending_by(&app, None, chunk).await?;
    let elapsed = watch.elapsed().as_secs_f64();
    let status = std::fs::read_to_string("/proc/self/status")?;
    let memory = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .ok_or("no VmHWM in the process' status")?;
    println!(
        "{elapsed:.3} {} {}",
        summary.trades,
        memory.trim().trim_end_matches(" kB")
    );
    Ok(())
}

/// What a delivery told.
struct Delivered {
    seconds: f64,
    trades: i64,
    megabytes: f64,
}

async fn staged(followers: u32, has_streams: bool) -> Result<Stage, Failure> {
    staged_with(followers, has_streams, None).await
}

/// Followers with so many different weights of their own, or with the strategy's.
async fn staged_with(followers: u32, has_streams: bool, vectors: Option<u32>) -> Result<Stage, Failure> {
    let stage = Stage::start().await;
    let client = stage.client();
    client.execute(FOLLOWERS, &[&i64::from(followers)]).await?;
    client.batch_execute(SUBSCRIPTIONS).await?;
    client.batch_execute(PORTFOLIOS).await?;
    if has_streams {
        client.batch_execute(STREAMS).await?;
    }
    if let Some(vectors) = vectors {
        client.execute(WEIGHTS, &[&i64::from(vectors)]).await?;
    }
    stage.decided(Order::buy("0.0075", "60000", "3000")).await;
    client.batch_execute("VACUUM ANALYZE").await?;
    Ok(stage)
}

fn start(stage: &Stage, chunk: usize) -> Result<Child, Failure> {
    Ok(Command::new(std::env::current_exe()?)
        .args(["--chunk", &chunk.to_string(), "deliver", stage.database().url()])
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()?)
}

async fn delivered(stage: &Stage, chunk: usize) -> Result<Delivered, Failure> {
    let mut child = start(stage, chunk)?;
    let said = child.stdout.take().ok_or("no output")?;
    let line = BufReader::new(said)
        .lines()
        .next_line()
        .await?
        .ok_or("the delivery failed")?;
    let words: Vec<&str> = line.split_whitespace().collect();
    let [seconds, trades, kilobytes] = words[..] else {
        return Err(line.into());
    };
    child.wait().await?;
    Ok(Delivered {
        seconds: seconds.parse()?,
        trades: trades.parse()?,
        megabytes: kilobytes.parse::<f64>()? / 1024.0,
    })
}

fn show(name: &str, followers: u32, delivered: &Delivered) {
    let Delivered {
        seconds,
        trades,
        megabytes,
    } = delivered;
    println!(
        "{name:<28} {followers:>7} {trades:>7} {seconds:>8.2} {GOAL_SECONDS:>6.0} {:>9.0} {megabytes:>7.1} \
         {GOAL_MEGABYTES:>6.0}",
        seconds / f64::from(followers) * 1e6
    );
}

async fn measure(options: &Options) -> Result<(), Failure> {
    println!(
        "followers with 10,000 USD each, one BUY, two fills each; chunks of {}",
        options.chunk
    );
    println!(
        "{:<28} {:>7} {:>7} {:>8} {:>6} {:>9} {:>7} {:>6}",
        "", "follow", "trades", "s", "goal", "us each", "MiB", "goal"
    );
    let mut undisturbed = None;
    for followers in &options.followers {
        for has_streams in [false, true] {
            let stage = staged(*followers, has_streams).await?;
            let measured = delivered(&stage, options.chunk).await?;
            let name = if has_streams {
                "all have a stream"
            } else {
                "nobody has a stream"
            };
            show(name, *followers, &measured);
            if has_streams {
                undisturbed = Some((*followers, stage.state().await));
            }
        }
    }
    let stage = staged(options.naive, true).await?;
    let one_by_one = delivered(&stage, 1).await?;
    show("one subscription at a time", options.naive, &one_by_one);
    if let Some((most, _)) = undisturbed {
        println!(
            "  for {most} that would be {:.0} s (extrapolated)",
            one_by_one.seconds / f64::from(options.naive) * f64::from(most)
        );
    }
    weights_of_their_own(options).await?;
    let Some((most, expected)) = undisturbed else {
        return Ok(());
    };
    killed_half_way(most, options.chunk, &expected).await
}

/// One decision for all, and one for each of many vectors of weights, over as many followers.
async fn weights_of_their_own(options: &Options) -> Result<(), Failure> {
    let mut seconds = Vec::new();
    for vectors in [None, Some(options.vectors)] {
        let stage = staged_with(options.weighted, true, vectors).await?;
        let measured = delivered(&stage, options.chunk).await?;
        let name = vectors.map_or_else(
            || "the strategy's weights".to_owned(),
            |vectors| format!("{vectors} weights of their own"),
        );
        show(&name, options.weighted, &measured);
        seconds.push(measured.seconds);
        let violations = stage.violations().await;
        if !violations.is_empty() {
            return Err(format!("{violations:?}").into());
        }
    }
    if let [one, many] = seconds[..] {
        println!("  {:.1} times as long as with one decision for all", many / one);
    }
    Ok(())
}

async fn killed_half_way(followers: u32, chunk: usize, expected: &str) -> Result<(), Failure> {
    let stage = staged(followers, true).await?;
    let mut child = start(&stage, chunk)?;
    let done = "SELECT subscriptions::bigint FROM decisions WHERE is_own";
    loop {
        let dealt: i64 = stage.client().query_one(done, &[]).await?.get(0);
        if dealt >= i64::from(followers / 2) {
            child.kill().await?;
            break;
        }
    }
    let at_the_kill: i64 = stage.client().query_one(done, &[]).await?.get(0);
    let rest = delivered(&stage, chunk).await?;
    let violations = stage.violations().await;
    let end = stage.state().await;
    if end != expected || !violations.is_empty() {
        return Err(format!("{end} instead of {expected}; {violations:?}").into());
    }
    println!(
        "killed (SIGKILL) after {at_the_kill} of {followers}, delivered again: {} more trades in {:.2} s",
        rest.trades, rest.seconds
    );
    println!("  same state as after an undisturbed delivery: {end}");
    Ok(())
}

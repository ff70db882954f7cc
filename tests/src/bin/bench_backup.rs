//! Benchmark: a generated database backed up and restored, beside the stock tools in the same run.
//!
//! The backup is made by the function's own binary, as Lambda would run it, into a directory; beside it
//! `pg_dump | gzip` and `pg_dump | gzip -1`. The restore is the command line's; beside it `pg_restore -j2` of
//! a custom archive. Prints times, sizes and the most memory that each of ours held.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};

use clap::Parser;
use serde_json::{Value, json};
use shared::clock::{Clock, Stopwatch};
use tests::database::Database;
use tests::function::Function;
use tests::process::peak_memory_mib;
use tokio_postgres::Client;

type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Followers; each has one subscription that traded two assets at every decision.
const FOLLOWERS: u32 = 20_000;

#[derive(Parser)]
struct Options {
    /// What the database takes up on disk at least, indexes included, in MiB.
    #[arg(long, default_value_t = 2048)]
    mib: i64,
    /// The command line's binary.
    #[arg(long)]
    automoney: PathBuf,
    /// Where backups are written to; deleted at the end.
    #[arg(long, default_value = "target/bench-backup")]
    folder: PathBuf,
    /// Times that the stock tools and ours make a backup and restore one, in turns; the medians are printed.
    #[arg(long, default_value_t = 3)]
    rounds: usize,
    /// Only our backup: what a machine of one processor is measured with.
    #[arg(long)]
    only_ours: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    let options = Options::parse();
    let measured = measure(&options).await;
    let _ = std::fs::remove_dir_all(&options.folder);
    match measured {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("bench_backup: {error:?}");
            ExitCode::FAILURE
        }
    }
}

async fn measure(options: &Options) -> Result<(), Failure> {
    std::fs::create_dir_all(&options.folder)?;
    let folder = options.folder.canonicalize()?;
    let database = Database::fresh().await;
    let client = database.client().await;
    let bytes = generate(&client, options.mib << 20).await?;
    println!(
        "\na database of {} MiB on disk, indexes included; PostgreSQL on the same machine",
        bytes >> 20
    );

    let store = folder.join("store");
    let environment = [
        // As the template deploys it.
        ("MALLOC_ARENA_MAX", "1".to_owned()),
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", database.url().to_owned()),
        ("BACKUP_STORE", store.display().to_string()),
        (
            "BACKUP_SIGNING_KEY",
            "bench-bench-bench-bench-bench-bench".to_owned(),
        ),
    ];
    let (mut ours, mut read_back, mut zipped, mut quickly) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    let mut last = Value::Null;
    for round in 0..options.rounds {
        if !options.only_ours {
            zipped.push(stock(database.url(), "gzip", &folder.join("stock.gz"))?);
            quickly.push(stock(database.url(), "gzip -1", &folder.join("quick.gz"))?);
        }
        let function = Function::start("backup", &environment).await;
        let process = function.process_id().ok_or("the function is not running")?;
        let at = Clock::system().now().to_string();
        let event = json!({ "job": "backup", "scheduled_at": at });
        last = function.answer(&format!("round-{round}"), event).await;
        ours.push(seconds(&last["created"])?);
        read_back.push(seconds(&last["verified"])?);
        println!(
            "most memory the function held (VmHWM): {:.1} MiB",
            peak_memory_mib(process)?
        );
    }
    let stored = last["created"]["stored_bytes"].as_u64().unwrap_or_default();
    let text = last["created"]["text_bytes"].as_u64().unwrap_or_default();
    println!("{} rows, {} MiB of text", last["created"]["rows"], text >> 20);
    println!(
        "ours, every byte read back:          {:.1} s",
        median(&mut read_back)
    );
    row("ours", median(&mut ours), stored);
    if options.only_ours {
        return Ok(());
    }
    row(
        "pg_dump | gzip",
        median(&mut zipped),
        size(&folder.join("stock.gz"))?,
    );
    row(
        "pg_dump | gzip -1",
        median(&mut quickly),
        size(&folder.join("quick.gz"))?,
    );

    let archive = folder.join("stock.dump");
    run(Command::new("pg_dump")
        .args(["-Fc", "--dbname", database.url(), "--file"])
        .arg(&archive))?;
    let (mut stock, mut ours) = (Vec::new(), Vec::new());
    for _ in 0..options.rounds {
        let into = Database::empty().await;
        let restore = ["-j2", "--no-owner", "--dbname", into.url()];
        stock.push(timed(Command::new("pg_restore").args(restore).arg(&archive))?);
        drop(into);
        client.batch_execute("CHECKPOINT").await?;

        let name = format!("{}_again", database.name());
        let restore = ["backup", "restore", "--database", &name];
        let mut command = Command::new(&options.automoney);
        ours.push(timed(command.args(restore).envs(environment.clone()))?);
        let drop = format!("DROP DATABASE {name} WITH (FORCE)");
        client.batch_execute(&drop).await?;
        client.batch_execute("CHECKPOINT").await?;
    }
    println!("pg_restore -j2 of a custom archive:  {:.1} s", median(&mut stock));
    println!("ours, restored whole:                {:.1} s", median(&mut ours));
    Ok(())
}

/// A stock dump to a file; how long it took, in seconds.
fn stock(url: &str, packer: &str, file: &Path) -> Result<f64, Failure> {
    let pipe = format!("set -o pipefail; pg_dump --dbname \"$1\" | {packer} > \"$2\"");
    timed(Command::new("bash").args(["-c", &pipe, "-", url]).arg(file))
}

/// How long a command took, in seconds.
fn timed(command: &mut Command) -> Result<f64, Failure> {
    let watch = Stopwatch::start();
    run(command)?;
    Ok(watch.elapsed().as_secs_f64())
}

fn run(command: &mut Command) -> Result<(), Failure> {
    let status = command.stdout(std::process::Stdio::null()).status()?;
    if status.success() {
        Ok(())
    } else {
        Err(format!("{} ended with {status}", command.get_program().display()).into())
    }
}

/// How long a step of the function says that it took.
fn seconds(step: &Value) -> Result<f64, Failure> {
    let milliseconds = step["duration_ms"].as_f64();
    Ok(milliseconds.ok_or_else(|| step.to_string())? / 1000.0)
}

fn row(what: &str, seconds: f64, bytes: u64) {
    println!("{what:<20}{seconds:>8.1} s{:>8} MiB", bytes >> 20);
}

fn median(measured: &mut [f64]) -> f64 {
    measured.sort_by(f64::total_cmp);
    measured[measured.len() / 2]
}

fn size(file: &Path) -> Result<u64, Failure> {
    Ok(std::fs::metadata(file)?.len())
}

/// Followers, then executions with their decisions and trades and the log of calls, until the database is
/// large enough; gives its size in bytes.
async fn generate(client: &Client, wanted: i64) -> Result<i64, Failure> {
    // Only what the checks of a row say holds: what the triggers and keys would do is not what is measured.
    client
        .batch_execute(&format!(
            "SET session_replication_role = replica; SET synchronous_commit = off;
             INSERT INTO users (id, google_sub, email, created_at, signed_in_at)
             SELECT md5('user' || n)::uuid, 'sub-' || n, 'user' || n || '@example.com', now(), now()
             FROM generate_series(1, {FOLLOWERS}) AS n;
             INSERT INTO subscriptions (id, user_id, strategy_id, status, paid_in, taken_out, cash, realised, active_since, created_at)
             SELECT md5('book' || n)::uuid, md5('user' || n)::uuid, 'hodl-wave', 'active', 10000, 0, 10000, 0, now(), now()
             FROM generate_series(1, {FOLLOWERS}) AS n;"
        ))
        .await?;
    for round in 0_i64.. {
        client
            .batch_execute(&GENERATE.replace("ROUND", &round.to_string()))
            .await?;
        let size: i64 = client
            .query_one("SELECT pg_database_size(current_database())", &[])
            .await?
            .try_get(0)?;
        if size >= wanted {
            for rest in ["VACUUM ANALYZE", "CHECKPOINT"] {
                client.batch_execute(rest).await?;
            }
            return Ok(size);
        }
    }
    Ok(0)
}

/// Two decisions, each traded by everybody; ten executions with documents of eight kilobytes; logs of calls.
const GENERATE: &str = "
INSERT INTO decisions (id, execution_id, strategy_id, as_of, is_own, weight_macro, weight_onchain, weight_ta, conviction,
                       signal, position, price_btc, price_eth, explanation, status, finished_at, created_at)
SELECT md5('decision ROUND ' || n)::uuid, gen_random_uuid(), 'hodl-wave', timestamptz '2024-01-01' + interval '4 h' * (ROUND * 2 + n),
       true, 0.4, 0.4, 0.2, 78, 'BUY', 0.005, 60000 + random() * 1000, 3000, 'because of this and that', 'traded', now(), now()
FROM generate_series(1, 2) AS n;
INSERT INTO trades (id, subscription_id, user_id, strategy_id, decision_id, asset, side, quantity, price, fill, value, fee, cost,
                    cash_after, quantity_after, cost_after, as_of, executed_at)
SELECT gen_random_uuid(), md5('book' || n)::uuid, md5('user' || n)::uuid, 'hodl-wave', md5('decision ROUND ' || d)::uuid, asset, 'buy',
       round((random() / 10)::numeric, 5) + 0.00001, 60000, 60030, round((random() * 100)::numeric, 8), round(random()::numeric / 10, 8),
       round((random() * 100)::numeric, 8), round((random() * 9000)::numeric, 8), round((random() / 10)::numeric, 5),
       round((random() * 1000)::numeric, 8), timestamptz '2024-01-01' + interval '4 h' * (ROUND * 2 + d), now()
FROM generate_series(1, 20000) AS n, generate_series(1, 2) AS d, unnest(ARRAY['BTC', 'ETH']) AS asset;
INSERT INTO strategy_executions (id, strategy_id, as_of, status, conviction, signal, document, created_at)
SELECT gen_random_uuid(), 'swing-4h', timestamptz '2024-01-01' + interval '10 min' * (ROUND * 10 + n), 'decided', 78, 'BUY',
       jsonb_build_object('inputs', (SELECT jsonb_agg(jsonb_build_object('value', random(), 'observed_at', now() - random() * interval '9 d',
                                     'freshness', 'fresh', 'source', 'glassnode')) FROM generate_series(1, 80 + n * 0))), now()
FROM generate_series(1, 10) AS n;
INSERT INTO data_collection_logs (id, data_source, endpoint, status, http_status, latency_ms, items, created_at)
SELECT gen_random_uuid(), 'binance', '/api/v3/klines', 'ok', 200, (random() * 900)::bigint, (random() * 1000)::bigint,
       timestamptz '2024-01-01' + random() * interval '300 d'
FROM generate_series(1, 20000)";

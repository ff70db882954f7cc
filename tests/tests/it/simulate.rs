//! `automoney simulate`, as a program: the same history gives the same outcome, in a database of its own.

mod history;
mod outcome;

use std::process::Output;

use serde_json::Value;
use shared::config::Environment;
use tests::database::Database;
use tests::market_file::MarketFile;
use tests::program;
use tokio::process::Command;

/// Four days, with a day of which the first boundary is the end of the one before.
const SPAN: [&str; 4] = ["--from", "2024-02-25", "--to", "2024-02-27"];

/// Boundaries of a span: six a day, and the end of the last one.
const BOUNDARIES: usize = 3 * 6 + 1;

fn command(database: &Database, arguments: &[&str]) -> Command {
    let redis = Environment::process()
        .get("REDIS_URL")
        .expect("REDIS_URL")
        .to_owned();
    let mut command = Command::new(program("automoney"));
    command
        .args(["simulate", "--strategy", "swing-4h"])
        .args(arguments)
        .env("DATABASE_URL", database.url())
        .env("REDIS_URL", redis)
        .env("HISTORY_SINCE", "2023-09-01")
        // Whoever runs the tests may have keys of their own: no model may be asked with them.
        .env("CLAUDE_API_KEY", "a-key-that-is-not-used")
        .env_remove("OPENAI_API_KEY");
    command
}

async fn simulate(database: &Database, arguments: &[&str]) -> Output {
    let ended = command(database, arguments).output().await;
    ended.expect("the program is built: cargo build --workspace --bins")
}

/// What it prints, of a run that must succeed.
async fn printed(database: &Database, arguments: &[&str]) -> String {
    let output = simulate(database, arguments).await;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{arguments:?}: {said}");
    String::from_utf8(output.stdout).expect("text")
}

/// The arguments of a run over files, in a format.
fn over<'a>(files: &'a [String; 2], more: &[&'a str]) -> Vec<&'a str> {
    let mut arguments = SPAN.to_vec();
    arguments.extend(["--candles", &files[0], "--candles", &files[1]]);
    arguments.extend(more);
    arguments
}

fn market() -> MarketFile {
    MarketFile::four_hourly("2023-09-01", "2024-03-05")
}

fn files(market: &MarketFile) -> [String; 2] {
    ["BTCUSDT", "ETHUSDT"].map(|symbol| format!("{symbol}={}", market.path().display()))
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON object")
}

/// Databases of simulations that are left on the server.
async fn left_behind(database: &Database) -> Vec<String> {
    let client = database.client().await;
    let pattern = format!("{}\\_at\\_%", database.name());
    let rows = client
        .query(
            "SELECT datname::text FROM pg_database WHERE datname LIKE $1",
            &[&pattern],
        )
        .await
        .expect("the catalog");
    rows.iter().map(|row| row.get(0)).collect()
}

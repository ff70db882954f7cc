//! `automoney simulate`, as a program: the same history gives the same outcome, in a database of its own.

mod history;
mod outcome;

use std::process::Output;

use serde_json::Value;
use shared::config::Environment;
use tempfile::NamedTempFile;
use tests::database::Database;
use tests::market_file::MarketFile;
use tests::program;
use tokio::process::Command;

/// Five days in which the made-up market is bought and sold by what its candles say.
const SPAN: [&str; 4] = ["--from", "2023-12-26", "--to", "2023-12-30"];

/// Boundaries of a span: six a day, and the end of the last one.
const BOUNDARIES: usize = 5 * 6 + 1;

fn command(database: &Database, arguments: &[&str]) -> Command {
    let redis = Environment::process()
        .get("REDIS_URL")
        .expect("REDIS_URL")
        .to_owned();
    let mut command = Command::new(program("automoney"));
    command.arg("simulate");
    if !arguments.contains(&"--strategy") {
        command.args(["--strategy", "swing-4h"]);
    }
    command
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

/// Files with a made-up market, and a mood that never changes.
struct Files {
    _market: MarketFile,
    _mood: NamedTempFile,
    candles: [String; 2],
    sentiment: String,
}

impl Files {
    fn of(market: MarketFile) -> Self {
        let mood = NamedTempFile::new().expect("a file");
        let names = ["date,value,value_classification".to_owned()];
        let rows = (1..=31).map(|day| format!("2023-12-{day:02},55,Neutral"));
        let lines: Vec<String> = names.into_iter().chain(rows).collect();
        std::fs::write(mood.path(), lines.join("\n")).expect("a written file");
        Self {
            candles: ["BTCUSDT", "ETHUSDT"].map(|symbol| format!("{symbol}={}", market.path().display())),
            sentiment: mood.path().display().to_string(),
            _market: market,
            _mood: mood,
        }
    }

    /// The arguments of a run over them in which only the candles count.
    fn arguments<'a>(&'a self, more: &[&'a str]) -> Vec<&'a str> {
        let mut arguments = SPAN.to_vec();
        arguments.extend(["--candles", &self.candles[0], "--candles", &self.candles[1]]);
        arguments.extend(["--sentiment", &self.sentiment]);
        if !more.contains(&"--weights") {
            arguments.extend(["--weights", "0,0,1"]);
        }
        arguments.extend(more);
        arguments
    }
}

fn market() -> MarketFile {
    MarketFile::four_hourly("2023-09-01", "2024-03-05")
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).expect("one JSON object")
}

/// Databases of simulations that are left on the server.
async fn left_behind(database: &Database) -> Vec<String> {
    let client = database.client().await;
    // A name that would be too long is cut, and its digest put in.
    let rows = client
        .query(
            "SELECT datname::text FROM pg_database
             WHERE starts_with(datname, $1 || '_at_')
                OR position(left(encode(sha256(convert_to($1, 'UTF8')), 'hex'), 12) || '_at_' IN datname) > 0",
            &[&database.name()],
        )
        .await
        .expect("the catalog");
    rows.iter().map(|row| row.get(0)).collect()
}

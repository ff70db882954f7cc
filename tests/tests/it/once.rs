//! `automoney local --once`, as a program: the same files and the same time give the same output.

use std::process::Output;

use serde_json::Value;
use shared::config::Environment;
use tests::database::Database;
use tests::market_file::MarketFile;
use tests::program;
use tokio::process::Command;

const AT: &str = "2024-03-01T00:02:00Z";

async fn once(database: &Database, arguments: &[&str]) -> Output {
    once_with(database, arguments, &[]).await
}

async fn once_with(database: &Database, arguments: &[&str], keys: &[(&str, &str)]) -> Output {
    let redis = Environment::process()
        .get("REDIS_URL")
        .expect("REDIS_URL")
        .to_owned();
    Command::new(program("automoney"))
        .args(["local", "--once"])
        .args(arguments)
        .env("DATABASE_URL", database.url())
        .env("REDIS_URL", redis)
        .env("HISTORY_SINCE", "2022-06-01")
        // Whoever runs the tests may have keys of their own.
        .env_remove("CLAUDE_API_KEY")
        .env_remove("OPENAI_API_KEY")
        .envs(keys.iter().copied())
        .output()
        .await
        .expect("the program is built: cargo build --workspace --bins")
}

async fn at(database: &Database, file: &MarketFile) -> String {
    let candles = |symbol: &str| format!("{symbol}={}", file.path().display());
    let (btc, eth) = (candles("BTCUSDT"), candles("ETHUSDT"));
    let output = once(
        database,
        &["--json", "--at", AT, "--candles", &btc, "--candles", &eth],
    )
    .await;
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("text")
}

#[tokio::test]
async fn at_a_given_time_the_output_is_the_same_and_the_future_changes_nothing() {
    let database = Database::empty().await;
    let market = || MarketFile::four_hourly("2022-06-01", "2024-03-02");

    let first = at(&database, &market()).await;
    let second = at(&database, &market()).await;
    // In the candle that is forming at that time, in the next ones, and a day later.
    let planted = market()
        .with("2024-03-01T00:00:00Z", "26000,99999,1,77777,5")
        .with("2024-03-01T04:00:00Z", "77777,99999,1,1,5")
        .with("2024-03-01T20:00:00Z", "1,99999,1,99999,5");
    let third = at(&database, &planted).await;

    assert_eq!(first, second);
    let without_opening = |text: &str| {
        let mut value: Value = serde_json::from_str(text).expect("one JSON object");
        // The open of the forming candle is the live price: known at that time, and shown as such.
        value["collected"][0]["result"]["live_prices_changed"] = Value::Null;
        value
    };
    assert_eq!(without_opening(&first), without_opening(&third));
    let outcome: Value = serde_json::from_str(&first).expect("one JSON object");
    assert_eq!(outcome["time"], AT);
    let strategies = outcome["strategies"].as_array().expect("strategies");
    assert_eq!(strategies.len(), 2);
    assert!(
        strategies
            .iter()
            .all(|strategy| strategy["as_of"] == "2024-03-01T00:00:00Z")
    );
    assert!(
        strategies
            .iter()
            .all(|strategy| strategy["decision"]["conviction_score"].is_number())
    );

    let left = database.client().await;
    let pattern = format!("{}_at_%", database.name());
    let scratch = left
        .query(
            "SELECT datname FROM pg_database WHERE datname LIKE $1",
            &[&pattern],
        )
        .await
        .unwrap();
    assert!(scratch.is_empty(), "a scratch database is left behind");
}

#[tokio::test]
async fn a_planted_row_before_that_time_does_change_it() {
    let database = Database::empty().await;
    let market = || MarketFile::four_hourly("2022-06-01", "2024-03-02");
    let plain = at(&database, &market()).await;
    let planted = at(
        &database,
        &market().with("2024-02-29T20:00:00Z", "26000,27000,25000,26900,5"),
    )
    .await;
    assert_ne!(plain, planted);
}

#[tokio::test]
async fn with_a_key_the_text_says_which_model_answered_and_without_one_nothing_of_models() {
    let database = Database::empty().await;
    let market = MarketFile::four_hourly("2022-06-01", "2024-03-02");
    let candles = |symbol: &str| format!("{symbol}={}", market.path().display());
    let (btc, eth) = (candles("BTCUSDT"), candles("ETHUSDT"));
    let arguments = ["--at", AT, "--candles", &btc, "--candles", &eth];
    let text = async |keys: &[(&str, &str)]| {
        let output = once_with(&database, &arguments, keys).await;
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8(output.stdout).expect("text")
    };

    let rules = text(&[]).await;
    assert!(!rules.contains("   by "), "{rules}");
    // The key never leaves this process: the stand-in is asked, with one of its own.
    let asked = text(&[("CLAUDE_API_KEY", "a-key")]).await;
    let by_model = asked
        .lines()
        .filter(|line| line.contains("   by claude-sonnet-5-5"));
    assert_eq!(by_model.count(), 6, "three agents of two strategies:\n{asked}");
}

#[tokio::test]
async fn wrong_options_are_refused_with_what_is_right() {
    let database = Database::empty().await;
    for (arguments, says) in [
        (
            vec!["--candles", "DOGEUSDT=x.csv"],
            "the symbols are BTCUSDT and ETHUSDT",
        ),
        (vec!["--candles", "x.csv"], "expected SYMBOL=FILE"),
        (vec!["--candles", "BTCUSDT=/no/such/file.csv"], "cannot be read"),
        (vec!["--at", "yesterday"], "--at"),
        (vec!["--live", "--at", AT], "cannot be used with"),
    ] {
        let output = once(&database, &arguments).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains(says),
            "{arguments:?}: {said}"
        );
    }
}

//! What comes of a simulation over files.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use serde_json::Value;
use tests::database::Database;

use super::{BOUNDARIES, Files, json, left_behind, market, printed, simulate};

fn decimal(value: &Value) -> Decimal {
    value.as_str().expect("a decimal").parse().expect("a decimal")
}

#[tokio::test]
async fn the_same_history_gives_the_same_outcome_and_what_comes_after_it_changes_nothing() {
    let database = Database::empty().await;
    let plain = Files::of(market());
    let another_future = Files::of(market().with("2023-12-31T00:00:00Z", "20000,90000,1,88888,5"));
    let another_past = Files::of(market().with("2023-12-28T00:00:00Z", "20000,40000,15000,16000,5"));
    let outcome = async |files: &Files| printed(&database, &files.arguments(&["--format", "json"])).await;

    let (first, second) = (outcome(&plain).await, outcome(&plain).await);
    let with_another_future = outcome(&another_future).await;
    let with_another_past = outcome(&another_past).await;

    assert_eq!(first, second);
    assert_eq!(first, with_another_future);
    assert_ne!(first, with_another_past);
    assert_eq!(left_behind(&database).await, Vec::<String>::new());
    let tables = database
        .client()
        .await
        .query("SELECT FROM pg_tables WHERE schemaname = 'public'", &[])
        .await
        .expect("the catalog");
    assert!(
        tables.is_empty(),
        "the given database was empty and has tables now"
    );
}

#[tokio::test]
async fn its_trades_add_up_to_its_cash_and_its_equity() {
    let database = Database::empty().await;
    let files = Files::of(market());
    let arguments = files.arguments(&["--format", "json"]);
    let outcome = json(&printed(&database, &arguments).await);

    assert_eq!(outcome["answered_by"], "rules");
    assert_eq!(outcome["capital"], "10000");
    assert_eq!(outcome["boundaries"], BOUNDARIES);
    assert_eq!(outcome["from"], "2023-12-26T00:00:00Z");
    assert_eq!(outcome["to"], "2023-12-31T00:00:00Z");
    let trades = outcome["trades"].as_array().expect("trades");
    assert!(!trades.is_empty(), "{outcome}");
    let mut cash = Decimal::from(10_000);
    let (mut btc, mut eth) = (Decimal::ZERO, Decimal::ZERO);
    for trade in trades {
        let held = if trade["asset"] == "BTC" {
            &mut btc
        } else {
            &mut eth
        };
        let (quantity, value, fee) = (
            decimal(&trade["quantity"]),
            decimal(&trade["value"]),
            decimal(&trade["fee"]),
        );
        if trade["side"] == "buy" {
            *held += quantity;
            cash -= value + fee;
        } else {
            *held -= quantity;
            cash += value - fee;
        }
        assert_eq!(cash, decimal(&trade["cash_after"]), "{trade}");
    }
    let equity = outcome["equity"].as_array().expect("equity");
    assert_eq!(equity.len(), BOUNDARIES);
    let last = equity.last().expect("points");
    assert_eq!(decimal(&last["cash"]), cash);
    assert_eq!(
        (btc, eth, decimal(&last["equity"])),
        (Decimal::ZERO, Decimal::ZERO, cash),
        "all was sold again"
    );
    let realised: Decimal = trades
        .iter()
        .filter(|trade| trade["side"] == "sell")
        .map(|trade| decimal(&trade["realised"]))
        .sum();
    assert_eq!(Decimal::from(10_000) + realised, cash);
    assert_eq!(outcome["final_equity"], last["equity"]);
    assert_eq!(outcome["benchmark"]["capital"], "10000");
    assert_eq!(outcome["benchmark"]["began_at"], "2023-12-26T00:00:00Z");
    // Five days are too few for ratios.
    assert_eq!(outcome["statistics"]["sharpe"], Value::Null);
    let signals: u64 = outcome["signals"]
        .as_object()
        .expect("signals")
        .values()
        .filter_map(Value::as_u64)
        .sum();
    // Every decision to trade was traded, or says why not.
    let done: BTreeSet<&str> = trades
        .iter()
        .filter_map(|trade| trade["as_of"].as_str())
        .collect();
    let orders = ["BUY", "SELL"].map(|signal| outcome["signals"][signal].as_u64().unwrap_or_default());
    assert_eq!(
        outcome["not_placed"],
        serde_json::json!({ "nothing_to_sell": orders.iter().sum::<u64>() - done.len() as u64 })
    );
    assert_eq!(
        signals + outcome["skipped"].as_u64().expect("a count"),
        u64::try_from(BOUNDARIES).expect("few")
    );
}

#[tokio::test]
async fn it_can_be_read_by_people_and_spreadsheets_and_tells_how_far_it_is() {
    let database = Database::empty().await;
    let files = Files::of(market());

    let table = printed(&database, &files.arguments(&[])).await;
    let output = simulate(&database, &files.arguments(&["--format", "csv", "--progress"])).await;

    assert!(table.contains("rules only: no model is asked"), "{table}");
    assert!(
        table.contains(&format!("boundaries   {BOUNDARIES} (0 skipped)")),
        "{table}"
    );
    assert!(table.contains("\nnot placed   nothing_to_sell "), "{table}");
    let days = table
        .lines()
        .filter(|line| line.starts_with("2023-12-") && line.contains("T00:00:00Z"));
    assert_eq!(days.count(), 6, "{table}");
    let csv = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "at,equity,cash,benchmark,drawdown_pct");
    assert_eq!(lines.len(), 1 + BOUNDARIES);
    assert!(lines[1].starts_with("2023-12-26T00:00:00Z,"), "{}", lines[1]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("31 boundaries done, as of 2023-12-31T00:00:00Z, 100 %, about 0 s left"),
        "{said}"
    );
}

#[tokio::test]
async fn other_weights_decide_otherwise_and_other_capital_is_what_it_begins_with() {
    let database = Database::empty().await;
    let files = Files::of(market());
    let own = ["--format", "json", "--weights", "0,0,1"];
    let other = ["--format", "json", "--weights", "0.5,0.5,0", "--capital", "20000"];
    let own = json(&printed(&database, &files.arguments(&own)).await);
    let other = json(&printed(&database, &files.arguments(&other)).await);

    assert_eq!(own["weights"]["ta"], "1.0000");
    assert_eq!(other["weights"]["ta"], "0.0000");
    assert_ne!(own["signals"], other["signals"]);
    assert_eq!(other["benchmark"]["capital"], "20000");
}

#[tokio::test]
async fn what_cannot_be_simulated_is_refused_before_anything_is_made() {
    let database = Database::empty().await;
    for (arguments, says) in [
        (
            vec!["--from", "2024-02-28", "--to", "2024-02-27"],
            "must not come after",
        ),
        (
            vec!["--from", "2024-02-01", "--to", "2999-01-01"],
            "only days that are over",
        ),
        (
            vec![
                "--from",
                "2024-02-01",
                "--to",
                "2024-02-02",
                "--capital",
                "2499.99",
            ],
            "at least 2500 USD",
        ),
        (
            vec![
                "--from",
                "2024-02-01",
                "--to",
                "2024-02-02",
                "--weights",
                "0.5,0.6,0",
            ],
            "add up to exactly 1",
        ),
        (vec!["--from", "yesterday", "--to", "2024-02-02"], "--from"),
    ] {
        let output = simulate(&database, &arguments).await;
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert!(
            !output.status.success() && said.contains(says),
            "{arguments:?}: {said}"
        );
        assert!(output.stdout.is_empty());
    }
    assert_eq!(left_behind(&database).await, Vec::<String>::new());
}

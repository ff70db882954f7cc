//! What comes of a simulation over files.

use rust_decimal::Decimal;
use serde_json::Value;
use tests::database::Database;

use super::{BOUNDARIES, files, json, left_behind, market, over, printed, simulate};

fn decimal(value: &Value) -> Decimal {
    value.as_str().expect("a decimal").parse().expect("a decimal")
}

#[tokio::test]
async fn the_same_history_gives_the_same_outcome_and_what_comes_after_it_changes_nothing() {
    let database = Database::empty().await;
    let (plain, planted) = (
        market(),
        market().with("2024-02-28T00:00:00Z", "20000,90000,1,88888,5"),
    );
    let earlier = market().with("2024-02-26T00:00:00Z", "20000,40000,15000,16000,5");

    let first = printed(&database, &over(&files(&plain), &["--format", "json"])).await;
    let second = printed(&database, &over(&files(&plain), &["--format", "json"])).await;
    let with_another_future = printed(&database, &over(&files(&planted), &["--format", "json"])).await;
    let with_another_past = printed(&database, &over(&files(&earlier), &["--format", "json"])).await;

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
    let market = market();
    let outcome = json(
        &printed(
            &database,
            &over(&files(&market), &["--format", "json", "--capital", "50000"]),
        )
        .await,
    );

    assert_eq!(outcome["answered_by"], "rules");
    assert_eq!(outcome["capital"], "50000");
    assert_eq!(outcome["boundaries"], BOUNDARIES);
    assert_eq!(outcome["from"], "2024-02-25T00:00:00Z");
    assert_eq!(outcome["to"], "2024-02-28T00:00:00Z");
    let trades = outcome["trades"].as_array().expect("trades");
    assert!(!trades.is_empty(), "{outcome}");
    let mut cash = Decimal::from(50_000);
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
    // Both assets have the candles of one file.
    let close = decimal(&last["equity"]) - cash;
    let priced = trades.last().expect("trades");
    assert!(close > Decimal::ZERO, "{priced}");
    assert_eq!(outcome["final_equity"], last["equity"]);
    assert_eq!(outcome["benchmark"]["capital"], "50000");
    assert_eq!(outcome["benchmark"]["began_at"], "2024-02-25T00:00:00Z");
    // Three days are too few for ratios.
    assert_eq!(outcome["statistics"]["sharpe"], Value::Null);
    let signals: u64 = outcome["signals"]
        .as_object()
        .expect("signals")
        .values()
        .filter_map(Value::as_u64)
        .sum();
    assert_eq!(
        signals + outcome["skipped"].as_u64().expect("a count"),
        u64::try_from(BOUNDARIES).expect("few")
    );
}

#[tokio::test]
async fn it_can_be_read_by_people_and_spreadsheets_and_tells_how_far_it_is() {
    let database = Database::empty().await;
    let market = market();
    let files = files(&market);

    let table = printed(&database, &over(&files, &[])).await;
    let output = simulate(&database, &over(&files, &["--format", "csv", "--progress"])).await;

    assert!(table.contains("rules only: no model is asked"), "{table}");
    assert!(
        table.contains(&format!("boundaries   {BOUNDARIES} (0 skipped)")),
        "{table}"
    );
    let days = table.lines().filter(|line| line.starts_with("2024-02-2"));
    assert!(days.count() >= 4, "{table}");
    let csv = String::from_utf8(output.stdout).expect("text");
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0], "at,equity,cash,benchmark,drawdown_pct");
    assert_eq!(lines.len(), 1 + BOUNDARIES);
    assert!(lines[1].starts_with("2024-02-25T00:00:00Z,"), "{}", lines[1]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(
        said.contains("19 boundaries done, as of 2024-02-28T00:00:00Z, 100 %, about 0 s left"),
        "{said}"
    );
}

#[tokio::test]
async fn other_weights_are_another_strategy() {
    let database = Database::empty().await;
    let market = market();
    let files = files(&market);
    let own = json(&printed(&database, &over(&files, &["--format", "json"])).await);
    let other = json(
        &printed(
            &database,
            &over(&files, &["--format", "json", "--weights", "0,0,1"]),
        )
        .await,
    );

    assert_eq!(own["weights"]["ta"], "0.5000");
    assert_eq!(other["weights"]["ta"], "1.0000");
    assert_ne!(own["equity"], other["equity"]);
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

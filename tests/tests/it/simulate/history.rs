//! Where the history comes from, and that nothing but it is read or changed.

use std::process::Stdio;

use tests::bundle::Bundle;
use tests::database::Database;
use tokio::io::{AsyncBufReadExt as _, BufReader};
use tokio::process::Command;

use super::{Files, SPAN, command, json, left_behind, market, printed};

/// Every table of a database, as hashes.
async fn everything_in(database: &Database) -> Vec<(String, String)> {
    let client = database.client().await;
    let tables = client
        .query(
            "SELECT relname::text FROM pg_class \
             WHERE relkind IN ('r', 'p') AND relnamespace = 'public'::regnamespace AND NOT relispartition ORDER BY 1",
            &[],
        )
        .await
        .expect("the catalog");
    let mut all = Vec::new();
    for table in &tables {
        let name: String = table.get(0);
        let sql =
            format!("SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t::text)), '') FROM \"{name}\" t");
        let hash = client.query_one(&sql, &[]).await.expect("a hash").get(0);
        all.push((name, hash));
    }
    all
}

#[tokio::test]
async fn stored_history_is_copied_and_what_is_real_stays_as_it_is() {
    let bundle = Bundle::with()
        .candles(market())
        .history_since("2023-09-01")
        .at("2024-03-01T12:02:00Z")
        .start()
        .await;
    bundle.decide().await;
    let database = bundle.database();
    // A lock of now is none of the past, and a strategy of one's own can be simulated.
    let client = database.client().await;
    client
        .batch_execute(
            "INSERT INTO locks VALUES ('operator', '2024-01-01', NULL, 'for good');
             INSERT INTO strategies VALUES ('my-own', 'My own', 720, '1d', 0.2, 0.2, 0.6, 0.005, 0.0075, true, now())",
        )
        .await
        .expect("rows");
    let before = everything_in(database).await;
    let mut arguments = SPAN.to_vec();
    arguments.extend(["--weights", "0,0,1", "--format", "json"]);

    let (first, second) = (
        printed(database, &arguments).await,
        printed(database, &arguments).await,
    );
    let own = printed(
        database,
        &[
            "--strategy",
            "my-own",
            "--from",
            "2024-02-25",
            "--to",
            "2024-02-26",
            "--format",
            "json",
        ],
    )
    .await;

    assert_eq!(first, second);
    let outcome = json(&first);
    assert!(
        outcome["market"]
            .as_str()
            .expect("a text")
            .ends_with("stored rows of the database"),
        "{}",
        outcome["market"]
    );
    assert_eq!(outcome["blocked"], serde_json::json!({}));
    assert!(
        !outcome["trades"].as_array().expect("trades").is_empty(),
        "{outcome}"
    );
    assert_eq!(json(&own)["boundaries"], 2 * 2 + 1);
    assert_eq!(before, everything_in(database).await);
    assert_eq!(left_behind(database).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_stale_market_locks_until_there_are_candles_again() {
    let database = Database::empty().await;
    // From 08:00 to 16:00 on the 26th the last close is too old.
    let holes = ["00", "04", "08", "12"].map(|hour| format!("2024-02-26T{hour}:00:00Z"));
    let files = Files::of(market().without(&holes.each_ref().map(String::as_str)));
    let candles = [
        "--from",
        "2024-02-25",
        "--to",
        "2024-02-27",
        "--format",
        "json",
        "--candles",
        &files.candles[0],
        "--candles",
        &files.candles[1],
    ];

    let outcome = json(&printed(&database, &candles).await);

    // All but one decision is to sell: were the lock to stay, it would stop the rest of them too.
    assert_eq!(outcome["signals"], serde_json::json!({ "HOLD": 1, "SELL": 18 }));
    assert_eq!(outcome["blocked"], serde_json::json!({ "stale_market": 3 }));
}

#[tokio::test]
async fn who_interrupts_it_leaves_no_database_behind() {
    let database = Database::empty().await;
    let files = Files::of(market());
    let mut arguments = files.arguments(&["--progress"]);
    arguments[1] = "2023-11-01";
    let mut running = command(&database, &arguments)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program is built: cargo build --workspace --bins");
    let mut said = BufReader::new(running.stderr.take().expect("it is piped")).lines();
    let first = said.next_line().await.expect("a line").expect("a line");
    assert!(first.contains("boundaries done"), "{first}");
    assert_eq!(left_behind(&database).await.len(), 1);

    let process = running.id().expect("it runs").to_string();
    let told = Command::new("kill").args(["-INT", &process]).status().await;
    assert!(told.expect("kill").success());
    // Whoever reads no more would stop it from saying why it ends.
    let rest = tokio::spawn(async move { while let Ok(Some(_)) = said.next_line().await {} });
    let patience = std::time::Duration::from_mins(1);
    let ended = tokio::time::timeout(patience, running.wait_with_output()).await;
    let output = ended.expect("it ends in time").expect("an output");
    rest.await.expect("its words were read");

    assert!(!output.status.success());
    assert!(output.stdout.is_empty());
    assert_eq!(left_behind(&database).await, Vec::<String>::new());
}

//! `automoney costs`, as a program.

use serde_json::Value;
use shared::clock::Clock;
use shared::db::attempts::Attempt;
use shared::domain::agents::AgentKind;
use shared::domain::costs::utc_day;
use shared::ids::Ids;
use tests::database::Database;
use tests::program;
use tokio::process::Command;

use super::{answer, call, of};

async fn costs(database: &Database, words: &[&str]) -> (bool, String) {
    let output = Command::new(program("automoney"))
        .arg("costs")
        .args(words)
        .env_clear()
        .env("DATABASE_URL", database.url())
        .output()
        .await
        .expect("the program is built: cargo build --workspace --bins");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

/// Two calls now, one of them by a model with an odd name.
async fn spent() -> Database {
    let database = Database::fresh().await;
    let (db, ids, now) = (database.db(), Ids::random(), Clock::system().now());
    let odd = Attempt {
        model: "<b>".to_owned(),
        status: "refused".to_owned(),
        ..answer(&ids, AgentKind::Ta, "0.25")
    };
    let first = answer(&ids, AgentKind::Macro, "12.0000000001");
    for attempt in [first, odd] {
        call(&db, &ids, of(ids.next(), "hodl-wave"), &attempt, now).await;
    }
    database
}

#[tokio::test]
async fn the_table_is_aligned_and_says_everything() {
    let database = spent().await;

    let (is_fine, text) = costs(&database, &["--days", "2"]).await;

    assert!(is_fine, "{text}");
    let today = utc_day(Clock::system().now());
    for said in [
        "12.2500000001 USD, 2308 tokens, 2 executions, 2 attempts, 1 failures".to_owned(),
        "answers used again: 0 %".to_owned(),
        format!("budget 10 USD a day: above it: {today}"),
        format!("today {today}: 12.2500000001 USD settled, 0 USD reserved, of at most 15 USD"),
        "By source\n  nothing\n".to_owned(),
    ] {
        assert!(text.contains(&said), "{said}\nis not in\n{text}");
    }
    let agents: Vec<&str> = text
        .lines()
        .skip_while(|line| *line != "By agent")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .collect();
    assert_eq!(
        agents,
        [
            "  agent  executions  attempts  failures  reused  input  cache write  cached  output  tokens            USD",
            "  macro           1         1         0       0    100           20    1000      34    1154  12.0000000001",
            "  ta              1         1         1       0    100           20    1000      34    1154           0.25",
        ]
    );
}

#[tokio::test]
async fn json_is_one_object_and_the_page_escapes_what_is_stored() {
    let database = spent().await;
    let folder = tempfile::tempdir().unwrap();
    let page = folder.path().join("costs.html");

    let (is_fine, text) = costs(&database, &["--json", "--html", page.to_str().unwrap()]).await;

    assert!(is_fine, "{text}");
    let report: Value = serde_json::from_str(&text).unwrap();
    assert_eq!(report["total"]["cost_usd"], "12.2500000001");
    let page = std::fs::read_to_string(page).unwrap();
    assert!(
        page.contains("12.2500000001") && page.contains("<h2>By day</h2>"),
        "{page}"
    );
    assert!(page.contains("&#60;b&#62;") && !page.contains("<b>"), "{page}");
}

#[tokio::test]
async fn a_page_that_cannot_be_written_is_named() {
    let database = Database::fresh().await;

    let (is_fine, text) = costs(&database, &["--html", "/nowhere/costs.html"]).await;

    assert!(!is_fine);
    assert!(text.contains("/nowhere/costs.html cannot be written"), "{text}");
    let (is_fine, text) = costs(&database, &["--days", "0"]).await;
    assert!(!is_fine && text.contains("0 is not in 1..=731"), "{text}");
}

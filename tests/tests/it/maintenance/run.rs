//! The task: once a time, with its report, its metrics and its failures.

use serde_json::json;
use shared::db::admin::ensure_partitions;
use shared::domain::market::Timeframe;
use tests::bundle::Bundle;
use tests::database::Database;
use tests::function::Function;

use super::*;

const REPORTS: &str = "SELECT scheduled_at, document->'failures' FROM maintenance_reports ORDER BY 1";

#[tokio::test]
async fn a_run_keeps_its_report_and_says_it_in_lines() {
    let bundle = Bundle::with().at("2024-03-01T04:00:00Z").start().await;
    bundle.collect().await;

    let told = bundle.run("maintain-database").await.unwrap();

    let summary = told["summary"].as_array().unwrap();
    let begins = |text: &str| {
        summary
            .iter()
            .any(|line| line.as_str().unwrap().starts_with(text))
    };
    for line in [
        "The database takes",
        "Deleted: none.",
        "Vacuumed",
        "Bloated indexes: none.",
        "Indexes not scanned",
    ] {
        assert!(begins(line), "{line}: {summary:#?}");
    }
    assert_eq!(told["left"], 0);
    assert_eq!(bundle.rows(REPORTS).await, ["(\"2024-03-01 04:00:00+00\",[])"]);
    assert_eq!(
        bundle.run("maintain-database").await.unwrap(),
        told,
        "the stored result"
    );
}

#[tokio::test]
async fn hours_that_are_over_go_with_the_days_work_too() {
    let stage = Stage::start().await;
    let (from, to) = (at("2023-01-15T00:00:00Z"), at("2023-02-15T00:00:00Z"));
    ensure_partitions(&stage.app().db, Timeframe::H1, from, to)
        .await
        .unwrap();

    let report = maintained(&stage, &LIMITS).await;

    // On 1 March 2024 January 2023 lies more than thirteen months back.
    assert_eq!(report["partitions_dropped"], json!(["market_data_1h_2023_01"]));
    let ahead = "SELECT relname FROM pg_class
                 WHERE relname IN ('market_data_1h_2023_01', 'market_data_1h_2023_02', 'market_data_1h_2024_06') ORDER BY 1";
    assert_eq!(
        stage.rows(ahead).await,
        ["(market_data_1h_2023_02)", "(market_data_1h_2024_06)"]
    );
}

#[tokio::test]
async fn a_step_that_fails_keeps_no_other_from_its_work() {
    let bundle = Bundle::with().at("2024-03-01T04:00:00Z").start().await;
    let client = bundle.database().client().await;
    let given = "INSERT INTO data_collection_logs
                 SELECT gen_random_uuid(), 'source', '/', 'ok', 200, 1, 1, NULL, '2020-01-01Z';
                 CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'not this one'; END $$;
                 CREATE TRIGGER refuse BEFORE DELETE ON cost_reports FOR EACH ROW EXECUTE FUNCTION refuse();
                 INSERT INTO cost_reports VALUES ('2020-01-01', now(), '{}')";
    client.batch_execute(given).await.unwrap();

    let failed = bundle.run("maintain-database").await.unwrap_err();

    let chain = shared::telemetry::chain(failed.as_error()).join(": ");
    assert!(
        chain.contains("rows cost_reports") && chain.contains("not this one"),
        "{chain}"
    );
    let left = "SELECT (SELECT count(*) FROM data_collection_logs), (SELECT count(*) FROM cost_reports)";
    assert_eq!(bundle.rows(left).await, ["(0,1)"]);
    let vacuumed =
        "SELECT count(*) FROM maintenance_reports, jsonb_array_elements(document->'vacuumed') AS of
                    WHERE of->>'outcome' = 'done'";
    assert!(number(&client, vacuumed).await > 20);
    // Delivered again once it is mended, it succeeds.
    client
        .batch_execute("DROP TRIGGER refuse ON cost_reports")
        .await
        .unwrap();
    bundle.run("maintain-database").await.unwrap();
    assert_eq!(bundle.rows(REPORTS).await.len(), 1);
}

#[tokio::test]
async fn the_function_tells_its_metrics() {
    let database = Database::fresh().await;
    let environment = [
        ("ENVIRONMENT", "test".to_owned()),
        ("DATABASE_URL", database.url().to_owned()),
        ("LOG_LEVEL", "error".to_owned()),
    ];
    let function = Function::start("maintain-database", &environment).await;
    let event = json!({ "job": "maintain-database", "scheduled_at": "2024-03-01T04:00:00Z" });

    let told = function.answer("one", event).await;

    assert_eq!(told["left"], 0, "{told:#}");
    let log = function.log().await;
    let metric = |name: &str| log.iter().find_map(|line| line[name].as_i64());
    assert_eq!(metric("MaintenanceLeft"), Some(0), "{log:#?}");
    assert!(
        metric("DatabaseBytes").is_some_and(|bytes| bytes > 1_000_000),
        "{log:#?}"
    );
}

#[tokio::test]
async fn what_the_runbook_asks_of_the_reports_is_answered() {
    let stage = Stage::start().await;
    bloat(&stage).await;
    maintained(&stage, &LIMITS).await;
    let runbook = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/RUNBOOK.md");
    let runbook = std::fs::read_to_string(runbook).unwrap();
    let (_, part) = runbook
        .split_once("## The disk fills, or maintenance leaves things")
        .unwrap();
    let part = part.split("\n## ").next().unwrap();
    let blocks: Vec<&str> = part
        .split("```sql")
        .skip(1)
        .filter_map(|rest| rest.split("```").next())
        .collect();
    assert_eq!(blocks.len(), 2);

    let mut answers = Vec::new();
    for statement in blocks.iter().flat_map(|block| block.split(';')) {
        if !statement.trim().is_empty() {
            answers.push(stage.client().query(statement, &[]).await.unwrap().len());
        }
    }

    assert!(answers[0] > 4 && answers[1] == 10, "{answers:?}");
}

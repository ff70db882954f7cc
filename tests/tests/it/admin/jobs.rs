//! Runs of scheduled jobs, page by page.

use jiff::SignedDuration;
use serde_json::Value;
use tests::bundle::Bundle;
use tests::people::Person;

use super::admin;

/// Twelve runs of two jobs at six times, of which every third failed and the last one is at work.
async fn runs(bundle: &Bundle) {
    let client = bundle.database().client().await;
    client
        .batch_execute(
            "INSERT INTO job_runs
             SELECT job, '2024-03-01T00:00:00Z'::timestamptz + n * interval '1 hour',
                    CASE WHEN n = 5 AND job = 'b-job' THEN 'running' WHEN n % 3 = 0 THEN 'failed' ELSE 'done' END,
                    now(), 1, '2024-03-01T00:00:01Z'::timestamptz + n * interval '1 hour', NULL,
                    CASE WHEN n % 3 = 0 OR (n = 5 AND job = 'b-job') THEN NULL ELSE jsonb_build_object('n', n) END,
                    CASE WHEN n % 3 = 0 THEN 'it did not work' END
             FROM generate_series(0, 5) AS n, (VALUES ('a-job'), ('b-job')) AS jobs (job)",
        )
        .await
        .expect("rows");
}

/// All pages of a list, and how many there were.
async fn pages(bundle: &Bundle, person: &Person, path: &str) -> (Vec<Value>, usize) {
    let (mut items, mut count, mut cursor) = (Vec::new(), 0, String::new());
    loop {
        let answer = bundle.get_as(person, &format!("{path}{cursor}")).await;
        assert_eq!(answer.status, 200, "{path}");
        let body = answer.json();
        items.extend(body["data"]["items"].as_array().expect("items").clone());
        count += 1;
        match body["data"]["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => return (items, count),
        }
    }
}

#[tokio::test]
async fn runs_come_newest_first_each_once_also_where_two_jobs_share_a_time() {
    let bundle = Bundle::start().await;
    runs(&bundle).await;
    let ada = admin(&bundle).await;

    let (items, count) = pages(&bundle, &ada, "/api/v1/admin/jobs?limit=5").await;

    let names: Vec<String> = items
        .iter()
        .map(|run| {
            format!(
                "{} {}",
                run["scheduled_at"].as_str().unwrap(),
                run["job"].as_str().unwrap()
            )
        })
        .collect();
    let mut wanted: Vec<String> = (0..6)
        .flat_map(|n| ["a-job", "b-job"].map(|job| format!("2024-03-01T0{n}:00:00Z {job}")))
        .collect();
    wanted.reverse();
    assert_eq!((names, count), (wanted, 3));
    assert_eq!(items[0]["status"], "running");
    assert_eq!(items[0]["result"], Value::Null);
    assert_eq!(items[1]["result"]["n"], 5);
    assert_eq!(items[11]["error"], "it did not work");
}

#[tokio::test]
async fn a_filter_holds_on_every_page() {
    let bundle = Bundle::start().await;
    runs(&bundle).await;
    let ada = admin(&bundle).await;

    let (failed, _) = pages(&bundle, &ada, "/api/v1/admin/jobs?status=failed&limit=3").await;
    let (of_one, _) = pages(&bundle, &ada, "/api/v1/admin/jobs?job=b-job&limit=4").await;
    let (both, _) = pages(
        &bundle,
        &ada,
        "/api/v1/admin/jobs?job=b-job&status=running&limit=1",
    )
    .await;

    assert_eq!(failed.len(), 4);
    assert!(failed.iter().all(|run| run["status"] == "failed"));
    assert_eq!(of_one.len(), 6);
    assert!(of_one.iter().all(|run| run["job"] == "b-job"));
    assert_eq!(both.len(), 1);
}

#[tokio::test]
async fn what_a_task_did_is_there_as_soon_as_it_is_done() {
    let bundle = Bundle::start().await;
    bundle.collect().await;
    bundle.advance(SignedDuration::from_mins(5));
    let ada = admin(&bundle).await;

    let body = bundle
        .get_as(&ada, "/api/v1/admin/jobs?job=collect-prices")
        .await
        .json();

    assert_eq!(
        body["data"]["items"][0]["result"]["failures"],
        serde_json::json!([])
    );
}

#[tokio::test]
async fn wrong_filters_and_cursors_of_other_filters_are_refused() {
    let bundle = Bundle::start().await;
    runs(&bundle).await;
    let ada = admin(&bundle).await;
    let first = bundle.get_as(&ada, "/api/v1/admin/jobs?limit=1").await.json();
    let cursor = first["data"]["next_cursor"].as_str().expect("more");

    for (query, says) in [
        ("status=lost", "status"),
        ("job=a%00b", "task's name"),
        ("job=", "task's name"),
        ("since=2024-03-01", "since"),
        (&format!("job=a-job&cursor={cursor}"), "same filters"),
    ] {
        let answer = bundle.get_as(&ada, &format!("/api/v1/admin/jobs?{query}")).await;
        let (code, message) = answer.refusal();
        assert_eq!(code, "VALIDATION_ERROR", "{query}");
        assert!(message.contains(says), "{query}: {message}");
    }
}

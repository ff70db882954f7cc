//! The report says what a plain sum over all rows says.

use rust_decimal::Decimal;
use serde_json::{Value, json};
use shared::db::attempts::Attempt;
use shared::db::budget::reserve;
use shared::db::decisions::Decisions;
use shared::db::{Db, collection_logs, executions};
use shared::domain::agents::AgentKind;
use shared::domain::costs::{Span, utc_day};
use shared::ids::Ids;
use shared::services::costs::{CostReport, report};
use tests::database::Database;
use tokio_postgres::Client;

use super::{NO_CAP, answer, at, by_rules, call, day, execution, of, usd, used_again};

const NOW: &str = "2026-03-30T12:00:00Z";

/// Thirty-five days of calls, one of them above the budget, with failures, reuse and rules.
async fn lived(db: &Db, ids: &Ids) {
    for number in 0..35_i64 {
        let when = at("2026-02-24T08:00:00Z") + jiff::SignedDuration::from_hours(24 * number);
        let strategy = ["hodl-wave", "swing-4h"][usize::try_from(number % 2).unwrap()];
        let agent = AgentKind::ALL[usize::try_from(number % 3).unwrap()];
        let run = ids.next();
        let failed = Attempt {
            status: "refused".to_owned(),
            model: "another".to_owned(),
            ..answer(ids, agent, "0.0000000001")
        };
        let cost = if number == 20 {
            "10.0000000001"
        } else {
            "0.1234567891"
        };
        call(db, ids, of(run, strategy), &failed, when).await;
        call(db, ids, of(run, strategy), &answer(ids, agent, cost), when).await;
        let free = [by_rules(ids, AgentKind::Macro), used_again(ids, AgentKind::Ta)];
        executions::record(
            db,
            &execution(ids.next(), when),
            &free,
            &Decisions::default(),
            &[],
        )
        .await
        .unwrap();
    }
    lost(db, ids, "2026-03-02T10:00:00Z", "0.75").await;
    lost(db, ids, NOW, "0.5").await;
    let calls = ["ok", "time_out", "ok"].map(|status| collection_logs::CollectionLog {
        id: ids.next(),
        data_source: "binance".to_owned(),
        endpoint: "/path".to_owned(),
        status: status.to_owned(),
        http_status: None,
        latency_ms: 1,
        items: 0,
        error: None,
        created_at: at("2026-03-10T00:00:00Z"),
    });
    collection_logs::record(db, &calls).await.unwrap();
}

/// A call whose process died.
async fn lost(db: &Db, ids: &Ids, when: &str, amount: &str) {
    let when = at(when);
    assert!(
        reserve(db, ids.next(), utc_day(when), usd(amount), NO_CAP, when)
            .await
            .unwrap()
    );
}

async fn made(db: &Db, days: u16) -> CostReport {
    let span = Span::ending(day("2026-03-30"), days);
    report(db, span, usd("15"), at(NOW)).await.unwrap()
}

/// The same figures from the rows themselves, by the columns of `names`.
async fn plain(client: &Client, names: &str) -> Value {
    let query = format!(
        "SELECT coalesce(jsonb_agg(to_jsonb(line) ORDER BY to_jsonb(line)::text), '[]') FROM (
             SELECT {names}, count(*) AS attempts, count(*) FILTER (WHERE status NOT IN ('ok', 'abstained')) AS failures,
                    count(*) FILTER (WHERE cache_hit) AS cache_hits, sum(input_tokens) AS input_tokens,
                    sum(cache_write_tokens) AS cache_write_tokens, sum(cached_tokens) AS cached_tokens,
                    sum(output_tokens) AS output_tokens, sum(tokens_used) AS tokens_used,
                    trim_scale(sum(cost))::text AS cost_usd
             FROM (SELECT *, (created_at AT TIME ZONE 'UTC')::date AS day, agent_type AS agent
                   FROM agent_execution_logs) AS attempts
             WHERE day BETWEEN '2026-03-01' AND '2026-03-30'
             GROUP BY {names}) AS line"
    );
    client.query_one(&query, &[]).await.unwrap().get(0)
}

/// A section of the report without what only the report knows, in the order of [`plain`].
fn section(report: &CostReport, name: &str) -> Value {
    let report = serde_json::to_value(report).unwrap();
    let mut lines = report[name].as_array().unwrap().clone();
    for line in &mut lines {
        let line = line.as_object_mut().unwrap();
        line.remove("executions");
        line.remove("reserved_usd");
    }
    Value::from(lines)
}

fn same(a: &Value, b: &Value) {
    let sorted = |value: &Value| {
        let mut lines: Vec<String> = value.as_array().unwrap().iter().map(Value::to_string).collect();
        lines.sort();
        lines
    };
    assert_eq!(sorted(a), sorted(b));
}

#[tokio::test]
async fn every_section_is_what_the_rows_of_the_span_come_to() {
    let database = Database::fresh().await;
    let (db, ids, client) = (database.db(), Ids::counted(), database.client().await);
    lived(&db, &ids).await;

    let report = made(&db, 30).await;

    for (name, columns) in [
        ("by_agent", "agent"),
        ("by_model", "provider, model"),
        ("by_strategy", "strategy_id"),
        ("by_day", "day"),
    ] {
        same(&section(&report, name), &plain(&client, columns).await);
    }
    let executions =
        "SELECT count(*) FROM (SELECT DISTINCT execution_id, agent_type FROM agent_execution_logs
                      WHERE created_at >= '2026-03-01Z' AND created_at < '2026-03-31Z') AS asked";
    let executions: i64 = client.query_one(executions, &[]).await.unwrap().get(0);
    assert_eq!(report.total.executions, executions);
    let of_agents: i64 = report.by_agent.iter().map(|of| of.executions).sum();
    let of_strategies: i64 = report.by_strategy.iter().map(|of| of.executions).sum();
    assert_eq!((of_agents, of_strategies), (executions, executions));
    let total: Decimal = report.by_model.iter().map(|of| of.figures.cost_usd).sum();
    assert_eq!(report.total.figures.cost_usd, total);
    assert_eq!(
        serde_json::to_value(&report.by_source).unwrap(),
        json!([{ "data_source": "binance", "calls": 3, "failures": 1 }])
    );
}

#[tokio::test]
async fn the_budget_the_cap_and_what_nobody_settled_are_told_apart() {
    let database = Database::fresh().await;
    let (db, ids) = (database.db(), Ids::counted());
    lived(&db, &ids).await;

    let report = serde_json::to_value(made(&db, 30).await).unwrap();

    assert_eq!(report["first_day"], "2026-03-01");
    assert_eq!(report["daily_budget_usd"], "10");
    assert_eq!(report["days_above_budget"], json!(["2026-03-16"]));
    assert_eq!(report["unsettled_usd"], "0.75", "today's may still be settled");
    assert_eq!(
        report["today"],
        json!({ "day": "2026-03-30", "settled_usd": "0.1234567892", "reserved_usd": "0.5", "cap_usd": "15" })
    );
    // A day: one new answer of a model, one that was used again.
    assert_eq!(report["total"]["cache_hit_rate_pct"], 50.0);
    let days: Vec<&Value> = report["by_day"].as_array().unwrap().iter().collect();
    assert_eq!(days.len(), 30);
    assert_eq!(
        (&days[1]["day"], &days[1]["reserved_usd"]),
        (&json!("2026-03-02"), &json!("0.75"))
    );
}

#[tokio::test]
async fn a_span_without_anything_is_a_report_of_nothing() {
    let database = Database::fresh().await;

    let report = made(&database.db(), 30).await;

    assert_eq!(report.total.figures.attempts, 0);
    assert_eq!(report.total.cache_hit_rate_pct, None);
    assert!(report.by_day.is_empty() && report.by_agent.is_empty() && report.by_source.is_empty());
}

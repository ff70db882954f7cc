//! The ledger of model calls: reserved before, settled after, summed by day, reported, told.

mod answers;
mod budget;
mod command;
mod ledger;
mod migration;
mod report;
mod task;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;
use serde_json::Value;
use shared::db::attempts::{Attempt, Of};
use shared::db::budget::{reserve, settle};
use shared::db::{Db, executions};
use shared::domain::agents::AgentKind;
use shared::domain::costs::utc_day;
use shared::ids::Ids;
use tokio_postgres::Client;
use uuid::Uuid;

/// More than any test spends.
const NO_CAP: Decimal = Decimal::ONE_THOUSAND;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn day(text: &str) -> Date {
    text.parse().unwrap()
}

fn usd(text: &str) -> Decimal {
    text.parse().unwrap()
}

const fn of(execution_id: Uuid, strategy_id: &str) -> Of<'_> {
    Of {
        execution_id,
        strategy_id,
    }
}

/// An answer of a model for `cost` USD.
fn answer(ids: &Ids, agent: AgentKind, cost: &str) -> Attempt {
    Attempt {
        id: ids.next(),
        agent,
        provider: "anthropic".to_owned(),
        model: "a-model".to_owned(),
        prompt_version: Some("v1".to_owned()),
        status: "ok".to_owned(),
        input_tokens: 100,
        cache_write_tokens: 20,
        cached_tokens: 1000,
        output_tokens: 34,
        cost: usd(cost),
        latency_ms: 812,
        is_cache_hit: false,
        error: None,
    }
}

/// An answer of the rules.
fn by_rules(ids: &Ids, agent: AgentKind) -> Attempt {
    Attempt {
        provider: "rules".to_owned(),
        model: "rules".to_owned(),
        prompt_version: None,
        input_tokens: 0,
        cache_write_tokens: 0,
        cached_tokens: 0,
        output_tokens: 0,
        ..answer(ids, agent, "0")
    }
}

/// A model's answer that is used again.
fn used_again(ids: &Ids, agent: AgentKind) -> Attempt {
    Attempt {
        is_cache_hit: true,
        provider: "anthropic".to_owned(),
        model: "a-model".to_owned(),
        ..by_rules(ids, agent)
    }
}

/// A skipped execution of `hodl-wave` as of `as_of`, recorded at once.
fn execution(id: Uuid, as_of: Timestamp) -> executions::Execution {
    executions::Execution {
        id,
        strategy_id: "hodl-wave".to_owned(),
        as_of,
        decided: None,
        document: Value::Null,
        created_at: as_of,
    }
}

/// A call that is made and paid: reserved at `when`, settled a second later.
async fn call(db: &Db, ids: &Ids, of: Of<'_>, attempt: &Attempt, when: Timestamp) {
    let reservation = ids.next();
    let amount = attempt.cost + Decimal::ONE;
    assert!(
        reserve(db, reservation, utc_day(when), amount, NO_CAP, when)
            .await
            .unwrap()
    );
    let later = when + jiff::SignedDuration::from_secs(1);
    assert!(settle(db, reservation, of, attempt, later).await.unwrap());
}

/// Every row that a query gives, as text.
async fn rows(client: &Client, query: &str) -> Vec<String> {
    let query = format!("SELECT found::text FROM ({query}) AS found");
    let rows = client.query(&query, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// What is wrong with the sums, when all of it is summed again from the rows.
async fn differences(client: &Client) -> Vec<String> {
    let mut found = Vec::new();
    for (kept, plain) in SUMS {
        let query = format!(
            "WITH kept AS ({kept}), plain AS ({plain})
             SELECT 'too much' AS is, extra::text FROM (TABLE kept EXCEPT ALL TABLE plain) AS extra
             UNION ALL SELECT 'lacks', extra::text FROM (TABLE plain EXCEPT ALL TABLE kept) AS extra"
        );
        found.extend(rows(client, &query).await);
    }
    found
}

/// The tables of sums, and the plain way to the same figures. A sum that came to nothing may stay.
const SUMS: [(&str, &str); 4] = [
    (
        "SELECT * FROM agent_cost_days",
        "SELECT (created_at AT TIME ZONE 'UTC')::date, strategy_id, agent_type, provider, model, count(*),
                count(*) FILTER (WHERE status NOT IN ('ok', 'abstained')), count(*) FILTER (WHERE cache_hit),
                sum(input_tokens), sum(output_tokens), sum(cached_tokens), sum(cache_write_tokens), sum(cost)
         FROM agent_execution_logs GROUP BY 1, 2, 3, 4, 5",
    ),
    (
        "SELECT * FROM agent_execution_days WHERE executions > 0",
        "SELECT first_day, strategy_id, agent_type, count(DISTINCT execution_id)
         FROM (SELECT execution_id, agent_type, strategy_id,
                      min((created_at AT TIME ZONE 'UTC')::date) OVER (PARTITION BY execution_id, agent_type)
                          AS first_day
               FROM agent_execution_logs) AS attempts GROUP BY 1, 2, 3",
    ),
    (
        "SELECT * FROM source_call_days",
        "SELECT (created_at AT TIME ZONE 'UTC')::date, data_source, count(*), count(*) FILTER (WHERE status <> 'ok')
         FROM data_collection_logs GROUP BY 1, 2",
    ),
    (
        "SELECT * FROM model_spend_days WHERE settled > 0 OR reserved > 0",
        "SELECT day, coalesce(sum(settled), 0), coalesce(sum(reserved), 0)
         FROM (SELECT (created_at AT TIME ZONE 'UTC')::date AS day, cost AS settled, NULL::numeric AS reserved
               FROM agent_execution_logs
               UNION ALL SELECT day, NULL, amount FROM model_reservations WHERE settled_at IS NULL) AS moved
         GROUP BY day HAVING coalesce(sum(settled), 0) > 0 OR coalesce(sum(reserved), 0) > 0",
    ),
];

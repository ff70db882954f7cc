//! What was there before the ledger is summed by it, and can be taken back.

use shared::db::connect_once;
use shared::db::migrations::{MIGRATIONS, Runner};
use tests::database::Database;

use super::{at, differences, rows};

/// The last version without it, and the first one with it.
const BEFORE: usize = 8;

/// Executions over midnight and calls, as the version before wrote them.
const WRITTEN: &str = "
INSERT INTO strategy_executions
SELECT ('00000000-0000-7000-8000-00000000000' || n)::uuid, CASE WHEN n % 2 = 0 THEN 'hodl-wave' ELSE 'swing-4h' END,
       '2026-01-01Z'::timestamptz + n * interval '4 hours', 'skipped', NULL, NULL, '{}', now()
FROM generate_series(1, 9) AS n;
INSERT INTO agent_execution_logs
SELECT gen_random_uuid(), id, agent, 'rules', 'rules', CASE WHEN n = 1 THEN 'abstained' ELSE 'ok' END, 0, 0, 0, 0, 0, 1,
       false, NULL, as_of + n * interval '9 hours'
FROM strategy_executions, unnest(ARRAY['macro', 'onchain', 'ta']) AS agent, generate_series(1, 2) AS n;
INSERT INTO data_collection_logs
SELECT gen_random_uuid(), 'source-' || n % 3, '/path', CASE WHEN n % 4 = 0 THEN 'time_out' ELSE 'ok' END, 200, 10, 1,
       NULL, '2026-01-01Z'::timestamptz + n * interval '5 hours'
FROM generate_series(1, 40) AS n;
";

async fn runner(database: &Database, until: usize) -> Runner<'static> {
    let client = connect_once(&database.settings()).await.unwrap();
    Runner::new(client, &MIGRATIONS[..until])
}

#[tokio::test]
async fn rows_of_before_are_summed_as_those_of_after() {
    let database = Database::empty().await;
    let (client, now) = (database.client().await, at("2026-02-01T00:00:00Z"));
    runner(&database, BEFORE).await.up(now).await.unwrap();
    client.batch_execute(WRITTEN).await.unwrap();

    runner(&database, BEFORE + 1).await.up(now).await.unwrap();

    assert_eq!(differences(&client).await, [""; 0]);
    let summed =
        "SELECT count(*) FROM agent_cost_days UNION ALL SELECT sum(executions) FROM agent_execution_days
                  UNION ALL SELECT sum(calls) FROM source_call_days";
    let summed = rows(&client, summed).await;
    assert!(
        summed[0] != "(0)" && summed[1..] == ["(27)", "(40)"],
        "{summed:?}"
    );
    let strategies = "SELECT count(*) FROM agent_execution_logs AS a JOIN strategy_executions AS e
                      ON e.id = a.execution_id WHERE e.strategy_id <> a.strategy_id";
    assert_eq!(rows(&client, strategies).await, ["(0)"]);
}

#[tokio::test]
async fn it_can_be_taken_back_with_attempts_whose_execution_was_never_recorded() {
    let database = Database::empty().await;
    let (client, now) = (database.client().await, at("2026-02-01T00:00:00Z"));
    let before = runner(&database, BEFORE).await;
    before.up(now).await.unwrap();
    client.batch_execute(WRITTEN).await.unwrap();
    let with = runner(&database, BEFORE + 1).await;
    with.up(now).await.unwrap();
    let lost = "INSERT INTO agent_execution_logs (id, execution_id, strategy_id, agent_type, provider, model, status,
                    input_tokens, output_tokens, cached_tokens, tokens_used, cost, latency_ms, cache_hit, created_at)
                VALUES (gen_random_uuid(), gen_random_uuid(), 'hodl-wave', 'ta', 'p', 'm', 'ok', 1, 1, 0, 2, 1, 1, false, now())";
    client.batch_execute(lost).await.unwrap();

    with.down(1).await.unwrap();

    let kept = "SELECT count(*) FROM agent_execution_logs";
    assert_eq!(rows(&client, kept).await, ["(54)"]);
    with.up(now).await.unwrap();
    assert_eq!(differences(&client).await, [""; 0]);
}

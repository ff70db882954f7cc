//! What is kept stays, what is older goes: to the microsecond, batch by batch, whatever ends a run.

use std::collections::BTreeSet;

use futures_util::FutureExt as _;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use serde_json::json;
use shared::domain::retention::{Expiring, KEPT};
use tests::paper::Stage;

use super::*;

/// How rows of a kind that are of given times are written, and how the times are read back.
fn rows_of(kind: Expiring) -> (&'static str, &'static str) {
    match kind {
        Expiring::AgentLogs => (
            "INSERT INTO agent_execution_logs
             SELECT gen_random_uuid(), gen_random_uuid(), 'ta', 'rules', 'rules', 'ok', 0, 0, 0, 0, 0, 1, false, NULL, t,
                    'hodl-wave', 0, NULL FROM unnest($1::timestamptz[]) AS t",
            "SELECT created_at FROM agent_execution_logs",
        ),
        Expiring::ModelAnswers => (
            "INSERT INTO model_answers
             SELECT gen_random_uuid(), 'ta', '4h', t, 0, '{}', '{}', 0, 0, '', '', 'p', 'm', 'v', gen_random_uuid(), t
             FROM unnest($1::timestamptz[]) AS t",
            "SELECT created_at FROM model_answers",
        ),
        Expiring::Executions => (
            "INSERT INTO strategy_executions
             SELECT gen_random_uuid(), 'hodl-wave', t, 'skipped', NULL, NULL, '{}', t FROM unnest($1::timestamptz[]) AS t",
            "SELECT as_of FROM strategy_executions",
        ),
        Expiring::Decisions => (
            "INSERT INTO decisions
             SELECT gen_random_uuid(), gen_random_uuid(), 'hodl-wave', t, false, 0.5, 0.3, 0.2, 50, 'HOLD', 0, 1, 1, '',
                    'nothing', NULL, NULL, 0, 0, '{}', t, t FROM unnest($1::timestamptz[]) AS t",
            "SELECT as_of FROM decisions",
        ),
        Expiring::CollectionLogs => (
            "INSERT INTO data_collection_logs
             SELECT gen_random_uuid(), 'source', '/', 'ok', 200, 1, 1, NULL, t FROM unnest($1::timestamptz[]) AS t",
            "SELECT created_at FROM data_collection_logs",
        ),
        Expiring::CostReports => (
            "INSERT INTO cost_reports SELECT (t AT TIME ZONE 'UTC')::date, t, '{}' FROM unnest($1::timestamptz[]) AS t
             ON CONFLICT DO NOTHING",
            "SELECT day::timestamp AT TIME ZONE 'UTC' FROM cost_reports",
        ),
        Expiring::MaintenanceReports => (
            "INSERT INTO maintenance_reports SELECT t, t, '{}' FROM unnest($1::timestamptz[]) AS t",
            "SELECT scheduled_at FROM maintenance_reports WHERE document = '{}'",
        ),
        Expiring::RejectedRows => (
            "INSERT INTO rejected_observations SELECT 's', 's', 's', t::text, NULL, 1, t, t FROM unnest($1::timestamptz[]) AS t",
            "SELECT last_seen_at FROM rejected_observations",
        ),
        Expiring::SettledReservations => (
            "WITH days AS (INSERT INTO model_spend_days SELECT DISTINCT (t AT TIME ZONE 'UTC')::date, 1, 0
                           FROM unnest($1::timestamptz[]) AS t ON CONFLICT DO NOTHING)
             INSERT INTO model_reservations SELECT gen_random_uuid(), (t AT TIME ZONE 'UTC')::date, 1, t, t
             FROM unnest($1::timestamptz[]) AS t",
            "SELECT settled_at FROM model_reservations WHERE settled_at IS NOT NULL",
        ),
        Expiring::UnsettledReservations => (
            "WITH days AS (INSERT INTO model_spend_days SELECT DISTINCT (t AT TIME ZONE 'UTC')::date, 1, 0
                           FROM unnest($1::timestamptz[]) AS t ON CONFLICT DO NOTHING)
             INSERT INTO model_reservations SELECT gen_random_uuid(), (t AT TIME ZONE 'UTC')::date, 1, t, NULL
             FROM unnest($1::timestamptz[]) AS t",
            "SELECT created_at FROM model_reservations WHERE settled_at IS NULL",
        ),
        Expiring::JobRuns => (
            "INSERT INTO job_runs SELECT 'a job', t, 'done', t, 1, t, t, '{}', NULL FROM unnest($1::timestamptz[]) AS t",
            "SELECT started_at FROM job_runs",
        ),
        // Over by its last use, by its end or by its latest end.
        Expiring::RefreshTokens | Expiring::Sessions => (
            "WITH numbered AS (SELECT t, n, gen_random_uuid() AS id
                               FROM unnest($1::timestamptz[]) WITH ORDINALITY AS each (t, n)),
                  session AS (
                      INSERT INTO sessions
                      SELECT numbered.id, users.id, 'body', NULL, t - interval '8 days',
                             CASE n % 3 WHEN 0 THEN t - interval '7 days' WHEN 1 THEN t - interval '1 hour' ELSE t END,
                             CASE n % 3 WHEN 2 THEN t ELSE t + interval '22 days' END,
                             CASE n % 3 WHEN 1 THEN t END, CASE n % 3 WHEN 1 THEN 'logout' END
                      FROM numbered, users
                      RETURNING id)
             INSERT INTO refresh_tokens SELECT sha256(id::text::bytea), id, $1[1], NULL, NULL FROM session",
            "SELECT least(ended_at, expires_at, last_used_at + interval '7 days')
             FROM sessions JOIN refresh_tokens ON session_id = id",
        ),
        Expiring::PushEvents => (
            "INSERT INTO push_outbox SELECT users.id, n, 'system:notice', '{}', t
             FROM users, unnest($1::timestamptz[]) WITH ORDINALITY AS each (t, n)",
            "SELECT created_at FROM push_outbox",
        ),
        Expiring::PushConnections => (
            "INSERT INTO push_connections (id, user_id, session_id, connected_at, last_seen_at, expires_at, sent_seq)
             SELECT 'c-' || n, users.id, users.id, t, t, t, 0
             FROM users, unnest($1::timestamptz[]) WITH ORDINALITY AS each (t, n)",
            "SELECT expires_at FROM push_connections",
        ),
    }
}

/// The cost reports have days, everything else has times; both are read back as times.
fn is_kept(kind: Expiring, time: Timestamp, now: Timestamp) -> bool {
    let before = kind.over_before(now);
    match kind {
        Expiring::CostReports => time >= before.to_zoned(TimeZone::UTC).start_of_day().unwrap().timestamp(),
        _ => time >= before,
    }
}

async fn times(stage: &Stage, kind: Expiring) -> BTreeSet<Timestamp> {
    let rows = stage.client().query(rows_of(kind).1, &[]).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}

/// Two kinds share a statement and its rows.
fn written() -> impl Iterator<Item = Expiring> {
    Expiring::ALL
        .into_iter()
        .filter(|kind| *kind != Expiring::RefreshTokens)
}

async fn only_what_is_over_goes(offsets: &BTreeSet<i64>) {
    let stage = Stage::start().await;
    stage.user("ann").await;
    let now = stage.app().clock.now();
    let mut expected = Vec::new();
    for kind in written() {
        let before = kind.over_before(now);
        let given: Vec<Timestamp> = offsets
            .iter()
            .map(|offset| before + SignedDuration::from_micros(*offset))
            .collect();
        stage
            .client()
            .execute(rows_of(kind).0, &[&given])
            .await
            .unwrap_or_else(|error| panic!("{kind:?}: {error:?}"));
        let all = times(&stage, kind).await;
        let kept: BTreeSet<Timestamp> = all.into_iter().filter(|time| is_kept(kind, *time, now)).collect();
        expected.push((kind, kept));
    }

    maintained(&stage, &LIMITS).await;

    for (kind, kept) in expected {
        assert_eq!(times(&stage, kind).await, kept, "{kind:?}");
    }
    let tokens = number(stage.client(), "SELECT count(*) FROM refresh_tokens").await;
    let sessions = number(stage.client(), "SELECT count(*) FROM sessions").await;
    assert_eq!(tokens, sessions, "a session that is kept keeps its token");
    // What was deleted is still in the sums.
    let sums = "SELECT sum(calls)::bigint FROM source_call_days";
    assert_eq!(
        number(stage.client(), sums).await,
        i64::try_from(offsets.len()).unwrap()
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, max_shrink_iters: 24, ..ProptestConfig::default() })]
    #[test]
    fn what_is_kept_stays_and_what_is_older_goes(
        // Minutes around the time that divides them, and that time itself.
        offsets in prop::collection::btree_set(
            prop_oneof![2 => -60_000_000_i64..60_000_000, 1 => -2_i64..=2], 1..120)
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let outcome = runtime.block_on(
            std::panic::AssertUnwindSafe(only_what_is_over_goes(&offsets)).catch_unwind());
        if let Err(panic) = outcome {
            let why = panic.downcast_ref::<String>().cloned().unwrap_or_default();
            return Err(TestCaseError::fail(why));
        }
    }
}

#[tokio::test]
async fn every_table_has_its_time_or_the_reason_why_it_is_kept() {
    let stage = Stage::start().await;
    let tables = "SELECT relname::text FROM pg_class WHERE relnamespace = 'public'::regnamespace
                  AND relkind IN ('r', 'p') AND NOT relispartition";
    let rows = stage.client().query(tables, &[]).await.unwrap();
    let in_schema: BTreeSet<String> = rows.iter().map(|row| row.get(0)).collect();
    let expiring = Expiring::ALL.map(Expiring::table);
    let named = expiring.into_iter().chain(KEPT.map(|(table, _)| table));
    assert_eq!(in_schema, named.map(str::to_owned).collect());
    let both: Vec<&str> = KEPT
        .into_iter()
        .map(|(table, _)| table)
        .filter(|table| expiring.contains(table))
        .collect();
    assert_eq!(both, ["decisions"]);
}

#[tokio::test]
async fn decisions_that_something_depends_on_stay() {
    let stage = Stage::start().await;
    let long_ago = at("2021-01-01T00:00:00Z");
    let shown = stage.follower("shown", "hodl-wave", "5000").await;
    let traded = stage.follower("traded", "hodl-wave", "5000").await;
    let decision = |name: &str, weight: &str, status: &str, is_own: bool| {
        format!(
            "INSERT INTO decisions
             SELECT md5('{name}')::uuid, gen_random_uuid(), 'hodl-wave', '{long_ago}', {is_own}, 0.5, 0.5 - {weight}, {weight},
                    50, 'HOLD', 0, 1, 1, '{name}', '{status}', 'a reason', NULL, 0, 0, '{{}}', '{long_ago}',
                    CASE WHEN '{status}' <> 'pending' THEN '{long_ago}'::timestamptz END;"
        )
    };
    let (shown, traded) = (shown.uuid(), traded.uuid());
    let given = [
        decision("own", "0.1", "nothing", true),
        decision("untraded", "0.11", "nothing", false),
        decision("blocked", "0.12", "blocked", false),
        decision("pending", "0.13", "pending", false),
        decision("shown", "0.14", "expired", false),
        decision("traded", "0.15", "traded", false),
        format!(
            "UPDATE subscriptions SET last_decision_id = md5('shown')::uuid, last_outcome = 'expired' WHERE id = '{shown}';
             INSERT INTO trades
             SELECT gen_random_uuid(), id, user_id, 'hodl-wave', md5('traded')::uuid, 'BTC', 'buy', 1, 1, 1, 1, 0, 1, NULL, 0,
                    1, 1, '{long_ago}', '{long_ago}' FROM subscriptions WHERE id = '{traded}';"
        ),
    ];
    stage.client().batch_execute(&given.concat()).await.unwrap();

    let report = maintained(&stage, &LIMITS).await;

    let left = "SELECT explanation FROM decisions ORDER BY 1";
    assert_eq!(
        stage.rows(left).await,
        ["(own)", "(pending)", "(shown)", "(traded)"]
    );
    assert_eq!(entry(&report, "expired", "rows", "decisions")["deleted"], 2);
}

#[tokio::test]
async fn runs_that_may_be_at_work_stay_and_those_that_died_are_ended() {
    let stage = Stage::start().await;
    let given = "INSERT INTO job_runs (job, scheduled_at, status, lease_until, attempts, started_at) VALUES
                 ('at work', '2023-01-01Z', 'running', '2024-03-01 12:30Z', 1, '2023-01-01Z'),
                 ('late', '2024-03-01Z', 'running', '2024-03-01 11:00Z', 1, '2024-03-01Z'),
                 ('dead', '2024-02-20Z', 'running', '2024-02-20Z', 3, '2024-02-20Z'),
                 ('long dead', '2023-01-01Z', 'running', '2023-01-01Z', 1, '2023-01-01Z')";
    stage.client().batch_execute(given).await.unwrap();

    let report = maintained(&stage, &LIMITS).await;

    let runs = "SELECT job, status, attempts, error IS NOT NULL FROM job_runs ORDER BY job";
    assert_eq!(
        stage.rows(runs).await,
        [
            "(\"at work\",running,1,f)",
            "(dead,failed,3,t)",
            "(late,running,1,f)"
        ]
    );
    assert_eq!(report["dead_runs"], 1);
}

#[tokio::test]
async fn a_row_that_somebody_has_locked_is_left_to_the_next_run() {
    let stage = Stage::start().await;
    let old = "INSERT INTO data_collection_logs
               SELECT gen_random_uuid(), 'source', '/', 'ok', 200, 1, n, NULL, '2020-01-01Z' FROM generate_series(1, 120) AS n";
    stage.client().batch_execute(old).await.unwrap();
    let mut somebody = stage.database().client().await;
    let held = somebody.transaction().await.unwrap();
    let lock = "SELECT 1 FROM data_collection_logs WHERE items = 7 FOR UPDATE";
    held.query_one(lock, &[]).await.unwrap();

    let report = maintained(&stage, &LIMITS).await;

    let of = entry(&report, "expired", "rows", "collection_logs");
    assert_eq!((&of["deleted"], &of["outcome"]), (&json!(119), &json!("done")));
    held.commit().await.unwrap();
    stage.app().clock.advance(SignedDuration::from_hours(24));
    let report = maintained(&stage, &LIMITS).await;
    assert_eq!(entry(&report, "expired", "rows", "collection_logs")["deleted"], 1);
    assert_eq!(
        number(stage.client(), "SELECT count(*) FROM data_collection_logs").await,
        0
    );
}

#[tokio::test]
async fn a_session_with_thousands_of_tokens_goes_in_batches() {
    let stage = Stage::start().await;
    stage.user("ann").await;
    let given = "INSERT INTO sessions
                 SELECT id, id, 'body', NULL, '2023-01-01Z', '2023-01-02Z', '2023-01-31Z', NULL, NULL FROM users;
                 INSERT INTO refresh_tokens
                 SELECT sha256(n::text::bytea), id, '2023-01-01Z', CASE WHEN n > 1 THEN '2023-01-02Z'::timestamptz END,
                        CASE WHEN n > 1 THEN '\\x00'::bytea END
                 FROM users, generate_series(1, 2880) AS n";
    stage.client().batch_execute(given).await.unwrap();

    let report = maintained(&stage, &LIMITS).await;

    assert_eq!(
        entry(&report, "expired", "rows", "refresh_tokens")["deleted"],
        2880
    );
    assert_eq!(entry(&report, "expired", "rows", "sessions")["deleted"], 1);
}

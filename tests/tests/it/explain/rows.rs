//! Ten thousand rows for every table.

/// The first and the last day of what [`FILL`] writes into `market_data`.
pub(super) const FIRST: &str = "2024-12-01T00:00:00Z";
pub(super) const LAST: &str = "2026-02-28T00:00:00Z";

/// Writes them. A new table needs its lines here; a test counts.
pub(super) const FILL: &str = "
INSERT INTO market_data
SELECT 'BTC', '1h', '2025-01-01'::timestamptz + n * interval '1 hour', 2, 3, 1, 2, 1, false, 'sample', now(), now()
FROM generate_series(1, 10000) AS n;
INSERT INTO market_data
SELECT asset, timeframe, '2025-01-01'::timestamptz + n * step, 2, 3, 1, 2, 1, false, 'sample', now(), now()
FROM (VALUES ('4h', interval '4 hours', 2500), ('1d', interval '1 day', 420)) AS series (timeframe, step, count),
     (VALUES ('BTC'), ('ETH')) AS assets (asset), LATERAL generate_series(1, count) AS n;

INSERT INTO market_gaps
SELECT 'BTC', '1h', '2020-01-01'::timestamptz + n * interval '1 hour', now() FROM generate_series(1, 10000) AS n;

INSERT INTO market_data_revisions
SELECT 'BTC', '1h', '2025-01-01'::timestamptz + n * interval '1 hour', '2025-01-02'::timestamptz + n * interval '1 hour',
       2, 3, 1, 2, 1, 'sample', now()
FROM generate_series(1, 10000) AS n;

INSERT INTO market_audits
SELECT asset, timeframe, '2020-01-01', '2020-01-01', '2025-01-01', now()
FROM (VALUES ('BTC'), ('ETH')) AS assets (asset), (VALUES ('1h'), ('4h'), ('1d')) AS timeframes (timeframe);

INSERT INTO live_prices
SELECT asset, 1, 0, 'sample', now(), service
FROM (VALUES ('BTC'), ('ETH')) AS assets (asset), (VALUES ('binance'), ('coingecko')) AS services (service);

INSERT INTO price_comparisons VALUES ('BTC', now(), 1, 1, 0, 0), ('ETH', now(), 1, 1, 0, 0);

INSERT INTO rejected_observations
SELECT 'sample', 'series-' || n % 20, 'shape', 'row ' || n, NULL, 1, now(), now() - n * interval '1 minute'
FROM generate_series(1, 10000) AS n;

INSERT INTO locks
SELECT reason, '2020-01-01'::timestamptz + n * interval '1 hour', '2020-01-01'::timestamptz + n * interval '90 minutes',
       'a test'
FROM (VALUES ('sources_disagree'), ('operator')) AS reasons (reason), generate_series(1, 5000) AS n;

INSERT INTO indicator_observations
SELECT metric, '2020-01-01'::timestamptz + n * interval '1 day', n, 'sample',
       '2020-01-02'::timestamptz + n * interval '1 day', NULL, false, now()
FROM (VALUES ('nvt'), ('mvrv_z_score'), ('fear_greed'), ('dollar_index'), ('money_supply')) AS metrics (metric),
     generate_series(1, 2000) AS n;

INSERT INTO observation_revisions
SELECT metric, '2020-01-01'::timestamptz + n * interval '1 day', '2020-01-02'::timestamptz + n * interval '1 day',
       n, 'sample', NULL, false, now()
FROM (VALUES ('nvt'), ('mvrv_z_score'), ('fear_greed'), ('dollar_index'), ('money_supply')) AS metrics (metric),
     generate_series(1, 2000) AS n;

INSERT INTO data_collection_logs
SELECT gen_random_uuid(), 'source-' || n % 7, '/path', 'ok', 200, 10, 1, NULL, now() - n * interval '1 minute'
FROM generate_series(1, 10000) AS n;

INSERT INTO strategies
SELECT 'probe-' || n, 'Probe', 240, '4h', 0.4, 0.4, 0.2, 0.005, 0.005, n % 2 = 0, now()
FROM generate_series(1, 10000) AS n;

INSERT INTO strategy_executions
SELECT gen_random_uuid(), CASE WHEN n % 2 = 0 THEN 'hodl-wave' ELSE 'swing-4h' END,
       '2020-01-01'::timestamptz + n * interval '4 hours', CASE WHEN n % 5 = 0 THEN 'skipped' ELSE 'decided' END,
       CASE WHEN n % 5 > 0 THEN 50 END, CASE WHEN n % 5 > 0 THEN 'HOLD' END, '{}', now()
FROM generate_series(1, 10000) AS n;

INSERT INTO agent_execution_logs
SELECT gen_random_uuid(), id, 'ta', 'rules', 'rules', 'ok', 0, 0, 0, 0, 0, 1, false, NULL, now(), strategy_id, 0, NULL
FROM strategy_executions;

INSERT INTO model_spend_days SELECT '2000-01-01'::date + n, 1, 0 FROM generate_series(1, 10000) AS n;

INSERT INTO model_reservations
SELECT gen_random_uuid(), '2000-01-01'::date + n, 1, '2000-01-01Z'::timestamptz + n * interval '1 day', NULL
FROM generate_series(1, 10000) AS n;

INSERT INTO agent_cost_days
SELECT '2000-01-01'::date + n, 'probe', 'ta', 'provider', 'model', 1, 0, 0, 1, 1, 0, 0, 1
FROM generate_series(1, 10000) AS n;

INSERT INTO agent_execution_days
SELECT '2000-01-01'::date + n, 'probe', 'ta', 1 FROM generate_series(1, 10000) AS n;

INSERT INTO source_call_days SELECT '2000-01-01'::date + n, 'source', 1, 0 FROM generate_series(1, 10000) AS n;

INSERT INTO cost_reports SELECT '2000-01-01'::date + n, now(), '{}' FROM generate_series(1, 10000) AS n;

INSERT INTO maintenance_reports
SELECT '2000-01-01Z'::timestamptz + n * interval '1 day', now(), '{}' FROM generate_series(1, 10000) AS n;

INSERT INTO model_answers
SELECT gen_random_uuid(), 'ta', 'swing-4h', '2020-01-01'::timestamptz + n * interval '4 hours', 0, '{}', '{}', 0, 0, '',
       '', 'provider', 'model', 'v1', gen_random_uuid(), now()
FROM generate_series(1, 10000) AS n;

INSERT INTO users
SELECT md5('user' || n)::uuid, 'sub-' || n, 'user-' || n || '@example.com', NULL, 'user', 'free', now(), now()
FROM generate_series(1, 10000) AS n;

INSERT INTO sessions
SELECT gen_random_uuid(), id, 'body', NULL, now(), now(), now() + interval '30 days', NULL, NULL FROM users;

INSERT INTO refresh_tokens SELECT sha256(id::text::bytea), id, now(), NULL, NULL FROM sessions;

INSERT INTO auth_events SELECT gen_random_uuid(), id, NULL, 'exported', 'user', '{}', now() FROM users;

INSERT INTO portfolios SELECT id, 10000, now() FROM users;

INSERT INTO subscriptions
SELECT md5('subscription' || id)::uuid, id, 'hodl-wave', 'active', NULL, NULL, NULL, 5000, 0, 4000, 0, now(), now(), NULL,
       NULL, NULL
FROM users;

INSERT INTO holdings SELECT id, 'BTC', 1, 1000 FROM subscriptions;

INSERT INTO portfolio_entries SELECT gen_random_uuid(), id, 'opening', NULL, 10000, 10000, now() FROM users;

INSERT INTO decisions
SELECT md5('decision' || n)::uuid, gen_random_uuid(), 'hodl-wave', '2020-01-01'::timestamptz + n * interval '4 hours', true,
       0.4, 0.4, 0.2, 50, 'HOLD', 0, 1, 1, '', 'nothing', NULL, NULL, 0, 0, '{}', now(), now()
FROM generate_series(1, 10000) AS n;

INSERT INTO trades
SELECT gen_random_uuid(), subscription.id, user_id, 'hodl-wave', md5('decision1')::uuid, 'BTC', 'buy', 1, 1, 1, 1, 0, 1, NULL, 0,
       1, 1, now(), now()
FROM subscriptions AS subscription;

INSERT INTO push_streams SELECT id, 1, now() + interval '1 day', 1 FROM users;

INSERT INTO push_outbox SELECT user_id, 1, 'trade:executed', '{}', now() FROM push_streams;

INSERT INTO push_connections (id, user_id, session_id, connected_at, last_seen_at, expires_at, sent_seq)
SELECT 'connection-' || user_id, user_id, gen_random_uuid(), now(), now(), now(), 1 FROM push_streams;

INSERT INTO job_runs
SELECT 'job-' || n % 4, '2025-01-01'::timestamptz + n * interval '1 hour', 'done', now(), 1, now(), now(), '{}', NULL
FROM generate_series(1, 10000) AS n;

INSERT INTO system_flags SELECT 'flag-' || n, 'true', NULL, NULL, now(), 'a test' FROM generate_series(1, 10000) AS n;
";

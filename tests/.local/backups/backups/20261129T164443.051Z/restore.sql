-- Restores the backup 20261129T164443.051Z of the database automoney_test_01a228319e7c7595a_2f41db282a35_feed_595e435ae2d3 with stock tools.
--
--   createdb NAME && psql --dbname NAME --no-psqlrc --file restore.sql
--
-- in the folder that this file and the *.copy.gz lie in. The database must be empty. It stops at the
-- first error; begin again with a new database then.

\set ON_ERROR_STOP on
\set QUIET on
SET client_min_messages = warning;
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SET datestyle = ISO;
SET intervalstyle = postgres;
SET timezone = 'UTC';
SET row_security = off;
SET synchronous_commit = off;
SET maintenance_work_mem = '256MB';

DO $$ BEGIN
    IF EXISTS (SELECT FROM pg_class WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::text::regnamespace) THEN
        RAISE EXCEPTION 'this database has tables: restore into an empty one';
    END IF;
END $$;

CREATE TABLE IF NOT EXISTS schema_migrations (
    version     integer     NOT NULL CONSTRAINT schema_migrations_pkey PRIMARY KEY,
    title       text        NOT NULL,
    checksum    text        NOT NULL,
    applied_at  timestamptz NOT NULL,
    duration_ms bigint
);

-- Candles of every asset and timeframe. Listed by timeframe, because the three are kept for
-- different times, then by time, so that old months can be dropped and not deleted.
-- The leaves (hours by month, the others by year) are made by the collector as it needs them.
CREATE TABLE market_data (
    asset        text           NOT NULL,
    timeframe    text           NOT NULL,
    open_time    timestamptz    NOT NULL,
    open         numeric(20, 8) NOT NULL,
    high         numeric(20, 8) NOT NULL,
    low          numeric(20, 8) NOT NULL,
    close        numeric(20, 8) NOT NULL,
    volume       numeric(20, 8) NOT NULL,
    is_anomaly   boolean        NOT NULL,
    source       text           NOT NULL,
    available_at timestamptz    NOT NULL,
    updated_at   timestamptz    NOT NULL,
    CONSTRAINT market_data_pkey PRIMARY KEY (asset, timeframe, open_time),
    CONSTRAINT market_data_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT market_data_timeframe_stored CHECK (timeframe IN ('1h', '4h', '1d')),
    CONSTRAINT market_data_prices_positive CHECK (open > 0 AND high > 0 AND low > 0 AND close > 0),
    CONSTRAINT market_data_range_encloses
        CHECK (high >= open AND high >= close AND low <= open AND low <= close),
    CONSTRAINT market_data_volume_not_negative CHECK (volume >= 0)
) PARTITION BY LIST (timeframe);

CREATE TABLE market_data_1h PARTITION OF market_data FOR VALUES IN ('1h') PARTITION BY RANGE (open_time);
CREATE TABLE market_data_4h PARTITION OF market_data FOR VALUES IN ('4h') PARTITION BY RANGE (open_time);
CREATE TABLE market_data_1d PARTITION OF market_data FOR VALUES IN ('1d') PARTITION BY RANGE (open_time);

-- Places on the grid for which the exchange itself has no candle; they are not asked for again.
CREATE TABLE market_gaps (
    asset      text        NOT NULL,
    timeframe  text        NOT NULL,
    open_time  timestamptz NOT NULL,
    checked_at timestamptz NOT NULL,
    CONSTRAINT market_gaps_pkey PRIMARY KEY (asset, timeframe, open_time),
    CONSTRAINT market_gaps_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT market_gaps_timeframe_stored CHECK (timeframe IN ('1h', '4h', '1d'))
);

-- The last price an exchange told, one row an asset. Never part of a candle series.
CREATE TABLE live_prices (
    asset          text           NOT NULL,
    price          numeric(20, 8) NOT NULL,
    change_24h_pct numeric(12, 4) NOT NULL,
    source         text           NOT NULL,
    observed_at    timestamptz    NOT NULL,
    CONSTRAINT live_prices_pkey PRIMARY KEY (asset),
    CONSTRAINT live_prices_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT live_prices_price_positive CHECK (price > 0)
);


-- Dated values that are not candles: on-chain metrics, rates, indices, sentiment.
CREATE TABLE indicator_observations (
    metric          text           NOT NULL,
    observed_at     timestamptz    NOT NULL,
    value           numeric(28, 8) NOT NULL,
    source          text           NOT NULL,
    -- When it became known. A decision as of T reads only what was available at T.
    available_at    timestamptz    NOT NULL,
    -- FRED's vintage: the date from which this was the published value.
    realtime_start  date,
    is_interpolated boolean        NOT NULL,
    updated_at      timestamptz    NOT NULL,
    CONSTRAINT indicator_observations_pkey PRIMARY KEY (metric, observed_at)
);

-- One row for each call to an outside service.
CREATE TABLE data_collection_logs (
    id          uuid        NOT NULL,
    data_source text        NOT NULL,
    endpoint    text        NOT NULL,
    status      text        NOT NULL,
    http_status integer,
    latency_ms  bigint      NOT NULL,
    items       bigint      NOT NULL,
    error       text,
    created_at  timestamptz NOT NULL,
    CONSTRAINT data_collection_logs_pkey PRIMARY KEY (id),
    CONSTRAINT data_collection_logs_latency_not_negative CHECK (latency_ms >= 0),
    CONSTRAINT data_collection_logs_items_not_negative CHECK (items >= 0)
);

CREATE INDEX data_collection_logs_by_source ON data_collection_logs (data_source, created_at);
CREATE INDEX data_collection_logs_by_time ON data_collection_logs (created_at);


-- What decides, how often, and with which weights. More can be added without code.
CREATE TABLE strategies (
    id                text          NOT NULL,
    name              text          NOT NULL,
    interval_minutes  integer       NOT NULL,
    trend_timeframe   text          NOT NULL,
    weight_macro      numeric(5, 4) NOT NULL,
    weight_onchain    numeric(5, 4) NOT NULL,
    weight_ta         numeric(5, 4) NOT NULL,
    buy_fraction      numeric(6, 5) NOT NULL,
    buy_fraction_high numeric(6, 5) NOT NULL,
    is_active         boolean       NOT NULL DEFAULT true,
    created_at        timestamptz   NOT NULL DEFAULT now(),
    CONSTRAINT strategies_pkey PRIMARY KEY (id),
    CONSTRAINT strategies_id_form CHECK (id ~ '^[a-z0-9-]{1,40}$'),
    CONSTRAINT strategies_interval_divides_day CHECK (interval_minutes > 0 AND 1440 % interval_minutes = 0),
    CONSTRAINT strategies_trend_known CHECK (trend_timeframe IN ('1h', '4h', '1d', '1w')),
    CONSTRAINT strategies_weights_sum CHECK (weight_macro + weight_onchain + weight_ta = 1),
    CONSTRAINT strategies_weights_range
        CHECK (weight_macro BETWEEN 0 AND 1 AND weight_onchain BETWEEN 0 AND 1 AND weight_ta BETWEEN 0 AND 1),
    CONSTRAINT strategies_fractions_range
        CHECK (buy_fraction BETWEEN 0 AND 0.05 AND buy_fraction_high BETWEEN 0 AND 0.05)
);

INSERT INTO strategies
    (id, name, interval_minutes, trend_timeframe, weight_macro, weight_onchain, weight_ta, buy_fraction, buy_fraction_high)
VALUES
    ('hodl-wave', 'HODL Wave', 240, '1w', 0.4000, 0.4000, 0.2000, 0.005, 0.0075),
    ('swing-4h', 'Swing 4h', 240, '4h', 0.2500, 0.2500, 0.5000, 0.005, 0.0075);

-- What a strategy decided as of T, once, with everything it read.
CREATE TABLE strategy_executions (
    id          uuid          NOT NULL,
    strategy_id text          NOT NULL,
    as_of       timestamptz   NOT NULL,
    status      text          NOT NULL,
    conviction  numeric(5, 2),
    signal      text,
    document    jsonb         NOT NULL,
    created_at  timestamptz   NOT NULL,
    CONSTRAINT strategy_executions_pkey PRIMARY KEY (id),
    CONSTRAINT strategy_executions_once UNIQUE (strategy_id, as_of),
    CONSTRAINT strategy_executions_strategy FOREIGN KEY (strategy_id) REFERENCES strategies (id),
    CONSTRAINT strategy_executions_status_known CHECK (status IN ('decided', 'skipped')),
    CONSTRAINT strategy_executions_signal_known CHECK (signal IN ('BUY', 'SELL', 'HOLD', 'PAUSE')),
    CONSTRAINT strategy_executions_conviction_range CHECK (conviction BETWEEN 0 AND 100),
    CONSTRAINT strategy_executions_decided_is_whole
        CHECK ((status = 'decided') = (conviction IS NOT NULL AND signal IS NOT NULL))
);

-- The newest decision that was none of the skipped ones, without walking over an outage's rows.
CREATE INDEX strategy_executions_decided ON strategy_executions (strategy_id, as_of DESC) WHERE status = 'decided';

-- One row for each attempt to make an agent answer: model calls, cached answers, rules.
CREATE TABLE agent_execution_logs (
    id            uuid            NOT NULL,
    execution_id  uuid            NOT NULL,
    agent_type    text            NOT NULL,
    provider      text            NOT NULL,
    model         text            NOT NULL,
    status        text            NOT NULL,
    input_tokens  bigint          NOT NULL,
    output_tokens bigint          NOT NULL,
    cached_tokens bigint          NOT NULL,
    tokens_used   bigint          NOT NULL,
    -- USD, exact: never rounded.
    cost          numeric(18, 10) NOT NULL,
    latency_ms    bigint          NOT NULL,
    cache_hit     boolean         NOT NULL,
    error         text,
    created_at    timestamptz     NOT NULL,
    CONSTRAINT agent_execution_logs_pkey PRIMARY KEY (id),
    CONSTRAINT agent_execution_logs_execution FOREIGN KEY (execution_id)
        REFERENCES strategy_executions (id) ON DELETE CASCADE,
    CONSTRAINT agent_execution_logs_agent_known CHECK (agent_type IN ('macro', 'onchain', 'ta')),
    CONSTRAINT agent_execution_logs_counts_not_negative CHECK (
        input_tokens >= 0 AND output_tokens >= 0 AND cached_tokens >= 0 AND tokens_used >= 0
        AND cost >= 0 AND latency_ms >= 0
    )
);

CREATE INDEX agent_execution_logs_by_execution ON agent_execution_logs (execution_id);
CREATE INDEX agent_execution_logs_by_time ON agent_execution_logs (created_at);


-- One row for each run of a scheduled job: schedules deliver at least once, a run counts once.
CREATE TABLE job_runs (
    job          text        NOT NULL,
    scheduled_at timestamptz NOT NULL,
    status       text        NOT NULL,
    -- Until when the invocation at work may be believed to be alive.
    lease_until  timestamptz NOT NULL,
    attempts     integer     NOT NULL,
    started_at   timestamptz NOT NULL,
    finished_at  timestamptz,
    result       jsonb,
    error        text,
    CONSTRAINT job_runs_pkey PRIMARY KEY (job, scheduled_at),
    CONSTRAINT job_runs_status_known CHECK (status IN ('running', 'done', 'failed')),
    CONSTRAINT job_runs_attempts_positive CHECK (attempts > 0),
    CONSTRAINT job_runs_done_has_result CHECK ((status = 'done') = (result IS NOT NULL))
);

CREATE INDEX job_runs_by_time ON job_runs (started_at);

-- What the whole platform has to know: modes, the market feed of a local database.
CREATE TABLE system_flags (
    key        text        NOT NULL,
    value      jsonb       NOT NULL,
    notice     text,
    expires_at timestamptz,
    updated_at timestamptz NOT NULL,
    updated_by text        NOT NULL,
    CONSTRAINT system_flags_pkey PRIMARY KEY (key)
);


-- What an observation said before its source changed it. A decision as of T reads what was known at T,
-- also when it is made or explained after the change.
CREATE TABLE observation_revisions (
    metric          text           NOT NULL,
    observed_at     timestamptz    NOT NULL,
    available_at    timestamptz    NOT NULL,
    value           numeric(28, 8) NOT NULL,
    source          text           NOT NULL,
    realtime_start  date,
    is_interpolated boolean        NOT NULL,
    replaced_at     timestamptz    NOT NULL,
    CONSTRAINT observation_revisions_pkey PRIMARY KEY (metric, observed_at, available_at)
);


-- How far each series of candles has been compared with its grid: where the next run goes on.
CREATE TABLE market_audits (
    asset           text        NOT NULL,
    timeframe       text        NOT NULL,
    -- From when on candles were asked for, and the first one that the exchange has from there on.
    asked_since     timestamptz NOT NULL,
    first_open_time timestamptz NOT NULL,
    -- Every place of the grid before this one is stored, or a hole of the exchange's own.
    settled_until   timestamptz NOT NULL,
    -- When the comparison last began at the beginning.
    began_at        timestamptz NOT NULL,
    CONSTRAINT market_audits_pkey PRIMARY KEY (asset, timeframe),
    CONSTRAINT market_audits_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT market_audits_timeframe_stored CHECK (timeframe IN ('1h', '4h', '1d')),
    CONSTRAINT market_audits_in_order CHECK (asked_since <= first_open_time AND first_open_time <= settled_until)
);

-- What a closed candle said before the exchange changed it. A decision as of T reads the one of T.
CREATE TABLE market_data_revisions (
    asset        text           NOT NULL,
    timeframe    text           NOT NULL,
    open_time    timestamptz    NOT NULL,
    available_at timestamptz    NOT NULL,
    open         numeric(20, 8) NOT NULL,
    high         numeric(20, 8) NOT NULL,
    low          numeric(20, 8) NOT NULL,
    close        numeric(20, 8) NOT NULL,
    volume       numeric(20, 8) NOT NULL,
    source       text           NOT NULL,
    replaced_at  timestamptz    NOT NULL,
    CONSTRAINT market_data_revisions_pkey PRIMARY KEY (asset, timeframe, open_time, available_at)
);


-- Rows of an outside service that could not be stored, as they came. One row each, however often it is sent.
CREATE TABLE rejected_observations (
    data_source   text        NOT NULL,
    -- Which series: `BTC 4h`, `BTC live price`, `money_supply`.
    series        text        NOT NULL,
    reason        text        NOT NULL,
    -- The beginning of the row.
    payload       text        NOT NULL,
    -- The time that the row says it is of, where it says one.
    dated         timestamptz,
    times         bigint      NOT NULL,
    first_seen_at timestamptz NOT NULL,
    last_seen_at  timestamptz NOT NULL,
    CONSTRAINT rejected_observations_pkey PRIMARY KEY (series, data_source, reason, payload),
    CONSTRAINT rejected_observations_payload_short CHECK (length(payload) <= 300),
    CONSTRAINT rejected_observations_times_positive CHECK (times > 0)
);

CREATE INDEX rejected_observations_by_time ON rejected_observations (last_seen_at);


-- One price a service: the exchange's own, and the aggregate that it is compared with and that stands in for it.
ALTER TABLE live_prices ADD COLUMN service text NOT NULL DEFAULT 'binance';
ALTER TABLE live_prices ALTER COLUMN service DROP DEFAULT;
ALTER TABLE live_prices DROP CONSTRAINT live_prices_pkey;
ALTER TABLE live_prices ADD CONSTRAINT live_prices_pkey PRIMARY KEY (asset, service);
ALTER TABLE live_prices ALTER COLUMN change_24h_pct DROP NOT NULL;

-- How far apart the two prices of an asset were when they were last compared.
CREATE TABLE price_comparisons (
    asset           text           NOT NULL,
    compared_at     timestamptz    NOT NULL,
    exchange_price  numeric(20, 8) NOT NULL,
    reference_price numeric(20, 8) NOT NULL,
    difference_pct  numeric(12, 4) NOT NULL,
    -- Comparisons in a row in which they were too far apart.
    apart_in_a_row  integer        NOT NULL,
    CONSTRAINT price_comparisons_pkey PRIMARY KEY (asset),
    CONSTRAINT price_comparisons_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT price_comparisons_count_not_negative CHECK (apart_in_a_row >= 0)
);

-- What stops scheduled orders, and what stopped them: rows stay when a lock is lifted.
CREATE TABLE locks (
    reason text        NOT NULL,
    since  timestamptz NOT NULL,
    -- Null as long as nobody knows when it ends.
    until  timestamptz,
    detail text        NOT NULL,
    CONSTRAINT locks_pkey PRIMARY KEY (reason, since),
    CONSTRAINT locks_reason_known CHECK (
        reason IN ('models_down', 'budget', 'stale_market', 'sources_disagree', 'breaker_pause', 'operator')
    ),
    CONSTRAINT locks_in_order CHECK (until >= since)
);

-- A reason locks once at a time.
CREATE UNIQUE INDEX locks_open ON locks (reason) WHERE until IS NULL;
CREATE INDEX locks_by_end ON locks (coalesce(until, 'infinity'::timestamptz));


-- What the answers of the agents cost: who may spend, what was spent, and the sums that are asked for.

-- An attempt is written down when its money is spent, before the execution is recorded, and stays when
-- that never happens. So it names its strategy itself, and what deletes an execution deletes no cost.
-- run-strategies of the version before gives no strategy: what it writes in the seconds between this
-- step and the new version fails, and is tried again by its schedule.
ALTER TABLE agent_execution_logs
    DROP CONSTRAINT agent_execution_logs_execution,
    ADD COLUMN strategy_id        text,
    ADD COLUMN cache_write_tokens bigint NOT NULL DEFAULT 0,
    ADD COLUMN prompt_version     text;

UPDATE agent_execution_logs AS attempt
SET strategy_id = execution.strategy_id
FROM strategy_executions AS execution
WHERE execution.id = attempt.execution_id;

-- `input_tokens` are those that no cache served or kept, so that each token is counted once. Only rules
-- have written here before, and they use none.
ALTER TABLE agent_execution_logs
    ALTER COLUMN strategy_id SET NOT NULL,
    ADD CONSTRAINT agent_execution_logs_cache_writes_not_negative CHECK (cache_write_tokens >= 0),
    ADD CONSTRAINT agent_execution_logs_tokens_once
        CHECK (tokens_used = input_tokens + cache_write_tokens + cached_tokens + output_tokens);

-- A UTC day's budget: what its calls have cost, and what those on their way may still cost. What is
-- reserved when the day has ended was never settled: nobody knows whether the provider billed it.
CREATE TABLE model_spend_days (
    day      date            NOT NULL,
    settled  numeric(18, 10) NOT NULL,
    reserved numeric(18, 10) NOT NULL,
    CONSTRAINT model_spend_days_pkey PRIMARY KEY (day),
    CONSTRAINT model_spend_days_not_negative CHECK (settled >= 0 AND reserved >= 0)
);

-- The worst case of one call, taken before it is made.
CREATE TABLE model_reservations (
    id         uuid            NOT NULL,
    day        date            NOT NULL,
    amount     numeric(18, 10) NOT NULL,
    created_at timestamptz     NOT NULL,
    -- Null as long as nobody has said what the call has cost, or that it was not made.
    settled_at timestamptz,
    CONSTRAINT model_reservations_pkey PRIMARY KEY (id),
    CONSTRAINT model_reservations_day FOREIGN KEY (day) REFERENCES model_spend_days (day),
    -- The attempt gets this time, so that its row and its money are of the same day.
    CONSTRAINT model_reservations_of_their_day CHECK (day = (created_at AT TIME ZONE 'UTC')::date),
    CONSTRAINT model_reservations_amount_not_negative CHECK (amount >= 0)
);

-- Attempts summed by UTC day. A failure is an attempt without an answer; an agent that abstains has given one.
CREATE TABLE agent_cost_days (
    day                date            NOT NULL,
    strategy_id        text            NOT NULL,
    agent_type         text            NOT NULL,
    provider           text            NOT NULL,
    model              text            NOT NULL,
    attempts           bigint          NOT NULL,
    failures           bigint          NOT NULL,
    cache_hits         bigint          NOT NULL,
    input_tokens       bigint          NOT NULL,
    output_tokens      bigint          NOT NULL,
    cached_tokens      bigint          NOT NULL,
    cache_write_tokens bigint          NOT NULL,
    cost               numeric(18, 10) NOT NULL,
    CONSTRAINT agent_cost_days_pkey PRIMARY KEY (day, strategy_id, agent_type, provider, model)
);

-- Executions of an agent: distinct (execution_id, agent_type), on the UTC day of the first attempt.
CREATE TABLE agent_execution_days (
    day         date   NOT NULL,
    strategy_id text   NOT NULL,
    agent_type  text   NOT NULL,
    executions  bigint NOT NULL,
    CONSTRAINT agent_execution_days_pkey PRIMARY KEY (day, strategy_id, agent_type)
);

-- Calls to outside services summed by UTC day.
CREATE TABLE source_call_days (
    day         date   NOT NULL,
    data_source text   NOT NULL,
    calls       bigint NOT NULL,
    failures    bigint NOT NULL,
    CONSTRAINT source_call_days_pkey PRIMARY KEY (day, data_source)
);

-- The sums are kept by the statement that writes the rows, whoever writes them: no caller can forget
-- it, and set-wise writing sums set-wise. Rows are never changed, and what retention deletes stays in
-- the sums; so there is nothing for UPDATE and DELETE to do.
CREATE FUNCTION sum_attempts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    -- Two attempts of one execution that are written at once would both be the first one. In order, so
    -- that two writers never wait for each other.
    PERFORM pg_advisory_xact_lock(hashtextextended('sum_attempts ' || strategy_id || ' ' || agent_type, 0))
    FROM (SELECT DISTINCT strategy_id, agent_type FROM written ORDER BY 1, 2) AS sums;

    -- An execution whose first attempt is written after a later one moves to the earlier day.
    WITH given AS (
        SELECT execution_id, agent_type, min(strategy_id) AS strategy_id, min(created_at) AS first_at
        FROM written
        GROUP BY execution_id, agent_type
    ), before AS (
        SELECT known.execution_id, known.agent_type, min(known.created_at) AS first_at
        FROM given
        JOIN agent_execution_logs AS known USING (execution_id, agent_type)
        LEFT JOIN written ON written.id = known.id
        WHERE written.id IS NULL
        GROUP BY known.execution_id, known.agent_type
    )
    INSERT INTO agent_execution_days AS stored (day, strategy_id, agent_type, executions)
    SELECT (change.at AT TIME ZONE 'UTC')::date, strategy_id, agent_type, sum(change.executions)
    FROM given
    LEFT JOIN before USING (execution_id, agent_type)
    CROSS JOIN LATERAL (VALUES (given.first_at, 1), (before.first_at, -1)) AS change (at, executions)
    WHERE change.at IS NOT NULL AND (before.first_at IS NULL OR given.first_at < before.first_at)
    GROUP BY 1, strategy_id, agent_type
    HAVING sum(change.executions) <> 0
    ORDER BY 1, strategy_id, agent_type
    ON CONFLICT (day, strategy_id, agent_type) DO UPDATE
    SET executions = stored.executions + excluded.executions;

    INSERT INTO agent_cost_days AS stored
        (day, strategy_id, agent_type, provider, model, attempts, failures, cache_hits, input_tokens,
         output_tokens, cached_tokens, cache_write_tokens, cost)
    SELECT (created_at AT TIME ZONE 'UTC')::date, strategy_id, agent_type, provider, model, count(*),
           count(*) FILTER (WHERE NOT cache_hit AND status NOT IN ('ok', 'abstained', 'last_result', 'rules_fallback')),
           count(*) FILTER (WHERE cache_hit), sum(input_tokens), sum(output_tokens), sum(cached_tokens),
           sum(cache_write_tokens), sum(cost)
    FROM written
    GROUP BY 1, strategy_id, agent_type, provider, model
    ORDER BY 1, strategy_id, agent_type, provider, model
    ON CONFLICT (day, strategy_id, agent_type, provider, model) DO UPDATE
    SET attempts = stored.attempts + excluded.attempts, failures = stored.failures + excluded.failures,
        cache_hits = stored.cache_hits + excluded.cache_hits,
        input_tokens = stored.input_tokens + excluded.input_tokens,
        output_tokens = stored.output_tokens + excluded.output_tokens,
        cached_tokens = stored.cached_tokens + excluded.cached_tokens,
        cache_write_tokens = stored.cache_write_tokens + excluded.cache_write_tokens,
        cost = stored.cost + excluded.cost;
    RETURN NULL;
END
$$;

CREATE TRIGGER sum_attempts AFTER INSERT ON agent_execution_logs
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION sum_attempts();

CREATE FUNCTION sum_calls() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO source_call_days AS stored (day, data_source, calls, failures)
    SELECT (created_at AT TIME ZONE 'UTC')::date, data_source, count(*), count(*) FILTER (WHERE status <> 'ok')
    FROM written
    GROUP BY 1, data_source
    ORDER BY 1, data_source
    ON CONFLICT (day, data_source) DO UPDATE
    SET calls = stored.calls + excluded.calls, failures = stored.failures + excluded.failures;
    RETURN NULL;
END
$$;

CREATE TRIGGER sum_calls AFTER INSERT ON data_collection_logs
    REFERENCING NEW TABLE AS written FOR EACH STATEMENT EXECUTE FUNCTION sum_calls();

-- The same sums over the rows that are there already.
INSERT INTO agent_cost_days
SELECT (created_at AT TIME ZONE 'UTC')::date, strategy_id, agent_type, provider, model, count(*),
       count(*) FILTER (WHERE NOT cache_hit AND status NOT IN ('ok', 'abstained', 'last_result', 'rules_fallback')),
       count(*) FILTER (WHERE cache_hit), sum(input_tokens), sum(output_tokens), sum(cached_tokens),
       sum(cache_write_tokens), sum(cost)
FROM agent_execution_logs
GROUP BY 1, strategy_id, agent_type, provider, model;

INSERT INTO agent_execution_days
SELECT day, strategy_id, agent_type, count(*)
FROM (
    SELECT (min(created_at) AT TIME ZONE 'UTC')::date AS day, min(strategy_id) AS strategy_id, agent_type
    FROM agent_execution_logs
    GROUP BY execution_id, agent_type
) AS executions
GROUP BY day, strategy_id, agent_type;

INSERT INTO source_call_days
SELECT (created_at AT TIME ZONE 'UTC')::date, data_source, count(*), count(*) FILTER (WHERE status <> 'ok')
FROM data_collection_logs
GROUP BY 1, data_source;

INSERT INTO model_spend_days
SELECT day, sum(cost), 0 FROM agent_cost_days GROUP BY day HAVING sum(cost) > 0;

-- What a model said, once for each agent, scope and T: the answer that is used again, and the one that
-- stands in when every model fails.
CREATE TABLE model_answers (
    id             uuid          NOT NULL,
    agent_type     text          NOT NULL,
    -- The trend timeframe for the technical agent, empty for the others.
    scope          text          NOT NULL,
    as_of          timestamptz   NOT NULL,
    rule_score     numeric(5, 4) NOT NULL,
    freshness      jsonb         NOT NULL,
    prices         jsonb         NOT NULL,
    -- The final one, after the clamps.
    score          numeric(5, 4) NOT NULL,
    -- As the model gave it.
    model_score    numeric       NOT NULL,
    reasoning      text          NOT NULL,
    raw            text          NOT NULL,
    provider       text          NOT NULL,
    model          text          NOT NULL,
    prompt_version text          NOT NULL,
    execution_id   uuid          NOT NULL,
    created_at     timestamptz   NOT NULL,
    CONSTRAINT model_answers_pkey PRIMARY KEY (id),
    CONSTRAINT model_answers_once UNIQUE (agent_type, scope, as_of),
    CONSTRAINT model_answers_agent_known CHECK (agent_type IN ('macro', 'onchain', 'ta')),
    CONSTRAINT model_answers_scores_range CHECK (rule_score BETWEEN -1 AND 1 AND score BETWEEN -1 AND 1)
);

-- The report of each day that ended.
CREATE TABLE cost_reports (
    day        date        NOT NULL,
    created_at timestamptz NOT NULL,
    document   jsonb       NOT NULL,
    CONSTRAINT cost_reports_pkey PRIMARY KEY (day)
);


-- Who uses the platform, how they are signed in, and what was done to their accounts.

CREATE TABLE users (
    id           uuid        NOT NULL,
    -- Google's name of the account: e-mail addresses change hands, this does not.
    google_sub   text        NOT NULL,
    email        text        NOT NULL,
    name         text,
    role         text        NOT NULL DEFAULT 'user',
    tier         text        NOT NULL DEFAULT 'free',
    created_at   timestamptz NOT NULL,
    signed_in_at timestamptz NOT NULL,
    CONSTRAINT users_pkey PRIMARY KEY (id),
    CONSTRAINT users_google_sub UNIQUE (google_sub),
    CONSTRAINT users_role_known CHECK (role IN ('user', 'admin')),
    CONSTRAINT users_tier_known CHECK (tier IN ('free', 'basic', 'pro', 'enterprise'))
);

CREATE INDEX users_by_email ON users (lower(email));

-- A signed-in browser or program: one family of refresh tokens.
CREATE TABLE sessions (
    id           uuid        NOT NULL,
    user_id      uuid        NOT NULL,
    -- How its refresh token travels: in a cookie or in the body.
    transport    text        NOT NULL,
    -- What the client called itself, for the list that its user sees.
    user_agent   text,
    created_at   timestamptz NOT NULL,
    last_used_at timestamptz NOT NULL,
    -- The latest end, however often it is used.
    expires_at   timestamptz NOT NULL,
    ended_at     timestamptz,
    end_reason   text,
    CONSTRAINT sessions_pkey PRIMARY KEY (id),
    CONSTRAINT sessions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT sessions_transport_known CHECK (transport IN ('cookie', 'body')),
    CONSTRAINT sessions_end_reason_known CHECK (end_reason IN ('logout', 'revoked', 'reuse', 'erased', 'operator')),
    CONSTRAINT sessions_end_is_whole CHECK ((ended_at IS NULL) = (end_reason IS NULL))
);

CREATE INDEX sessions_by_user ON sessions (user_id, created_at DESC);
CREATE INDEX sessions_by_end ON sessions (expires_at);

-- Refresh tokens by their SHA-256: the tokens themselves are nowhere.
CREATE TABLE refresh_tokens (
    hash        bytea       NOT NULL,
    session_id  uuid        NOT NULL,
    created_at  timestamptz NOT NULL,
    replaced_at timestamptz,
    -- With the replaced token itself this gives its successor, so that tabs which refresh side by
    -- side all get the same one. Alone it gives nothing.
    nonce       bytea,
    CONSTRAINT refresh_tokens_pkey PRIMARY KEY (hash),
    CONSTRAINT refresh_tokens_session FOREIGN KEY (session_id) REFERENCES sessions (id) ON DELETE CASCADE,
    CONSTRAINT refresh_tokens_hash_length CHECK (length(hash) = 32),
    CONSTRAINT refresh_tokens_replacement_is_whole CHECK ((replaced_at IS NULL) = (nonce IS NULL))
);

-- A session has one current token.
CREATE UNIQUE INDEX refresh_tokens_current ON refresh_tokens (session_id) WHERE replaced_at IS NULL;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id);

-- What happened to accounts and sessions. Only ever added to. It outlives an erased account: its
-- ids say nothing about a person then.
CREATE TABLE auth_events (
    id         uuid        NOT NULL,
    user_id    uuid,
    session_id uuid,
    kind       text        NOT NULL,
    -- Who did it: 'user', 'system', or 'operator: <name>'.
    actor      text        NOT NULL,
    detail     jsonb       NOT NULL,
    created_at timestamptz NOT NULL,
    CONSTRAINT auth_events_pkey PRIMARY KEY (id)
);

CREATE INDEX auth_events_by_user ON auth_events (user_id, created_at DESC);

CREATE FUNCTION auth_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'auth_events is only added to';
END
$$;

CREATE TRIGGER auth_events_append_only
    BEFORE UPDATE OR DELETE OR TRUNCATE ON auth_events
    FOR EACH STATEMENT EXECUTE FUNCTION auth_events_append_only();


-- Paper money: who follows which strategy, what was decided, what was traded.

-- A user's paper money that no subscription holds.
CREATE TABLE portfolios (
    user_id    uuid           NOT NULL,
    free_cash  numeric(20, 8) NOT NULL,
    created_at timestamptz    NOT NULL,
    CONSTRAINT portfolios_pkey PRIMARY KEY (user_id),
    CONSTRAINT portfolios_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT portfolios_cash_not_negative CHECK (free_cash >= 0)
);

-- A strategy followed with some of it. Without a user: the strategy's own reference portfolio.
CREATE TABLE subscriptions (
    id               uuid           NOT NULL,
    user_id          uuid,
    strategy_id      text           NOT NULL,
    status           text           NOT NULL,
    -- Weights of its own, or none: the strategy's.
    weight_macro     numeric(5, 4),
    weight_onchain   numeric(5, 4),
    weight_ta        numeric(5, 4),
    paid_in          numeric(20, 8) NOT NULL,
    taken_out        numeric(20, 8) NOT NULL,
    cash             numeric(20, 8) NOT NULL,
    -- Σ realised profit and loss.
    realised         numeric(20, 8) NOT NULL,
    -- It takes part in decisions as of this time or later: active since then, with these weights.
    active_since     timestamptz    NOT NULL,
    created_at       timestamptz    NOT NULL,
    stopped_at       timestamptz,
    -- The newest decision with orders, and what became of them here: 'traded', or why not.
    last_decision_id uuid,
    last_outcome     text,
    CONSTRAINT subscriptions_pkey PRIMARY KEY (id),
    CONSTRAINT subscriptions_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT subscriptions_strategy FOREIGN KEY (strategy_id) REFERENCES strategies (id),
    CONSTRAINT subscriptions_status_known CHECK (status IN ('active', 'paused', 'stopped')),
    CONSTRAINT subscriptions_weights_are_whole CHECK (
        num_nulls(weight_macro, weight_onchain, weight_ta) IN (0, 3)
        AND coalesce(weight_macro + weight_onchain + weight_ta = 1, true)
        AND coalesce(
            weight_macro BETWEEN 0 AND 1 AND weight_onchain BETWEEN 0 AND 1 AND weight_ta BETWEEN 0 AND 1, true
        )
    ),
    CONSTRAINT subscriptions_cash_not_negative CHECK (cash >= 0),
    CONSTRAINT subscriptions_capital_not_negative CHECK (paid_in >= 0 AND taken_out >= 0),
    CONSTRAINT subscriptions_stop_is_whole CHECK ((status = 'stopped') = (stopped_at IS NOT NULL)),
    CONSTRAINT subscriptions_outcome_is_whole CHECK ((last_decision_id IS NULL) = (last_outcome IS NULL))
);

-- A user follows a strategy once at a time; a strategy has one reference portfolio.
CREATE UNIQUE INDEX subscriptions_once ON subscriptions (user_id, strategy_id) WHERE status <> 'stopped';
CREATE UNIQUE INDEX subscriptions_reference ON subscriptions (strategy_id) WHERE user_id IS NULL;
CREATE INDEX subscriptions_by_user ON subscriptions (user_id, created_at DESC, id DESC);
-- Chunks of a decision are read in the order of ids.
CREATE INDEX subscriptions_taking_part ON subscriptions (strategy_id, id) WHERE status = 'active';

-- What a subscription holds of an asset, and what that has cost with fees.
CREATE TABLE holdings (
    subscription_id uuid           NOT NULL,
    asset           text           NOT NULL,
    quantity        numeric(20, 8) NOT NULL,
    total_cost      numeric(20, 8) NOT NULL,
    CONSTRAINT holdings_pkey PRIMARY KEY (subscription_id, asset),
    CONSTRAINT holdings_subscription FOREIGN KEY (subscription_id) REFERENCES subscriptions (id) ON DELETE CASCADE,
    CONSTRAINT holdings_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT holdings_not_negative CHECK (quantity >= 0 AND total_cost >= 0),
    CONSTRAINT holdings_cost_of_something CHECK (quantity > 0 OR total_cost = 0)
);

-- Every movement of paper money between a portfolio and its subscriptions, with what it left free.
CREATE TABLE portfolio_entries (
    id              uuid           NOT NULL,
    user_id         uuid           NOT NULL,
    kind            text           NOT NULL,
    -- Null for the opening.
    subscription_id uuid,
    -- What it added to the free cash, or took from it.
    amount          numeric(20, 8) NOT NULL,
    free_cash_after numeric(20, 8) NOT NULL,
    created_at      timestamptz    NOT NULL,
    CONSTRAINT portfolio_entries_pkey PRIMARY KEY (id),
    CONSTRAINT portfolio_entries_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT portfolio_entries_kind_known CHECK (kind IN ('opening', 'paid_in', 'taken_out')),
    CONSTRAINT portfolio_entries_subscription_is_named CHECK ((kind = 'opening') = (subscription_id IS NULL)),
    CONSTRAINT portfolio_entries_direction CHECK (CASE kind WHEN 'paid_in' THEN amount < 0 ELSE amount >= 0 END),
    CONSTRAINT portfolio_entries_cash_not_negative CHECK (free_cash_after >= 0)
);

CREATE INDEX portfolio_entries_by_user ON portfolio_entries (user_id, created_at DESC, id DESC);
CREATE INDEX portfolio_entries_by_subscription ON portfolio_entries (subscription_id, created_at);

-- What an execution decided for one vector of weights, and how far it was traded. It outlives its
-- execution, because trades are kept for good.
CREATE TABLE decisions (
    id             uuid          NOT NULL,
    execution_id   uuid          NOT NULL,
    strategy_id    text          NOT NULL,
    -- T.
    as_of          timestamptz   NOT NULL,
    -- Whether these are the strategy's own weights.
    is_own         boolean       NOT NULL,
    weight_macro   numeric(5, 4) NOT NULL,
    weight_onchain numeric(5, 4) NOT NULL,
    weight_ta      numeric(5, 4) NOT NULL,
    -- Both null where the weights leave too little to decide on.
    conviction     numeric(5, 2),
    signal         text,
    -- The share of equity to buy with, -0.5 to sell half, 0 to do nothing.
    position       numeric(8, 6) NOT NULL,
    -- The last closed prices at T, which its trades use.
    price_btc      numeric(20, 8),
    price_eth      numeric(20, 8),
    explanation    text          NOT NULL,
    status         text          NOT NULL,
    -- Why it was not traded, or not to its end.
    reason         text,
    -- The last subscription that was dealt with.
    done_up_to     uuid,
    subscriptions  integer       NOT NULL DEFAULT 0,
    trades         integer       NOT NULL DEFAULT 0,
    -- Orders that were not placed, by reason.
    skipped        jsonb         NOT NULL DEFAULT '{}',
    created_at     timestamptz   NOT NULL,
    finished_at    timestamptz,
    CONSTRAINT decisions_pkey PRIMARY KEY (id),
    CONSTRAINT decisions_strategy FOREIGN KEY (strategy_id) REFERENCES strategies (id),
    CONSTRAINT decisions_once UNIQUE (strategy_id, as_of, weight_macro, weight_onchain, weight_ta),
    CONSTRAINT decisions_weights_sum CHECK (weight_macro + weight_onchain + weight_ta = 1),
    CONSTRAINT decisions_signal_known CHECK (signal IN ('BUY', 'SELL', 'HOLD', 'PAUSE')),
    CONSTRAINT decisions_is_whole CHECK ((conviction IS NULL) = (signal IS NULL)),
    CONSTRAINT decisions_prices_positive CHECK (price_btc > 0 AND price_eth > 0),
    -- 'pending' until all its subscriptions were dealt with; 'nothing' where there was nothing to trade.
    CONSTRAINT decisions_status_known CHECK (status IN ('pending', 'traded', 'nothing', 'blocked', 'expired')),
    CONSTRAINT decisions_end_is_whole CHECK ((status = 'pending') = (finished_at IS NULL)),
    CONSTRAINT decisions_failure_has_reason CHECK (status NOT IN ('blocked', 'expired') OR reason IS NOT NULL)
);

CREATE INDEX decisions_pending ON decisions (as_of) WHERE status = 'pending';
CREATE INDEX decisions_by_execution ON decisions (execution_id);
-- A strategy's own decisions are the prices at which its followers' equity is drawn.
CREATE INDEX decisions_own ON decisions (strategy_id, as_of DESC) WHERE is_own;

-- Every fill, with what it left: so that the book can be added up, and its past be read.
CREATE TABLE trades (
    id              uuid           NOT NULL,
    subscription_id uuid           NOT NULL,
    -- The subscription's; null for a reference portfolio.
    user_id         uuid,
    strategy_id     text           NOT NULL,
    -- Null where a user's stop sold.
    decision_id     uuid,
    asset           text           NOT NULL,
    side            text           NOT NULL,
    quantity        numeric(20, 8) NOT NULL,
    -- The last closed price, and that with the slippage.
    price           numeric(20, 8) NOT NULL,
    fill            numeric(20, 8) NOT NULL,
    value           numeric(20, 8) NOT NULL,
    fee             numeric(20, 8) NOT NULL,
    -- What the holding's cost rose by, or fell by.
    cost            numeric(20, 8) NOT NULL,
    -- Null for a buy.
    realised        numeric(20, 8),
    cash_after      numeric(20, 8) NOT NULL,
    quantity_after  numeric(20, 8) NOT NULL,
    cost_after      numeric(20, 8) NOT NULL,
    -- T of its decision, or when the user stopped.
    as_of           timestamptz    NOT NULL,
    executed_at     timestamptz    NOT NULL,
    CONSTRAINT trades_pkey PRIMARY KEY (id),
    CONSTRAINT trades_subscription FOREIGN KEY (subscription_id) REFERENCES subscriptions (id) ON DELETE CASCADE,
    CONSTRAINT trades_decision FOREIGN KEY (decision_id) REFERENCES decisions (id),
    CONSTRAINT trades_once UNIQUE (decision_id, subscription_id, asset),
    CONSTRAINT trades_asset_known CHECK (asset IN ('BTC', 'ETH')),
    CONSTRAINT trades_side_known CHECK (side IN ('buy', 'sell')),
    CONSTRAINT trades_positive CHECK (quantity > 0 AND price > 0 AND fill > 0 AND value > 0),
    CONSTRAINT trades_not_negative CHECK (
        fee >= 0 AND cost >= 0 AND cash_after >= 0 AND quantity_after >= 0 AND cost_after >= 0
    ),
    CONSTRAINT trades_sells_realise CHECK ((side = 'sell') = (realised IS NOT NULL))
);

CREATE INDEX trades_by_user ON trades (user_id, executed_at DESC, id DESC);
CREATE INDEX trades_by_subscription ON trades (subscription_id, executed_at, id);


-- Events on their way to open WebSockets.

-- Whoever asked for a ticket lately is told of events; a user's events are counted here.
CREATE TABLE push_streams (
    user_id    uuid        NOT NULL,
    last_seq   bigint      NOT NULL,
    -- Nothing is written for a user whose last connection is longer ago.
    expires_at timestamptz NOT NULL,
    CONSTRAINT push_streams_pkey PRIMARY KEY (user_id),
    CONSTRAINT push_streams_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE,
    CONSTRAINT push_streams_seq_not_negative CHECK (last_seq >= 0)
);

CREATE INDEX push_streams_by_expiry ON push_streams (expires_at);

-- Written in the transaction of what they tell of, delivered after it.
CREATE TABLE push_outbox (
    user_id      uuid        NOT NULL,
    seq          bigint      NOT NULL,
    event        text        NOT NULL,
    data         jsonb       NOT NULL,
    created_at   timestamptz NOT NULL,
    -- Null until it was posted to every connection that its user had.
    delivered_at timestamptz,
    CONSTRAINT push_outbox_pkey PRIMARY KEY (user_id, seq),
    CONSTRAINT push_outbox_stream FOREIGN KEY (user_id) REFERENCES push_streams (user_id) ON DELETE CASCADE,
    CONSTRAINT push_outbox_event_known CHECK (
        event IN ('agent:scores', 'decision:made', 'trade:executed', 'portfolio:update', 'system:notice')
    )
);

CREATE INDEX push_outbox_waiting ON push_outbox (created_at) WHERE delivered_at IS NULL;
CREATE INDEX push_outbox_by_time ON push_outbox (created_at);

-- Open WebSockets, by the gateway's name of them.
CREATE TABLE push_connections (
    id           text        NOT NULL,
    user_id      uuid        NOT NULL,
    connected_at timestamptz NOT NULL,
    last_seen_at timestamptz NOT NULL,
    -- The gateway closes it then at the latest.
    expires_at   timestamptz NOT NULL,
    CONSTRAINT push_connections_pkey PRIMARY KEY (id),
    CONSTRAINT push_connections_user FOREIGN KEY (user_id) REFERENCES users (id) ON DELETE CASCADE
);

CREATE INDEX push_connections_by_user ON push_connections (user_id, connected_at);
CREATE INDEX push_connections_by_last_seen ON push_connections (last_seen_at);


-- What happened is one of these; nothing has been written down so far.
ALTER TABLE auth_events ADD CONSTRAINT auth_events_kind_known CHECK (
    kind IN ('signed_in', 'sign_in_refused', 'reuse_detected', 'logged_out', 'session_revoked', 'role_changed',
             'tier_changed', 'exported', 'erased', 'lock_set', 'lock_lifted')
);

-- A refresh looks for the successors of a token that was replaced a moment ago.

DROP INDEX refresh_tokens_by_session;
CREATE INDEX refresh_tokens_by_session ON refresh_tokens (session_id, replaced_at);


-- Who takes part in a decision with these weights. Its chunks are read in the order of ids.
DROP INDEX subscriptions_taking_part;
CREATE INDEX subscriptions_taking_part
    ON subscriptions (strategy_id, weight_macro, weight_onchain, weight_ta, id) INCLUDE (active_since)
    WHERE status = 'active';

-- Dust that is sold with a closing may be worth nothing.
ALTER TABLE trades
    DROP CONSTRAINT trades_positive,
    DROP CONSTRAINT trades_not_negative,
    ADD CONSTRAINT trades_positive CHECK (quantity > 0 AND price > 0 AND fill > 0),
    ADD CONSTRAINT trades_not_negative CHECK (
        value >= 0 AND fee >= 0 AND cost >= 0 AND cash_after >= 0 AND quantity_after >= 0 AND cost_after >= 0
    );


-- Who was sent what, and who delivers to whom. Nothing has written to these tables before.

-- A stream's row stays for as long as its user, so that a number is never given twice.
ALTER TABLE push_streams
    -- Up to here every connection was dealt with.
    ADD COLUMN delivered_seq bigint NOT NULL DEFAULT 0,
    -- Somebody delivers to this user until then at the latest.
    ADD COLUMN held_until timestamptz NOT NULL DEFAULT '-infinity',
    DROP CONSTRAINT push_streams_seq_not_negative,
    ADD CONSTRAINT push_streams_seq_in_order CHECK (0 <= delivered_seq AND delivered_seq <= last_seq);

CREATE INDEX push_streams_waiting ON push_streams (held_until) WHERE delivered_seq < last_seq;

-- What is delivered is known by the stream; the events are kept a while for those who missed them.
DROP INDEX push_outbox_waiting;
ALTER TABLE push_outbox DROP COLUMN delivered_at;

ALTER TABLE push_connections
    -- Whose ticket opened it. No reference: it ends with its session, but later.
    ADD COLUMN session_id uuid NOT NULL,
    -- The last event that was posted to it.
    ADD COLUMN sent_seq bigint NOT NULL,
    -- A post failed; not before then again.
    ADD COLUMN retry_at timestamptz,
    -- When posts to it began to fail, without one that did not.
    ADD COLUMN failing_since timestamptz,
    -- A connection stays on the list when its user is erased, until it is closed.
    DROP CONSTRAINT push_connections_user;

CREATE INDEX push_connections_by_expiry ON push_connections (expires_at);
CREATE INDEX push_connections_to_retry ON push_connections (retry_at) WHERE retry_at IS NOT NULL;
CREATE INDEX push_connections_failing ON push_connections (failing_since) WHERE failing_since IS NOT NULL;


-- What administrators page through, newest first.

CREATE INDEX job_runs_by_schedule ON job_runs (scheduled_at DESC, job DESC);
CREATE INDEX locks_by_time ON locks (since DESC, reason DESC);


-- What the daily maintenance did and found: one row a run.
CREATE TABLE maintenance_reports (
    -- When the schedule says the run is for.
    scheduled_at timestamptz NOT NULL,
    created_at   timestamptz NOT NULL,
    document     jsonb       NOT NULL,
    CONSTRAINT maintenance_reports_pkey PRIMARY KEY (scheduled_at)
);


-- Who set the mode of operation is on record like everything else that operators do.
ALTER TABLE auth_events DROP CONSTRAINT auth_events_kind_known;
ALTER TABLE auth_events ADD CONSTRAINT auth_events_kind_known CHECK (
    kind IN ('signed_in', 'sign_in_refused', 'reuse_detected', 'logged_out', 'session_revoked', 'role_changed',
             'tier_changed', 'exported', 'erased', 'lock_set', 'lock_lifted', 'mode_set')
);


-- What the schema's own steps do not make.
CREATE TABLE IF NOT EXISTS "market_data_1d" PARTITION OF "market_data" FOR VALUES IN ('1d') PARTITION BY RANGE (open_time);
CREATE TABLE IF NOT EXISTS "market_data_1h" PARTITION OF "market_data" FOR VALUES IN ('1h') PARTITION BY RANGE (open_time);
CREATE TABLE IF NOT EXISTS "market_data_4h" PARTITION OF "market_data" FOR VALUES IN ('4h') PARTITION BY RANGE (open_time);
CREATE TABLE IF NOT EXISTS "market_data_1d_2025" PARTITION OF "market_data_1d" FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_1d_2026" PARTITION OF "market_data_1d" FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_1d_2027" PARTITION OF "market_data_1d" FOR VALUES FROM ('2027-01-01 00:00:00+00') TO ('2028-01-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_1h_2026_11" PARTITION OF "market_data_1h" FOR VALUES FROM ('2026-11-01 00:00:00+00') TO ('2026-12-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_1h_2026_12" PARTITION OF "market_data_1h" FOR VALUES FROM ('2026-12-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_1h_2027_01" PARTITION OF "market_data_1h" FOR VALUES FROM ('2027-01-01 00:00:00+00') TO ('2027-02-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_1h_2027_02" PARTITION OF "market_data_1h" FOR VALUES FROM ('2027-02-01 00:00:00+00') TO ('2027-03-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_4h_2025" PARTITION OF "market_data_4h" FOR VALUES FROM ('2025-01-01 00:00:00+00') TO ('2026-01-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_4h_2026" PARTITION OF "market_data_4h" FOR VALUES FROM ('2026-01-01 00:00:00+00') TO ('2027-01-01 00:00:00+00');
CREATE TABLE IF NOT EXISTS "market_data_4h_2027" PARTITION OF "market_data_4h" FOR VALUES FROM ('2027-01-01 00:00:00+00') TO ('2028-01-01 00:00:00+00');

-- Rows first, then indexes and keys: that is faster, and no order of tables is needed.
ALTER TABLE "trades" DROP CONSTRAINT IF EXISTS "trades_subscription";
ALTER TABLE "trades" DROP CONSTRAINT IF EXISTS "trades_decision";
ALTER TABLE "subscriptions" DROP CONSTRAINT IF EXISTS "subscriptions_user";
ALTER TABLE "subscriptions" DROP CONSTRAINT IF EXISTS "subscriptions_strategy";
ALTER TABLE "strategy_executions" DROP CONSTRAINT IF EXISTS "strategy_executions_strategy";
ALTER TABLE "sessions" DROP CONSTRAINT IF EXISTS "sessions_user";
ALTER TABLE "refresh_tokens" DROP CONSTRAINT IF EXISTS "refresh_tokens_session";
ALTER TABLE "push_streams" DROP CONSTRAINT IF EXISTS "push_streams_user";
ALTER TABLE "push_outbox" DROP CONSTRAINT IF EXISTS "push_outbox_stream";
ALTER TABLE "portfolios" DROP CONSTRAINT IF EXISTS "portfolios_user";
ALTER TABLE "portfolio_entries" DROP CONSTRAINT IF EXISTS "portfolio_entries_user";
ALTER TABLE "model_reservations" DROP CONSTRAINT IF EXISTS "model_reservations_day";
ALTER TABLE "holdings" DROP CONSTRAINT IF EXISTS "holdings_subscription";
ALTER TABLE "decisions" DROP CONSTRAINT IF EXISTS "decisions_strategy";
ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_pkey";
ALTER TABLE "users" DROP CONSTRAINT IF EXISTS "users_google_sub";
ALTER TABLE "trades" DROP CONSTRAINT IF EXISTS "trades_pkey";
ALTER TABLE "trades" DROP CONSTRAINT IF EXISTS "trades_once";
ALTER TABLE "system_flags" DROP CONSTRAINT IF EXISTS "system_flags_pkey";
ALTER TABLE "subscriptions" DROP CONSTRAINT IF EXISTS "subscriptions_pkey";
ALTER TABLE "strategy_executions" DROP CONSTRAINT IF EXISTS "strategy_executions_pkey";
ALTER TABLE "strategy_executions" DROP CONSTRAINT IF EXISTS "strategy_executions_once";
ALTER TABLE "strategies" DROP CONSTRAINT IF EXISTS "strategies_pkey";
ALTER TABLE "source_call_days" DROP CONSTRAINT IF EXISTS "source_call_days_pkey";
ALTER TABLE "sessions" DROP CONSTRAINT IF EXISTS "sessions_pkey";
ALTER TABLE "schema_migrations" DROP CONSTRAINT IF EXISTS "schema_migrations_pkey";
ALTER TABLE "rejected_observations" DROP CONSTRAINT IF EXISTS "rejected_observations_pkey";
ALTER TABLE "refresh_tokens" DROP CONSTRAINT IF EXISTS "refresh_tokens_pkey";
ALTER TABLE "push_streams" DROP CONSTRAINT IF EXISTS "push_streams_pkey";
ALTER TABLE "push_outbox" DROP CONSTRAINT IF EXISTS "push_outbox_pkey";
ALTER TABLE "push_connections" DROP CONSTRAINT IF EXISTS "push_connections_pkey";
ALTER TABLE "price_comparisons" DROP CONSTRAINT IF EXISTS "price_comparisons_pkey";
ALTER TABLE "portfolios" DROP CONSTRAINT IF EXISTS "portfolios_pkey";
ALTER TABLE "portfolio_entries" DROP CONSTRAINT IF EXISTS "portfolio_entries_pkey";
ALTER TABLE "observation_revisions" DROP CONSTRAINT IF EXISTS "observation_revisions_pkey";
ALTER TABLE "model_spend_days" DROP CONSTRAINT IF EXISTS "model_spend_days_pkey";
ALTER TABLE "model_reservations" DROP CONSTRAINT IF EXISTS "model_reservations_pkey";
ALTER TABLE "model_answers" DROP CONSTRAINT IF EXISTS "model_answers_pkey";
ALTER TABLE "model_answers" DROP CONSTRAINT IF EXISTS "model_answers_once";
ALTER TABLE "market_gaps" DROP CONSTRAINT IF EXISTS "market_gaps_pkey";
ALTER TABLE "market_data_revisions" DROP CONSTRAINT IF EXISTS "market_data_revisions_pkey";
ALTER TABLE "market_data" DROP CONSTRAINT IF EXISTS "market_data_pkey";
ALTER TABLE "market_audits" DROP CONSTRAINT IF EXISTS "market_audits_pkey";
ALTER TABLE "maintenance_reports" DROP CONSTRAINT IF EXISTS "maintenance_reports_pkey";
ALTER TABLE "locks" DROP CONSTRAINT IF EXISTS "locks_pkey";
ALTER TABLE "live_prices" DROP CONSTRAINT IF EXISTS "live_prices_pkey";
ALTER TABLE "job_runs" DROP CONSTRAINT IF EXISTS "job_runs_pkey";
ALTER TABLE "indicator_observations" DROP CONSTRAINT IF EXISTS "indicator_observations_pkey";
ALTER TABLE "holdings" DROP CONSTRAINT IF EXISTS "holdings_pkey";
ALTER TABLE "decisions" DROP CONSTRAINT IF EXISTS "decisions_pkey";
ALTER TABLE "decisions" DROP CONSTRAINT IF EXISTS "decisions_once";
ALTER TABLE "data_collection_logs" DROP CONSTRAINT IF EXISTS "data_collection_logs_pkey";
ALTER TABLE "cost_reports" DROP CONSTRAINT IF EXISTS "cost_reports_pkey";
ALTER TABLE "auth_events" DROP CONSTRAINT IF EXISTS "auth_events_pkey";
ALTER TABLE "agent_execution_logs" DROP CONSTRAINT IF EXISTS "agent_execution_logs_pkey";
ALTER TABLE "agent_execution_days" DROP CONSTRAINT IF EXISTS "agent_execution_days_pkey";
ALTER TABLE "agent_cost_days" DROP CONSTRAINT IF EXISTS "agent_cost_days_pkey";
DROP INDEX IF EXISTS "users_pkey";
DROP INDEX IF EXISTS "users_google_sub";
DROP INDEX IF EXISTS "users_by_email";
DROP INDEX IF EXISTS "trades_pkey";
DROP INDEX IF EXISTS "trades_once";
DROP INDEX IF EXISTS "trades_by_user";
DROP INDEX IF EXISTS "trades_by_subscription";
DROP INDEX IF EXISTS "system_flags_pkey";
DROP INDEX IF EXISTS "subscriptions_taking_part";
DROP INDEX IF EXISTS "subscriptions_reference";
DROP INDEX IF EXISTS "subscriptions_pkey";
DROP INDEX IF EXISTS "subscriptions_once";
DROP INDEX IF EXISTS "subscriptions_by_user";
DROP INDEX IF EXISTS "strategy_executions_pkey";
DROP INDEX IF EXISTS "strategy_executions_once";
DROP INDEX IF EXISTS "strategy_executions_decided";
DROP INDEX IF EXISTS "strategies_pkey";
DROP INDEX IF EXISTS "source_call_days_pkey";
DROP INDEX IF EXISTS "sessions_pkey";
DROP INDEX IF EXISTS "sessions_by_user";
DROP INDEX IF EXISTS "sessions_by_end";
DROP INDEX IF EXISTS "schema_migrations_pkey";
DROP INDEX IF EXISTS "rejected_observations_pkey";
DROP INDEX IF EXISTS "rejected_observations_by_time";
DROP INDEX IF EXISTS "refresh_tokens_pkey";
DROP INDEX IF EXISTS "refresh_tokens_current";
DROP INDEX IF EXISTS "refresh_tokens_by_session";
DROP INDEX IF EXISTS "push_streams_waiting";
DROP INDEX IF EXISTS "push_streams_pkey";
DROP INDEX IF EXISTS "push_streams_by_expiry";
DROP INDEX IF EXISTS "push_outbox_pkey";
DROP INDEX IF EXISTS "push_outbox_by_time";
DROP INDEX IF EXISTS "push_connections_to_retry";
DROP INDEX IF EXISTS "push_connections_pkey";
DROP INDEX IF EXISTS "push_connections_failing";
DROP INDEX IF EXISTS "push_connections_by_user";
DROP INDEX IF EXISTS "push_connections_by_last_seen";
DROP INDEX IF EXISTS "push_connections_by_expiry";
DROP INDEX IF EXISTS "price_comparisons_pkey";
DROP INDEX IF EXISTS "portfolios_pkey";
DROP INDEX IF EXISTS "portfolio_entries_pkey";
DROP INDEX IF EXISTS "portfolio_entries_by_user";
DROP INDEX IF EXISTS "portfolio_entries_by_subscription";
DROP INDEX IF EXISTS "observation_revisions_pkey";
DROP INDEX IF EXISTS "model_spend_days_pkey";
DROP INDEX IF EXISTS "model_reservations_pkey";
DROP INDEX IF EXISTS "model_answers_pkey";
DROP INDEX IF EXISTS "model_answers_once";
DROP INDEX IF EXISTS "market_gaps_pkey";
DROP INDEX IF EXISTS "market_data_revisions_pkey";
DROP INDEX IF EXISTS "market_audits_pkey";
DROP INDEX IF EXISTS "maintenance_reports_pkey";
DROP INDEX IF EXISTS "locks_pkey";
DROP INDEX IF EXISTS "locks_open";
DROP INDEX IF EXISTS "locks_by_time";
DROP INDEX IF EXISTS "locks_by_end";
DROP INDEX IF EXISTS "live_prices_pkey";
DROP INDEX IF EXISTS "job_runs_pkey";
DROP INDEX IF EXISTS "job_runs_by_time";
DROP INDEX IF EXISTS "job_runs_by_schedule";
DROP INDEX IF EXISTS "indicator_observations_pkey";
DROP INDEX IF EXISTS "holdings_pkey";
DROP INDEX IF EXISTS "decisions_pkey";
DROP INDEX IF EXISTS "decisions_pending";
DROP INDEX IF EXISTS "decisions_own";
DROP INDEX IF EXISTS "decisions_once";
DROP INDEX IF EXISTS "decisions_by_execution";
DROP INDEX IF EXISTS "data_collection_logs_pkey";
DROP INDEX IF EXISTS "data_collection_logs_by_time";
DROP INDEX IF EXISTS "data_collection_logs_by_source";
DROP INDEX IF EXISTS "cost_reports_pkey";
DROP INDEX IF EXISTS "auth_events_pkey";
DROP INDEX IF EXISTS "auth_events_by_user";
DROP INDEX IF EXISTS "agent_execution_logs_pkey";
DROP INDEX IF EXISTS "agent_execution_logs_by_time";
DROP INDEX IF EXISTS "agent_execution_logs_by_execution";
DROP INDEX IF EXISTS "agent_execution_days_pkey";
DROP INDEX IF EXISTS "agent_cost_days_pkey";

DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                WHERE NOT tgisinternal AND relnamespace = current_schema()::text::regnamespace
    LOOP EXECUTE format('ALTER TABLE %I DISABLE TRIGGER USER', name); END LOOP;
END $$;

DO $$ DECLARE names text; BEGIN
    SELECT string_agg(format('%I', relname), ', ') INTO names FROM pg_class
    WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::text::regnamespace;
    EXECUTE 'TRUNCATE ' || names;
END $$;
\copy "market_data" ("asset", "timeframe", "open_time", "open", "high", "low", "close", "volume", "is_anomaly", "source", "available_at", "updated_at") FROM PROGRAM 'gunzip -c market_data.copy.gz'
\copy "indicator_observations" ("metric", "observed_at", "value", "source", "available_at", "realtime_start", "is_interpolated", "updated_at") FROM PROGRAM 'gunzip -c indicator_observations.copy.gz'
\copy "strategy_executions" ("id", "strategy_id", "as_of", "status", "conviction", "signal", "document", "created_at") FROM PROGRAM 'gunzip -c strategy_executions.copy.gz'
\copy "job_runs" ("job", "scheduled_at", "status", "lease_until", "attempts", "started_at", "finished_at", "result", "error") FROM PROGRAM 'gunzip -c job_runs.copy.gz'
\copy "agent_cost_days" ("day", "strategy_id", "agent_type", "provider", "model", "attempts", "failures", "cache_hits", "input_tokens", "output_tokens", "cached_tokens", "cache_write_tokens", "cost") FROM PROGRAM 'gunzip -c agent_cost_days.copy.gz'
\copy "agent_execution_days" ("day", "strategy_id", "agent_type", "executions") FROM PROGRAM 'gunzip -c agent_execution_days.copy.gz'
\copy "agent_execution_logs" ("id", "execution_id", "agent_type", "provider", "model", "status", "input_tokens", "output_tokens", "cached_tokens", "tokens_used", "cost", "latency_ms", "cache_hit", "error", "created_at", "strategy_id", "cache_write_tokens", "prompt_version") FROM PROGRAM 'gunzip -c agent_execution_logs.copy.gz'
\copy "cost_reports" ("day", "created_at", "document") FROM PROGRAM 'gunzip -c cost_reports.copy.gz'
\copy "data_collection_logs" ("id", "data_source", "endpoint", "status", "http_status", "latency_ms", "items", "error", "created_at") FROM PROGRAM 'gunzip -c data_collection_logs.copy.gz'
\copy "decisions" ("id", "execution_id", "strategy_id", "as_of", "is_own", "weight_macro", "weight_onchain", "weight_ta", "conviction", "signal", "position", "price_btc", "price_eth", "explanation", "status", "reason", "done_up_to", "subscriptions", "trades", "skipped", "created_at", "finished_at") FROM PROGRAM 'gunzip -c decisions.copy.gz'
\copy "live_prices" ("asset", "price", "change_24h_pct", "source", "observed_at", "service") FROM PROGRAM 'gunzip -c live_prices.copy.gz'
\copy "market_audits" ("asset", "timeframe", "asked_since", "first_open_time", "settled_until", "began_at") FROM PROGRAM 'gunzip -c market_audits.copy.gz'
\copy "price_comparisons" ("asset", "compared_at", "exchange_price", "reference_price", "difference_pct", "apart_in_a_row") FROM PROGRAM 'gunzip -c price_comparisons.copy.gz'
\copy "schema_migrations" ("version", "title", "checksum", "applied_at", "duration_ms") FROM PROGRAM 'gunzip -c schema_migrations.copy.gz'
\copy "source_call_days" ("day", "data_source", "calls", "failures") FROM PROGRAM 'gunzip -c source_call_days.copy.gz'
\copy "strategies" ("id", "name", "interval_minutes", "trend_timeframe", "weight_macro", "weight_onchain", "weight_ta", "buy_fraction", "buy_fraction_high", "is_active", "created_at") FROM PROGRAM 'gunzip -c strategies.copy.gz'
\copy "subscriptions" ("id", "user_id", "strategy_id", "status", "weight_macro", "weight_onchain", "weight_ta", "paid_in", "taken_out", "cash", "realised", "active_since", "created_at", "stopped_at", "last_decision_id", "last_outcome") FROM PROGRAM 'gunzip -c subscriptions.copy.gz'
\copy "system_flags" ("key", "value", "notice", "expires_at", "updated_at", "updated_by") FROM PROGRAM 'gunzip -c system_flags.copy.gz'
\copy "maintenance_reports" ("scheduled_at", "created_at", "document") FROM PROGRAM 'gunzip -c maintenance_reports.copy.gz'
\copy "auth_events" ("id", "user_id", "session_id", "kind", "actor", "detail", "created_at") FROM PROGRAM 'gunzip -c auth_events.copy.gz'
\copy "holdings" ("subscription_id", "asset", "quantity", "total_cost") FROM PROGRAM 'gunzip -c holdings.copy.gz'
\copy "locks" ("reason", "since", "until", "detail") FROM PROGRAM 'gunzip -c locks.copy.gz'
\copy "market_data_revisions" ("asset", "timeframe", "open_time", "available_at", "open", "high", "low", "close", "volume", "source", "replaced_at") FROM PROGRAM 'gunzip -c market_data_revisions.copy.gz'
\copy "market_gaps" ("asset", "timeframe", "open_time", "checked_at") FROM PROGRAM 'gunzip -c market_gaps.copy.gz'
\copy "model_answers" ("id", "agent_type", "scope", "as_of", "rule_score", "freshness", "prices", "score", "model_score", "reasoning", "raw", "provider", "model", "prompt_version", "execution_id", "created_at") FROM PROGRAM 'gunzip -c model_answers.copy.gz'
\copy "observation_revisions" ("metric", "observed_at", "available_at", "value", "source", "realtime_start", "is_interpolated", "replaced_at") FROM PROGRAM 'gunzip -c observation_revisions.copy.gz'
\copy "portfolio_entries" ("id", "user_id", "kind", "subscription_id", "amount", "free_cash_after", "created_at") FROM PROGRAM 'gunzip -c portfolio_entries.copy.gz'
\copy "push_connections" ("id", "user_id", "connected_at", "last_seen_at", "expires_at", "session_id", "sent_seq", "retry_at", "failing_since") FROM PROGRAM 'gunzip -c push_connections.copy.gz'
\copy "push_outbox" ("user_id", "seq", "event", "data", "created_at") FROM PROGRAM 'gunzip -c push_outbox.copy.gz'
\copy "refresh_tokens" ("hash", "session_id", "created_at", "replaced_at", "nonce") FROM PROGRAM 'gunzip -c refresh_tokens.copy.gz'
\copy "rejected_observations" ("data_source", "series", "reason", "payload", "dated", "times", "first_seen_at", "last_seen_at") FROM PROGRAM 'gunzip -c rejected_observations.copy.gz'
\copy "sessions" ("id", "user_id", "transport", "user_agent", "created_at", "last_used_at", "expires_at", "ended_at", "end_reason") FROM PROGRAM 'gunzip -c sessions.copy.gz'
\copy "trades" ("id", "subscription_id", "user_id", "strategy_id", "decision_id", "asset", "side", "quantity", "price", "fill", "value", "fee", "cost", "realised", "cash_after", "quantity_after", "cost_after", "as_of", "executed_at") FROM PROGRAM 'gunzip -c trades.copy.gz'
\copy "users" ("id", "google_sub", "email", "name", "role", "tier", "created_at", "signed_in_at") FROM PROGRAM 'gunzip -c users.copy.gz'
\copy "model_reservations" ("id", "day", "amount", "created_at", "settled_at") FROM PROGRAM 'gunzip -c model_reservations.copy.gz'
\copy "model_spend_days" ("day", "settled", "reserved") FROM PROGRAM 'gunzip -c model_spend_days.copy.gz'
\copy "portfolios" ("user_id", "free_cash", "created_at") FROM PROGRAM 'gunzip -c portfolios.copy.gz'
\copy "push_streams" ("user_id", "last_seq", "expires_at", "delivered_seq", "held_until") FROM PROGRAM 'gunzip -c push_streams.copy.gz'
CREATE UNIQUE INDEX agent_cost_days_pkey ON public.agent_cost_days USING btree (day, strategy_id, agent_type, provider, model);
CREATE UNIQUE INDEX agent_execution_days_pkey ON public.agent_execution_days USING btree (day, strategy_id, agent_type);
CREATE INDEX agent_execution_logs_by_execution ON public.agent_execution_logs USING btree (execution_id);
CREATE INDEX agent_execution_logs_by_time ON public.agent_execution_logs USING btree (created_at);
CREATE UNIQUE INDEX agent_execution_logs_pkey ON public.agent_execution_logs USING btree (id);
CREATE INDEX auth_events_by_user ON public.auth_events USING btree (user_id, created_at DESC);
CREATE UNIQUE INDEX auth_events_pkey ON public.auth_events USING btree (id);
CREATE UNIQUE INDEX cost_reports_pkey ON public.cost_reports USING btree (day);
CREATE INDEX data_collection_logs_by_source ON public.data_collection_logs USING btree (data_source, created_at);
CREATE INDEX data_collection_logs_by_time ON public.data_collection_logs USING btree (created_at);
CREATE UNIQUE INDEX data_collection_logs_pkey ON public.data_collection_logs USING btree (id);
CREATE INDEX decisions_by_execution ON public.decisions USING btree (execution_id);
CREATE UNIQUE INDEX decisions_once ON public.decisions USING btree (strategy_id, as_of, weight_macro, weight_onchain, weight_ta);
CREATE INDEX decisions_own ON public.decisions USING btree (strategy_id, as_of DESC) WHERE is_own;
CREATE INDEX decisions_pending ON public.decisions USING btree (as_of) WHERE (status = 'pending'::text);
CREATE UNIQUE INDEX decisions_pkey ON public.decisions USING btree (id);
CREATE UNIQUE INDEX holdings_pkey ON public.holdings USING btree (subscription_id, asset);
CREATE UNIQUE INDEX indicator_observations_pkey ON public.indicator_observations USING btree (metric, observed_at);
CREATE INDEX job_runs_by_schedule ON public.job_runs USING btree (scheduled_at DESC, job DESC);
CREATE INDEX job_runs_by_time ON public.job_runs USING btree (started_at);
CREATE UNIQUE INDEX job_runs_pkey ON public.job_runs USING btree (job, scheduled_at);
CREATE UNIQUE INDEX live_prices_pkey ON public.live_prices USING btree (asset, service);
CREATE INDEX locks_by_end ON public.locks USING btree (COALESCE(until, 'infinity'::timestamp with time zone));
CREATE INDEX locks_by_time ON public.locks USING btree (since DESC, reason DESC);
CREATE UNIQUE INDEX locks_open ON public.locks USING btree (reason) WHERE (until IS NULL);
CREATE UNIQUE INDEX locks_pkey ON public.locks USING btree (reason, since);
CREATE UNIQUE INDEX maintenance_reports_pkey ON public.maintenance_reports USING btree (scheduled_at);
CREATE UNIQUE INDEX market_audits_pkey ON public.market_audits USING btree (asset, timeframe);
CREATE UNIQUE INDEX market_data_revisions_pkey ON public.market_data_revisions USING btree (asset, timeframe, open_time, available_at);
CREATE UNIQUE INDEX market_gaps_pkey ON public.market_gaps USING btree (asset, timeframe, open_time);
CREATE UNIQUE INDEX model_answers_once ON public.model_answers USING btree (agent_type, scope, as_of);
CREATE UNIQUE INDEX model_answers_pkey ON public.model_answers USING btree (id);
CREATE UNIQUE INDEX model_reservations_pkey ON public.model_reservations USING btree (id);
CREATE UNIQUE INDEX model_spend_days_pkey ON public.model_spend_days USING btree (day);
CREATE UNIQUE INDEX observation_revisions_pkey ON public.observation_revisions USING btree (metric, observed_at, available_at);
CREATE INDEX portfolio_entries_by_subscription ON public.portfolio_entries USING btree (subscription_id, created_at);
CREATE INDEX portfolio_entries_by_user ON public.portfolio_entries USING btree (user_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX portfolio_entries_pkey ON public.portfolio_entries USING btree (id);
CREATE UNIQUE INDEX portfolios_pkey ON public.portfolios USING btree (user_id);
CREATE UNIQUE INDEX price_comparisons_pkey ON public.price_comparisons USING btree (asset);
CREATE INDEX push_connections_by_expiry ON public.push_connections USING btree (expires_at);
CREATE INDEX push_connections_by_last_seen ON public.push_connections USING btree (last_seen_at);
CREATE INDEX push_connections_by_user ON public.push_connections USING btree (user_id, connected_at);
CREATE INDEX push_connections_failing ON public.push_connections USING btree (failing_since) WHERE (failing_since IS NOT NULL);
CREATE UNIQUE INDEX push_connections_pkey ON public.push_connections USING btree (id);
CREATE INDEX push_connections_to_retry ON public.push_connections USING btree (retry_at) WHERE (retry_at IS NOT NULL);
CREATE INDEX push_outbox_by_time ON public.push_outbox USING btree (created_at);
CREATE UNIQUE INDEX push_outbox_pkey ON public.push_outbox USING btree (user_id, seq);
CREATE INDEX push_streams_by_expiry ON public.push_streams USING btree (expires_at);
CREATE UNIQUE INDEX push_streams_pkey ON public.push_streams USING btree (user_id);
CREATE INDEX push_streams_waiting ON public.push_streams USING btree (held_until) WHERE (delivered_seq < last_seq);
CREATE INDEX refresh_tokens_by_session ON public.refresh_tokens USING btree (session_id, replaced_at);
CREATE UNIQUE INDEX refresh_tokens_current ON public.refresh_tokens USING btree (session_id) WHERE (replaced_at IS NULL);
CREATE UNIQUE INDEX refresh_tokens_pkey ON public.refresh_tokens USING btree (hash);
CREATE INDEX rejected_observations_by_time ON public.rejected_observations USING btree (last_seen_at);
CREATE UNIQUE INDEX rejected_observations_pkey ON public.rejected_observations USING btree (series, data_source, reason, payload);
CREATE UNIQUE INDEX schema_migrations_pkey ON public.schema_migrations USING btree (version);
CREATE INDEX sessions_by_end ON public.sessions USING btree (expires_at);
CREATE INDEX sessions_by_user ON public.sessions USING btree (user_id, created_at DESC);
CREATE UNIQUE INDEX sessions_pkey ON public.sessions USING btree (id);
CREATE UNIQUE INDEX source_call_days_pkey ON public.source_call_days USING btree (day, data_source);
CREATE UNIQUE INDEX strategies_pkey ON public.strategies USING btree (id);
CREATE INDEX strategy_executions_decided ON public.strategy_executions USING btree (strategy_id, as_of DESC) WHERE (status = 'decided'::text);
CREATE UNIQUE INDEX strategy_executions_once ON public.strategy_executions USING btree (strategy_id, as_of);
CREATE UNIQUE INDEX strategy_executions_pkey ON public.strategy_executions USING btree (id);
CREATE INDEX subscriptions_by_user ON public.subscriptions USING btree (user_id, created_at DESC, id DESC);
CREATE UNIQUE INDEX subscriptions_once ON public.subscriptions USING btree (user_id, strategy_id) WHERE (status <> 'stopped'::text);
CREATE UNIQUE INDEX subscriptions_pkey ON public.subscriptions USING btree (id);
CREATE UNIQUE INDEX subscriptions_reference ON public.subscriptions USING btree (strategy_id) WHERE (user_id IS NULL);
CREATE INDEX subscriptions_taking_part ON public.subscriptions USING btree (strategy_id, weight_macro, weight_onchain, weight_ta, id) INCLUDE (active_since) WHERE (status = 'active'::text);
CREATE UNIQUE INDEX system_flags_pkey ON public.system_flags USING btree (key);
CREATE INDEX trades_by_subscription ON public.trades USING btree (subscription_id, executed_at, id);
CREATE INDEX trades_by_user ON public.trades USING btree (user_id, executed_at DESC, id DESC);
CREATE UNIQUE INDEX trades_once ON public.trades USING btree (decision_id, subscription_id, asset);
CREATE UNIQUE INDEX trades_pkey ON public.trades USING btree (id);
CREATE INDEX users_by_email ON public.users USING btree (lower(email));
CREATE UNIQUE INDEX users_google_sub ON public.users USING btree (google_sub);
CREATE UNIQUE INDEX users_pkey ON public.users USING btree (id);
ALTER TABLE "agent_cost_days" ADD CONSTRAINT "agent_cost_days_pkey" PRIMARY KEY USING INDEX agent_cost_days_pkey;
ALTER TABLE "agent_execution_days" ADD CONSTRAINT "agent_execution_days_pkey" PRIMARY KEY USING INDEX agent_execution_days_pkey;
ALTER TABLE "agent_execution_logs" ADD CONSTRAINT "agent_execution_logs_pkey" PRIMARY KEY USING INDEX agent_execution_logs_pkey;
ALTER TABLE "auth_events" ADD CONSTRAINT "auth_events_pkey" PRIMARY KEY USING INDEX auth_events_pkey;
ALTER TABLE "cost_reports" ADD CONSTRAINT "cost_reports_pkey" PRIMARY KEY USING INDEX cost_reports_pkey;
ALTER TABLE "data_collection_logs" ADD CONSTRAINT "data_collection_logs_pkey" PRIMARY KEY USING INDEX data_collection_logs_pkey;
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_once" UNIQUE USING INDEX decisions_once;
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_pkey" PRIMARY KEY USING INDEX decisions_pkey;
ALTER TABLE "holdings" ADD CONSTRAINT "holdings_pkey" PRIMARY KEY USING INDEX holdings_pkey;
ALTER TABLE "indicator_observations" ADD CONSTRAINT "indicator_observations_pkey" PRIMARY KEY USING INDEX indicator_observations_pkey;
ALTER TABLE "job_runs" ADD CONSTRAINT "job_runs_pkey" PRIMARY KEY USING INDEX job_runs_pkey;
ALTER TABLE "live_prices" ADD CONSTRAINT "live_prices_pkey" PRIMARY KEY USING INDEX live_prices_pkey;
ALTER TABLE "locks" ADD CONSTRAINT "locks_pkey" PRIMARY KEY USING INDEX locks_pkey;
ALTER TABLE "maintenance_reports" ADD CONSTRAINT "maintenance_reports_pkey" PRIMARY KEY USING INDEX maintenance_reports_pkey;
ALTER TABLE "market_audits" ADD CONSTRAINT "market_audits_pkey" PRIMARY KEY USING INDEX market_audits_pkey;
ALTER TABLE "market_data" ADD CONSTRAINT "market_data_pkey" PRIMARY KEY (asset, timeframe, open_time);
ALTER TABLE "market_data_revisions" ADD CONSTRAINT "market_data_revisions_pkey" PRIMARY KEY USING INDEX market_data_revisions_pkey;
ALTER TABLE "market_gaps" ADD CONSTRAINT "market_gaps_pkey" PRIMARY KEY USING INDEX market_gaps_pkey;
ALTER TABLE "model_answers" ADD CONSTRAINT "model_answers_once" UNIQUE USING INDEX model_answers_once;
ALTER TABLE "model_answers" ADD CONSTRAINT "model_answers_pkey" PRIMARY KEY USING INDEX model_answers_pkey;
ALTER TABLE "model_reservations" ADD CONSTRAINT "model_reservations_pkey" PRIMARY KEY USING INDEX model_reservations_pkey;
ALTER TABLE "model_spend_days" ADD CONSTRAINT "model_spend_days_pkey" PRIMARY KEY USING INDEX model_spend_days_pkey;
ALTER TABLE "observation_revisions" ADD CONSTRAINT "observation_revisions_pkey" PRIMARY KEY USING INDEX observation_revisions_pkey;
ALTER TABLE "portfolio_entries" ADD CONSTRAINT "portfolio_entries_pkey" PRIMARY KEY USING INDEX portfolio_entries_pkey;
ALTER TABLE "portfolios" ADD CONSTRAINT "portfolios_pkey" PRIMARY KEY USING INDEX portfolios_pkey;
ALTER TABLE "price_comparisons" ADD CONSTRAINT "price_comparisons_pkey" PRIMARY KEY USING INDEX price_comparisons_pkey;
ALTER TABLE "push_connections" ADD CONSTRAINT "push_connections_pkey" PRIMARY KEY USING INDEX push_connections_pkey;
ALTER TABLE "push_outbox" ADD CONSTRAINT "push_outbox_pkey" PRIMARY KEY USING INDEX push_outbox_pkey;
ALTER TABLE "push_streams" ADD CONSTRAINT "push_streams_pkey" PRIMARY KEY USING INDEX push_streams_pkey;
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_pkey" PRIMARY KEY USING INDEX refresh_tokens_pkey;
ALTER TABLE "rejected_observations" ADD CONSTRAINT "rejected_observations_pkey" PRIMARY KEY USING INDEX rejected_observations_pkey;
ALTER TABLE "schema_migrations" ADD CONSTRAINT "schema_migrations_pkey" PRIMARY KEY USING INDEX schema_migrations_pkey;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_pkey" PRIMARY KEY USING INDEX sessions_pkey;
ALTER TABLE "source_call_days" ADD CONSTRAINT "source_call_days_pkey" PRIMARY KEY USING INDEX source_call_days_pkey;
ALTER TABLE "strategies" ADD CONSTRAINT "strategies_pkey" PRIMARY KEY USING INDEX strategies_pkey;
ALTER TABLE "strategy_executions" ADD CONSTRAINT "strategy_executions_once" UNIQUE USING INDEX strategy_executions_once;
ALTER TABLE "strategy_executions" ADD CONSTRAINT "strategy_executions_pkey" PRIMARY KEY USING INDEX strategy_executions_pkey;
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_pkey" PRIMARY KEY USING INDEX subscriptions_pkey;
ALTER TABLE "system_flags" ADD CONSTRAINT "system_flags_pkey" PRIMARY KEY USING INDEX system_flags_pkey;
ALTER TABLE "trades" ADD CONSTRAINT "trades_once" UNIQUE USING INDEX trades_once;
ALTER TABLE "trades" ADD CONSTRAINT "trades_pkey" PRIMARY KEY USING INDEX trades_pkey;
ALTER TABLE "users" ADD CONSTRAINT "users_google_sub" UNIQUE USING INDEX users_google_sub;
ALTER TABLE "users" ADD CONSTRAINT "users_pkey" PRIMARY KEY USING INDEX users_pkey;
ALTER TABLE "decisions" ADD CONSTRAINT "decisions_strategy" FOREIGN KEY (strategy_id) REFERENCES strategies(id);
ALTER TABLE "holdings" ADD CONSTRAINT "holdings_subscription" FOREIGN KEY (subscription_id) REFERENCES subscriptions(id) ON DELETE CASCADE;
ALTER TABLE "model_reservations" ADD CONSTRAINT "model_reservations_day" FOREIGN KEY (day) REFERENCES model_spend_days(day);
ALTER TABLE "portfolio_entries" ADD CONSTRAINT "portfolio_entries_user" FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE "portfolios" ADD CONSTRAINT "portfolios_user" FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE "push_outbox" ADD CONSTRAINT "push_outbox_stream" FOREIGN KEY (user_id) REFERENCES push_streams(user_id) ON DELETE CASCADE;
ALTER TABLE "push_streams" ADD CONSTRAINT "push_streams_user" FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE "refresh_tokens" ADD CONSTRAINT "refresh_tokens_session" FOREIGN KEY (session_id) REFERENCES sessions(id) ON DELETE CASCADE;
ALTER TABLE "sessions" ADD CONSTRAINT "sessions_user" FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE "strategy_executions" ADD CONSTRAINT "strategy_executions_strategy" FOREIGN KEY (strategy_id) REFERENCES strategies(id);
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_strategy" FOREIGN KEY (strategy_id) REFERENCES strategies(id);
ALTER TABLE "subscriptions" ADD CONSTRAINT "subscriptions_user" FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE;
ALTER TABLE "trades" ADD CONSTRAINT "trades_decision" FOREIGN KEY (decision_id) REFERENCES decisions(id);
ALTER TABLE "trades" ADD CONSTRAINT "trades_subscription" FOREIGN KEY (subscription_id) REFERENCES subscriptions(id) ON DELETE CASCADE;

DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT DISTINCT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid
                WHERE NOT tgisinternal AND relnamespace = current_schema()::text::regnamespace
    LOOP EXECUTE format('ALTER TABLE %I ENABLE TRIGGER USER', name); END LOOP;
END $$;

ANALYZE;

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

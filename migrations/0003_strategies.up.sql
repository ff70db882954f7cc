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

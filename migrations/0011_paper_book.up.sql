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

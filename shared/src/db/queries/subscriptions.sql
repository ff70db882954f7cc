--: SubscriptionRow(user_id?, weight_macro?, weight_onchain?, weight_ta?, stopped_at?, last_decision_id?, last_outcome?)

--! lock_portfolio : ()
-- After the subscriptions, before the push streams: the order in which everybody locks. The plan is read here, because
-- the one in a token may be a quarter of an hour old.
SELECT portfolios.free_cash, users.tier
FROM portfolios JOIN users ON users.id = portfolios.user_id
WHERE portfolios.user_id = :user_id
FOR UPDATE OF portfolios;

--! open_subscriptions_of : ()
SELECT strategy_id FROM subscriptions WHERE user_id = :user_id AND status <> 'stopped';

--! followable_strategy : ()
SELECT id FROM strategies WHERE id = :id AND is_active;

--! insert_subscription (weight_macro?, weight_onchain?, weight_ta?)
INSERT INTO subscriptions
    (id, user_id, strategy_id, status, weight_macro, weight_onchain, weight_ta, paid_in, taken_out, cash, realised,
     active_since, created_at)
VALUES (:id, :user_id, :strategy_id, 'active', :weight_macro, :weight_onchain, :weight_ta, :capital, 0, :capital, 0, :now,
        :now);

--! lock_subscription : SubscriptionRow
-- A decision that trades it is waited for, and the other way round: what was there first counts.
SELECT id, user_id, strategy_id, status, weight_macro, weight_onchain, weight_ta, paid_in, taken_out, cash, realised,
       active_since, created_at, stopped_at, last_decision_id, last_outcome
FROM subscriptions
WHERE user_id = :user_id AND strategy_id = :strategy_id AND status <> 'stopped'
FOR UPDATE;

--! holdings_of_subscriptions : ()
SELECT subscription_id, asset, quantity, total_cost
FROM holdings
WHERE subscription_id = ANY (:subscription_ids) AND quantity > 0
ORDER BY subscription_id, asset;

--! change_subscription (weight_macro?, weight_onchain?, weight_ta?, stopped_at?)
UPDATE subscriptions
SET status = :status, weight_macro = :weight_macro, weight_onchain = :weight_onchain, weight_ta = :weight_ta,
    paid_in = :paid_in, taken_out = :taken_out, cash = :cash, realised = :realised, active_since = :active_since,
    stopped_at = :stopped_at
WHERE id = :id;

--! move_money
-- What the portfolio's lock has made sure of: the free cash before it was that of the row.
WITH moved AS (
    UPDATE portfolios SET free_cash = :free_cash_after WHERE user_id = :user_id RETURNING user_id
)
INSERT INTO portfolio_entries (id, user_id, kind, subscription_id, amount, free_cash_after, created_at)
SELECT :id, user_id, :kind, :subscription_id, :amount, :free_cash_after, :now FROM moved;

--! closes_at : ()
-- The newest stored close of each series at each time.
SELECT given.at, given.asset, given.timeframe, newest.open_time, newest.close
FROM unnest(:ats::timestamptz[], :assets::text[], :timeframes::text[], :opened_by::timestamptz[])
         AS given (at, asset, timeframe, opened_by)
CROSS JOIN LATERAL (
    SELECT open_time, close
    FROM market_data
    WHERE asset = given.asset AND timeframe = given.timeframe AND open_time <= given.opened_by
    ORDER BY open_time DESC
    LIMIT 1
) AS newest;

--: OpenSubscriptionRow(weight_macro?, weight_onchain?, weight_ta?, last_outcome?, decision_id?, decision_as_of?, decision_conviction?, decision_signal?)

--: SumRow()

--! portfolio_of : ()
SELECT portfolios.free_cash, portfolios.created_at, users.tier
FROM portfolios JOIN users ON users.id = portfolios.user_id
WHERE portfolios.user_id = :user_id;

--! open_subscriptions : OpenSubscriptionRow
-- Those of a user that are not stopped, in the order in which they were begun.
SELECT subscription.id, subscription.strategy_id, subscription.status, subscription.weight_macro, subscription.weight_onchain,
       subscription.weight_ta, subscription.paid_in, subscription.taken_out, subscription.cash, subscription.realised,
       subscription.active_since, subscription.created_at, subscription.last_outcome, decision.id AS decision_id,
       decision.as_of AS decision_as_of, decision.conviction AS decision_conviction, decision.signal AS decision_signal
FROM subscriptions AS subscription LEFT JOIN decisions AS decision ON decision.id = subscription.last_decision_id
WHERE subscription.user_id = :user_id AND subscription.status <> 'stopped'
ORDER BY subscription.created_at, subscription.id;

--! followed_strategies : ()
-- Every strategy that a user follows or has followed, and since when.
SELECT strategy_id, min(created_at) AS since
FROM subscriptions
WHERE user_id = :user_id
GROUP BY strategy_id
ORDER BY strategy_id;

--! opening_of : ()
SELECT amount, created_at FROM portfolio_entries WHERE user_id = :user_id AND kind = 'opening';

--! capital_until : (amount?)
-- What a user's subscriptions to a strategy were given by then, less what they gave back.
SELECT -sum(entry.amount) AS amount
FROM portfolio_entries AS entry JOIN subscriptions AS subscription ON subscription.id = entry.subscription_id
WHERE entry.user_id = :user_id AND subscription.strategy_id = :strategy_id AND entry.created_at <= :until;

--! flows_between : ()
-- The same after `since`, moment by moment.
SELECT entry.created_at, -sum(entry.amount) AS amount
FROM portfolio_entries AS entry JOIN subscriptions AS subscription ON subscription.id = entry.subscription_id
WHERE entry.user_id = :user_id AND subscription.strategy_id = :strategy_id AND entry.created_at > :since
  AND entry.created_at <= :until
GROUP BY entry.created_at
ORDER BY entry.created_at
LIMIT :most;

--! own_decisions : (price_btc?, price_eth?)
-- The times as of which strategies decided with their own weights: all, or those at 00:00 UTC. Each once, with the prices
-- of a strategy that had some.
SELECT DISTINCT ON (as_of) as_of, price_btc, price_eth
FROM decisions
WHERE is_own AND strategy_id = ANY (:strategy_ids) AND as_of >= :since AND as_of <= :until
  AND (:every OR date_trunc('day', as_of) = as_of)
ORDER BY as_of, price_btc IS NULL, strategy_id
LIMIT :most;

--! first_own_decisions : (price_btc?, price_eth?)
-- The first one at or after each of the given times.
SELECT first.as_of, first.price_btc, first.price_eth
FROM unnest(:since::timestamptz[]) AS begun (since)
CROSS JOIN LATERAL (
    SELECT each.as_of, each.price_btc, each.price_eth
    FROM unnest(:strategy_ids::text[]) AS strategy (id)
    CROSS JOIN LATERAL (
        SELECT as_of, price_btc, price_eth
        FROM decisions
        WHERE is_own AND strategy_id = strategy.id AND as_of >= begun.since AND as_of <= :until AND price_btc IS NOT NULL
        ORDER BY as_of
        LIMIT 1
    ) AS each
    ORDER BY each.as_of
    LIMIT 1
) AS first
ORDER BY first.as_of;

--! daily_closes : ()
SELECT asset, open_time, close
FROM market_data
WHERE asset = ANY (:assets) AND timeframe = '1d' AND open_time >= :since AND open_time <= :until
ORDER BY open_time;

--! trade_sums_of_user (strategy_id?) : SumRow
-- What a user's trades did between the given times, each subscription and asset by itself: `place` is that of the first
-- time at or after the trades. Those that a decision made as of a given time are apart. Trades are shown as of their T,
-- but never before what their subscription did earlier: money that came between T and the trade may have paid for it.
SELECT subscription_id, asset, place, is_at,
       sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) AS quantity,
       sum(CASE side WHEN 'buy' THEN -value - fee ELSE value - fee END) AS cash,
       count(*) FILTER (WHERE side = 'sell') AS sells,
       count(*) FILTER (WHERE realised > 0) AS won
FROM (
    SELECT subscription_id, asset, side, quantity, value, fee, realised, place,
           decision_id IS NOT NULL AND shown_at = (:times::timestamptz[])[place + 1] AS is_at
    FROM (
        SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id, shown_at,
               width_bucket(shown_at - interval '1 microsecond', :times::timestamptz[]) AS place
        FROM (
            SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id,
                   max(at) OVER (PARTITION BY subscription_id ORDER BY happened_at) AS shown_at
            FROM (
                SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id, as_of AS at,
                       executed_at AS happened_at
                FROM trades
                WHERE user_id = :user_id AND (:strategy_id::text IS NULL OR strategy_id = :strategy_id::text)
                UNION ALL
                SELECT subscription_id, NULL, NULL, NULL, NULL, NULL, NULL, NULL, created_at, created_at
                FROM portfolio_entries
                WHERE user_id = :user_id AND subscription_id IS NOT NULL
            ) AS happened
        ) AS told
        WHERE asset IS NOT NULL AND shown_at <= :until
    ) AS placed
) AS moved
GROUP BY subscription_id, asset, place, is_at
ORDER BY place, is_at, subscription_id, asset
LIMIT :most;

--! trade_sums_of_subscriptions : SumRow
-- The same for subscriptions to which no money comes and from which none goes.
SELECT subscription_id, asset, place, is_at,
       sum(CASE side WHEN 'buy' THEN quantity ELSE -quantity END) AS quantity,
       sum(CASE side WHEN 'buy' THEN -value - fee ELSE value - fee END) AS cash,
       count(*) FILTER (WHERE side = 'sell') AS sells,
       count(*) FILTER (WHERE realised > 0) AS won
FROM (
    SELECT subscription_id, asset, side, quantity, value, fee, realised, place,
           decision_id IS NOT NULL AND shown_at = (:times::timestamptz[])[place + 1] AS is_at
    FROM (
        SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id, shown_at,
               width_bucket(shown_at - interval '1 microsecond', :times::timestamptz[]) AS place
        FROM (
            SELECT subscription_id, asset, side, quantity, value, fee, realised, decision_id,
                   max(as_of) OVER (PARTITION BY subscription_id ORDER BY executed_at) AS shown_at
            FROM trades
            WHERE subscription_id = ANY (:subscription_ids)
        ) AS told
        WHERE shown_at <= :until
    ) AS placed
) AS moved
GROUP BY subscription_id, asset, place, is_at
ORDER BY place, is_at, subscription_id, asset
LIMIT :most;

--! reference_portfolios : ()
-- One a strategy at most, by the index of reference portfolios.
SELECT id, strategy_id, paid_in, active_since AS since
FROM subscriptions
WHERE user_id IS NULL AND strategy_id = ANY (:strategy_ids)
ORDER BY strategy_id;

--! trade_page (strategy_id?, asset?, side?) : (decision_id?, realised?, execution_id?, weight_macro?, weight_onchain?, weight_ta?, conviction?, signal?, position?, explanation?)
-- Newest first. Keyset: the bound is time and id of the last one already shown.
SELECT trade.id, trade.subscription_id, trade.strategy_id, trade.asset, trade.side, trade.quantity, trade.price, trade.fill,
       trade.value, trade.fee, trade.cost, trade.realised, trade.cash_after, trade.quantity_after, trade.cost_after,
       trade.as_of, trade.executed_at, trade.decision_id, decision.execution_id, decision.weight_macro, decision.weight_onchain,
       decision.weight_ta, decision.conviction, decision.signal, decision.position, decision.explanation
FROM trades AS trade LEFT JOIN decisions AS decision ON decision.id = trade.decision_id
WHERE trade.user_id = :user_id AND trade.executed_at >= :since
  AND (trade.executed_at, trade.id) < (:before_time, :before_id)
  AND (:strategy_id::text IS NULL OR trade.strategy_id = :strategy_id::text)
  AND (:asset::text IS NULL OR trade.asset = :asset::text)
  AND (:side::text IS NULL OR trade.side = :side::text)
ORDER BY trade.executed_at DESC, trade.id DESC
LIMIT :limit;

--: AccountRow(user_id?)

--! next_taking_part : (id)
-- The next of those that take part, locked or not: what has paused since is sorted out when they are locked. Those
-- without weights of their own go with the strategy's, and so do those that have the same.
SELECT id
FROM (
    (SELECT id
     FROM subscriptions
     WHERE :is_own AND strategy_id = :strategy_id AND weight_macro IS NULL AND weight_onchain IS NULL AND weight_ta IS NULL
       AND id > :after AND status = 'active' AND active_since <= :as_of
     ORDER BY id
     LIMIT :chunk)
    UNION ALL
    (SELECT id
     FROM subscriptions
     WHERE strategy_id = :strategy_id AND weight_macro = :weight_macro AND weight_onchain = :weight_onchain
       AND weight_ta = :weight_ta AND id > :after AND status = 'active' AND active_since <= :as_of
     ORDER BY id
     LIMIT :chunk)
) AS candidates
ORDER BY id
LIMIT :chunk;

--! lock_taking_part : AccountRow
-- In the order of ids, as everybody locks them. A pause, a withdrawal or a stop waits for this transaction, or this one
-- for them: then their outcome counts, because the conditions are looked at again.
SELECT id, user_id, paid_in, taken_out, cash, realised
FROM subscriptions
WHERE id = ANY(:ids) AND status = 'active' AND active_since <= :as_of
ORDER BY id
FOR UPDATE;

--! holdings_of : (subscription_id, asset, quantity, total_cost)
-- A statement of its own, after the lock: joined to the lock it would still see what was held before the wait.
SELECT subscription_id, asset, quantity, total_cost
FROM holdings
WHERE subscription_id = ANY(:ids) AND quantity > 0;

--! record_trades (user_ids[?], realised[?], decision_id?)
-- The fills of a decision, or of a stop.
INSERT INTO trades
    (id, subscription_id, user_id, strategy_id, decision_id, asset, side, quantity, price, fill, value, fee, cost, realised,
     cash_after, quantity_after, cost_after, as_of, executed_at)
SELECT id, subscription_id, user_id, :strategy_id::text, :decision_id::uuid, asset, side, quantity, price, fill, value, fee,
       cost, realised, cash_after, quantity_after, cost_after, :as_of::timestamptz, :now::timestamptz
FROM unnest(:ids::uuid[], :subscription_ids::uuid[], :user_ids::uuid[], :assets::text[], :sides::text[],
            :quantities::numeric[], :prices::numeric[], :fills::numeric[], :values::numeric[], :fees::numeric[],
            :costs::numeric[], :realised::numeric[], :cash_after::numeric[], :quantities_after::numeric[],
            :costs_after::numeric[])
     AS given (id, subscription_id, user_id, asset, side, quantity, price, fill, value, fee, cost, realised, cash_after,
               quantity_after, cost_after);

--! write_holdings
INSERT INTO holdings (subscription_id, asset, quantity, total_cost)
SELECT subscription_id, asset, quantity, total_cost
FROM unnest(:subscription_ids::uuid[], :assets::text[], :quantities::numeric[], :costs::numeric[])
     AS given (subscription_id, asset, quantity, total_cost)
ON CONFLICT (subscription_id, asset) DO UPDATE SET quantity = excluded.quantity, total_cost = excluded.total_cost;

--! write_outcomes (cash[?], realised[?])
-- What a decision left of each, where it changed it, and what became of it there.
UPDATE subscriptions AS subscription
SET cash = coalesce(given.cash, subscription.cash), realised = coalesce(given.realised, subscription.realised),
    last_decision_id = :decision_id, last_outcome = given.outcome
FROM unnest(:ids::uuid[], :cash::numeric[], :realised::numeric[], :outcomes::text[]) AS given (id, cash, realised, outcome)
WHERE subscription.id = given.id;

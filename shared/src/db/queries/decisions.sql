--! ensure_reference
-- Once for each strategy, by the index of reference portfolios.
INSERT INTO subscriptions
    (id, user_id, strategy_id, status, paid_in, taken_out, cash, realised, active_since, created_at)
VALUES (:id, NULL, :strategy_id, 'active', :capital, 0, :capital, 0, :as_of, :now)
ON CONFLICT DO NOTHING;

--! vectors_taking_part : (weight_macro, weight_onchain, weight_ta)
-- The weights that subscriptions have of their own, each vector once.
SELECT DISTINCT weight_macro, weight_onchain, weight_ta
FROM subscriptions
WHERE strategy_id = :strategy_id AND status = 'active' AND weight_macro IS NOT NULL AND active_since <= :as_of
ORDER BY weight_macro, weight_onchain, weight_ta;

--! record_decisions (convictions[?], signals[?], prices_btc?, prices_eth?, reasons[?])
-- All decisions of one execution: they share its prices.
INSERT INTO decisions
    (id, execution_id, strategy_id, as_of, is_own, weight_macro, weight_onchain, weight_ta, conviction, signal, position,
     price_btc, price_eth, explanation, status, reason, created_at, finished_at)
SELECT id, :execution_id::uuid, :strategy_id::text, :as_of::timestamptz, is_own, weight_macro, weight_onchain, weight_ta,
       conviction, signal, position, :prices_btc::numeric, :prices_eth::numeric, explanation, status, reason,
       :now::timestamptz, CASE WHEN status <> 'pending' THEN :now::timestamptz END
FROM unnest(:ids::uuid[], :are_own::boolean[], :weights_macro::numeric[], :weights_onchain::numeric[],
            :weights_ta::numeric[], :convictions::numeric[], :signals::text[], :positions::numeric[],
            :explanations::text[], :statuses::text[], :reasons::text[])
     AS given (id, is_own, weight_macro, weight_onchain, weight_ta, conviction, signal, position, explanation, status,
               reason)
ON CONFLICT DO NOTHING;

--! pending_decisions : (id, as_of)
-- cold: all of an index that has nothing but these few.
SELECT id, as_of FROM decisions WHERE status = 'pending' ORDER BY as_of, id;

--! lock_decision : (conviction?, signal?, price_btc?, price_eth?, done_up_to?)
-- Runners that are at work on the same decision take turns here; whoever comes after its end finds it ended.
SELECT id, strategy_id, as_of, is_own, weight_macro, weight_onchain, weight_ta, conviction, signal, position, price_btc,
       price_eth, done_up_to, skipped, status
FROM decisions
WHERE id = :id
FOR UPDATE;

--! advance_decision (done_up_to?, finished_at?)
UPDATE decisions
SET done_up_to = coalesce(:done_up_to, done_up_to), subscriptions = subscriptions + :subscriptions,
    trades = trades + :trades, skipped = :skipped, status = :status, finished_at = :finished_at
WHERE id = :id;

--! give_up_decision
UPDATE decisions SET status = :status, reason = :reason, finished_at = :now WHERE id = :id;

--! run_one_strategy
-- cold: a handful of rows, in a database of its own.
UPDATE strategies SET is_active = (id = :id);

--! reweight_strategy
UPDATE strategies SET weight_macro = :weight_macro, weight_onchain = :weight_onchain, weight_ta = :weight_ta WHERE id = :id;

--! own_decisions : (conviction?, signal?, price_btc?, price_eth?, reason?)
-- A strategy's own decisions, oldest first.
SELECT as_of, conviction, signal, status, reason, price_btc, price_eth, skipped
FROM decisions
WHERE strategy_id = :strategy_id AND is_own AND as_of BETWEEN :from AND :to
ORDER BY as_of;

--! fills_of_subscription : (realised?)
-- Oldest first; those of one decision in the order in which the engine trades.
SELECT as_of, asset, side, quantity, price, fill, value, fee, realised, cash_after
FROM trades
WHERE subscription_id = :subscription_id
ORDER BY as_of, asset;

-- All that is a user's, for the export. A new table with rows of users needs its statement here; a test counts.

--: ExportSubscriptionRow(weight_macro?, weight_onchain?, weight_ta?, stopped_at?, last_decision_id?, last_outcome?)

--! export_google_sub
SELECT google_sub FROM users WHERE id = :user_id;

--! export_sessions : (user_agent?, ended_at?, end_reason?)
SELECT id, transport, user_agent, created_at, last_used_at, expires_at, ended_at, end_reason
FROM sessions
WHERE user_id = :user_id
ORDER BY created_at DESC, id DESC
LIMIT :limit;

--! export_auth_events : (session_id?)
SELECT id, session_id, kind, actor, detail, created_at
FROM auth_events
WHERE user_id = :user_id
ORDER BY created_at DESC, id DESC
LIMIT :limit;

--! export_portfolio
SELECT free_cash, created_at FROM portfolios WHERE user_id = :user_id;

--! export_portfolio_entries : (subscription_id?)
SELECT id, kind, subscription_id, amount, free_cash_after, created_at
FROM portfolio_entries
WHERE user_id = :user_id
ORDER BY created_at DESC, id DESC
LIMIT :limit;

--! export_subscriptions : ExportSubscriptionRow
SELECT id, strategy_id, status, weight_macro, weight_onchain, weight_ta, paid_in, taken_out, cash, realised,
       active_since, created_at, stopped_at, last_decision_id, last_outcome
FROM subscriptions
WHERE user_id = :user_id
ORDER BY created_at DESC, id DESC;

--! export_holdings
SELECT holding.subscription_id, holding.asset, holding.quantity, holding.total_cost
FROM subscriptions AS subscription JOIN holdings AS holding ON holding.subscription_id = subscription.id
WHERE subscription.user_id = :user_id
ORDER BY holding.subscription_id, holding.asset;

--! export_trades : (decision_id?, realised?)
SELECT id, subscription_id, strategy_id, decision_id, asset, side, quantity, price, fill, value, fee, cost, realised,
       cash_after, quantity_after, cost_after, as_of, executed_at
FROM trades
WHERE user_id = :user_id AND (executed_at, id) < (:before, :before_id)
ORDER BY executed_at DESC, id DESC
LIMIT :limit;

--! export_push : (last_seq?)
-- Events repeat what the other tables say; how many there are is enough.
SELECT (SELECT last_seq FROM push_streams WHERE user_id = :user_id) AS last_seq,
       (SELECT count(*) FROM push_outbox WHERE user_id = :user_id) AS events,
       (SELECT count(*) FROM push_connections WHERE user_id = :user_id) AS connections;

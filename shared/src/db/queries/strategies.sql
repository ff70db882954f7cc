--: StrategyRow()

--: ExecutionRow(conviction?, signal?)

--! active_strategies : StrategyRow
-- cold: a handful of rows, read by a task.
SELECT id, name, interval_minutes, trend_timeframe, weight_macro, weight_onchain, weight_ta,
       buy_fraction, buy_fraction_high
FROM strategies
WHERE is_active
ORDER BY id;

--! strategy : StrategyRow
SELECT id, name, interval_minutes, trend_timeframe, weight_macro, weight_onchain, weight_ta,
       buy_fraction, buy_fraction_high
FROM strategies
WHERE id = :id;

--! record_execution (conviction?, signal?)
-- Unique on (strategy, as of), and so is the id that is made of them: whoever comes second writes nothing.
INSERT INTO strategy_executions (id, strategy_id, as_of, status, conviction, signal, document, created_at)
VALUES (:id, :strategy_id, :as_of, :status, :conviction, :signal, :document, :created_at)
ON CONFLICT DO NOTHING;

--! execution_at : ExecutionRow
SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at
FROM strategy_executions
WHERE strategy_id = :strategy_id AND as_of = :as_of;

--! newest_execution : ExecutionRow
SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at
FROM strategy_executions
WHERE strategy_id = :strategy_id
ORDER BY as_of DESC
LIMIT 1;

--! newest_decided_execution : ExecutionRow
SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at
FROM strategy_executions
WHERE strategy_id = :strategy_id AND status = 'decided'
ORDER BY as_of DESC
LIMIT 1;

--! execution_page : ExecutionRow
-- Newest first. (strategy, as of) is unique, so the time alone is the keyset's bound.
SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at
FROM strategy_executions
WHERE strategy_id = :strategy_id AND as_of < :before AND as_of >= :since
ORDER BY as_of DESC
LIMIT :limit;

--! execution_by_id : ExecutionRow
SELECT id, strategy_id, as_of, status, conviction, signal, document, created_at
FROM strategy_executions
WHERE id = :id;

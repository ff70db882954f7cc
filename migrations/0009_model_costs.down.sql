-- Loses what was reserved and reported, what models said, and every attempt whose execution was never
-- recorded: back up agent_execution_logs, model_spend_days, model_reservations, model_answers and
-- cost_reports first. The sums can be made again from the rows.
DROP TABLE cost_reports;
DROP TABLE model_answers;
DROP TRIGGER sum_calls ON data_collection_logs;
DROP FUNCTION sum_calls();
DROP TRIGGER sum_attempts ON agent_execution_logs;
DROP FUNCTION sum_attempts();
DROP TABLE source_call_days;
DROP TABLE agent_execution_days;
DROP TABLE agent_cost_days;
DROP TABLE model_reservations;
DROP TABLE model_spend_days;

DELETE FROM agent_execution_logs AS attempt
WHERE NOT EXISTS (SELECT FROM strategy_executions AS execution WHERE execution.id = attempt.execution_id);

ALTER TABLE agent_execution_logs
    DROP CONSTRAINT agent_execution_logs_tokens_once,
    DROP CONSTRAINT agent_execution_logs_cache_writes_not_negative,
    DROP COLUMN prompt_version,
    DROP COLUMN cache_write_tokens,
    DROP COLUMN strategy_id,
    ADD CONSTRAINT agent_execution_logs_execution FOREIGN KEY (execution_id)
        REFERENCES strategy_executions (id) ON DELETE CASCADE;

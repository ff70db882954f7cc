-- Drops every decision ever made and what it cost; nothing can bring them back but a backup of
-- these three tables, taken before.
DROP TABLE agent_execution_logs;
DROP TABLE strategy_executions;
DROP TABLE strategies;

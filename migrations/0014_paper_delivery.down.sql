ALTER TABLE trades
    DROP CONSTRAINT trades_positive,
    DROP CONSTRAINT trades_not_negative,
    ADD CONSTRAINT trades_positive CHECK (quantity > 0 AND price > 0 AND fill > 0 AND value > 0),
    ADD CONSTRAINT trades_not_negative CHECK (
        fee >= 0 AND cost >= 0 AND cash_after >= 0 AND quantity_after >= 0 AND cost_after >= 0
    );

DROP INDEX subscriptions_taking_part;
CREATE INDEX subscriptions_taking_part ON subscriptions (strategy_id, id) WHERE status = 'active';

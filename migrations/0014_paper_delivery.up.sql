-- Who takes part in a decision with these weights. Its chunks are read in the order of ids.
DROP INDEX subscriptions_taking_part;
CREATE INDEX subscriptions_taking_part
    ON subscriptions (strategy_id, weight_macro, weight_onchain, weight_ta, id) INCLUDE (active_since)
    WHERE status = 'active';

-- Dust that is sold with a closing may be worth nothing.
ALTER TABLE trades
    DROP CONSTRAINT trades_positive,
    DROP CONSTRAINT trades_not_negative,
    ADD CONSTRAINT trades_positive CHECK (quantity > 0 AND price > 0 AND fill > 0),
    ADD CONSTRAINT trades_not_negative CHECK (
        value >= 0 AND fee >= 0 AND cost >= 0 AND cash_after >= 0 AND quantity_after >= 0 AND cost_after >= 0
    );

-- Loses the history of locks and every price but the exchange's: back up locks first.
DROP TABLE locks;
DROP TABLE price_comparisons;
DELETE FROM live_prices WHERE service <> 'binance' OR change_24h_pct IS NULL;
ALTER TABLE live_prices ALTER COLUMN change_24h_pct SET NOT NULL;
ALTER TABLE live_prices DROP CONSTRAINT live_prices_pkey;
ALTER TABLE live_prices ADD CONSTRAINT live_prices_pkey PRIMARY KEY (asset);
ALTER TABLE live_prices DROP COLUMN service;

-- Drops all collected prices; they can be collected again, but when they first became known is
-- lost. Take a backup of these three tables first.
DROP TABLE live_prices;
DROP TABLE market_gaps;
DROP TABLE market_data;

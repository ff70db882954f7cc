-- Takes the whole paper book with it: relies on the backup before it.
DROP TABLE trades;
DROP TABLE decisions;
DROP TABLE portfolio_entries;
DROP TABLE holdings;
DROP TABLE subscriptions;
DROP TABLE portfolios;

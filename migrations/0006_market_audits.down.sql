-- Loses what closed candles said before they were changed: back up market_data_revisions first.
DROP TABLE market_data_revisions;
DROP TABLE market_audits;

--! lock_mode : ()
-- cold: reads no table. Two that set the mode take turns; held until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('mode', 0))::text AS held;

--! takes_writes : ()
-- cold: reads no table. False on a replica, and where the server refuses every write. A full disk it does not know of.
SELECT NOT pg_is_in_recovery() AND NOT current_setting('transaction_read_only')::boolean AS takes_writes;

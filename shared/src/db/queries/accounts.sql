--: UserRow(name?)

--! user_by_id : UserRow
SELECT id, email, name, role, tier, created_at, signed_in_at FROM users WHERE id = :id;

--! user_by_google_sub : UserRow
SELECT id, email, name, role, tier, created_at, signed_in_at FROM users WHERE google_sub = :google_sub;

--! users_by_email : UserRow
-- An address may have belonged to several accounts.
SELECT id, email, name, role, tier, created_at, signed_in_at
FROM users
WHERE lower(email) = lower(:email)
ORDER BY id DESC;

--! user_page : UserRow
-- Newest first: ids sort by the time they were made.
SELECT id, email, name, role, tier, created_at, signed_in_at
FROM users
WHERE id < :before
ORDER BY id DESC
LIMIT :limit;

--! role_of_user
SELECT role FROM users WHERE id = :id;

--! sign_in_user (name?) : UserRow
-- The account is Google's: who comes second, also at the same moment, finds the first one's row. Role and tier stay.
INSERT INTO users (id, google_sub, email, name, created_at, signed_in_at)
VALUES (:id, :google_sub, :email, :name, :now, :now)
ON CONFLICT (google_sub) DO UPDATE
SET email = excluded.email, name = excluded.name, signed_in_at = excluded.signed_in_at
RETURNING id, email, name, role, tier, created_at, signed_in_at;

--! open_portfolio
-- Once, with its first entry.
WITH opened AS (
    INSERT INTO portfolios (user_id, free_cash, created_at) VALUES (:user_id, :amount, :now)
    ON CONFLICT DO NOTHING
    RETURNING user_id
)
INSERT INTO portfolio_entries (id, user_id, kind, amount, free_cash_after, created_at)
SELECT :id, user_id, 'opening', :amount, :amount, :now FROM opened;

--! lock_subscriptions_of_user
-- In the order of ids, as everybody locks them.
SELECT id FROM subscriptions WHERE user_id = :user_id ORDER BY id FOR UPDATE;

--! lock_portfolio_of_user
SELECT user_id FROM portfolios WHERE user_id = :user_id FOR UPDATE;

--! lock_user : UserRow
SELECT id, email, name, role, tier, created_at, signed_in_at FROM users WHERE id = :id FOR UPDATE;

--! set_user_role
UPDATE users SET role = :role WHERE id = :id;

--! set_user_tier
UPDATE users SET tier = :tier WHERE id = :id;

--! delete_user
-- What is theirs goes with it.
DELETE FROM users WHERE id = :id;

--! append_auth_event (user_id?, session_id?)
INSERT INTO auth_events (id, user_id, session_id, kind, actor, detail, created_at)
VALUES (:id, :user_id, :session_id, :kind, :actor, :detail, :now);

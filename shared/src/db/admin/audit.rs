//! What must hold of the money in a database, asked of all of it at once. For drills: no request waits for it.

use tokio_postgres::Client;

use crate::db::DbError;

/// Books that do not add up: paid in - taken out + realised = cash + cost, and the cash is what the trades
/// left of it. Source: DOMAIN "Orders and the paper engine".
const APART: &str = "
SELECT count(*) FROM subscriptions AS book
LEFT JOIN (SELECT subscription_id, sum(total_cost) AS cost FROM holdings GROUP BY 1) AS held
    ON held.subscription_id = book.id
LEFT JOIN (SELECT subscription_id, sum(CASE side WHEN 'buy' THEN -(value + fee) ELSE value - fee END) AS moved
           FROM trades GROUP BY 1) AS traded
    ON traded.subscription_id = book.id
WHERE book.paid_in - book.taken_out + book.realised <> book.cash + coalesce(held.cost, 0)
   OR book.cash <> book.paid_in - book.taken_out + coalesce(traded.moved, 0)";

/// Portfolios whose free cash is not the sum of their entries.
const PURSES_APART: &str = "
SELECT count(*) FROM portfolios AS purse
LEFT JOIN (SELECT user_id, sum(amount) AS sum FROM portfolio_entries GROUP BY 1) AS entries USING (user_id)
WHERE purse.free_cash <> coalesce(entries.sum, 0)";

/// How many books and purses do not add up.
pub async fn count_books_apart(client: &Client) -> Result<u64, DbError> {
    let mut apart = 0;
    for question in [APART, PURSES_APART] {
        let count: i64 = client.query_one(question, &[]).await?.try_get(0)?;
        apart += count.unsigned_abs();
    }
    Ok(apart)
}

//! Places where the exchange has no candle.

use serde_json::json;
use shared::db::market_gaps;
use shared::domain::market::{Asset, Timeframe};
use tests::database::Database;

use super::{hours, noon, rows};

#[tokio::test]
async fn a_gap_is_known_once_with_the_time_it_was_first_seen() {
    let database = Database::fresh().await;
    let db = database.db();
    let series = (Asset::Btc, Timeframe::H1);
    let gaps = [noon() + hours(2), noon()];
    assert_eq!(market_gaps::list(&db, series).await.unwrap(), []);

    market_gaps::record(&db, series, &gaps, noon()).await.unwrap();
    market_gaps::record(&db, series, &gaps, noon() + hours(9))
        .await
        .unwrap();
    market_gaps::record(&db, series, &[], noon()).await.unwrap();

    assert_eq!(
        market_gaps::list(&db, series).await.unwrap(),
        [noon(), noon() + hours(2)]
    );
    let seen = rows(
        &database.client().await,
        "SELECT DISTINCT checked_at FROM market_gaps",
    )
    .await;
    assert_eq!(seen, [json!({ "checked_at": "2026-03-01T12:00:00+00:00" })]);
    for other in [(Asset::Eth, Timeframe::H1), (Asset::Btc, Timeframe::H4)] {
        assert_eq!(market_gaps::list(&db, other).await.unwrap(), []);
    }
}

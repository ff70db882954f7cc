//! Places where the exchange has no candle.

use shared::db::market_gaps::{self, Gap};
use shared::domain::market::{Asset, Timeframe};
use tests::database::Database;

use super::{hours, noon};

const SERIES: (Asset, Timeframe) = (Asset::Btc, Timeframe::H1);

/// A gap so many hours after noon, last looked for so many hours after noon.
fn gap(open_hours: i64, checked_hours: i64) -> Gap {
    Gap {
        open_time: noon() + hours(open_hours),
        checked_at: noon() + hours(checked_hours),
    }
}

#[tokio::test]
async fn a_gap_is_known_once_with_the_time_it_was_last_looked_for() {
    let database = Database::fresh().await;
    let db = database.db();
    let gaps = [noon() + hours(2), noon()];
    assert_eq!(market_gaps::list(&db, SERIES, noon()).await.unwrap(), []);

    market_gaps::record(&db, SERIES, &gaps, noon()).await.unwrap();
    market_gaps::record(&db, SERIES, &gaps[..1], noon() + hours(9))
        .await
        .unwrap();
    market_gaps::record(&db, SERIES, &[], noon() + hours(10))
        .await
        .unwrap();

    assert_eq!(
        market_gaps::list(&db, SERIES, noon()).await.unwrap(),
        [gap(0, 0), gap(2, 9)]
    );
    for other in [(Asset::Eth, Timeframe::H1), (Asset::Btc, Timeframe::H4)] {
        assert_eq!(market_gaps::list(&db, other, noon()).await.unwrap(), []);
    }
}

#[tokio::test]
async fn gaps_are_listed_from_a_place_on() {
    let database = Database::fresh().await;
    let db = database.db();
    let gaps = [noon(), noon() + hours(1), noon() + hours(2)];
    market_gaps::record(&db, SERIES, &gaps, noon()).await.unwrap();

    let since = market_gaps::list(&db, SERIES, noon() + hours(1)).await.unwrap();

    assert_eq!(since, [gap(1, 0), gap(2, 0)]);
}

#[tokio::test]
async fn a_gap_that_was_mended_is_forgotten_and_no_other() {
    let database = Database::fresh().await;
    let db = database.db();
    let other = (Asset::Eth, Timeframe::H1);
    let gaps = [noon(), noon() + hours(1)];
    for series in [SERIES, other] {
        market_gaps::record(&db, series, &gaps, noon()).await.unwrap();
    }

    market_gaps::forget(&db, SERIES, &[noon(), noon() + hours(7)])
        .await
        .unwrap();

    assert_eq!(market_gaps::list(&db, SERIES, noon()).await.unwrap(), [gap(1, 0)]);
    assert_eq!(
        market_gaps::list(&db, other, noon()).await.unwrap(),
        [gap(0, 0), gap(1, 0)]
    );
}

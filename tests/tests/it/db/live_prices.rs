//! The last price of each asset.

use futures_util::future::join_all;
use shared::db::live_prices::{self, LivePrice};
use shared::domain::market::{Asset, Price};
use tests::database::Database;

use super::{decimal, hours, noon};

fn price(value: &str, after_hours: i64) -> LivePrice {
    LivePrice {
        price: Price::new(decimal(value)).unwrap(),
        change_24h_pct: decimal("-3.1416"),
        source: "binance".to_owned(),
        observed_at: noon() + hours(after_hours),
    }
}

#[tokio::test]
async fn a_newer_price_replaces_an_older_one_and_never_the_other_way() {
    let database = Database::fresh().await;
    let db = database.db();
    let (old, new) = (price("50000.00000001", 0), price("51000", 1));
    assert_eq!(live_prices::find(&db, Asset::Btc).await.unwrap(), None);

    assert!(live_prices::upsert(&db, Asset::Btc, &old).await.unwrap());
    assert!(live_prices::upsert(&db, Asset::Btc, &new).await.unwrap());
    assert!(!live_prices::upsert(&db, Asset::Btc, &old).await.unwrap());

    assert_eq!(live_prices::find(&db, Asset::Btc).await.unwrap(), Some(new));
    assert_eq!(live_prices::find(&db, Asset::Eth).await.unwrap(), None);
}

#[tokio::test]
async fn the_same_price_again_changes_nothing_and_a_corrected_one_does() {
    let database = Database::fresh().await;
    let db = database.db();
    live_prices::upsert(&db, Asset::Eth, &price("50000", 0))
        .await
        .unwrap();

    assert!(
        !live_prices::upsert(&db, Asset::Eth, &price("50000", 0))
            .await
            .unwrap()
    );
    let corrected = LivePrice {
        change_24h_pct: decimal("1"),
        ..price("50000", 0)
    };
    assert!(live_prices::upsert(&db, Asset::Eth, &corrected).await.unwrap());

    assert_eq!(live_prices::find(&db, Asset::Eth).await.unwrap(), Some(corrected));
}

#[tokio::test]
async fn of_collectors_at_once_the_newest_price_stays() {
    let database = Database::fresh().await;
    let db = database.db();
    let prices: Vec<LivePrice> = [5, 1, 9, 3, 7, 0, 8, 2, 6, 4].map(|n| price("50000", n)).into();

    for outcome in join_all(
        prices
            .iter()
            .map(|price| live_prices::upsert(&db, Asset::Btc, price)),
    )
    .await
    {
        outcome.unwrap();
    }

    assert_eq!(
        live_prices::find(&db, Asset::Btc).await.unwrap(),
        Some(price("50000", 9))
    );
}

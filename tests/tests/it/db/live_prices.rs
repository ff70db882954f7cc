//! The last price of each asset and service.

use futures_util::future::join_all;
use shared::db::live_prices;
use shared::domain::market::{Asset, Price};
use shared::domain::quotes::{PriceService, Quote};
use tests::database::Database;

use super::{decimal, hours, noon};

fn price(value: &str, after_hours: i64) -> Quote {
    Quote {
        service: PriceService::Binance,
        price: Price::new(decimal(value)).unwrap(),
        change_24h_pct: Some(decimal("-3.1416")),
        source: "binance".to_owned(),
        observed_at: noon() + hours(after_hours),
    }
}

#[tokio::test]
async fn a_newer_price_replaces_an_older_one_and_never_the_other_way() {
    let database = Database::fresh().await;
    let db = database.db();
    let (old, new) = (price("50000.00000001", 0), price("51000", 1));
    assert_eq!(live_prices::list(&db, Asset::Btc).await.unwrap(), []);

    assert!(live_prices::upsert(&db, Asset::Btc, &old).await.unwrap());
    assert!(live_prices::upsert(&db, Asset::Btc, &new).await.unwrap());
    assert!(!live_prices::upsert(&db, Asset::Btc, &old).await.unwrap());

    assert_eq!(live_prices::list(&db, Asset::Btc).await.unwrap(), [new]);
    assert_eq!(live_prices::list(&db, Asset::Eth).await.unwrap(), []);
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
    let corrected = Quote {
        change_24h_pct: Some(decimal("1")),
        ..price("50000", 0)
    };
    assert!(live_prices::upsert(&db, Asset::Eth, &corrected).await.unwrap());

    assert_eq!(live_prices::list(&db, Asset::Eth).await.unwrap(), [corrected]);
}

#[tokio::test]
async fn of_collectors_at_once_the_newest_price_stays() {
    let database = Database::fresh().await;
    let db = database.db();
    let prices: Vec<Quote> = [5, 1, 9, 3, 7, 0, 8, 2, 6, 4].map(|n| price("50000", n)).into();

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
        live_prices::list(&db, Asset::Btc).await.unwrap(),
        [price("50000", 9)]
    );
}

#[tokio::test]
async fn each_service_has_a_price_of_its_own_and_may_not_know_the_change() {
    let database = Database::fresh().await;
    let db = database.db();
    let exchange = price("50000", 1);
    let reference = |value: &str, after_hours| Quote {
        service: PriceService::CoinGecko,
        change_24h_pct: None,
        source: "coingecko".to_owned(),
        ..price(value, after_hours)
    };
    live_prices::upsert(&db, Asset::Btc, &exchange).await.unwrap();

    assert!(
        live_prices::upsert(&db, Asset::Btc, &reference("50100", 0))
            .await
            .unwrap(),
        "older than the exchange's, and no rival of it"
    );
    assert!(
        live_prices::upsert(&db, Asset::Btc, &reference("50200", 2))
            .await
            .unwrap()
    );
    assert!(
        !live_prices::upsert(&db, Asset::Btc, &reference("50100", 0))
            .await
            .unwrap()
    );

    let mut told = live_prices::list(&db, Asset::Btc).await.unwrap();
    told.sort_by_key(|quote| quote.service);
    assert_eq!(told, [exchange, reference("50200", 2)]);
}

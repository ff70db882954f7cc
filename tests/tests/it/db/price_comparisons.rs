//! The last comparison of the two live prices of an asset.

use shared::db::price_comparisons;
use shared::domain::market::{Asset, Price};
use shared::domain::quotes::Comparison;
use tests::database::Database;

use super::{decimal, hours, noon};

fn comparison(after_hours: i64, apart_in_a_row: u32) -> Comparison {
    let price = |text| Price::new(decimal(text)).unwrap();
    Comparison {
        compared_at: noon() + hours(after_hours),
        exchange: price("50000.00000001"),
        reference: price("51000.5"),
        difference_pct: decimal("2.0010"),
        apart_in_a_row,
    }
}

#[tokio::test]
async fn a_comparison_reads_back_as_it_was_and_each_asset_has_its_own() {
    let database = Database::fresh().await;
    let db = database.db();
    assert_eq!(price_comparisons::find(&db, Asset::Btc).await.unwrap(), None);

    price_comparisons::save(&db, Asset::Btc, &comparison(0, 1))
        .await
        .unwrap();
    price_comparisons::save(&db, Asset::Btc, &comparison(1, 2))
        .await
        .unwrap();

    assert_eq!(
        price_comparisons::find(&db, Asset::Btc).await.unwrap(),
        Some(comparison(1, 2))
    );
    assert_eq!(price_comparisons::find(&db, Asset::Eth).await.unwrap(), None);
}

#[tokio::test]
async fn an_older_comparison_or_one_of_the_same_moment_never_replaces_one() {
    let database = Database::fresh().await;
    let db = database.db();
    let kept = comparison(1, 2);
    price_comparisons::save(&db, Asset::Btc, &kept).await.unwrap();

    for late in [comparison(0, 7), comparison(1, 7)] {
        price_comparisons::save(&db, Asset::Btc, &late).await.unwrap();
    }

    assert_eq!(
        price_comparisons::find(&db, Asset::Btc).await.unwrap(),
        Some(kept)
    );
}

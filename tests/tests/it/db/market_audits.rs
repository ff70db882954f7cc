//! Where the audit of a series stands.

use shared::db::DbError;
use shared::db::market_audits::{self, Audit};
use shared::domain::market::{Asset, Timeframe};
use tests::database::Database;

use super::{hours, noon};

const SERIES: (Asset, Timeframe) = (Asset::Btc, Timeframe::H4);

fn audit(settled_hours: i64) -> Audit {
    Audit {
        asked_since: noon(),
        first_open_time: noon() + hours(4),
        settled_until: noon() + hours(settled_hours),
        began_at: noon() + hours(100),
    }
}

#[tokio::test]
async fn an_audit_is_found_where_it_was_left_and_each_series_has_its_own() {
    let database = Database::fresh().await;
    let db = database.db();
    assert_eq!(market_audits::find(&db, SERIES).await.unwrap(), None);

    market_audits::save(&db, SERIES, &audit(8)).await.unwrap();
    market_audits::save(&db, SERIES, &audit(12)).await.unwrap();

    assert_eq!(market_audits::find(&db, SERIES).await.unwrap(), Some(audit(12)));
    for other in [(Asset::Eth, Timeframe::H4), (Asset::Btc, Timeframe::D1)] {
        assert_eq!(market_audits::find(&db, other).await.unwrap(), None);
    }
}

#[tokio::test]
async fn every_time_of_an_audit_can_move_even_back_to_the_beginning() {
    let database = Database::fresh().await;
    let db = database.db();
    market_audits::save(&db, SERIES, &audit(12)).await.unwrap();
    let anew = Audit {
        asked_since: noon() - hours(48),
        first_open_time: noon() - hours(24),
        settled_until: noon() - hours(24),
        began_at: noon() + hours(200),
    };

    market_audits::save(&db, SERIES, &anew).await.unwrap();

    assert_eq!(market_audits::find(&db, SERIES).await.unwrap(), Some(anew));
}

#[tokio::test]
async fn an_audit_that_settles_what_lies_before_its_first_candle_is_refused() {
    let database = Database::fresh().await;
    let db = database.db();

    let refused = market_audits::save(&db, SERIES, &audit(3)).await.unwrap_err();

    assert!(matches!(refused, DbError::Statement(_)), "{refused:?}");
}

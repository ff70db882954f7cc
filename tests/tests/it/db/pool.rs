//! The connections: limits, cuts, hangs, and what a caller is told.

use std::time::Duration;

use futures_util::future::{join_all, try_join_all};
use reqwest::Url;
use secrecy::SecretString;
use shared::clock::Stopwatch;
use shared::config::DatabaseSettings;
use shared::db::{Contention, Db, DbError, begin, connect_once, flags, live_prices, ping};
use shared::domain::market::{Asset, Price};
use shared::domain::quotes::{PriceService, Quote};
use tests::database::{Database, settings_of};
use tests::proxy::Proxy;
use tokio_postgres::Client;

use super::{decimal, noon};

/// Longer than every time-out of the pool together, shorter than a statement may run.
const PATIENCE: Duration = Duration::from_secs(12);

fn live_price() -> Quote {
    Quote {
        service: PriceService::Binance,
        price: Price::new(decimal("1")).unwrap(),
        change_24h_pct: Some(decimal("0")),
        source: "sample".to_owned(),
        observed_at: noon(),
    }
}

/// The database as it is reached through a proxy.
async fn through_proxy(database: &Database) -> (Proxy, Db) {
    let mut url = Url::parse(database.url()).unwrap();
    let target = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
    let proxy = Proxy::start(target).await;
    url.set_host(Some(&proxy.address().ip().to_string())).unwrap();
    url.set_port(Some(proxy.address().port())).unwrap();
    let db = Db::connect(&settings_of(url.as_str())).unwrap();
    (proxy, db)
}

/// Ends every other session of the database, as a failover or an idle time-out does.
async fn cut_all(client: &Client) -> usize {
    let cut = "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity
               WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'";
    client.query(cut, &[]).await.unwrap().len()
}

#[tokio::test]
async fn a_connection_has_its_limits_from_the_start() {
    let database = Database::fresh().await;
    let connection = database.db().get().await.unwrap();
    for (setting, expected) in [
        ("statement_timeout", "30s"),
        ("idle_in_transaction_session_timeout", "15s"),
        ("TimeZone", "UTC"),
        ("application_name", "automoney"),
    ] {
        let row = connection
            .query_one(&format!("SHOW {setting}"), &[])
            .await
            .unwrap();
        assert_eq!(row.get::<_, String>(0), expected, "{setting}");
    }
}

#[tokio::test]
async fn a_statement_that_runs_too_long_is_ended_and_the_connection_goes_on() {
    let database = Database::fresh().await;
    let url = format!("{}?options=-c%20statement_timeout%3D300", database.url());
    let db = Db::connect(&DatabaseSettings {
        max_connections: 1,
        ..settings_of(&url)
    })
    .unwrap();
    let holder = database.client().await;
    holder
        .batch_execute("BEGIN; LOCK TABLE live_prices")
        .await
        .unwrap();
    let watch = Stopwatch::start();

    let refused = live_prices::upsert(&db, Asset::Btc, &live_price())
        .await
        .unwrap_err();

    assert!(refused.is_unavailable(), "{refused:?}");
    assert_eq!(refused.contention(), Some(Contention::Wait));
    assert!(watch.elapsed() < PATIENCE, "{:?}", watch.elapsed());
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert!(live_prices::upsert(&db, Asset::Btc, &live_price()).await.unwrap());
}

#[tokio::test]
async fn a_transaction_that_stands_idle_gives_its_locks_back() {
    let database = Database::fresh().await;
    let url = format!(
        "{}?options=-c%20idle_in_transaction_session_timeout%3D300",
        database.url()
    );
    let frozen = Db::connect(&settings_of(&url)).unwrap();
    let mut connection = frozen.get().await.unwrap();
    let transaction = begin(&mut connection).await.unwrap();
    transaction.batch_execute("LOCK TABLE live_prices").await.unwrap();

    // It waits until the lock is free, and longer than that would be a failure of its own.
    assert!(
        live_prices::upsert(&database.db(), Asset::Btc, &live_price())
            .await
            .unwrap()
    );

    let error = DbError::from(transaction.commit().await.unwrap_err());
    assert!(error.is_unavailable(), "{error:?}");
    drop(connection);
    ping(&frozen).await.unwrap();
}

#[tokio::test]
async fn idle_connections_that_were_cut_are_replaced_without_anybody_noticing() {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    let held = try_join_all((0..5).map(|_| db.get())).await.unwrap();
    drop(held);

    for _ in 0..3 {
        assert!(cut_all(&client).await > 0);
        for outcome in join_all((0..8).map(|_| flags::find(&db, "any"))).await {
            assert_eq!(outcome.unwrap(), None);
        }
    }
}

#[tokio::test]
async fn a_connection_cut_at_work_is_unavailable_once_and_fine_the_next_time() {
    let database = Database::fresh().await;
    let (db, client, holder) = (database.db(), database.client().await, database.client().await);
    holder
        .batch_execute("BEGIN; LOCK TABLE live_prices")
        .await
        .unwrap();
    let price = live_price();

    let (refused, ()) = tokio::join!(live_prices::upsert(&db, Asset::Btc, &price), async {
        let waiting = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                       WHERE datname = current_database() AND wait_event_type = 'Lock'";
        let watch = Stopwatch::start();
        while client.query(waiting, &[]).await.unwrap().is_empty() {
            assert!(watch.elapsed() < PATIENCE, "nobody waits");
        }
    });

    let refused = refused.unwrap_err();
    assert!(refused.is_unavailable(), "{refused:?}");
    assert_eq!(refused.contention(), None);
    holder.batch_execute("ROLLBACK").await.unwrap();
    assert!(live_prices::upsert(&db, Asset::Btc, &price).await.unwrap());
}

#[tokio::test]
async fn an_exhausted_pool_answers_within_its_time_and_serves_again_when_one_is_free() {
    let database = Database::fresh().await;
    let settings = DatabaseSettings {
        max_connections: 2,
        ..database.settings()
    };
    let db = Db::connect(&settings).unwrap();
    let held = try_join_all((0..2).map(|_| db.get())).await.unwrap();
    let watch = Stopwatch::start();

    let refused = ping(&db).await.unwrap_err();

    assert!(refused.is_unavailable(), "{refused:?}");
    assert!(
        watch.elapsed() > Duration::from_secs(1),
        "it did not wait: {:?}",
        watch.elapsed()
    );
    assert!(watch.elapsed() < PATIENCE, "{:?}", watch.elapsed());
    drop(held);
    ping(&db).await.unwrap();
}

#[tokio::test]
async fn no_more_connections_are_opened_than_the_settings_allow() {
    let database = Database::fresh().await;
    let (proxy, _) = through_proxy(&database).await;
    let url = {
        let mut url = Url::parse(database.url()).unwrap();
        url.set_port(Some(proxy.address().port())).unwrap();
        SecretString::from(url.as_str())
    };
    let db = Db::connect(&DatabaseSettings {
        url,
        max_connections: 3,
        ca_pem: None,
    })
    .unwrap();
    assert_eq!(proxy.connections(), 0, "a pool opens none before it is used");

    for outcome in join_all((0..30).map(|_| ping(&db))).await {
        outcome.unwrap();
    }

    assert_eq!(proxy.connections(), 3);
}

#[tokio::test]
async fn a_server_that_hangs_is_unavailable_in_time_and_used_again_when_it_is_back() {
    let database = Database::fresh().await;
    let (proxy, db) = through_proxy(&database).await;
    ping(&db).await.unwrap();
    proxy.stall();
    let watch = Stopwatch::start();

    let refused = ping(&db).await.unwrap_err();

    assert!(refused.is_unavailable(), "{refused:?}");
    assert!(watch.elapsed() < PATIENCE, "{:?}", watch.elapsed());
    proxy.pass();
    ping(&db).await.unwrap();
}

#[tokio::test]
async fn a_server_that_is_gone_is_unavailable_and_used_again_when_it_is_back() {
    let database = Database::fresh().await;
    let (proxy, db) = through_proxy(&database).await;
    ping(&db).await.unwrap();
    proxy.refuse();

    let refused = ping(&db).await.unwrap_err();

    assert!(refused.is_unavailable(), "{refused:?}");
    proxy.pass();
    ping(&db).await.unwrap();
}

#[tokio::test]
async fn an_answer_cut_in_its_middle_is_unavailable_and_the_next_one_whole() {
    let database = Database::fresh().await;
    let (proxy, db) = through_proxy(&database).await;
    flags::set(
        &db,
        "long",
        &serde_json::json!("x".repeat(50_000)),
        "a test",
        noon(),
    )
    .await
    .unwrap();
    proxy.cut_after(3000);

    let refused = flags::find(&db, "long").await.unwrap_err();

    assert!(refused.is_unavailable(), "{refused:?}");
    proxy.pass();
    assert!(flags::find(&db, "long").await.unwrap().is_some());
}

#[tokio::test]
async fn a_database_that_takes_no_writes_says_so() {
    let database = Database::fresh().await;
    let replica = format!(
        "ALTER DATABASE {} SET default_transaction_read_only = on",
        database.name()
    );
    database.client().await.batch_execute(&replica).await.unwrap();
    let db = database.db();

    let refused = live_prices::upsert(&db, Asset::Btc, &live_price())
        .await
        .unwrap_err();

    assert!(matches!(refused, DbError::ReadOnly(_)), "{refused:?}");
    assert_eq!(live_prices::list(&db, Asset::Btc).await.unwrap(), []);
}

#[tokio::test]
async fn a_database_that_is_not_there_is_unavailable() {
    let database = Database::empty().await;
    let settings = database.settings();
    drop(database);

    let pooled = ping(&Db::connect(&settings).unwrap()).await.unwrap_err();
    let once = connect_once(&settings).await.unwrap_err();

    assert!(pooled.is_unavailable(), "{pooled:?}");
    assert!(once.is_unavailable(), "{once:?}");
}

#[tokio::test]
async fn a_closed_pool_hands_nothing_out() {
    let database = Database::fresh().await;
    let db = database.db();
    ping(&db).await.unwrap();

    db.close();

    assert!(ping(&db).await.unwrap_err().is_unavailable());
}

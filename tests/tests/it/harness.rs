//! The harness's own promise: a database a test, gone afterwards.

use futures_util::future::join_all;
use shared::config::Environment;
use shared::db::migrations::{MIGRATIONS, Runner};
use tests::database::Database;

#[tokio::test]
async fn databases_made_at_once_are_migrated_and_strangers_to_each_other() {
    let databases = join_all((0..4).map(|_| Database::fresh())).await;

    for database in &databases {
        let client = database.client().await;
        let insert = "INSERT INTO live_prices VALUES ('BTC', 1, 0, 'sample', now(), 'binance')";
        assert_eq!(client.execute(insert, &[]).await.unwrap(), 1);
        Runner::new(client, MIGRATIONS).verify().await.unwrap();
    }
}

#[tokio::test]
async fn a_database_is_gone_with_its_value_even_while_it_is_used() {
    let environment = Environment::process();
    let server = environment.get("DATABASE_URL").unwrap().to_owned();
    let database = Database::empty().await;
    let name = database.name().to_owned();
    let client = database.client().await;

    drop(database);

    assert!(client.batch_execute("SELECT 1").await.is_err());
    let admin = shared::db::connect_once(&tests::database::settings_of(&server))
        .await
        .unwrap();
    let left = admin
        .query("SELECT FROM pg_database WHERE datname = $1", &[&name])
        .await
        .unwrap();
    assert!(left.is_empty());
}

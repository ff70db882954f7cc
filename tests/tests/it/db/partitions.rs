//! Leaves of `market_data` appear when they are needed.

use futures_util::future::join_all;
use rstest::rstest;
use shared::db::admin::{ensure_partitions, keep_partitions};
use shared::db::{Db, market_data};
use shared::domain::market::{Asset, Candle, Timeframe};
use tests::database::Database;
use tokio_postgres::Client;

use super::{at, decimal};

async fn leaves(client: &Client) -> Vec<String> {
    let leaves = "SELECT relid::text FROM pg_partition_tree('market_data') WHERE isleaf ORDER BY 1";
    client
        .query(leaves, &[])
        .await
        .unwrap()
        .iter()
        .map(|row| row.get(0))
        .collect()
}

#[rstest]
#[case::within_a_month(Timeframe::H1, "2024-02-29T23:00:00Z", "2024-02-29T23:00:00Z", 1)]
#[case::over_a_year_s_end(Timeframe::H1, "2023-11-30T23:00:00Z", "2024-01-01T00:00:00Z", 3)]
#[case::the_years_of_the_exchange(Timeframe::D1, "2017-08-17T00:00:00Z", "2026-03-01T00:00:00Z", 10)]
#[case::before_the_epoch(Timeframe::H4, "1969-12-31T20:00:00Z", "1970-01-01T00:00:00Z", 2)]
#[case::far_ahead(Timeframe::H1, "2299-12-31T23:00:00Z", "2300-01-01T00:00:00Z", 2)]
#[tokio::test]
async fn both_ends_of_a_range_can_be_written_once_it_is_ensured(
    #[case] timeframe: Timeframe,
    #[case] from: &str,
    #[case] to: &str,
    #[case] count: usize,
) {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    let (from, to) = (at(from), at(to));

    ensure_partitions(&db, timeframe, from, to).await.unwrap();

    let made = leaves(&client).await;
    assert_eq!(made.len(), count, "{made:?}");
    for open_time in [from, to] {
        let one = Candle::new(open_time, ["1"; 4].map(decimal), decimal("0")).unwrap();
        let series = (Asset::Btc, timeframe);
        market_data::upsert(&db, series, &[(one, false)], "sample", from)
            .await
            .unwrap();
    }
    ensure_partitions(&db, timeframe, from, to).await.unwrap();
    assert_eq!(leaves(&client).await, made);
}

#[tokio::test]
async fn collectors_at_once_make_each_partition_once() {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    let ranges = [
        ("2024-01-01T00:00:00Z", "2024-06-01T00:00:00Z"),
        ("2024-03-01T00:00:00Z", "2024-09-01T00:00:00Z"),
        ("2024-01-01T00:00:00Z", "2024-12-31T23:00:00Z"),
    ];

    let tries = (0..18).map(|n| {
        let (from, to) = ranges[n % ranges.len()];
        ensure_partitions(&db, Timeframe::STORED[n % 2], at(from), at(to))
    });
    for outcome in join_all(tries).await {
        outcome.unwrap();
    }

    let made = leaves(&client).await;
    let of = |prefix: &str| made.iter().filter(|leaf| leaf.starts_with(prefix)).count();
    assert_eq!(
        (of("market_data_1h_2024_"), of("market_data_4h_2024")),
        (12, 1),
        "{made:?}"
    );
    assert_eq!(made.len(), 13);
}

#[tokio::test]
async fn making_one_gives_up_rather_than_queue_everybody_behind_a_long_reader() {
    let database = Database::fresh().await;
    let (db, mut reader) = (database.db(), database.client().await);
    let transaction = reader.transaction().await.unwrap();
    transaction.query("SELECT 1 FROM market_data", &[]).await.unwrap();
    let watch = shared::clock::Stopwatch::start();

    let refused = ensure_partitions(
        &db,
        Timeframe::D1,
        at("2026-01-01T00:00:00Z"),
        at("2026-01-01T00:00:00Z"),
    );
    let refused = refused.await.unwrap_err();

    assert!(refused.is_unavailable(), "{refused:?}");
    assert!(watch.elapsed().as_secs() < 15, "it waited {:?}", watch.elapsed());
}

async fn kept(db: &Db, timeframe: Timeframe, since: Option<&str>) -> Vec<String> {
    let room = (at("2024-03-15T00:00:00Z"), at("2024-06-15T00:00:00Z"));
    keep_partitions(db, timeframe, since.map(at), room).await.unwrap()
}

#[tokio::test]
async fn room_is_made_ahead_and_what_is_over_is_dropped_with_all_that_is_known_of_it() {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    ensure_partitions(
        &db,
        Timeframe::H1,
        at("2023-01-01T00:00:00Z"),
        at("2023-03-01T00:00:00Z"),
    )
    .await
    .unwrap();
    client
        .batch_execute(
            "CREATE TABLE market_data_1h_by_hand PARTITION OF market_data_1h
                 FOR VALUES FROM ('2020-01-01 00:00:00+00') TO ('2021-01-01 00:00:00+00');
             INSERT INTO market_audits (asset, timeframe, asked_since, first_open_time, settled_until, began_at)
             SELECT 'BTC', timeframe, '2023-01-05Z', '2023-01-05Z', '2023-01-06Z', '2024-03-14Z'
             FROM unnest(ARRAY['1h', '4h']) AS timeframe;
             INSERT INTO market_gaps (asset, timeframe, open_time, checked_at)
             SELECT 'BTC', timeframe, open_time, '2024-03-14Z'
             FROM unnest(ARRAY['1h', '4h']) AS timeframe, unnest(ARRAY['2023-01-31 20:00Z', '2023-02-01 00:00Z']::timestamptz[]) AS open_time;",
        )
        .await
        .unwrap();

    assert_eq!(
        kept(&db, Timeframe::H1, Some("2023-02-01T00:00:00Z")).await,
        ["market_data_1h_2023_01"]
    );
    assert_eq!(
        kept(&db, Timeframe::H1, Some("2023-02-01T00:00:00Z")).await,
        [""; 0]
    );
    assert_eq!(kept(&db, Timeframe::H4, None).await, [""; 0]);

    assert_eq!(
        leaves(&client).await,
        [
            "market_data_1h_2023_02",
            "market_data_1h_2023_03",
            "market_data_1h_2024_03",
            "market_data_1h_2024_04",
            "market_data_1h_2024_05",
            "market_data_1h_2024_06",
            "market_data_1h_by_hand",
            "market_data_4h_2024",
        ]
    );
    let left = "SELECT (SELECT array_agg(timeframe || ' ' || open_time ORDER BY timeframe, open_time) FROM market_gaps)::text,
                       (SELECT array_agg(timeframe || ' ' || first_open_time || ' ' || settled_until ORDER BY timeframe) FROM market_audits)::text";
    client.batch_execute("SET timezone = 'UTC'").await.unwrap();
    let left = client.query_one(left, &[]).await.unwrap();
    assert_eq!(
        left.get::<_, &str>(0),
        r#"{"1h 2023-02-01 00:00:00+00","4h 2023-01-31 20:00:00+00","4h 2023-02-01 00:00:00+00"}"#
    );
    assert_eq!(
        left.get::<_, &str>(1),
        r#"{"1h 2023-02-01 00:00:00+00 2023-02-01 00:00:00+00","4h 2023-01-05 00:00:00+00 2023-01-06 00:00:00+00"}"#
    );
}

//! Dated values, and what of them was known at a time.

use jiff::{SignedDuration, Timestamp};
use serde_json::json;
use shared::db::{Upserted, observations};
use shared::domain::observations::{Metric, Observation};
use tests::database::Database;

use super::{at, decimal, hours, noon, rows};

/// A value dated `observed_at` that became known a day later.
fn observation(metric: Metric, observed_at: &str, value: &str) -> Observation {
    Observation {
        metric,
        observed_at: at(observed_at),
        value: decimal(value),
        available_at: at(observed_at) + hours(24),
        source: "fred".to_owned(),
        realtime_start: None,
        is_interpolated: false,
    }
}

const JANUARY: &str = "2026-01-01T00:00:00Z";
const FEBRUARY: &str = "2026-02-01T00:00:00Z";

#[tokio::test]
async fn a_decision_reads_what_was_dated_and_known_by_its_time() {
    let database = Database::fresh().await;
    let db = database.db();
    let january = observation(Metric::DollarIndex, JANUARY, "110.12345678");
    let february = observation(Metric::DollarIndex, FEBRUARY, "-0.5");
    let february_fear = observation(Metric::FearGreed, FEBRUARY, "20");
    let unasked = observation(Metric::Nvt, JANUARY, "1");
    let all = [february.clone(), february_fear.clone(), january.clone(), unasked];
    observations::upsert(&db, &all, noon()).await.unwrap();
    let metrics = [Metric::FearGreed, Metric::DollarIndex];

    let known_at = async |as_of: Timestamp| {
        observations::list_known_at(&db, &metrics, at(JANUARY), as_of)
            .await
            .unwrap()
    };

    let arrival = at(FEBRUARY) + hours(24);
    let moment = SignedDuration::from_micros(1);
    assert_eq!(known_at(at(JANUARY)).await, [], "dated, but not known yet");
    assert_eq!(known_at(arrival - moment).await, std::slice::from_ref(&january));
    let expected = [january.clone(), february.clone(), february_fear.clone()];
    assert_eq!(known_at(arrival).await, expected);
    let since_february = observations::list_known_at(&db, &metrics, at(FEBRUARY), arrival)
        .await
        .unwrap();
    assert_eq!(since_february, [february, february_fear]);
    assert_eq!(
        observations::list_known_at(&db, &[], at(JANUARY), noon())
            .await
            .unwrap(),
        []
    );
}

#[tokio::test]
async fn a_value_dated_ahead_is_not_read_before_its_date() {
    let database = Database::fresh().await;
    let db = database.db();
    let ahead = Observation {
        available_at: at(JANUARY),
        ..observation(Metric::MoneySupply, FEBRUARY, "1")
    };
    observations::upsert(&db, &[ahead], noon()).await.unwrap();

    let known = observations::list_known_at(&db, &[Metric::MoneySupply], at(JANUARY), at(JANUARY) + hours(1));

    assert_eq!(known.await.unwrap(), []);
}

#[tokio::test]
async fn a_second_run_changes_nothing_not_even_a_time() {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    let everything = "SELECT *, ctid::text AS place FROM indicator_observations ORDER BY observed_at";
    let both = [
        observation(Metric::Nvt, JANUARY, "1"),
        observation(Metric::Nvt, FEBRUARY, "2"),
    ];
    let first = observations::upsert(&db, &both, noon()).await.unwrap();
    let before = rows(&client, everything).await;
    // A later fetch says that the same value is available now, and of a new vintage.
    let fetched_again = both.clone().map(|one| Observation {
        available_at: noon(),
        realtime_start: Some(jiff::civil::date(2026, 3, 1)),
        ..one
    });

    let second = observations::upsert(&db, &fetched_again, noon() + hours(1))
        .await
        .unwrap();

    assert_eq!(
        first,
        Upserted {
            inserted: 2,
            updated: 0,
            unchanged: 0
        }
    );
    assert_eq!(
        second,
        Upserted {
            inserted: 0,
            updated: 0,
            unchanged: 2
        }
    );
    assert_eq!(rows(&client, everything).await, before);
    assert_eq!(
        observations::upsert(&db, &[], noon()).await.unwrap(),
        Upserted::default()
    );
}

#[tokio::test]
async fn a_changed_value_is_known_since_its_change_and_earlier_times_read_what_it_said() {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    let vintage = |value: &str, month: i8| Observation {
        realtime_start: Some(jiff::civil::date(2026, month, 15)),
        ..observation(Metric::MoneySupply, JANUARY, value)
    };
    let first = vintage("21000.5", 2);
    observations::upsert(&db, std::slice::from_ref(&first), noon())
        .await
        .unwrap();
    let (second, third) = (vintage("21111.25", 3), vintage("21222", 4));

    let changed = observations::upsert(&db, std::slice::from_ref(&second), noon() + hours(1))
        .await
        .unwrap();
    observations::upsert(&db, std::slice::from_ref(&third), noon() + hours(2))
        .await
        .unwrap();
    // Told again, it is no change.
    observations::upsert(&db, std::slice::from_ref(&third), noon() + hours(3))
        .await
        .unwrap();

    assert_eq!((changed.inserted, changed.updated), (0, 1));
    let known_at = async |as_of: Timestamp| {
        observations::list_known_at(&db, &[Metric::MoneySupply], at(JANUARY), as_of)
            .await
            .unwrap()
    };
    let known_since = |observation: &Observation, available_at| Observation {
        available_at,
        ..observation.clone()
    };
    assert_eq!(known_at(noon()).await, [first]);
    assert_eq!(
        known_at(noon() + hours(1)).await,
        [known_since(&second, noon() + hours(1))]
    );
    assert_eq!(
        known_at(noon() + hours(9)).await,
        [known_since(&third, noon() + hours(2))]
    );
    let kept = rows(
        &client,
        "SELECT value::text, replaced_at FROM observation_revisions ORDER BY replaced_at",
    )
    .await;
    assert_eq!(
        kept,
        [
            json!({ "value": "21000.50000000", "replaced_at": "2026-03-01T13:00:00+00:00" }),
            json!({ "value": "21111.25000000", "replaced_at": "2026-03-01T14:00:00+00:00" }),
        ]
    );
}

#[tokio::test]
async fn two_collectors_that_bring_the_same_change_keep_the_old_value_once() {
    let database = Database::fresh().await;
    let (db, client) = (database.db(), database.client().await);
    observations::upsert(&db, &[observation(Metric::Nvt, JANUARY, "1")], noon())
        .await
        .unwrap();
    let changed = [observation(Metric::Nvt, JANUARY, "2")];
    let later = noon() + hours(1);

    let both =
        futures_util::future::join_all((0..4).map(|_| observations::upsert(&db, &changed, later))).await;

    assert!(both.iter().all(Result::is_ok), "{both:?}");
    let kept = rows(&client, "SELECT value::text FROM observation_revisions").await;
    assert_eq!(kept, [json!({ "value": "1.00000000" })]);
}

#[tokio::test]
async fn the_newest_date_of_a_series_is_its_own() {
    let database = Database::fresh().await;
    let db = database.db();
    assert_eq!(
        observations::find_newest_date(&db, Metric::Nvt).await.unwrap(),
        None
    );
    let all = [
        observation(Metric::Nvt, FEBRUARY, "1"),
        observation(Metric::Nvt, JANUARY, "1"),
        observation(Metric::FearGreed, "2026-02-02T00:00:00Z", "1"),
    ];

    observations::upsert(&db, &all, noon()).await.unwrap();

    assert_eq!(
        observations::find_newest_date(&db, Metric::Nvt).await.unwrap(),
        Some(at(FEBRUARY))
    );
}

#[tokio::test]
async fn every_metric_can_be_kept_and_read() {
    let database = Database::fresh().await;
    let db = database.db();
    let all = Metric::ALL.map(|metric| observation(metric, JANUARY, "123456789012345678.12345678"));
    observations::upsert(&db, &all, noon()).await.unwrap();

    let known = observations::list_known_at(&db, &Metric::ALL, at(JANUARY), noon())
        .await
        .unwrap();

    assert_eq!(known.len(), all.len());
    for one in all {
        assert!(known.contains(&one), "{one:?}");
    }
}

//! Values that expire, and pauses that instances share.

use std::time::Duration;

use jiff::SignedDuration;
use shared::cache::Key;
use shared::clock::Clock;

use super::{cache, noon};

const KEEP: Duration = Duration::from_mins(1);

#[tokio::test]
async fn bytes_come_back_as_they_were_kept_and_only_in_their_namespace() {
    let (ours, theirs) = (cache(Clock::system()), cache(Clock::system()));
    let key = Key::Scores("hodl-wave");
    ours.ping().await.unwrap();

    ours.set(&key, &[0, 159, 146, 150], KEEP).await.unwrap();

    assert_eq!(
        ours.get(&key).await.unwrap().as_deref(),
        Some(&[0, 159, 146, 150][..])
    );
    assert_eq!(theirs.get(&key).await.unwrap(), None);
    assert!(ours.delete(&key).await.unwrap());
    assert!(!ours.delete(&key).await.unwrap());
    assert_eq!(ours.get(&key).await.unwrap(), None);
}

#[tokio::test]
async fn a_source_rests_until_its_time_and_a_shorter_rest_does_not_end_a_longer_one() {
    let clock = Clock::fixed(noon());
    let cache = cache(clock.clone());
    let later = noon() + SignedDuration::from_mins(5);
    let sooner = noon() + SignedDuration::from_mins(1);
    let api = "https://api.binance.com/";
    assert_eq!(cache.not_before("binance", api).await.unwrap(), None);

    cache.set_not_before("binance", api, later).await.unwrap();
    cache.set_not_before("binance", api, sooner).await.unwrap();

    assert_eq!(cache.not_before("binance", api).await.unwrap(), Some(later));
    assert_eq!(
        cache
            .not_before("binance", "https://data-api.binance.vision/")
            .await
            .unwrap(),
        None
    );
    clock.advance(SignedDuration::from_mins(5));
    assert_eq!(cache.not_before("binance", api).await.unwrap(), None);
}

#[tokio::test]
async fn a_rest_that_is_over_already_is_not_kept() {
    let cache = cache(Clock::fixed(noon()));

    cache
        .set_not_before("fred", "https://api.stlouisfed.org/", noon())
        .await
        .unwrap();

    assert_eq!(
        cache
            .not_before("fred", "https://api.stlouisfed.org/")
            .await
            .unwrap(),
        None
    );
}

//! The limiter in Redis, held to the same arithmetic as the domain.

use std::time::Duration;

use futures_util::future::join_all;
use jiff::SignedDuration;
use proptest::prelude::*;
use shared::cache::{Cache, Key};
use shared::clock::Clock;
use shared::domain::rate_limit::{Admission, Policy};
use uuid::Uuid;

use super::{cache, noon};

const HOURLY: Policy = Policy::SCORES;
const ANN: &str = "203.0.113.7";

async fn passed(cache: &Cache, requests: usize) -> usize {
    let admissions = join_all((0..requests).map(|_| cache.check(&HOURLY, ANN))).await;
    admissions
        .into_iter()
        .filter(|admission| admission.as_ref().unwrap().allowed)
        .count()
}

#[tokio::test]
async fn sixty_pass_the_next_is_refused_with_exact_numbers_and_one_more_passes_after_a_minute() {
    let clock = Clock::fixed(noon());
    let cache = cache(clock.clone());
    let full = noon().as_second() + 3600;
    let first = cache.check(&HOURLY, ANN).await.unwrap();
    let expected = Admission {
        allowed: true,
        limit: 60,
        remaining: 59,
        reset_at: noon().as_second() + 60,
        retry_after_seconds: None,
    };
    assert_eq!(first, expected);

    assert_eq!(passed(&cache, 59).await, 59);
    let refused = cache.check(&HOURLY, ANN).await.unwrap();

    let refusal = Admission {
        allowed: false,
        limit: 60,
        remaining: 0,
        reset_at: full,
        retry_after_seconds: Some(60),
    };
    assert_eq!(refused, refusal);
    clock.advance(SignedDuration::from_micros(59_999_999));
    let early = cache.check(&HOURLY, ANN).await.unwrap();
    assert_eq!((early.allowed, early.retry_after_seconds), (false, Some(1)));
    clock.advance(SignedDuration::from_micros(1));
    let passing = cache.check(&HOURLY, ANN).await.unwrap();
    assert_eq!(
        (passing.allowed, passing.remaining, passing.reset_at),
        (true, 0, full + 60)
    );
    assert!(!cache.check(&HOURLY, ANN).await.unwrap().allowed);
}

#[tokio::test]
async fn of_a_hundred_at_once_exactly_sixty_pass() {
    assert_eq!(passed(&cache(Clock::fixed(noon())), 100).await, 60);
}

#[tokio::test]
async fn by_the_servers_clock_a_hundred_at_once_from_two_instances_are_sixty_too() {
    let (one, other) = (cache(Clock::system()), Clock::system());
    let two = one.clone();
    let before = other.now().as_second();

    let (first, second) = tokio::join!(passed(&one, 50), passed(&two, 50));
    let refused = one.check(&HOURLY, ANN).await.unwrap();

    assert_eq!(first + second, 60);
    assert!(!refused.allowed);
    assert!(
        (1..=60).contains(&refused.retry_after_seconds.unwrap()),
        "{refused:?}"
    );
    assert!(
        (before + 3600..=before + 3605).contains(&refused.reset_at),
        "{refused:?}"
    );
}

#[tokio::test]
async fn each_subject_and_each_limit_has_a_bucket_of_its_own() {
    let cache = cache(Clock::fixed(noon()));
    assert_eq!(passed(&cache, 60).await, 60);

    let other_subject = cache.check(&HOURLY, "203.0.113.8").await.unwrap();
    let other_limit = cache
        .check(
            &Policy {
                name: "market",
                ..HOURLY
            },
            ANN,
        )
        .await
        .unwrap();

    assert_eq!((other_subject.remaining, other_limit.remaining), (59, 59));
}

#[tokio::test]
async fn an_admission_brings_the_document_and_a_refusal_does_not() {
    let cache = cache(Clock::fixed(noon()));
    let policy = Policy {
        name: "scores",
        limit: 2,
        window: SignedDuration::from_hours(1),
    };
    let key = Key::Scores("hodl-wave");

    let ask = async || {
        cache
            .admit(&policy, ANN, None, Some(&key))
            .await
            .unwrap()
            .unwrap()
    };
    let (_, missing) = ask().await;
    cache
        .set(&key, b"{\"score\":1}", Duration::from_mins(1))
        .await
        .unwrap();
    let (admitted, found) = ask().await;
    let (refused, withheld) = ask().await;

    assert_eq!(missing, None);
    assert!(admitted.allowed && !refused.allowed);
    assert_eq!(found.as_deref(), Some(&b"{\"score\":1}"[..]));
    assert_eq!(withheld, None);
}

#[tokio::test]
async fn who_is_denied_is_turned_away_uncounted_and_brings_nothing_home() {
    let cache = cache(Clock::fixed(noon()));
    let (one, other) = (Uuid::from_u128(1).into(), Uuid::from_u128(2).into());
    let document = Key::Scores("hodl-wave");
    cache.set(&document, b"{}", Duration::from_mins(1)).await.unwrap();
    cache
        .set(&Key::Denied(one), b"1", Duration::from_mins(1))
        .await
        .unwrap();
    let ask = async |session| {
        let denied = Key::Denied(session);
        let admitted = cache.admit(&HOURLY, ANN, Some(&denied), Some(&document)).await;
        admitted
            .unwrap()
            .map(|(admission, document)| (admission.remaining, document.is_some()))
    };

    assert_eq!(ask(one).await, None);
    assert_eq!(ask(other).await, Some((59, true)));
    assert_eq!(ask(one).await, None);
    assert_eq!(ask(other).await, Some((58, true)));
}

/// The leaky bucket written the other way round: a level that drains, instead of a time.
#[derive(Default)]
struct Bucket {
    level: i64,
    seen_at: i64,
}

impl Bucket {
    fn admit(&mut self, limit: i64, interval: i64, now: i64) -> (bool, i64, i64) {
        self.level = (self.level - (now - self.seen_at)).max(0);
        self.seen_at = now;
        let allowed = self.level <= (limit - 1) * interval;
        if allowed {
            self.level += interval;
        }
        (allowed, (limit * interval - self.level) / interval, self.level)
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn the_script_agrees_with_a_leaky_bucket(
        limit in 1_u32..8,
        window_ms in 1_i64..60_000,
        pauses in prop::collection::vec(0_i64..20_000_000, 1..40),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let clock = Clock::fixed(noon());
            let cache = cache(clock.clone());
            let policy = Policy { name: "any", limit, window: SignedDuration::from_millis(window_ms) };
            let (limit, interval) = (i64::from(limit), window_ms * 1000 / i64::from(limit));
            let mut bucket = Bucket { level: 0, seen_at: noon().as_microsecond() };
            for pause in pauses {
                // Mostly within the window, where decisions are made.
                clock.advance(SignedDuration::from_micros(pause % (window_ms * 500)));
                let now = clock.now().as_microsecond();
                let (allowed, remaining, level) = bucket.admit(limit, interval, now);

                let found = cache.check(&policy, ANN).await.unwrap();

                assert_eq!((found.allowed, i64::from(found.remaining)), (allowed, remaining));
                assert_eq!(found.reset_at, (now + level + 999_999).div_euclid(1_000_000));
                let wait = level - (limit - 1) * interval;
                let seconds = u64::try_from((wait + 999_999).div_euclid(1_000_000)).unwrap_or(0).max(1);
                assert_eq!(found.retry_after_seconds, (!allowed).then_some(seconds));
            }
        });
    }
}

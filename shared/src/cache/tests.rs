//! What needs no Redis; the rest is in the `tests` crate.

use jiff::SignedDuration;
use secrecy::SecretString;

use super::{Admission, Cache, CacheError, Key, Rate};
use crate::clock::Clock;
use crate::config::CacheSettings;

const HOURLY: Rate<'_> = Rate {
    name: "scores",
    limit: 60,
    window: SignedDuration::from_hours(1),
};
const MINUTE: i64 = 60_000_000;

fn settings(url: &str) -> CacheSettings {
    CacheSettings {
        url: SecretString::from(url),
        namespace: "auto".to_owned(),
    }
}

#[test]
fn every_key_begins_with_the_namespace() {
    let cache = Cache::new(&settings("redis://localhost"), Clock::system()).unwrap();
    let names = [
        Key::Scores("hodl-wave"),
        Key::Limit {
            name: "scores",
            subject: "203.0.113.7",
        },
        Key::NotBefore {
            source: "binance",
            base: "https://api.binance.com/",
        },
    ]
    .map(|key| cache.name(&key));

    let expected = [
        "auto:scores:hodl-wave",
        "auto:limit:scores:203.0.113.7",
        "auto:not_before:binance:https://api.binance.com/",
    ];
    assert_eq!(names, expected);
}

#[test]
fn the_first_request_of_sixty_leaves_fifty_nine() {
    let admission = Admission::new(&HOURLY, true, 0, MINUTE);

    let expected = Admission {
        allowed: true,
        limit: 60,
        remaining: 59,
        reset_at: 60,
        retry_after_seconds: None,
    };
    assert_eq!(admission, expected);
}

#[test]
fn a_refusal_says_when_one_passes_and_when_the_bucket_is_full_both_rounded_up() {
    let full = Admission::new(&HOURLY, false, 0, 60 * MINUTE);
    let later = Admission::new(&HOURLY, false, 59_000_001, 60 * MINUTE);
    let hair = Admission::new(&HOURLY, false, 59_999_999, 60 * MINUTE + 1);

    assert_eq!(
        (full.remaining, full.reset_at, full.retry_after_seconds),
        (0, 3600, Some(60))
    );
    assert_eq!(later.retry_after_seconds, Some(1));
    assert_eq!((hair.retry_after_seconds, hair.reset_at), (Some(1), 3601));
}

#[test]
fn a_window_that_does_not_divide_is_cut_to_whole_microseconds() {
    let rate = Rate {
        name: "odd",
        limit: 7,
        window: SignedDuration::from_micros(100),
    };

    assert_eq!(rate.interval(), 14);
    assert_eq!(Admission::new(&rate, true, 0, 14).remaining, 6);
}

#[tokio::test]
async fn an_undeclared_cache_says_so() {
    let error = Cache::undeclared().ping().await.unwrap_err();

    assert!(matches!(error, CacheError::NotDeclared), "{error:?}");
}

#[test]
fn an_address_that_is_not_redis_is_refused_and_a_password_is_not_shown() {
    let error = Cache::new(&settings("http://:S3cret@localhost"), Clock::system()).unwrap_err();
    let cache = Cache::new(&settings("redis://:S3cret@localhost"), Clock::system()).unwrap();

    assert!(matches!(error, CacheError::Address(_)), "{error:?}");
    assert!(!format!("{cache:?} {error:?}").contains("S3cret"));
}

#[tokio::test]
async fn a_process_starts_without_redis_and_learns_of_it_at_the_first_command() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    drop(listener);
    let cache = Cache::new(&settings(&format!("redis://127.0.0.1:{port}")), Clock::system()).unwrap();

    let error = cache.ping().await.unwrap_err();

    assert!(error.is_unavailable(), "{error:?}");
}

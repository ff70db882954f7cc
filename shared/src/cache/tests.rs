//! What needs no Redis; the rest is in the `tests` crate.

use secrecy::SecretString;

use super::{Cache, CacheError, Key};
use crate::clock::Clock;
use crate::config::CacheSettings;

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

//! Redis as it is: the limiter, circuit breakers, shared "not before" times, values that expire, and its absence.

mod breaker;
mod limiter;
mod server;
mod values;

use jiff::Timestamp;
use secrecy::SecretString;
use shared::cache::Cache;
use shared::clock::Clock;
use shared::config::{CacheSettings, Environment};
use shared::ids::Ids;

/// The server all tests share.
fn redis_url() -> String {
    let environment = Environment::process();
    environment
        .get("REDIS_URL")
        .expect("REDIS_URL names the Redis of the tests")
        .to_owned()
}

/// A cache in a namespace of its own.
fn cache_at(url: &str, clock: Clock) -> Cache {
    let namespace = format!("test-{}", Ids::random().next());
    Cache::new(
        &CacheSettings {
            url: SecretString::from(url),
            namespace,
        },
        clock,
    )
    .unwrap()
}

fn cache(clock: Clock) -> Cache {
    cache_at(&redis_url(), clock)
}

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

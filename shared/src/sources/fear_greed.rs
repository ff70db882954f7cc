//! Alternative.me's Fear & Greed index, 0..=100, a value a UTC day.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::IgnoredAny;

use super::client::Ask;
use super::{Fetched, Reported, SourceError, Upstream};

/// The service's name in labels and logs.
pub const SERVICE: &str = "alternative.me";

#[derive(Deserialize)]
struct Answer {
    data: Vec<Day>,
    #[serde(default)]
    metadata: Metadata,
}

/// Where the service says what went wrong, with status 200.
#[derive(Default, Deserialize)]
struct Metadata {
    error: Option<IgnoredAny>,
}

#[derive(Deserialize)]
struct Day {
    value: String,
    timestamp: String,
}

/// The newest `days` values, newest first; 0 for all since 2018-02-01.
pub async fn index(upstream: &Upstream, days: u32) -> Result<Fetched<Vec<Reported>>, SourceError> {
    let ask = Ask {
        service: SERVICE,
        base: &upstream.settings()?.fear_greed_base_url,
        path: "fng/",
        query: vec![("limit", days.to_string())],
        key_in_query: None,
        key_in_header: None,
        count: |answer: &Answer| answer.data.len(),
        read: &|answer| match answer.metadata.error {
            Some(_) => Err("it reports an error of its own"),
            None => answer.data.iter().map(reported).collect(),
        },
    };
    upstream.get(&ask).await
}

fn reported(day: &Day) -> Result<Reported, &'static str> {
    let second: i64 = day.timestamp.parse().map_err(|_| "a timestamp is no number")?;
    let observed_at = Timestamp::from_second(second).map_err(|_| "a timestamp is no time")?;
    let value: Decimal = day.value.parse().map_err(|_| "a value is no number")?;
    if value < Decimal::ZERO || value > Decimal::ONE_HUNDRED {
        return Err("a value is not between 0 and 100");
    }
    Ok(Reported {
        observed_at,
        value,
        realtime_start: None,
    })
}

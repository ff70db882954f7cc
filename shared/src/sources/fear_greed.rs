//! Alternative.me's Fear & Greed index, 0..=100, a value a UTC day.

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use super::client::Ask;
use super::rows::{self, Refused};
use super::{Fetched, Reported, SourceError, Upstream};
use crate::domain::observations::Metric;
use crate::domain::rejection::Rows;

/// The service's name in labels and logs.
pub const SERVICE: &str = "alternative.me";

#[derive(Deserialize)]
struct Answer {
    data: Vec<Box<RawValue>>,
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
pub async fn index(upstream: &Upstream, days: u32) -> Result<Fetched<Rows<Reported>>, SourceError> {
    let now = upstream.clock.now();
    let ask = Ask {
        service: SERVICE,
        base: &upstream.settings()?.fear_greed_base_url,
        path: "fng/",
        query: vec![("limit", days.to_string())],
        key_in_query: None,
        key_in_header: None,
        weight: None,
        count: |answer: &Answer| answer.data.len(),
        read: &|answer| match answer.metadata.error {
            Some(_) => Err("it reports an error of its own"),
            None => Ok(rows::read_values(
                |row| Metric::FearGreed.accept(row.observed_at, row.value, now),
                &answer.data,
                |day| reported(day).map(Some).ok_or(Refused::SHAPE),
            )),
        },
    };
    upstream.get(&ask).await
}

fn reported(day: &RawValue) -> Option<Reported> {
    let day: Day = serde_json::from_str(day.get()).ok()?;
    Some(Reported {
        observed_at: Timestamp::from_second(day.timestamp.parse().ok()?).ok()?,
        value: day.value.parse().ok()?,
        realtime_start: None,
    })
}

//! blockchain.info's charts, free: active addresses and NVT of Bitcoin, a value a day.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::Ask;
use super::{Fetched, Reported, SourceError, Upstream, exact};

/// The service's name in labels and logs.
pub const SERVICE: &str = "blockchain.info";

const DAY: SignedDuration = SignedDuration::from_hours(24);

#[derive(Deserialize)]
struct Chart {
    values: Vec<Point>,
}

#[derive(Deserialize)]
struct Point {
    x: i64,
    y: Box<RawValue>,
}

/// Addresses that sent or received, a day, over the last 60 days, oldest first.
pub async fn active_addresses(upstream: &Upstream) -> Result<Fetched<Vec<Reported>>, SourceError> {
    let chart = chart(upstream, "charts/n-unique-addresses").await?;
    Ok(chart.map(|days| {
        days.into_iter()
            .map(|(observed_at, value)| dated(observed_at, value))
            .collect()
    }))
}

/// Network value to transactions: market capitalisation / transaction volume in USD, of the same
/// day, over the last 60 days. Days that lack one of both, or have no volume, are left out.
pub async fn nvt(upstream: &Upstream) -> Result<Fetched<Vec<Reported>>, SourceError> {
    let capitalisation = chart(upstream, "charts/market-cap").await?;
    let volume = chart(upstream, "charts/estimated-transaction-volume-usd").await?;
    let ratio = |(day, value): (Timestamp, Decimal)| {
        let volume = volume.value.get(&day).filter(|volume| **volume > Decimal::ZERO)?;
        Some(dated(day, value.checked_div(*volume)?.round_dp(8)))
    };
    Ok(capitalisation.map(|days| days.into_iter().filter_map(ratio).collect()))
}

const fn dated(observed_at: Timestamp, value: Decimal) -> Reported {
    Reported {
        observed_at,
        value,
        realtime_start: None,
    }
}

type Days = BTreeMap<Timestamp, Decimal>;

/// A chart by day; the running day is left out.
async fn chart(upstream: &Upstream, path: &str) -> Result<Fetched<Days>, SourceError> {
    let newest = upstream.clock.now() - DAY;
    let ask = Ask {
        service: SERVICE,
        base: &upstream.settings()?.blockchain_info_base_url,
        path,
        query: vec![("timespan", "60days".to_owned()), ("format", "json".to_owned())],
        key_in_query: None,
        key_in_header: None,
        count: |chart: &Chart| chart.values.len(),
        read: &|chart| days(&chart, newest),
    };
    upstream.get(&ask).await
}

fn days(chart: &Chart, newest: Timestamp) -> Result<Days, &'static str> {
    let mut days = Days::new();
    for point in &chart.values {
        let day = Timestamp::from_second(point.x).map_err(|_| "a time is none")?;
        let value = exact(&point.y).ok_or("a value is no number")?;
        if day <= newest {
            days.insert(day, value);
        }
    }
    Ok(days)
}

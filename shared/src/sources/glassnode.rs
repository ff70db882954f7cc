//! Glassnode, with a key: on-chain metrics of Bitcoin, a value a day.

use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::Ask;
use super::{Fetched, Reported, SourceError, Upstream, exact};
use crate::domain::observations::Metric;

/// The service's name in labels and logs.
pub const SERVICE: &str = "glassnode";

const DAY: SignedDuration = SignedDuration::from_hours(24);

/// The path of a metric below `v1/metrics/`; `None` for what it is not asked for.
const fn path_of(metric: Metric) -> Option<&'static str> {
    Some(match metric {
        Metric::MvrvZScore => "v1/metrics/market/mvrv_z_score",
        Metric::Nvt => "v1/metrics/indicators/nvt",
        Metric::ExchangeNetFlow => "v1/metrics/transactions/transfers_volume_exchanges_net",
        Metric::LongTermHolderSupply => "v1/metrics/supply/lth_sum",
        Metric::ActiveAddresses => "v1/metrics/addresses/active_count",
        _ => return None,
    })
}

#[derive(Deserialize)]
struct Point {
    t: i64,
    v: Option<Box<RawValue>>,
}

/// Daily values of a metric since a time, oldest first. The running day's value is not final and
/// left out; so are days without one.
pub async fn series(
    upstream: &Upstream,
    metric: Metric,
    since: Timestamp,
) -> Result<Fetched<Vec<Reported>>, SourceError> {
    let refuse = |reason: &str| SourceError::Configuration {
        service: SERVICE,
        reason: reason.to_owned(),
    };
    let path = path_of(metric).ok_or_else(|| refuse("it has no such metric"))?;
    let key = upstream
        .settings()?
        .glassnode_api_key
        .as_ref()
        .ok_or_else(|| refuse("no key is configured"))?;
    let now = upstream.clock.now();
    let ask = Ask {
        service: SERVICE,
        base: &upstream.settings()?.glassnode_base_url,
        path,
        query: vec![
            ("a", "BTC".to_owned()),
            ("i", "24h".to_owned()),
            ("s", since.as_second().to_string()),
            ("u", now.as_second().to_string()),
            ("f", "json".to_owned()),
        ],
        key_in_query: None,
        key_in_header: Some(("X-Api-Key", key)),
        count: Vec::len,
        read: &|points: Vec<Point>| reported(&points, now - DAY),
    };
    upstream.get(&ask).await
}

/// The values of the days that began at `newest` or before.
fn reported(points: &[Point], newest: Timestamp) -> Result<Vec<Reported>, &'static str> {
    let mut values = Vec::with_capacity(points.len());
    for point in points {
        let Some(value) = &point.v else { continue };
        let observed_at = Timestamp::from_second(point.t).map_err(|_| "a time is none")?;
        let value = exact(value).ok_or("a value is no number")?;
        if observed_at <= newest {
            values.push(Reported {
                observed_at,
                value,
                realtime_start: None,
            });
        }
    }
    Ok(values)
}

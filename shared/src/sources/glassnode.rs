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
    };
    let points: Fetched<Vec<Point>> = upstream.get(&ask).await?;
    let values = points
        .value
        .iter()
        .filter_map(|point| reported(point).transpose());
    let value = values
        .filter(|reported| {
            reported
                .as_ref()
                .map_or(true, |reported| reported.observed_at + DAY <= now)
        })
        .collect::<Result<_, _>>()?;
    Ok(Fetched {
        value,
        source: points.source,
    })
}

fn reported(point: &Point) -> Result<Option<Reported>, SourceError> {
    let broken = |reason: &str| SourceError::Broken {
        service: SERVICE,
        reason: reason.to_owned(),
    };
    let Some(value) = &point.v else { return Ok(None) };
    let observed_at = Timestamp::from_second(point.t).map_err(|_| broken("a time is none"))?;
    let value = exact(value).ok_or_else(|| broken("a value is no number"))?;
    Ok(Some(Reported {
        observed_at,
        value,
        realtime_start: None,
    }))
}

//! Glassnode, with a key: on-chain metrics of Bitcoin, a value a day.

use jiff::Timestamp;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::Ask;
use super::rows::{self, Refused};
use super::{Fetched, Reported, SourceError, Upstream, exact, is_running};
use crate::domain::observations::Metric;
use crate::domain::rejection::Rows;

/// The service's name in labels and logs.
pub const SERVICE: &str = "glassnode";

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
struct Point<'a> {
    t: i64,
    #[serde(borrow)]
    v: Option<&'a RawValue>,
}

/// Daily values of a metric since a time, oldest first. The running day's value is not final and
/// left out; so are days without one.
pub async fn series(
    upstream: &Upstream,
    metric: Metric,
    since: Timestamp,
) -> Result<Fetched<Rows<Reported>>, SourceError> {
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
        weight: None,
        count: Vec::len,
        read: &|points: Vec<Box<RawValue>>| {
            Ok(rows::read_values(
                |row| metric.accept(row.observed_at, row.value, now),
                &points,
                |point| reported(point, now),
            ))
        },
    };
    upstream.get(&ask).await
}

fn reported(point: &RawValue, now: Timestamp) -> Result<Option<Reported>, Refused> {
    let point: Point<'_> = serde_json::from_str(point.get()).map_err(|_| Refused::SHAPE)?;
    let Some(value) = point.v else {
        return Ok(None);
    };
    let observed_at = Timestamp::from_second(point.t).map_err(|_| Refused::SHAPE)?;
    let reported = Reported {
        observed_at,
        value: exact(value).ok_or(Refused::SHAPE)?,
        realtime_start: None,
    };
    Ok((!is_running(observed_at, now)).then_some(reported))
}

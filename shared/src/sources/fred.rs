//! FRED, with a key: rates, the dollar, money supply.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::Ask;
use super::rows::{self, Refused};
use super::{Fetched, Reported, SourceError, Upstream};
use crate::domain::observations::Metric;
use crate::domain::rejection::Rows;

/// The service's name in labels and logs.
pub const SERVICE: &str = "fred";

/// A day without a value: a holiday, or not published yet.
const NO_VALUE: &str = ".";

/// FRED's name of a metric; `None` for what it is not asked for.
const fn series_of(metric: Metric) -> Option<&'static str> {
    Some(match metric {
        Metric::FedFundsRate => "DFF",
        Metric::DollarIndex => "DTWEXBGS",
        Metric::TenYearYield => "DGS10",
        Metric::MoneySupply => "M2SL",
        _ => return None,
    })
}

#[derive(Deserialize)]
struct Answer {
    observations: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Row {
    realtime_start: Date,
    date: Date,
    value: String,
}

/// The values of a metric dated `since` or later, newest first. A day without a value is left out,
/// never zero.
pub async fn observations(
    upstream: &Upstream,
    metric: Metric,
    since: Date,
) -> Result<Fetched<Rows<Reported>>, SourceError> {
    let refuse = |reason: &str| SourceError::Configuration {
        service: SERVICE,
        reason: reason.to_owned(),
    };
    let series = series_of(metric).ok_or_else(|| refuse("it has no such series"))?;
    let key = upstream
        .settings()?
        .fred_api_key
        .as_ref()
        .ok_or_else(|| refuse("no key is configured"))?;
    let now = upstream.clock.now();
    let ask = Ask {
        service: SERVICE,
        base: &upstream.settings()?.fred_base_url,
        path: "fred/series/observations",
        query: vec![
            ("series_id", series.to_owned()),
            ("file_type", "json".to_owned()),
            ("sort_order", "desc".to_owned()),
            ("observation_start", since.to_string()),
        ],
        key_in_query: Some(("api_key", key)),
        key_in_header: None,
        weight: None,
        count: |answer: &Answer| answer.observations.len(),
        read: &|answer| {
            Ok(rows::read_values(
                |row| metric.accept(row.observed_at, row.value, now),
                &answer.observations,
                reported,
            ))
        },
    };
    upstream.get(&ask).await
}

fn reported(row: &RawValue) -> Result<Option<Reported>, Refused> {
    let row: Row = serde_json::from_str(row.get()).map_err(|_| Refused::SHAPE)?;
    if row.value == NO_VALUE {
        return Ok(None);
    }
    let midnight = row.date.to_zoned(TimeZone::UTC).map_err(|_| Refused::SHAPE)?;
    Ok(Some(Reported {
        observed_at: midnight.timestamp(),
        value: row.value.parse().map_err(|_| Refused::SHAPE)?,
        realtime_start: Some(row.realtime_start),
    }))
}

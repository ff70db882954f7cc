//! blockchain.info's charts, free: active addresses and NVT of Bitcoin, a value a day.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::Ask;
use super::rows::{self, Refused};
use super::{Fetched, Reported, SourceError, Upstream, exact, is_running};
use crate::domain::observations::Metric;
use crate::domain::rejection::{RejectedRow, Rejection, Rows};

/// The service's name in labels and logs.
pub const SERVICE: &str = "blockchain.info";

#[derive(Deserialize)]
struct Chart {
    values: Vec<Box<RawValue>>,
}

#[derive(Deserialize)]
struct Point<'a> {
    x: i64,
    #[serde(borrow)]
    y: &'a RawValue,
}

/// Addresses that sent or received, a day, over the last 60 days, oldest first.
pub async fn active_addresses(upstream: &Upstream) -> Result<Fetched<Rows<Reported>>, SourceError> {
    let now = upstream.clock.now();
    let accept = |row: &Reported| Metric::ActiveAddresses.accept(row.observed_at, row.value, now);
    chart(upstream, "charts/n-unique-addresses", &accept).await
}

/// Network value to transactions: market capitalisation / transaction volume in USD, of the same
/// day, over the last 60 days. Days that lack one of both are left out.
pub async fn nvt(upstream: &Upstream) -> Result<Fetched<Rows<Reported>>, SourceError> {
    let now = upstream.clock.now();
    let accept = |row: &Reported| {
        Rejection::unless_past(row.observed_at, now)?;
        (row.value > Decimal::ZERO)
            .then_some(())
            .ok_or(Rejection::Implausible)
    };
    let capitalisation = chart(upstream, "charts/market-cap", &accept).await?;
    let volume = chart(upstream, "charts/estimated-transaction-volume-usd", &accept)
        .await?
        .value;
    Ok(capitalisation.map(|capitalisation| ratios(capitalisation, volume, now)))
}

fn ratios(capitalisation: Rows<Reported>, volume: Rows<Reported>, now: Timestamp) -> Rows<Reported> {
    let volumes: BTreeMap<Timestamp, Decimal> = volume
        .accepted
        .iter()
        .map(|row| (row.observed_at, row.value))
        .collect();
    let mut ratios = Rows::default();
    ratios.rejected.extend(capitalisation.rejected);
    ratios.rejected.extend(volume.rejected);
    for row in capitalisation.accepted {
        let Some(volume) = volumes.get(&row.observed_at) else {
            continue;
        };
        let value = row.value.checked_div(*volume).map(|ratio| ratio.round_dp(8));
        match value.map(|value| (value, Metric::Nvt.accept(row.observed_at, value, now))) {
            Some((value, Ok(()))) => ratios.accepted.push(Reported { value, ..row }),
            _ => ratios.rejected.push(RejectedRow::new(
                Some(row.observed_at),
                Rejection::Implausible,
                &format!("market cap {} / transaction volume {volume}", row.value),
            )),
        }
    }
    ratios
}

/// A chart, a value a day, oldest first; the running day is left out.
async fn chart(
    upstream: &Upstream,
    path: &str,
    accept: &(dyn Fn(&Reported) -> Result<(), Rejection> + Sync),
) -> Result<Fetched<Rows<Reported>>, SourceError> {
    let now = upstream.clock.now();
    let ask = Ask {
        service: SERVICE,
        base: &upstream.settings()?.blockchain_info_base_url,
        path,
        query: vec![("timespan", "60days".to_owned()), ("format", "json".to_owned())],
        key_in_query: None,
        key_in_header: None,
        weight: None,
        count: |chart: &Chart| chart.values.len(),
        read: &|chart| {
            let mut rows = rows::read_values(accept, &chart.values, |point| reported(point, now));
            rows.accepted.sort_by_key(|row| row.observed_at);
            Ok(rows)
        },
    };
    upstream.get(&ask).await
}

fn reported(point: &RawValue, now: Timestamp) -> Result<Option<Reported>, Refused> {
    let point: Point<'_> = serde_json::from_str(point.get()).map_err(|_| Refused::SHAPE)?;
    let reported = Reported {
        observed_at: Timestamp::from_second(point.x).map_err(|_| Refused::SHAPE)?,
        value: exact(point.y).ok_or(Refused::SHAPE)?,
        realtime_start: None,
    };
    Ok((!is_running(reported.observed_at, now)).then_some(reported))
}

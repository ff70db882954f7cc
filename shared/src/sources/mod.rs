//! The outside services, one file each: what to ask, what the answer means.
//!
//! All of them share one HTTP client, one classification of failures ([`SourceError`]), one
//! [`Journal`] of calls and one view of who asks for a pause ([`Pauses`]). Figures are parsed as decimals,
//! never as floats; a row that cannot be used is told apart from the others. Nothing here stores
//! anything or decides what a failure means for a run; shapes are those of each service's documents.
//!
//! A stand-in says that it is one, in the header `x-automoney-source`; what it serves is labelled
//! with that and not with the service's name, so that invented numbers can never pass for real ones.

pub mod binance;
pub mod blockchain_info;
mod client;
pub mod coingecko;
mod error;
pub mod fear_greed;
pub mod fred;
pub mod glassnode;
#[cfg(feature = "identity")]
pub mod google;
mod journal;
mod pauses;
mod rows;
mod weight;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde_json::value::RawValue;

use crate::domain::market::Price;
use crate::domain::rejection::Rejection;

pub use crate::net::http_client;
pub use client::{RetryPolicy, Upstream, UpstreamError};
pub use error::SourceError;
pub use journal::{Call, CallStatus, Journal};
pub use pauses::{LocalPauses, Pauses};

/// What a service answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched<T> {
    /// The answer.
    pub value: T,
    /// Who it is from: the service's name, or `sample` or `csv` for a stand-in.
    pub source: &'static str,
}

impl<T> Fetched<T> {
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Fetched<U> {
        Fetched {
            value: change(self.value),
            source: self.source,
        }
    }
}

/// A dated value as a service reported it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reported {
    /// The instant it is dated: 00:00 UTC of its date, or the service's own timestamp.
    pub observed_at: Timestamp,
    /// The value, in the unit of its series.
    pub value: Decimal,
    /// FRED's vintage.
    pub realtime_start: Option<Date>,
}

impl Upstream {
    /// Every address that may be asked, with its service: what a pause is kept for.
    pub fn addresses(&self) -> Vec<(&'static str, String)> {
        let Ok(settings) = self.settings() else {
            return Vec::new();
        };
        let binance = settings
            .binance_base_urls
            .iter()
            .map(|base| (binance::SERVICE, base.to_string()));
        binance
            .chain([
                (coingecko::SERVICE, settings.coingecko_base_url.to_string()),
                (glassnode::SERVICE, settings.glassnode_base_url.to_string()),
                (
                    blockchain_info::SERVICE,
                    settings.blockchain_info_base_url.to_string(),
                ),
                (fred::SERVICE, settings.fred_base_url.to_string()),
                (fear_greed::SERVICE, settings.fear_greed_base_url.to_string()),
            ])
            .collect()
    }
}

/// Whether a day that began at `day` still runs: its value is not final.
fn is_running(day: Timestamp, now: Timestamp) -> bool {
    day <= now && now.duration_since(day) < SignedDuration::from_hours(24)
}

/// The price of a live quote.
fn live_price(value: &RawValue) -> Result<Price, &'static str> {
    let price = exact(value).ok_or("a price is no number")?;
    let price = Price::new(price).ok_or("a price is not positive")?;
    price
        .is_plausible()
        .then_some(price)
        .ok_or("a price is not plausible")
}

/// The change of a live quote, in percent.
fn change_pct(value: &RawValue) -> Result<Decimal, &'static str> {
    let change = exact(value).ok_or("a change is no number")?;
    let is_plausible = change.abs() <= Decimal::from(1_000_000);
    is_plausible.then_some(change).ok_or("a change is not plausible")
}

/// The time of a live quote: one of the future would never be replaced by a newer one.
fn past(time: Result<Timestamp, jiff::Error>, now: Timestamp) -> Result<Timestamp, &'static str> {
    let time = time.map_err(|_| "a time is none")?;
    Rejection::unless_past(time, now).map_err(|_| "a time is in the future")?;
    Ok(time)
}

/// A number that may come as JSON text or as a JSON number, exact in both cases.
fn exact(value: &RawValue) -> Option<Decimal> {
    let text = value.get().trim_matches('"');
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

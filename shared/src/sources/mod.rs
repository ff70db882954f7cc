//! The outside services, one file each: what to ask, what the answer means.
//!
//! All of them share one HTTP client, one classification of failures ([`SourceError`]) and one
//! [`Journal`] of calls. Figures are parsed as decimals, never as floats. Nothing here stores
//! anything or decides what a failure means for a run; shapes are those of each service's documents.
//!
//! A stand-in says that it is one, in the header `x-automoney-source`; what it serves is labelled
//! with that and not with the service's name, so that invented numbers can never pass for real ones.

pub mod binance;
pub mod blockchain_info;
mod client;
mod error;
pub mod fear_greed;
pub mod fred;
pub mod glassnode;
mod journal;

use jiff::Timestamp;
use jiff::civil::Date;
use rust_decimal::Decimal;

pub use client::{RetryPolicy, Upstream, UpstreamError, http_client};
pub use error::SourceError;
pub use journal::{Block, Call, CallStatus, Journal};

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

/// A number that may come as JSON text or as a JSON number, exact in both cases.
fn exact(value: &serde_json::value::RawValue) -> Option<Decimal> {
    let text = value.get().trim_matches('"');
    text.parse().ok().or_else(|| Decimal::from_scientific(text).ok())
}

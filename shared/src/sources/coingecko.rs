//! CoinGecko: prices of all assets in one answer, averaged over many exchanges. A key is optional.
//!
//! They cross-check the exchange's live price and stand in for it while the exchange is away. They
//! are never part of a candle series: an average over exchanges is no price that one of them traded at.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde_json::value::RawValue;

use super::client::Ask;
use super::{Fetched, SourceError, Upstream, change_pct, live_price, past};
use crate::domain::market::{Asset, Price};

/// The service's name in labels and logs.
pub const SERVICE: &str = "coingecko";

/// A price and its change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quote {
    /// US dollars for one unit.
    pub price: Price,
    /// Change over 24 hours, in percent; absent where the service does not know it.
    pub change_24h_pct: Option<Decimal>,
    /// When it was the price.
    pub at: Timestamp,
}

/// CoinGecko's name of an asset.
const fn id_of(asset: Asset) -> &'static str {
    match asset {
        Asset::Btc => "bitcoin",
        Asset::Eth => "ethereum",
    }
}

type Answer = BTreeMap<String, RawQuote>;

#[derive(Deserialize)]
struct RawQuote {
    usd: Box<RawValue>,
    usd_24h_change: Option<Box<RawValue>>,
    last_updated_at: i64,
}

/// The prices of all assets, with one request. An asset that the answer lacks is absent.
pub async fn prices(upstream: &Upstream) -> Result<Fetched<BTreeMap<Asset, Quote>>, SourceError> {
    let (settings, now) = (upstream.settings()?, upstream.clock.now());
    let ask = Ask {
        service: SERVICE,
        base: &settings.coingecko_base_url,
        path: "api/v3/simple/price",
        query: vec![
            ("ids", Asset::ALL.map(id_of).join(",")),
            ("vs_currencies", "usd".to_owned()),
            ("include_24hr_change", "true".to_owned()),
            ("include_last_updated_at", "true".to_owned()),
        ],
        key_in_query: None,
        key_in_header: settings
            .coingecko_api_key
            .as_ref()
            .map(|key| ("x-cg-demo-api-key", key)),
        weight: None,
        count: Answer::len,
        read: &|answer| quotes(&answer, now),
    };
    upstream.get(&ask).await
}

fn quotes(answer: &Answer, now: Timestamp) -> Result<BTreeMap<Asset, Quote>, &'static str> {
    let told = Asset::ALL
        .into_iter()
        .filter_map(|asset| Some((asset, answer.get(id_of(asset))?)));
    told.map(|(asset, raw)| Ok((asset, quote(raw, now)?))).collect()
}

fn quote(raw: &RawQuote, now: Timestamp) -> Result<Quote, &'static str> {
    Ok(Quote {
        price: live_price(&raw.usd)?,
        change_24h_pct: raw.usd_24h_change.as_deref().map(change_pct).transpose()?,
        at: past(Timestamp::from_second(raw.last_updated_at), now)?,
    })
}

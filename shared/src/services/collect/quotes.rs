//! Live prices of two services: kept side by side, shown with the market, and held against each other.
//!
//! The reference stands in for a silent exchange, and only where a live price is shown: no candle is
//! ever made of either. Prices that stay apart lock scheduled orders until they agree.

use std::collections::BTreeMap;

use crate::app::App;
use crate::db::{live_prices, price_comparisons};
use crate::domain::decision::LockReason;
use crate::domain::market::Asset;
use crate::domain::quotes::{self, Comparison, PriceService, Quote};
use crate::services::locks;
use crate::sources::{SourceError, binance, coingecko};

use super::session::Session;
use super::{CollectError, Failure};

/// What became of the live prices.
#[derive(Debug, Default)]
pub(super) struct QuotesSummary {
    /// Prices that were stored anew.
    pub(super) changed: u64,
    /// Who could not be asked.
    pub(super) failures: Vec<Failure>,
}

/// Collects both services' prices of every asset, and compares them.
pub(super) async fn collect(app: &App, session: &Session) -> Result<QuotesSummary, CollectError> {
    let mut summary = QuotesSummary::default();
    let exchange = futures_util::future::join_all(
        Asset::ALL.map(async |asset| (asset, exchange_quote(session, asset).await)),
    );
    let (exchange, reference) = futures_util::join!(exchange, reference_quotes(session));
    let mut told: BTreeMap<Asset, Vec<Quote>> = BTreeMap::new();
    for (asset, quote) in exchange {
        match quote {
            Ok(quote) => told.entry(asset).or_default().push(quote),
            Err(error) => summary.failures.push(Failure::of(
                format!("{} live price", asset.symbol()),
                error.into(),
            )?),
        }
    }
    match reference {
        Ok(quotes) => quotes
            .into_iter()
            .for_each(|(asset, quote)| told.entry(asset).or_default().push(quote)),
        Err(error) => summary
            .failures
            .push(Failure::of("reference prices".to_owned(), error.into())?),
    }
    for (asset, quotes) in &told {
        for quote in quotes {
            summary.changed += u64::from(live_prices::upsert(&app.db, *asset, quote).await?);
        }
    }
    compare(app, &told).await?;
    Ok(summary)
}

async fn exchange_quote(session: &Session, asset: Asset) -> Result<Quote, SourceError> {
    let fetched = binance::ticker_24h(&session.upstream, asset).await?;
    Ok(Quote {
        service: PriceService::Binance,
        price: fetched.value.price,
        change_24h_pct: Some(fetched.value.change_24h_pct),
        source: fetched.source.to_owned(),
        observed_at: fetched.value.at,
    })
}

async fn reference_quotes(session: &Session) -> Result<BTreeMap<Asset, Quote>, SourceError> {
    let fetched = coingecko::prices(&session.upstream).await?;
    let source = fetched.source;
    let quote = |told: coingecko::Quote| Quote {
        service: PriceService::CoinGecko,
        price: told.price,
        change_24h_pct: told.change_24h_pct,
        source: source.to_owned(),
        observed_at: told.at,
    };
    Ok(fetched
        .value
        .into_iter()
        .map(|(asset, told)| (asset, quote(told)))
        .collect())
}

/// Compares what both services told in this run; what was not told is not compared and changes nothing.
async fn compare(app: &App, told: &BTreeMap<Asset, Vec<Quote>>) -> Result<(), CollectError> {
    let (limits, now) = (app.upstream.settings()?.disagreement, app.clock.now());
    let mut known: BTreeMap<Asset, Comparison> = BTreeMap::new();
    for asset in Asset::ALL {
        let previous = price_comparisons::find(&app.db, asset).await?;
        let quotes = told.get(&asset).map_or(&[][..], Vec::as_slice);
        let compared = quotes::compare(previous.as_ref(), quotes, now, &limits);
        if let Some(comparison) = &compared {
            price_comparisons::save(&app.db, asset, comparison).await?;
        }
        known.extend(compared.or(previous).map(|comparison| (asset, comparison)));
    }
    let cause = quotes::disagreement(&known, &limits);
    locks::follow_and_show(app, LockReason::SourcesDisagree, cause.as_deref()).await?;
    Ok(())
}

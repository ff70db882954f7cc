//! Everything a decision reads, as it was known at T: candles closed by T, observations available at T.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use crate::app::App;
use crate::db::market_data::{self, Until};
use crate::db::{DbError, locks, observations};
use crate::domain::agents::ta::Technicals;
use crate::domain::candles::{self, GridCandle};
use crate::domain::decision::{ClosingPrice, Lock, Risk, Volatility};
use crate::domain::freshness;
use crate::domain::indicators::{Panel, Values};
use crate::domain::market::{Asset, Candle, Timeframe};
use crate::domain::observations::{Metric, Observation};
use crate::services::market::last_closes;

/// The oldest observation a rule can need: money supply a year back, carried for half a year, with
/// its publication lag.
const OBSERVED_SPAN: SignedDuration = SignedDuration::from_hours(24 * 31 * 30);

/// The market as of T.
#[derive(Debug, Clone)]
pub struct MarketAt {
    /// T.
    pub as_of: Timestamp,
    /// Which timeframe the technical values are of.
    pub trend_timeframe: Timeframe,
    /// The newest indicator values of each asset that has a candle young enough.
    pub technicals: BTreeMap<Asset, Technicals>,
    /// What was known of every metric.
    pub observations: Vec<Observation>,
    /// What dampens or overrides a conviction.
    pub risk: Risk,
    /// Last closed prices.
    pub prices: BTreeMap<Asset, ClosingPrice>,
    /// What was locked at T.
    pub locks: Vec<Lock>,
}

/// What every strategy that is due at T reads alike.
#[derive(Debug, Clone)]
pub struct KnownAt {
    as_of: Timestamp,
    observations: Vec<Observation>,
    risk: Risk,
    prices: BTreeMap<Asset, ClosingPrice>,
    locks: Vec<Lock>,
}

impl KnownAt {
    /// Reads what was known at T.
    pub async fn read(app: &App, as_of: Timestamp) -> Result<Self, DbError> {
        let observations =
            observations::list_known_at(&app.db, &Metric::ALL, as_of - OBSERVED_SPAN, as_of).await?;
        let risk = Risk::at(volatility(app, as_of).await?, &observations, as_of);
        Ok(Self {
            as_of,
            observations,
            risk,
            prices: last_closes(app, as_of).await?,
            locks: locks::list_at(&app.db, as_of).await?,
        })
    }

    /// The market for a strategy: the same, and the technical values of its own timeframe.
    pub async fn market(&self, app: &App, trend_timeframe: Timeframe) -> Result<MarketAt, DbError> {
        let mut technicals = BTreeMap::new();
        for asset in Asset::ALL {
            let series = trend(app, asset, trend_timeframe, self.as_of).await?;
            let values = technicals_of(&series, trend_timeframe, self.as_of);
            technicals.extend(values.map(|values| (asset, values)));
        }
        Ok(MarketAt {
            as_of: self.as_of,
            trend_timeframe,
            technicals,
            observations: self.observations.clone(),
            risk: self.risk.clone(),
            prices: self.prices.clone(),
            locks: self.locks.clone(),
        })
    }
}

/// Whether every series that is stored at all reaches up to T.
pub async fn has_boundary_candles(app: &App, as_of: Timestamp) -> Result<bool, DbError> {
    let mut has_any = false;
    for asset in Asset::ALL {
        for timeframe in Timeframe::STORED {
            let wanted = candles::newest_closed_by(timeframe, as_of);
            let until = Until {
                opened_by: wanted,
                as_of,
            };
            match market_data::find_newest(&app.db, (asset, timeframe), until).await? {
                Some(newest) if newest.candle.open_time < wanted => return Ok(false),
                newest => has_any |= newest.is_some(),
            }
        }
    }
    Ok(has_any)
}

/// The closed candles of a timeframe up to T, oldest first, on the full grid.
async fn trend(
    app: &App,
    asset: Asset,
    timeframe: Timeframe,
    as_of: Timestamp,
) -> Result<Vec<GridCandle>, DbError> {
    if timeframe == Timeframe::W1 {
        let days = closed_by(app, asset, Timeframe::D1, as_of).await?;
        return Ok(candles::weeks_of_days(&days, as_of));
    }
    Ok(candles::on_full_grid(
        timeframe,
        &closed_by(app, asset, timeframe, as_of).await?,
    ))
}

async fn closed_by(
    app: &App,
    asset: Asset,
    timeframe: Timeframe,
    as_of: Timestamp,
) -> Result<Vec<Candle>, DbError> {
    let until = Until {
        opened_by: candles::newest_closed_by(timeframe, as_of),
        as_of,
    };
    market_data::list_until(&app.db, (asset, timeframe), until).await
}

fn technicals_of(series: &[GridCandle], timeframe: Timeframe, as_of: Timestamp) -> Option<Technicals> {
    let newest = series.last()?;
    let closed_at = candles::end_of(timeframe, newest.candle.open_time);
    let freshness = freshness::of_candle(timeframe, closed_at, as_of)?;
    let Values {
        ema21,
        ema55,
        rsi14,
        macd,
        bollinger,
        atr14,
    } = Panel::after(series.iter().map(GridCandle::bar))?;
    Some(Technicals {
        price: newest.bar().close,
        closed_at: closed_at.into(),
        freshness,
        ema21,
        ema55,
        rsi14,
        macd_histogram: macd.map(|macd| macd.histogram),
        atr14,
        bollinger_upper: bollinger.map(|bands| bands.upper),
        bollinger_middle: bollinger.map(|bands| bands.middle),
        bollinger_lower: bollinger.map(|bands| bands.lower),
    })
}

/// Volatility of Bitcoin's days; `None` when it cannot be told at T.
async fn volatility(app: &App, as_of: Timestamp) -> Result<Option<Volatility>, DbError> {
    let days = trend(app, Asset::Btc, Timeframe::D1, as_of).await?;
    let values = technicals_of(&days, Timeframe::D1, as_of);
    Ok(values.and_then(|values| {
        Volatility::from_daily(values.atr14?, values.price, values.closed_at.into(), as_of)
    }))
}

//! The technical agent: what do prices say about themselves?
//!
//! Reads the newest indicator values of each asset's trend timeframe. It does not compute
//! indicators, and it never sees a candle that is still forming.
//! Source: DOMAIN "Agents", ta.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::analysis::signals;
use super::component::{trust, weigh};
use super::{AgentKind, Analysis, Component, Confidence, Flag, Input, Inputs, Outcome, Score, reasoning};
use crate::domain::freshness::Freshness;
use crate::domain::market::Asset;
use crate::domain::wire::Utc;

/// An asset's newest indicator values on closed candles of the trend timeframe. A value is `None`
/// while the history is too short for it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Technicals {
    /// Close of the newest closed candle, USDT.
    pub price: f64,
    /// When that candle ended.
    pub closed_at: Utc,
    /// What the candle counts as at T; an asset whose candle is missing has no `Technicals`.
    pub freshness: Freshness,
    /// EMA(21), USDT.
    pub ema21: Option<f64>,
    /// EMA(55), USDT.
    pub ema55: Option<f64>,
    /// RSI(14), 0..=100.
    pub rsi14: Option<f64>,
    /// Histogram of MACD(12, 26, 9), USDT.
    pub macd_histogram: Option<f64>,
    /// ATR(14), USDT.
    pub atr14: Option<f64>,
    /// Upper Bollinger band (20, 2), USDT.
    pub bollinger_upper: Option<f64>,
    /// Middle Bollinger band, USDT.
    pub bollinger_middle: Option<f64>,
    /// Lower Bollinger band, USDT.
    pub bollinger_lower: Option<f64>,
}

impl Technicals {
    fn components(&self, asset: Asset) -> Vec<Component> {
        [
            (Input::EmaTrend, self.ema_trend_pct()),
            (Input::Rsi, self.rsi14),
            (Input::Macd, self.macd_in_atr()),
            (Input::Bollinger, self.bollinger_position()),
        ]
        .into_iter()
        .map(|(input, figure)| Component {
            asset: Some(asset),
            ..Component::judged(input, figure, self.freshness, Some(self.closed_at))
        })
        .collect()
    }

    /// (EMA21 - EMA55) / price, in percent.
    fn ema_trend_pct(&self) -> Option<f64> {
        Some((self.ema21? - self.ema55?) * 100.0 / self.price)
    }

    /// MACD histogram / ATR; 0 when the ATR is.
    fn macd_in_atr(&self) -> Option<f64> {
        let (histogram, atr) = (self.macd_histogram?, self.atr14?);
        Some(ratio_or_zero(histogram, atr))
    }

    /// Where the price lies: -1 at the lower band, 0 in the middle, +1 at the upper; beyond ±1
    /// outside. 0 when the bands have no width.
    fn bollinger_position(&self) -> Option<f64> {
        let (upper, middle, lower) = (
            self.bollinger_upper?,
            self.bollinger_middle?,
            self.bollinger_lower?,
        );
        let half = if self.price < middle {
            middle - lower
        } else {
            upper - middle
        };
        Some(ratio_or_zero(self.price - middle, half))
    }
}

/// `part / whole`; 0 when `whole` is. Source: DOMAIN "Technical indicators".
fn ratio_or_zero(part: f64, whole: f64) -> f64 {
    if whole == 0.0 { 0.0 } else { part / whole }
}

/// How much an asset counts in the score. Source: DOMAIN "Agents", ta.
fn weight(asset: Asset) -> Decimal {
    match asset {
        Asset::Btc => Decimal::new(6, 1),
        Asset::Eth => Decimal::new(4, 1),
    }
}

/// What the technical rules say, from the newest values of each asset. An asset that is absent, or
/// lacks more than 20 % of its inputs, leaves the other alone and is flagged; with neither the agent
/// abstains.
pub fn analyse(technicals: &BTreeMap<Asset, Technicals>) -> Analysis {
    let mut components = Vec::new();
    let mut scores: Vec<(Asset, Score)> = Vec::new();
    let mut known = Decimal::ZERO;
    let mut left_out = Vec::new();
    let mut sentences = Vec::new();
    for asset in Asset::ALL {
        let found = technicals.get(&asset);
        let parts = found.map_or_else(|| absent(asset), |values| values.components(asset));
        if let (Some(values), Ok(score)) = (found, weigh(&parts)) {
            scores.push((asset, score));
            known += weight(asset) * trust(&parts);
            sentences.push(format!(
                "{asset} {score} at {:.2}: {}.",
                values.price,
                reasoning::figures(&parts)
            ));
            sentences.extend(reasoning::remarks(&parts));
        } else {
            left_out.push(asset);
            sentences.push(format!("{asset} has too little data and is left out."));
        }
        components.extend(parts);
    }
    let (outcome, confidence, reasoning) = if let Some(score) = combined(&scores) {
        sentences.insert(0, format!("{}.", reasoning::opening(AgentKind::Ta, score)));
        (
            Outcome::Answered { score },
            Confidence::nearest(known),
            reasoning::shortened(sentences.join(" ")),
        )
    } else {
        let reason = "neither BTC nor ETH has enough recent closed candles".to_owned();
        let reasoning = reasoning::of_abstention(&reason);
        (Outcome::Abstained { reason }, Confidence::NONE, reasoning)
    };
    Analysis {
        agent: AgentKind::Ta,
        outcome,
        confidence,
        reasoning,
        signals: signals(&components),
        flags: left_out
            .into_iter()
            .map(|asset| Flag::AssetLeftOut { asset })
            .collect(),
        components,
        inputs: Inputs {
            readings: Vec::new(),
            technicals: technicals.clone(),
        },
    }
}

/// 0.6 × BTC + 0.4 × ETH, or the one that is there alone; `None` without either.
fn combined(scores: &[(Asset, Score)]) -> Option<Score> {
    let weights: Decimal = scores.iter().map(|(asset, _)| weight(*asset)).sum();
    let weighted: Decimal = scores
        .iter()
        .map(|(asset, score)| weight(*asset) * score.value())
        .sum();
    weighted.checked_div(weights).map(Score::nearest)
}

fn absent(asset: Asset) -> Vec<Component> {
    let missing = |input| Component {
        asset: Some(asset),
        ..Component::missing(input)
    };
    super::rules::TA.into_iter().map(missing).collect()
}

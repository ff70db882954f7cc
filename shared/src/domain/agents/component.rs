//! One input's part in an agent's score.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::rules::{Input, MISSING_LIMIT_PCT, Share};
use super::score::Score;
use crate::domain::freshness::Freshness;
use crate::domain::market::Asset;
use crate::domain::wire::Utc;

/// What an input says, in one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SignalWord {
    /// Component score of 0.33 or more.
    Bullish,
    /// Component score of -0.33 or less.
    Bearish,
    /// In between.
    Neutral,
    /// No value that may be used.
    Missing,
}

impl SignalWord {
    /// The word for a component score. Source: DOMAIN "Agents".
    pub fn of(score: Option<f64>) -> Self {
        match score {
            None => Self::Missing,
            Some(score) if score >= 0.33 => Self::Bullish,
            Some(score) if score <= -0.33 => Self::Bearish,
            Some(_) => Self::Neutral,
        }
    }

    /// The word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bullish => "bullish",
            Self::Bearish => "bearish",
            Self::Neutral => "neutral",
            Self::Missing => "missing",
        }
    }
}

/// One input's part in a score: the figure the rule judged, and what it made of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Component {
    /// Which input; its page gives the figure's unit.
    pub input: Input,
    /// The asset it is about; only the technical agent has several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asset: Option<Asset>,
    /// Its printed share.
    pub share: Share,
    /// The figure that was judged; `None` when missing.
    pub figure: Option<f64>,
    /// Its score, -1..=1, unrounded; `None` when missing.
    pub score: Option<f64>,
    /// The score in a word.
    pub signal: SignalWord,
    /// How far the figure can be trusted; `None` when missing.
    pub freshness: Option<Freshness>,
    /// The date of the newest value in the figure.
    pub observed_at: Option<Utc>,
    /// The date of the value it was held against, when the figure is a change.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub compared_with: Option<Utc>,
}

impl Component {
    /// An input without a usable value.
    pub fn missing(input: Input) -> Self {
        Self {
            input,
            asset: None,
            share: input.share(),
            figure: None,
            score: None,
            signal: SignalWord::Missing,
            freshness: None,
            observed_at: None,
            compared_with: None,
        }
    }

    /// An input's figure, judged. Missing when there is none or it is not finite.
    pub fn judged(input: Input, figure: Option<f64>, freshness: Freshness, observed_at: Option<Utc>) -> Self {
        let Some((figure, score)) = figure.and_then(|figure| Some((figure, input.judge(figure)?))) else {
            return Self::missing(input);
        };
        Self {
            figure: Some(figure),
            score: Some(score),
            signal: SignalWord::of(Some(score)),
            freshness: Some(freshness),
            observed_at,
            ..Self::missing(input)
        }
    }

    /// The key of its word in an analysis' signals: `rsi`, or `btc_rsi` when there are two of them.
    pub fn key(&self) -> String {
        match self.asset {
            None => self.input.as_str().to_owned(),
            Some(asset) => format!("{}_{}", asset.as_str().to_ascii_lowercase(), self.input),
        }
    }
}

/// Too much is missing for a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct TooMuchMissing {
    /// The share that is missing, in percent.
    pub(super) percent: u32,
    /// The inputs that are.
    pub(super) inputs: Vec<Input>,
}

/// The score of the components that are there; each missing one hands its share to the others in
/// proportion. Refused when owed inputs with more than 20 % of the shares are missing.
/// Source: DOMAIN "Agents".
pub(super) fn weigh(components: &[Component]) -> Result<Score, TooMuchMissing> {
    let inputs: Vec<Input> = components
        .iter()
        .filter(|c| c.score.is_none() && c.input.is_owed())
        .map(|c| c.input)
        .collect();
    let percent = inputs
        .iter()
        .map(|input| u32::from(input.share().percent()))
        .sum();
    if percent > MISSING_LIMIT_PCT {
        return Err(TooMuchMissing { percent, inputs });
    }
    let (mut weighted, mut total) = (0.0, 0.0);
    for component in components {
        if let Some(score) = component.score {
            let share = f64::from(component.share.percent());
            weighted += share * score;
            total += share;
        }
    }
    Score::nearest_f64(weighted / total).ok_or(TooMuchMissing { percent, inputs })
}

/// How much of the printed shares is known, each by how fresh it is: 0..=1, unrounded.
/// A missing input adds nothing. Source: DOMAIN "Agents".
pub(super) fn trust(components: &[Component]) -> Decimal {
    let factor = |freshness| match freshness {
        Freshness::Fresh => Decimal::ONE,
        Freshness::Carried => Decimal::new(7, 1),
        Freshness::Defaulted => Decimal::new(3, 1),
    };
    components
        .iter()
        .filter_map(|component| Some(component.share.fraction() * factor(component.freshness?)))
        .sum()
}

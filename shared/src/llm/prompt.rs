//! What an agent's model is told: a fixed part, then the data.
//!
//! The fixed part is a versioned text and the same for every question of an agent, so that a provider
//! can keep it in its cache; the data come last, as one JSON text of numbers, dates and words of our
//! own. No text of an outside service gets in, so that none can pass for an instruction.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::Serialize;

use super::schema;
use crate::domain::agents::ta::Technicals;
use crate::domain::agents::{AgentKind, Analysis, Component, Confidence, Flag, Score, SignalWord};
use crate::domain::freshness::{Freshness, Reading};
use crate::domain::market::Asset;
use crate::domain::observations::Metric;
use crate::domain::rounding::decimal_from_f64;
use crate::domain::wire::{self, Utc};

/// Decimals of the figures a model is shown: more would only cost tokens.
const PLACES: u32 = 4;

/// A question's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Prompt {
    /// Which text it is and which version of it, such as `macro.v1`: part of the record.
    pub version: &'static str,
    /// Role, rules and what an answer must be.
    pub system: &'static str,
    /// The data, as one JSON text.
    pub data: String,
}

impl Prompt {
    /// What an agent's model is asked about its analysis; nothing when the agent abstained, because
    /// there is no score to move.
    pub fn of(analysis: &Analysis) -> Option<Self> {
        let data = Data::of(analysis)?;
        let (version, system) = match analysis.agent {
            AgentKind::Macro => ("macro.v1", include_str!("prompts/macro.v1.md")),
            AgentKind::Onchain => ("onchain.v1", include_str!("prompts/onchain.v1.md")),
            AgentKind::Ta => ("ta.v1", include_str!("prompts/ta.v1.md")),
        };
        Some(Self {
            version,
            system,
            // Plain structures of numbers and words can always be written.
            data: serde_json::to_string(&data).ok()?,
        })
    }

    /// Bytes of all that the model reads of us, the answer's schema included.
    pub fn bytes(&self) -> u64 {
        let schema = schema::opinion().to_string();
        let bytes = self.system.len() + self.data.len() + schema.len();
        u64::try_from(bytes).unwrap_or(u64::MAX)
    }
}

#[derive(Serialize)]
struct Data<'a> {
    agent: AgentKind,
    rule_score: Score,
    confidence: Confidence,
    components: Vec<ShownComponent>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    readings: Vec<ShownReading>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    technicals: BTreeMap<Asset, ShownTechnicals>,
    #[serde(skip_serializing_if = "<[Flag]>::is_empty")]
    flags: &'a [Flag],
}

#[derive(Serialize)]
struct ShownComponent {
    input: String,
    share_pct: u8,
    #[serde(serialize_with = "wire::optional_number")]
    figure: Option<Decimal>,
    #[serde(serialize_with = "wire::optional_number")]
    score: Option<Decimal>,
    signal: SignalWord,
    freshness: Option<Freshness>,
    observed_at: Option<Utc>,
    #[serde(skip_serializing_if = "Option::is_none")]
    compared_with: Option<Utc>,
}

#[derive(Serialize)]
struct ShownReading {
    metric: Metric,
    #[serde(serialize_with = "wire::number")]
    value: Decimal,
    observed_at: Option<Utc>,
    freshness: Freshness,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    is_interpolated: bool,
}

#[derive(Serialize)]
struct ShownTechnicals {
    closed_at: Utc,
    freshness: Freshness,
    #[serde(flatten)]
    figures: BTreeMap<&'static str, Figure>,
}

#[derive(Serialize)]
#[serde(transparent)]
struct Figure(#[serde(serialize_with = "wire::optional_number")] Option<Decimal>);

impl<'a> Data<'a> {
    fn of(analysis: &'a Analysis) -> Option<Self> {
        Some(Self {
            agent: analysis.agent,
            rule_score: analysis.score()?,
            confidence: analysis.confidence,
            components: analysis.components.iter().map(ShownComponent::of).collect(),
            readings: analysis.inputs.readings.iter().map(ShownReading::of).collect(),
            technicals: analysis
                .inputs
                .technicals
                .iter()
                .map(|(asset, values)| (*asset, ShownTechnicals::of(values)))
                .collect(),
            flags: &analysis.flags,
        })
    }
}

impl ShownComponent {
    fn of(component: &Component) -> Self {
        Self {
            input: component.key(),
            share_pct: component.share.percent(),
            figure: component.figure.and_then(short),
            score: component.score.and_then(short),
            signal: component.signal,
            freshness: component.freshness,
            observed_at: component.observed_at,
            compared_with: component.compared_with,
        }
    }
}

impl ShownReading {
    fn of(reading: &Reading) -> Self {
        Self {
            metric: reading.metric,
            value: reading.value,
            observed_at: reading.observed_at,
            freshness: reading.freshness,
            is_interpolated: reading.is_interpolated,
        }
    }
}

impl ShownTechnicals {
    fn of(values: &Technicals) -> Self {
        let figures = [
            ("price", Some(values.price)),
            ("ema21", values.ema21),
            ("ema55", values.ema55),
            ("rsi14", values.rsi14),
            ("macd_histogram", values.macd_histogram),
            ("atr14", values.atr14),
            ("bollinger_upper", values.bollinger_upper),
            ("bollinger_middle", values.bollinger_middle),
            ("bollinger_lower", values.bollinger_lower),
        ];
        Self {
            closed_at: values.closed_at,
            freshness: values.freshness,
            figures: figures
                .into_iter()
                .map(|(name, value)| (name, Figure(value.and_then(short))))
                .collect(),
        }
    }
}

/// A figure without the digits nobody reads; `None` where it is no number that can be written.
fn short(value: f64) -> Option<Decimal> {
    decimal_from_f64(value, PLACES)
}

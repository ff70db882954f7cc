//! What an agent gives back.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::component::{Component, SignalWord, trust, weigh};
use super::reasoning;
use super::score::{Confidence, Score};
use super::ta::Technicals;
use super::{AgentKind, Input};
use crate::domain::freshness::{Change, Reading, Series};
use crate::domain::market::Asset;

/// An answer, or the reason why there is none. No answer is never a neutral one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "status", rename_all = "snake_case")]
pub enum Outcome {
    /// The agent has an opinion.
    Answered {
        /// Its opinion.
        score: Score,
    },
    /// The agent has none.
    Abstained {
        /// Why, for people: part of a sentence, without a full stop.
        reason: String,
    },
}

impl Outcome {
    /// The score, when there is one.
    pub const fn score(&self) -> Option<Score> {
        match self {
            Self::Answered { score } => Some(*score),
            Self::Abstained { .. } => None,
        }
    }
}

/// Something a reader of the score should know.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "flag", rename_all = "snake_case")]
pub enum Flag {
    /// An asset has too little data: the score is the other one's alone.
    AssetLeftOut {
        /// The asset without data.
        asset: Asset,
    },
}

/// What an agent was shown, including what no rule reads.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Inputs {
    /// Dated values, in the order they were read.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<Reading>,
    /// Indicator values of each asset.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub technicals: BTreeMap<Asset, Technicals>,
}

/// What an agent's rules say as of T. Recorded and shown as it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Analysis {
    /// Which agent.
    pub agent: AgentKind,
    /// Its score, or why it has none.
    pub outcome: Outcome,
    /// How much it knew; 0 when it abstains.
    pub confidence: Confidence,
    /// The score explained, at most 600 characters of plain text.
    pub reasoning: String,
    /// A word for each input.
    pub signals: BTreeMap<String, SignalWord>,
    /// What readers should know besides.
    pub flags: Vec<Flag>,
    /// Each input's part in the score.
    pub components: Vec<Component>,
    /// What it was shown.
    pub inputs: Inputs,
}

impl Analysis {
    /// The score, when the agent answered.
    pub const fn score(&self) -> Option<Score> {
        self.outcome.score()
    }
}

/// A word for each component.
pub(super) fn signals(components: &[Component]) -> BTreeMap<String, SignalWord> {
    components
        .iter()
        .map(|component| (component.key(), component.signal))
        .collect()
}

/// The inputs of an agent that reads dated values, judged one after the other.
#[derive(Debug, Default)]
pub(super) struct Panel {
    components: Vec<Component>,
    readings: Vec<Reading>,
}

impl Panel {
    /// An input nobody delivers.
    pub(super) fn missing(&mut self, input: Input) {
        self.components.push(Component::missing(input));
    }

    /// An input that is the newest value of a series.
    pub(super) fn level(&mut self, input: Input, series: &Series) {
        let newest = series.newest();
        self.components.push(newest.as_ref().map_or_else(
            || Component::missing(input),
            |reading| {
                Component::judged(
                    input,
                    as_f64(reading.value),
                    reading.freshness,
                    reading.observed_at,
                )
            },
        ));
        self.readings.extend(newest);
    }

    /// An input that is the change of a series over `days`, measured by `how`.
    pub(super) fn change(
        &mut self,
        input: Input,
        series: &Series,
        days: i64,
        how: fn(&Change) -> Option<Decimal>,
    ) {
        let Some(change) = series.change_over_days(days) else {
            self.missing(input);
            self.readings.extend(series.newest());
            return;
        };
        let judged = Component::judged(
            input,
            how(&change).and_then(as_f64),
            change.freshness(),
            change.newest.observed_at,
        );
        self.components.push(Component {
            compared_with: change.earlier.observed_at,
            ..judged
        });
        self.readings.extend([change.newest, change.earlier]);
    }

    /// A value that is shown but judged by no rule.
    pub(super) fn shown(&mut self, series: &Series) {
        self.readings.extend(series.newest());
    }

    /// The analysis these inputs add up to.
    pub(super) fn analysis(self, agent: AgentKind) -> Analysis {
        let Self { components, readings } = self;
        let (outcome, confidence, reasoning) = match weigh(&components) {
            Ok(score) => (
                Outcome::Answered { score },
                Confidence::nearest(trust(&components)),
                reasoning::of_score(agent, score, &components),
            ),
            Err(missing) => {
                let reason = reasoning::of_missing(&missing);
                let reasoning = reasoning::of_abstention(&reason);
                (Outcome::Abstained { reason }, Confidence::NONE, reasoning)
            }
        };
        Analysis {
            agent,
            outcome,
            confidence,
            reasoning,
            signals: signals(&components),
            flags: Vec::new(),
            components,
            inputs: Inputs {
                readings,
                technicals: BTreeMap::new(),
            },
        }
    }
}

fn as_f64(value: Decimal) -> Option<f64> {
    f64::try_from(value).ok()
}

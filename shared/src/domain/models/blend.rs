//! How far a model may move the rules' score.

use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::agents::Score;
use crate::domain::wire;

/// The furthest a model moves a score, either way. Source: DOMAIN "Agents".
const REACH: Decimal = Decimal::from_parts(20, 0, 0, false, 2);

/// A limit that changed what a model said.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clamp {
    /// It was more than 0.20 above the rules' score.
    AboveRule,
    /// It was more than 0.20 below the rules' score.
    BelowRule,
    /// It was above the highest score there is.
    AboveOne,
    /// It was below the lowest score there is.
    BelowMinusOne,
}

/// The rules' score as a model moved it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Blended {
    /// What the rules said.
    pub rule: Score,
    /// What the model said, before any limit.
    #[serde(serialize_with = "wire::number")]
    pub model: Decimal,
    /// What counts.
    pub score: Score,
    /// The limits that changed what the model said, in the order they were applied.
    pub clamps: Vec<Clamp>,
}

impl Blended {
    /// `clamp(clamp(model, rule ± 0.20), -1, 1)`, then rounded half-even to 4 decimals.
    /// Source: DOMAIN "Agents".
    pub fn of(rule: Score, model: Decimal) -> Self {
        let mut clamps = Vec::new();
        let mut clamp = |value: Decimal, (least, below), (most, above)| {
            if value < least {
                clamps.push(below);
                least
            } else if value > most {
                clamps.push(above);
                most
            } else {
                value
            }
        };
        let near = clamp(
            model,
            (rule.value() - REACH, Clamp::BelowRule),
            (rule.value() + REACH, Clamp::AboveRule),
        );
        let within = clamp(
            near,
            (Decimal::NEGATIVE_ONE, Clamp::BelowMinusOne),
            (Decimal::ONE, Clamp::AboveOne),
        );
        Self {
            rule,
            model,
            score: Score::nearest(within),
            clamps,
        }
    }
}

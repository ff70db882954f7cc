//! What a model says, read from its JSON text.
//!
//! The text is somebody else's: nothing in it is believed, and what is kept of it is plain.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::value::RawValue;

use crate::domain::agents::shortened;

/// The furthest a score may be from 0 and still be taken for one. What counts of it is limited later.
const FURTHEST: Decimal = Decimal::from_parts(1_000, 0, 0, false, 0);

/// Why a model's text is no opinion.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OpinionError {
    /// It is no JSON, or not all of it.
    #[error("the text is not JSON")]
    NotJson,
    /// It is JSON, but not what was asked for.
    #[error("{0}")]
    Schema(String),
}

/// A model's opinion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opinion {
    /// Its score, in any range: how far it counts is decided when it is blended.
    pub score: Decimal,
    /// Its reasons: one line of plain text, at most 600 characters.
    pub reasoning: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Shape<'a> {
    #[serde(borrow)]
    score: &'a RawValue,
    reasoning: String,
}

impl Opinion {
    /// The opinion in a model's text.
    pub fn parse(text: &str) -> Result<Self, OpinionError> {
        serde_json::from_str::<IgnoredAny>(text).map_err(|_| OpinionError::NotJson)?;
        let shape: Shape<'_> =
            serde_json::from_str(text).map_err(|error| OpinionError::Schema(plain(&error.to_string())))?;
        let score = number(shape.score.get()).filter(|score| score.abs() <= FURTHEST);
        let score = score.ok_or_else(|| OpinionError::Schema("the score is no usable number".to_owned()))?;
        Ok(Self {
            score,
            reasoning: plain(&shape.reasoning),
        })
    }
}

/// A JSON number as a decimal, as exact as one can be.
fn number(json: &str) -> Option<Decimal> {
    // Finer than any decimal: what a float keeps of it is closer than it matters.
    let nearest = || json.parse().ok().and_then(Decimal::from_f64_retain);
    let exact = json.parse().ok().or_else(|| Decimal::from_scientific(json).ok());
    exact.or_else(nearest)
}

/// One line of at most 600 characters, without characters that are not seen or that reorder others.
fn plain(text: &str) -> String {
    let visible: String = text
        .chars()
        .filter(|c| c.is_whitespace() || !(c.is_control() || is_format_control(*c)))
        .collect();
    let words: Vec<&str> = visible.split_whitespace().collect();
    shortened(words.join(" "))
}

/// Unicode's format controls (category Cf: bidirectional marks and overrides, joiners, tags), and the
/// rest of the invisible blocks they are in.
const fn is_format_control(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{600}'..='\u{605}'
            | '\u{61c}'
            | '\u{6dd}'
            | '\u{70f}'
            | '\u{890}'..='\u{891}'
            | '\u{8e2}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{110bd}'
            | '\u{110cd}'
            | '\u{13430}'..='\u{1343f}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

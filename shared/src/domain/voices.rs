//! What an agent answers once a language model had its word, or could not have it.
//!
//! The rules' analysis comes first; a [`Voice`] says who moved it. Whether a model is asked, which one
//! and what it costs is decided elsewhere. Source: DOMAIN "Language models", the table of states.

use std::fmt;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::agents::{AgentKind, Analysis, Outcome, Score};
use super::decision::LockReason;
use super::models::{Blended, Clamp};
use super::wire::{self, Utc};

/// Who an answer is by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AnsweredBy {
    /// The rules alone: no model is configured, or the agent abstained.
    Rules,
    /// A model that was asked.
    Model,
    /// A model that was asked earlier about the same.
    EarlierAnswer,
    /// No model answered now; this is what the last one that did had made of the score.
    LastResult,
    /// No model answered, and none did within a day: the rules, and orders are locked.
    RulesFallback,
}

impl AnsweredBy {
    /// The name in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Rules => "rules",
            Self::Model => "model",
            Self::EarlierAnswer => "earlier_answer",
            Self::LastResult => "last_result",
            Self::RulesFallback => "rules_fallback",
        }
    }
}

/// What a model said, now or earlier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spoken {
    /// Who serves it.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// Which text it was asked with.
    pub prompt_version: String,
    /// T of the question.
    pub as_of: Timestamp,
    /// Its score, before any limit.
    pub score: Decimal,
    /// What counted of it then.
    pub counted: Score,
    /// Its reasons, plain text of at most 600 characters.
    pub reasoning: String,
    /// Its answer as it came.
    pub raw: String,
}

/// Why no model answered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Silence {
    /// `models_down` or `budget`.
    pub cause: SilenceCause,
    /// In words: who was asked and what came of it.
    pub detail: String,
}

/// The two ways to get no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SilenceCause {
    /// Every model that could be asked failed or is left alone.
    ModelsDown,
    /// A model could not be asked because the day's money is spent.
    Budget,
}

impl SilenceCause {
    /// The lock that it sets when nothing stands in for the models.
    pub const fn lock(self) -> LockReason {
        match self {
            Self::ModelsDown => LockReason::ModelsDown,
            Self::Budget => LockReason::Budget,
        }
    }
}

impl fmt::Display for Silence {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

/// Who has the last word on a score.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Voice {
    /// The rules: nobody else was to be asked.
    Rules,
    /// A model.
    Model(Spoken),
    /// A model's earlier answer to the same question.
    EarlierAnswer(Spoken),
    /// The last result, because no model answered.
    LastResult(Spoken, Silence),
    /// The rules, because no model answered and there is no result that is young enough.
    RulesFallback(Silence),
}

/// A model's part in an answer, as it is recorded and shown.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelPart {
    /// Who serves it.
    pub provider: String,
    /// Which model.
    pub model: String,
    /// Which text it was asked with.
    pub prompt_version: String,
    /// T of the question: earlier than the execution's when an older answer was used.
    pub as_of: Utc,
    /// How much earlier, seconds.
    pub age_seconds: i64,
    /// Its score, before any limit.
    #[serde(serialize_with = "wire::number")]
    pub score: Decimal,
    /// The limits that changed it, in the order they were applied.
    pub clamps: Vec<Clamp>,
    /// Its answer as it came.
    pub raw: String,
}

/// An agent's answer and how it came about.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentAnswer {
    /// What the agent says: the rules' analysis with the score and the reasons of whoever had the
    /// last word.
    #[serde(flatten)]
    pub analysis: Analysis,
    /// The rules' own score; `None` when the agent abstained.
    pub rule_score: Option<Score>,
    /// Which model had the last word; `rules` when none did.
    pub model: String,
    /// Who the answer is by.
    pub answered_by: AnsweredBy,
    /// Whether an older result stands in for models that failed.
    pub degraded: bool,
    /// The model's part.
    pub model_answer: Option<ModelPart>,
    /// Why no model answered.
    pub silence: Option<Silence>,
}

impl AgentAnswer {
    /// The answer of `voice`, to which the rules gave `analysis` as of T.
    pub fn new(analysis: Analysis, voice: Voice, as_of: Timestamp) -> Self {
        let rule_score = analysis.score();
        let by_rules = Self {
            analysis,
            rule_score,
            model: "rules".to_owned(),
            answered_by: AnsweredBy::Rules,
            degraded: false,
            model_answer: None,
            silence: None,
        };
        match (voice, rule_score) {
            (Voice::Rules, _) | (_, None) => by_rules,
            (Voice::RulesFallback(silence), Some(_)) => Self {
                answered_by: AnsweredBy::RulesFallback,
                silence: Some(silence),
                ..by_rules
            },
            (Voice::Model(spoken), Some(rule)) => by_rules.moved(AnsweredBy::Model, spoken, rule, as_of),
            (Voice::EarlierAnswer(spoken), Some(rule)) => {
                by_rules.moved(AnsweredBy::EarlierAnswer, spoken, rule, as_of)
            }
            (Voice::LastResult(spoken, silence), Some(_)) => {
                let counted = spoken.counted;
                Self {
                    degraded: true,
                    silence: Some(silence),
                    ..by_rules.said(AnsweredBy::LastResult, spoken, counted, Vec::new(), as_of)
                }
            }
        }
    }

    fn moved(self, by: AnsweredBy, spoken: Spoken, rule: Score, as_of: Timestamp) -> Self {
        let Blended { score, clamps, .. } = Blended::of(rule, spoken.score);
        self.said(by, spoken, score, clamps, as_of)
    }

    fn said(
        mut self,
        by: AnsweredBy,
        spoken: Spoken,
        score: Score,
        clamps: Vec<Clamp>,
        as_of: Timestamp,
    ) -> Self {
        self.analysis.outcome = Outcome::Answered { score };
        self.analysis.reasoning = spoken.reasoning;
        Self {
            model: spoken.model.clone(),
            answered_by: by,
            model_answer: Some(ModelPart {
                provider: spoken.provider,
                model: spoken.model,
                prompt_version: spoken.prompt_version,
                as_of: spoken.as_of.into(),
                age_seconds: as_of.duration_since(spoken.as_of).as_secs(),
                score: spoken.score,
                clamps,
                raw: spoken.raw,
            }),
            ..self
        }
    }

    /// Which agent.
    pub const fn agent(&self) -> AgentKind {
        self.analysis.agent
    }

    /// The voice that had the last word: with the rules' own analysis it makes the same answer again.
    pub fn voice(&self) -> Voice {
        let spoken = || {
            let part = self.model_answer.as_ref()?;
            Some(Spoken {
                provider: part.provider.clone(),
                model: part.model.clone(),
                prompt_version: part.prompt_version.clone(),
                as_of: part.as_of.into(),
                score: part.score,
                counted: self.analysis.score()?,
                reasoning: self.analysis.reasoning.clone(),
                raw: part.raw.clone(),
            })
        };
        match (self.answered_by, spoken(), self.silence.clone()) {
            (AnsweredBy::Model, Some(spoken), _) => Voice::Model(spoken),
            (AnsweredBy::EarlierAnswer, Some(spoken), _) => Voice::EarlierAnswer(spoken),
            (AnsweredBy::LastResult, Some(spoken), Some(silence)) => Voice::LastResult(spoken, silence),
            (AnsweredBy::RulesFallback, _, Some(silence)) => Voice::RulesFallback(silence),
            _ => Voice::Rules,
        }
    }
}

/// All three answers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AgentAnswers {
    /// The macro agent's.
    #[serde(rename = "macro")]
    pub macro_: AgentAnswer,
    /// The on-chain agent's.
    pub onchain: AgentAnswer,
    /// The technical agent's.
    pub ta: AgentAnswer,
}

impl AgentAnswers {
    /// In the order they are shown.
    pub const fn all(&self) -> [&AgentAnswer; 3] {
        [&self.macro_, &self.onchain, &self.ta]
    }

    /// One agent's.
    pub const fn of(&self, agent: AgentKind) -> &AgentAnswer {
        match agent {
            AgentKind::Macro => &self.macro_,
            AgentKind::Onchain => &self.onchain,
            AgentKind::Ta => &self.ta,
        }
    }

    /// One agent's, to be replaced.
    pub const fn of_mut(&mut self, agent: AgentKind) -> &mut AgentAnswer {
        match agent {
            AgentKind::Macro => &mut self.macro_,
            AgentKind::Onchain => &mut self.onchain,
            AgentKind::Ta => &mut self.ta,
        }
    }

    /// What locks orders after these answers, of the two reasons that they decide about; `None` when
    /// they decide nothing, because no agent heard a model and none fell back on its rules.
    ///
    /// An answer of the rules where a model was to be asked locks. Where none does, a model that had
    /// its word unlocks, and so does a platform without models. Source: DOMAIN "Language models".
    pub fn model_locks(&self, has_models: bool) -> Option<Vec<(LockReason, String)>> {
        let unheard = self
            .all()
            .into_iter()
            .filter(|answer| answer.answered_by == AnsweredBy::RulesFallback);
        let mut locks: Vec<(LockReason, String)> = Vec::new();
        for answer in unheard {
            let Some(silence) = &answer.silence else {
                continue;
            };
            let reason = silence.cause.lock();
            if !locks.iter().any(|(known, _)| *known == reason) {
                locks.push((reason, format!("the {} agent: {silence}", answer.agent().title())));
            }
        }
        (!locks.is_empty() || self.has_heard_a_model() || !has_models).then_some(locks)
    }

    /// Whether a model had its word. A last result is none: it stands in because nobody answered.
    pub fn has_heard_a_model(&self) -> bool {
        let is_heard = |by| matches!(by, AnsweredBy::Model | AnsweredBy::EarlierAnswer);
        self.all().into_iter().any(|answer| is_heard(answer.answered_by))
    }
}

#[cfg(test)]
mod tests;

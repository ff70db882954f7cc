//! An agent's figures as text for people: plain words, at most 600 characters.

use super::component::{Component, SignalWord, TooMuchMissing};
use super::rules::MISSING_LIMIT_PCT;
use super::score::Score;
use super::{AgentKind, Input};
use crate::domain::freshness::Freshness;

/// The most characters a reasoning has. Source: DOMAIN "Agents".
pub(super) const LIMIT: usize = 600;

/// Why a score is what it is.
pub(super) fn of_score(agent: AgentKind, score: Score, components: &[Component]) -> String {
    let mut sentences = vec![format!("{}: {}.", opening(agent, score), figures(components))];
    sentences.extend(remarks(components));
    shortened(sentences.join(" "))
}

/// The reasoning of an agent that abstains.
pub(super) fn of_abstention(reason: &str) -> String {
    shortened(format!("No answer: {reason}."))
}

/// Why there is no score, as part of a sentence.
pub(super) fn of_missing(missing: &TooMuchMissing) -> String {
    let names: Vec<&str> = missing.inputs.iter().map(|input| Input::title(*input)).collect();
    format!(
        "inputs with {} % of the weight are missing ({}); at most {MISSING_LIMIT_PCT} % may be",
        missing.percent,
        names.join(", "),
    )
}

/// The first words: which way the score points.
pub(super) fn opening(agent: AgentKind, score: Score) -> String {
    let word = SignalWord::of(f64::try_from(score.value()).ok()).as_str();
    let title = match agent {
        AgentKind::Macro => "Macro",
        AgentKind::Onchain => "On-chain",
        AgentKind::Ta => "Technical",
    };
    format!("{title} reads {word} at {score}")
}

/// Every figure there is, with its word.
pub(super) fn figures(components: &[Component]) -> String {
    let parts: Vec<String> = components
        .iter()
        .filter_map(|component| {
            let described = component.input.describe(component.figure?);
            Some(format!("{described} ({})", component.signal.as_str()))
        })
        .collect();
    parts.join(", ")
}

/// Sentences on what is missing and what is older than it should be.
pub(super) fn remarks(components: &[Component]) -> Vec<String> {
    let names = |wanted: fn(&Component) -> bool| {
        let found: Vec<&str> = components
            .iter()
            .filter(|component| wanted(component))
            .map(|c| c.input.title())
            .collect();
        found.join(", ")
    };
    let missing = names(|component| component.score.is_none());
    let carried = names(|component| component.freshness == Some(Freshness::Carried));
    [("Missing", missing), ("Older data", carried)]
        .into_iter()
        .filter(|(_, names)| !names.is_empty())
        .map(|(title, names)| format!("{title}: {names}."))
        .collect()
}

/// The text, cut to the limit at a character's edge.
pub(in crate::domain) fn shortened(text: String) -> String {
    if text.chars().count() <= LIMIT {
        return text;
    }
    text.chars().take(LIMIT - 1).chain(['…']).collect()
}

//! Who has the last word, what is recorded of it, and what locks orders.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::agents::{Confidence, Inputs};

fn noon() -> Timestamp {
    "2026-03-01T12:00:00Z".parse().unwrap()
}

fn score(text: &str) -> Score {
    Score::new(text.parse().unwrap()).unwrap()
}

fn analysis(agent: AgentKind, outcome: Outcome) -> Analysis {
    Analysis {
        agent,
        outcome,
        confidence: Confidence::new(Decimal::new(65, 2)).unwrap(),
        reasoning: "The rules say so.".to_owned(),
        signals: BTreeMap::new(),
        flags: Vec::new(),
        components: Vec::new(),
        inputs: Inputs::default(),
    }
}

fn by_rules(agent: AgentKind, rule: &str) -> Analysis {
    analysis(agent, Outcome::Answered { score: score(rule) })
}

fn abstained(agent: AgentKind) -> Analysis {
    let reason = "nothing is known".to_owned();
    analysis(agent, Outcome::Abstained { reason })
}

fn spoken(model_score: Decimal, hours_ago: i64) -> Spoken {
    Spoken {
        provider: "anthropic".to_owned(),
        model: "claude-sonnet-5-5".to_owned(),
        prompt_version: "macro.v1".to_owned(),
        as_of: noon() - SignedDuration::from_hours(hours_ago),
        score: model_score,
        counted: score("-0.7"),
        reasoning: "The model says so.".to_owned(),
        raw: "{}".to_owned(),
    }
}

fn silence(cause: SilenceCause) -> Silence {
    Silence {
        cause,
        detail: "claude-sonnet-5-5: overloaded".to_owned(),
    }
}

fn answer(voice: Voice) -> AgentAnswer {
    AgentAnswer::new(by_rules(AgentKind::Macro, "0.1"), voice, noon())
}

#[test]
fn the_rules_alone_are_left_as_they_are() {
    let alone = answer(Voice::Rules);
    assert_eq!(alone.analysis, by_rules(AgentKind::Macro, "0.1"));
    assert_eq!(
        (alone.model.as_str(), alone.degraded, alone.model_answer),
        ("rules", false, None)
    );
}

#[test]
fn a_model_moves_the_score_within_its_reach_and_says_why_but_not_how_sure() {
    let moved = answer(Voice::Model(spoken(Decimal::new(9, 1), 0)));
    assert_eq!(moved.analysis.score(), Some(score("0.3")));
    assert_eq!(moved.rule_score, Some(score("0.1")));
    assert_eq!(moved.analysis.reasoning, "The model says so.");
    assert_eq!(
        moved.analysis.confidence,
        by_rules(AgentKind::Macro, "0.1").confidence
    );
    let part = moved.model_answer.unwrap();
    assert_eq!((part.clamps, part.age_seconds), (vec![Clamp::AboveRule], 0));
}

#[test]
fn an_earlier_answer_is_blended_with_the_rules_of_today() {
    let again = answer(Voice::EarlierAnswer(spoken(Decimal::new(25, 2), 3)));
    assert_eq!(again.analysis.score(), Some(score("0.25")));
    assert_eq!(again.model_answer.unwrap().age_seconds, 3 * 3600);
    assert!(!again.degraded);
}

#[test]
fn a_last_result_counts_as_it_counted_then_and_says_that_it_stands_in() {
    let voice = Voice::LastResult(spoken(Decimal::new(25, 2), 20), silence(SilenceCause::ModelsDown));
    let last = answer(voice);
    assert_eq!(last.analysis.score(), Some(score("-0.7")));
    assert!(last.degraded);
    assert_eq!(last.model_answer.unwrap().age_seconds, 20 * 3600);
    assert!(last.silence.is_some());
}

#[rstest]
#[case(Voice::Model(spoken(Decimal::ONE, 0)))]
#[case(Voice::LastResult(spoken(Decimal::ONE, 0), silence(SilenceCause::Budget)))]
#[case(Voice::RulesFallback(silence(SilenceCause::Budget)))]
fn nobody_speaks_for_an_agent_that_abstains(#[case] voice: Voice) {
    let none = AgentAnswer::new(abstained(AgentKind::Ta), voice, noon());
    assert_eq!(none.analysis, abstained(AgentKind::Ta));
    assert_eq!((none.answered_by, none.rule_score), (AnsweredBy::Rules, None));
}

fn answers(voices: [Voice; 3]) -> AgentAnswers {
    let [macro_, onchain, ta] = voices;
    let of = |agent, voice| AgentAnswer::new(by_rules(agent, "0.1"), voice, noon());
    AgentAnswers {
        macro_: of(AgentKind::Macro, macro_),
        onchain: of(AgentKind::Onchain, onchain),
        ta: of(AgentKind::Ta, ta),
    }
}

fn locks(voices: [Voice; 3], has_models: bool) -> Option<Vec<LockReason>> {
    let found = answers(voices).model_locks(has_models)?;
    Some(found.into_iter().map(|(reason, _)| reason).collect())
}

#[test]
fn an_agent_without_its_models_locks_and_each_reason_once() {
    let heard = || Voice::Model(spoken(Decimal::ZERO, 0));
    let down = || Voice::RulesFallback(silence(SilenceCause::ModelsDown));
    let spent = || Voice::RulesFallback(silence(SilenceCause::Budget));
    assert_eq!(
        locks([down(), heard(), down()], true),
        Some(vec![LockReason::ModelsDown])
    );
    assert_eq!(
        locks([spent(), heard(), down()], true),
        Some(vec![LockReason::Budget, LockReason::ModelsDown])
    );
}

#[test]
fn a_model_that_has_its_word_unlocks_and_so_does_a_platform_without_models() {
    let again = Voice::EarlierAnswer(spoken(Decimal::ZERO, 1));
    assert_eq!(locks([again, Voice::Rules, Voice::Rules], true), Some(Vec::new()));
    assert_eq!(
        locks([Voice::Rules, Voice::Rules, Voice::Rules], false),
        Some(Vec::new())
    );
}

#[test]
fn agents_that_abstain_or_live_on_last_results_decide_nothing_about_the_locks() {
    let last = Voice::LastResult(spoken(Decimal::ZERO, 5), silence(SilenceCause::ModelsDown));
    assert_eq!(locks([last, Voice::Rules, Voice::Rules], true), None);
    assert_eq!(locks([Voice::Rules, Voice::Rules, Voice::Rules], true), None);
}

fn any_voice() -> impl Strategy<Value = Voice> {
    let any_spoken =
        (-2000_i64..2000, 0_i64..30).prop_map(|(score, hours)| spoken(Decimal::new(score, 3), hours));
    let cause = prop_oneof![Just(SilenceCause::ModelsDown), Just(SilenceCause::Budget)];
    (0..5, any_spoken, cause).prop_map(|(which, spoken, cause)| match which {
        0 => Voice::Rules,
        1 => Voice::Model(spoken),
        2 => Voice::EarlierAnswer(spoken),
        3 => Voice::LastResult(spoken, silence(cause)),
        _ => Voice::RulesFallback(silence(cause)),
    })
}

proptest! {
    #[test]
    fn a_record_tells_whose_voice_it_was(voice in any_voice(), rule in -10_000_i64..=10_000) {
        let rule = Score::new(Decimal::new(rule, 4)).unwrap();
        let rules = || analysis(AgentKind::Macro, Outcome::Answered { score: rule });
        let answer = AgentAnswer::new(rules(), voice, noon());

        let stored = serde_json::to_string(&answer).unwrap();
        let read: AgentAnswer = serde_json::from_str(&stored).unwrap();
        let again = AgentAnswer::new(rules(), read.voice(), noon());

        prop_assert_eq!(serde_json::to_string(&again).unwrap(), stored);
        let moved = (answer.analysis.score().unwrap().value() - rule.value()).abs();
        prop_assert!(moved <= Decimal::new(20, 2) || answer.answered_by == AnsweredBy::LastResult);
    }
}

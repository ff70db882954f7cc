//! What may be read of a model's text.

use proptest::prelude::*;
use rstest::rstest;

use super::super::{Opinion, OpinionError};
use super::*;

fn with_reasoning(reasoning: &str) -> String {
    let text = serde_json::json!({"score": 0.5, "reasoning": reasoning}).to_string();
    Opinion::parse(&text).unwrap().reasoning
}

#[rstest]
#[case("0.35", "0.35")]
#[case("-1", "-1")]
#[case("3", "3")]
#[case("1e-3", "0.001")]
#[case("2.5E2", "250")]
#[case("1e-40", "0")]
#[case("-1000", "-1000")]
fn a_score_may_be_any_number_within_reason(#[case] json: &str, #[case] expected: &str) {
    let opinion = Opinion::parse(&format!(r#"{{"score":{json},"reasoning":"Because."}}"#)).unwrap();
    assert_eq!(opinion.score, decimal(expected));
    assert_eq!(opinion.reasoning, "Because.");
}

#[rstest]
#[case::cut(r#"{"score":0.5,"reasoning":"Bec"#)]
#[case::empty("")]
#[case::prose("I think it rises.")]
#[case::fenced("```json\n{\"score\":0.5,\"reasoning\":\"Because.\"}\n```")]
#[case::two(r#"{"score":0.5,"reasoning":"a"}{"score":0.5,"reasoning":"a"}"#)]
#[case::not_a_number(r#"{"score":NaN,"reasoning":"a"}"#)]
fn what_is_no_json_is_told_apart(#[case] text: &str) {
    assert_eq!(Opinion::parse(text), Err(OpinionError::NotJson));
}

#[rstest]
#[case::no_score(r#"{"reasoning":"a"}"#)]
#[case::no_reasoning(r#"{"score":0.5}"#)]
#[case::more(r#"{"score":0.5,"reasoning":"a","confidence":1}"#)]
#[case::twice(r#"{"score":0.5,"score":0.6,"reasoning":"a"}"#)]
#[case::text_for_a_number(r#"{"score":"0.5","reasoning":"a"}"#)]
#[case::null(r#"{"score":null,"reasoning":"a"}"#)]
#[case::number_for_a_text(r#"{"score":0.5,"reasoning":7}"#)]
#[case::beyond(r#"{"score":1000.1,"reasoning":"a"}"#)]
#[case::far_beyond(r#"{"score":1e400,"reasoning":"a"}"#)]
#[case::list(r"[0.5]")]
#[case::nothing("null")]
fn what_is_not_as_asked_for_violates_the_schema(#[case] text: &str) {
    let error = Opinion::parse(text).unwrap_err();
    assert!(matches!(error, OpinionError::Schema(_)), "{error:?}");
}

#[test]
fn a_reasoning_is_one_plain_line() {
    assert_eq!(
        with_reasoning("  Rates\tfall.\r\n\nDollar\u{2028}too.\u{a0} "),
        "Rates fall. Dollar too."
    );
    assert_eq!(
        with_reasoning("a\u{202e}b\u{200b}c\u{0}d\u{1b}[31me\u{feff}"),
        "abcd[31me"
    );
    assert_eq!(with_reasoning("Märkte 涨 📈"), "Märkte 涨 📈");
    assert_eq!(with_reasoning("\u{e0041}\u{2066}"), "");
}

#[test]
fn a_reasoning_has_at_most_600_characters_not_bytes() {
    let fits = "涨".repeat(600);
    assert_eq!(with_reasoning(&fits), fits);
    let cut = with_reasoning(&"涨".repeat(601));
    assert_eq!(cut.chars().count(), 600);
    assert!(cut.ends_with('…'));
}

/// Characters that a reader must never be shown.
fn is_unseen(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

proptest! {
    #[test]
    fn whatever_a_model_writes_is_kept_clean(text in any::<String>(), nasty in "[a\u{202e}\u{2066}\u{200b}\u{0}\u{7f}\u{85}\n 涨]{0,1300}") {
        for text in [text, nasty] {
            let kept = with_reasoning(&text);
            prop_assert!(kept.chars().count() <= 600);
            prop_assert!(!kept.chars().any(is_unseen), "{:?}", kept);
            prop_assert!(!kept.contains("  ") && kept.trim() == kept);
            prop_assert_eq!(with_reasoning(&kept), kept.clone(), "clean once, clean for good");
        }
    }

    #[test]
    fn no_text_makes_reading_fail_badly(text in any::<String>()) {
        prop_assert!(Opinion::parse(&text).is_err() || text.contains("score"));
    }

    #[test]
    fn a_score_is_read_exactly(digits in -1_000_000_000_i64..=1_000_000_000, places in 6_u32..=20) {
        let score = Decimal::from_i128_with_scale(digits.into(), places);
        let text = format!(r#"{{"score":{score},"reasoning":""}}"#);
        prop_assert_eq!(Opinion::parse(&text).unwrap().score, score);
    }
}

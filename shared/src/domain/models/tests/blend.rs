//! A model moves a score, within limits.

use proptest::prelude::*;
use rstest::rstest;

use super::super::{Blended, Clamp};
use super::*;
use crate::domain::agents::Score;

fn score(text: &str) -> Score {
    Score::new(decimal(text)).unwrap()
}

#[rstest]
#[case::within_reach("0.5", "0.62", "0.62", &[])]
#[case::the_same("0.5", "0.5", "0.5", &[])]
#[case::as_far_as_it_may("0.5", "0.7", "0.7", &[])]
#[case::too_high("0.5", "0.7001", "0.7", &[Clamp::AboveRule])]
#[case::too_low("0.5", "-1", "0.3", &[Clamp::BelowRule])]
#[case::over_the_top("0.95", "1.1", "1", &[Clamp::AboveOne])]
#[case::far_over_the_top("0.95", "7", "1", &[Clamp::AboveRule, Clamp::AboveOne])]
#[case::under_the_bottom("-0.95", "-1.1", "-1", &[Clamp::BelowMinusOne])]
#[case::far_under_the_bottom("-0.95", "-7", "-1", &[Clamp::BelowRule, Clamp::BelowMinusOne])]
#[case::rounded_half_even_down("0", "0.00005", "0", &[])]
#[case::rounded_half_even_up("0", "0.00015", "0.0002", &[])]
fn a_model_moves_a_score_by_at_most_a_fifth(
    #[case] rule: &str,
    #[case] model: &str,
    #[case] expected: &str,
    #[case] clamps: &[Clamp],
) {
    let blended = Blended::of(score(rule), decimal(model));
    assert_eq!(blended.score, score(expected));
    assert_eq!(blended.clamps, clamps);
    assert_eq!((blended.rule, blended.model), (score(rule), decimal(model)));
}

#[test]
fn a_blend_is_written_as_numbers_and_words() {
    let blended = Blended::of(score("0.95"), decimal("7"));
    let json = serde_json::to_string(&blended).unwrap();
    assert_eq!(
        json,
        r#"{"rule":0.95,"model":7.0,"score":1.0,"clamps":["above_rule","above_one"]}"#
    );
    assert_eq!(serde_json::from_str::<Blended>(&json).unwrap(), blended);
}

prop_compose! {
    fn any_score()(ten_thousandths in -10_000_i64..=10_000) -> Score {
        Score::new(Decimal::new(ten_thousandths, 4)).unwrap()
    }
}

proptest! {
    #[test]
    fn a_blend_stays_near_the_rules_and_within_the_range(
        rule in any_score(),
        model in -1_000_000_000_i64..=1_000_000_000,
        places in 0_u32..=9,
    ) {
        let model = Decimal::new(model, places);
        let blended = Blended::of(rule, model);
        let value = blended.score.value();
        prop_assert!((value - rule.value()).abs() <= decimal("0.20"));
        prop_assert!(value.abs() <= Decimal::ONE);
        // It is the nearest allowed score to what the model said.
        if blended.clamps.is_empty() {
            prop_assert!((value - model).abs() <= decimal("0.00005"));
        } else {
            prop_assert!(value != model);
            let says_more = model > value;
            let is_about_more = |clamp: &Clamp| matches!(clamp, Clamp::AboveRule | Clamp::AboveOne);
            prop_assert!(blended.clamps.iter().all(|clamp| is_about_more(clamp) == says_more));
        }
    }

    #[test]
    fn more_from_the_model_is_never_less_in_the_end(rule in any_score(), low in -20_000_i64..=20_000, more in 0_i64..=20_000) {
        let low = Decimal::new(low, 4);
        let high = low + Decimal::new(more, 4);
        prop_assert!(Blended::of(rule, low).score <= Blended::of(rule, high).score);
    }

    #[test]
    fn a_blend_is_read_as_it_was_written(rule in any_score(), model in -1_000_000_i64..=1_000_000) {
        let blended = Blended::of(rule, Decimal::new(model, 4).normalize());
        let json = serde_json::to_string(&blended).unwrap();
        prop_assert_eq!(serde_json::from_str::<Blended>(&json).unwrap(), blended);
    }
}

//! The printed table: every corner of every line, and what holds between corners.

use proptest::prelude::*;
use rstest::rstest;

use super::super::component::{TooMuchMissing, trust, weigh};
use super::super::rules::{MACRO, ONCHAIN, TA};
use super::*;
use crate::domain::freshness::Freshness;

#[rstest]
#[case(Input::EtfNetFlow, &[(-150.0, -1.0), (-100.0, -1.0), (0.0, 0.0), (50.0, 0.5), (100.0, 1.0), (150.0, 1.0)])]
#[case(Input::PolicyRate, &[(-0.6, 1.0), (-0.5, 1.0), (-0.25, 0.5), (0.0, 0.0), (0.25, -0.5), (0.5, -1.0), (0.75, -1.0)])]
#[case(Input::Dollar, &[(-4.0, 1.0), (-3.0, 1.0), (-1.5, 0.5), (0.0, 0.0), (1.5, -0.5), (3.0, -1.0), (4.0, -1.0)])]
#[case(Input::MoneySupply, &[(-2.0, -1.0), (0.0, -1.0), (1.5, -0.5), (3.0, 0.0), (6.0, 1.0), (25.0, 1.0)])]
#[case(Input::MvrvZScore, &[(-0.5, 1.0), (0.9, 1.0), (1.0, 1.0), (2.0, 0.5), (3.0, 0.0), (5.0, -0.5), (7.0, -1.0), (9.0, -1.0)])]
#[case(Input::ExchangeNetFlow, &[(-20_000.0, 1.0), (-10_000.0, 1.0), (-5_000.0, 0.5), (0.0, 0.0), (5_000.0, -0.5), (10_000.0, -1.0), (10_001.0, -1.0)])]
#[case(Input::LongTermHolders, &[(-3.0, -1.0), (-2.0, -1.0), (-1.0, -0.5), (0.0, 0.0), (1.0, 0.5), (2.0, 1.0), (3.0, 1.0)])]
#[case(Input::ActiveAddresses, &[(-11.0, -1.0), (-10.0, -1.0), (0.0, 0.0), (5.0, 0.5), (10.0, 1.0), (11.0, 1.0)])]
#[case(Input::Nvt, &[(40.0, 1.0), (45.0, 1.0), (57.5, 0.5), (70.0, 0.0), (95.0, -1.0), (120.0, -1.0)])]
#[case(Input::EmaTrend, &[(-6.0, -1.0), (-5.0, -1.0), (-2.5, -0.5), (0.0, 0.0), (2.5, 0.5), (5.0, 1.0), (6.0, 1.0)])]
#[case(Input::Rsi, &[(0.0, 1.0), (30.0, 1.0), (35.0, 0.5), (40.0, 0.0), (50.0, 0.0), (60.0, 0.0), (65.0, -0.5), (70.0, -1.0), (100.0, -1.0)])]
#[case(Input::Macd, &[(-2.0, -1.0), (-1.0, -1.0), (-0.5, -0.5), (0.0, 0.0), (0.25, 0.25), (1.0, 1.0), (2.0, 1.0)])]
#[case(Input::Bollinger, &[(-1.5, 1.0), (-1.0, 1.0), (-0.5, 0.5), (0.0, 0.0), (0.5, -0.5), (1.0, -1.0), (1.5, -1.0)])]
fn a_line_passes_through_its_printed_points(#[case] input: Input, #[case] points: &[(f64, f64)]) {
    for (figure, expected) in points {
        let score = input.judge(*figure).unwrap();
        assert!(
            (score - expected).abs() < 1e-12,
            "{input} at {figure}: {score}, printed {expected}"
        );
    }
}

#[rstest]
#[case(&MACRO, &[35, 30, 20, 15])]
#[case(&ONCHAIN, &[35, 25, 25, 10, 5])]
#[case(&TA, &[45, 25, 15, 15])]
fn shares_are_as_printed_and_add_up_to_one(#[case] inputs: &[Input], #[case] printed: &[u8]) {
    let shares: Vec<u8> = inputs.iter().map(|input| input.share().percent()).collect();
    assert_eq!(shares, printed);
    assert_eq!(shares.iter().sum::<u8>(), 100);
}

#[rstest]
#[case(Some(1.0), SignalWord::Bullish)]
#[case(Some(0.33), SignalWord::Bullish)]
#[case(Some(0.329_999), SignalWord::Neutral)]
#[case(Some(0.0), SignalWord::Neutral)]
#[case(Some(-0.329_999), SignalWord::Neutral)]
#[case(Some(-0.33), SignalWord::Bearish)]
#[case(Some(-1.0), SignalWord::Bearish)]
#[case(None, SignalWord::Missing)]
fn a_word_says_which_way_a_component_points(#[case] score: Option<f64>, #[case] word: SignalWord) {
    assert_eq!(SignalWord::of(score), word);
}

#[test]
fn a_figure_that_is_no_number_is_missing() {
    for figure in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        let component = Component::judged(Input::Rsi, Some(figure), Freshness::Fresh, None);
        assert_eq!(component, Component::missing(Input::Rsi));
    }
}

#[test]
fn a_share_is_a_fraction_in_json() {
    let json = serde_json::to_string(&Input::MvrvZScore.share()).unwrap();
    assert_eq!(json, "0.35");
    assert_eq!(
        serde_json::from_str::<Share>(&json).unwrap(),
        Input::MvrvZScore.share()
    );
    assert!(serde_json::from_str::<Share>("1.01").is_err());
}

/// Components of `inputs`, each with a figure or missing, and with a freshness.
fn components(inputs: &'static [Input]) -> impl Strategy<Value = Vec<Component>> {
    let freshness = prop::sample::select(vec![Freshness::Fresh, Freshness::Carried, Freshness::Defaulted]);
    let one = (
        prop::option::weighted(0.9, -12_000.0..12_000.0),
        -20.0..20.0,
        prop::bool::ANY,
        freshness,
    );
    prop::collection::vec(one, inputs.len()).prop_map(move |drawn| {
        drawn
            .into_iter()
            .zip(inputs)
            .map(|((wide, narrow, is_narrow, freshness), input)| {
                let figure = wide.map(|wide| if is_narrow { narrow } else { wide });
                Component::judged(*input, figure, freshness, None)
            })
            .collect()
    })
}

fn any_components() -> impl Strategy<Value = Vec<Component>> {
    prop_oneof![components(&MACRO), components(&ONCHAIN), components(&TA)]
}

fn any_input() -> impl Strategy<Value = Input> {
    prop::sample::select([&MACRO[..], &ONCHAIN, &TA].concat())
}

proptest! {
    #[test]
    fn a_line_is_continuous(input in any_input(), figure in -12_000.0..12_000.0_f64, step in 0.0..1e-6_f64) {
        let rise = (input.judge(figure + step).unwrap() - input.judge(figure).unwrap()).abs();
        // The steepest line printed is the policy rate's: 2 over 1 point.
        prop_assert!(rise <= 2.0 * step + 1e-9, "{} jumps by {} at {}", input, rise, figure);
    }

    #[test]
    fn a_line_never_turns_back(input in any_input(), one in -120.0..120.0_f64, other in -120.0..120.0_f64) {
        let (low, high) = (one.min(other), one.max(other));
        let (at_low, at_high) = (input.judge(low).unwrap(), input.judge(high).unwrap());
        let corners = input.corners();
        let rises = corners[0].1 < corners[corners.len() - 1].1;
        let keeps_its_way = if rises { at_low <= at_high } else { at_low >= at_high };
        prop_assert!(keeps_its_way);
        prop_assert!((-1.0..=1.0).contains(&at_low));
    }

    #[test]
    fn handing_shares_over_keeps_the_score_between_its_components(parts in any_components()) {
        if let Ok(score) = weigh(&parts) {
            let scores: Vec<f64> = parts.iter().filter_map(|part| part.score).collect();
            let lowest = scores.iter().copied().fold(1.0, f64::min);
            let highest = scores.iter().copied().fold(-1.0, f64::max);
            let value = f64::try_from(score.value()).unwrap();
            prop_assert!(value >= lowest - 1e-4 && value <= highest + 1e-4);
            prop_assert!((-1.0..=1.0).contains(&value));
        }
    }

    #[test]
    fn an_agent_abstains_exactly_above_twenty_percent(parts in any_components()) {
        let missing: u32 = parts
            .iter()
            .filter(|part| part.score.is_none() && part.input != Input::EtfNetFlow)
            .map(|part| u32::from(part.share.percent()))
            .sum();
        match weigh(&parts) {
            Ok(_) => prop_assert!(missing <= 20),
            Err(TooMuchMissing { percent, .. }) => {
                prop_assert!(missing > 20);
                prop_assert_eq!(percent, missing);
            }
        }
    }

    #[test]
    fn confidence_stays_in_range_and_never_rises_with_age(parts in any_components()) {
        let confidence = trust(&parts);
        prop_assert!(confidence >= Decimal::ZERO && confidence <= Decimal::ONE);
        let older: Vec<Component> = parts
            .into_iter()
            .map(|part| Component { freshness: part.freshness.map(|_| Freshness::Defaulted), ..part })
            .collect();
        prop_assert!(trust(&older) <= confidence);
    }
}

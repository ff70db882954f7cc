//! The macro and the on-chain agent: figures from dated values.

use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::freshness::Freshness;

fn macro_inputs() -> Vec<Observation> {
    vec![
        seen(Metric::FedFundsRate, 1, "5.08"),
        seen(Metric::FedFundsRate, 91, "5.33"),
        seen(Metric::DollarIndex, 4, "117.6"),
        seen(Metric::DollarIndex, 94, "120"),
        // First of January 2024 and, 365 days earlier, of January 2023.
        seen(Metric::MoneySupply, 61, "21000"),
        seen(Metric::MoneySupply, 61 + 365, "20000"),
        seen(Metric::TenYearYield, 2, "4.25"),
    ]
}

fn onchain_inputs() -> Vec<Observation> {
    vec![
        seen(Metric::MvrvZScore, 2, "2.0"),
        seen(Metric::ExchangeNetFlow, 2, "-5000"),
        seen(Metric::LongTermHolderSupply, 2, "14140000"),
        seen(Metric::LongTermHolderSupply, 32, "14000000"),
        seen(Metric::ActiveAddresses, 2, "900000"),
        seen(Metric::ActiveAddresses, 32, "1000000"),
        seen(Metric::Nvt, 2, "70"),
    ]
}

fn without(observations: Vec<Observation>, metrics: &[Metric]) -> Vec<Observation> {
    observations
        .into_iter()
        .filter(|observation| !metrics.contains(&observation.metric))
        .collect()
}

#[test]
fn the_macro_agent_hands_the_missing_etf_share_to_the_others() {
    let analysis = macro_agent::analyse(&macro_inputs(), as_of());
    // Rate -0.25 points: 0.5; dollar -2 %: 0.6667; money +5 %: 0.6667.
    // (30 × 0.5 + 20 × 2/3 + 15 × 2/3) / 65 = 0.58974…
    assert_eq!(analysis.score(), Some(score("0.5897")));
    assert_eq!(analysis.confidence.value(), decimal("0.65"));
    assert_eq!(analysis.signals["etf_net_flow"], SignalWord::Missing);
    assert_eq!(analysis.signals["policy_rate"], SignalWord::Bullish);
    assert_eq!(analysis.inputs.readings.len(), 7);
    let rate = component(&analysis, "policy_rate");
    assert_eq!(
        rate.compared_with,
        Some((as_of() - SignedDuration::from_hours(24 * 91)).into())
    );
}

#[test]
fn the_on_chain_agent_weighs_all_five_inputs() {
    let analysis = onchain::analyse(&onchain_inputs(), as_of());
    // 0.35 × 0.5 + 0.25 × 0.5 + 0.25 × 0.5 + 0.10 × -1 + 0.05 × 0 = 0.325
    assert_eq!(analysis.score(), Some(score("0.325")));
    assert_eq!(analysis.confidence.value(), decimal("1"));
    assert_eq!(analysis.signals["active_addresses"], SignalWord::Bearish);
    assert_eq!(analysis.signals["nvt"], SignalWord::Neutral);
}

#[rstest]
#[case(&[Metric::DollarIndex], Some("0.45"))]
#[case(&[Metric::MoneySupply], Some("0.5"))]
#[case(&[Metric::FedFundsRate], None)]
#[case(&[Metric::DollarIndex, Metric::MoneySupply], None)]
fn the_macro_agent_abstains_when_more_than_a_fifth_is_missing(
    #[case] gone: &[Metric],
    #[case] confidence: Option<&str>,
) {
    let analysis = macro_agent::analyse(&without(macro_inputs(), gone), as_of());
    assert_eq!(analysis.score().is_some(), confidence.is_some());
    assert_eq!(
        analysis.confidence.value(),
        confidence.map_or(Decimal::ZERO, decimal)
    );
}

#[rstest]
#[case(&[Metric::ActiveAddresses, Metric::Nvt], true)]
#[case(&[Metric::ExchangeNetFlow], false)]
#[case(&[Metric::LongTermHolderSupply], false)]
#[case(&[Metric::MvrvZScore], false)]
fn the_on_chain_agent_abstains_when_more_than_a_fifth_is_missing(
    #[case] gone: &[Metric],
    #[case] answers: bool,
) {
    let analysis = onchain::analyse(&without(onchain_inputs(), gone), as_of());
    assert_eq!(analysis.score().is_some(), answers);
}

#[test]
fn an_abstention_says_what_is_missing() {
    let free_sources = without(
        onchain_inputs(),
        &[
            Metric::MvrvZScore,
            Metric::ExchangeNetFlow,
            Metric::LongTermHolderSupply,
        ],
    );
    let analysis = onchain::analyse(&free_sources, as_of());
    let reason = "inputs with 85 % of the weight are missing \
                  (MVRV Z, exchange net flow, long-term holders); at most 20 % may be";
    assert_eq!(
        analysis.outcome,
        Outcome::Abstained {
            reason: reason.to_owned()
        }
    );
    assert_eq!(analysis.reasoning, format!("No answer: {reason}."));
    assert_eq!(analysis.signals["nvt"], SignalWord::Neutral);
}

#[test]
fn carried_inputs_lower_the_confidence_and_not_the_score() {
    let mut inputs = onchain_inputs();
    let fresh = onchain::analyse(&inputs, as_of());
    inputs[0].observed_at -= SignedDuration::from_hours(48);
    let carried = onchain::analyse(&inputs, as_of());
    assert_eq!(carried.score(), fresh.score());
    // 0.35 × 0.7 + 0.65 = 0.895, a tie: to the even 0.90.
    assert_eq!(carried.confidence.value(), decimal("0.9"));
    assert_eq!(
        component(&carried, "mvrv_z_score").freshness,
        Some(Freshness::Carried)
    );
    assert!(
        carried.reasoning.ends_with("Older data: MVRV Z."),
        "{}",
        carried.reasoning
    );
}

#[test]
fn a_year_back_from_the_month_after_a_leap_day_is_the_same_month() {
    let monthly = |date: &str, value: &str| {
        let observed_at = at(date);
        Observation {
            observed_at,
            available_at: observed_at,
            ..seen(Metric::MoneySupply, 0, value)
        }
    };
    let mut inputs = without(macro_inputs(), &[Metric::MoneySupply]);
    inputs.extend([
        monthly("2024-03-01T00:00:00Z", "20600"),
        monthly("2023-04-01T00:00:00Z", "1"),
        monthly("2023-03-01T00:00:00Z", "20000"),
        monthly("2023-02-01T00:00:00Z", "1"),
    ]);
    let figure = component(&macro_agent::analyse(&inputs, as_of()), "money_supply")
        .figure
        .unwrap();
    assert!((figure - 3.0).abs() < 1e-12, "{figure}");
}

#[test]
fn the_analysis_reads_like_this() {
    insta::assert_json_snapshot!("macro", macro_agent::analyse(&macro_inputs(), as_of()));
    insta::assert_json_snapshot!("onchain", onchain::analyse(&onchain_inputs(), as_of()));
}

#[test]
fn an_analysis_survives_json() {
    for analysis in [
        macro_agent::analyse(&macro_inputs(), as_of()),
        onchain::analyse(&onchain_inputs(), as_of()),
        onchain::analyse(&[], as_of()),
    ] {
        let json = serde_json::to_string(&analysis).unwrap();
        assert_eq!(serde_json::from_str::<Analysis>(&json).unwrap(), analysis);
    }
}

/// Observations of every metric on some days around the decision, some of them not known at it.
fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (
        prop::sample::select(Metric::ALL.to_vec()),
        -5_i64..500,
        0_i64..200,
        -20_000_i64..20_000_000,
    );
    prop::collection::vec(
        one.prop_map(|(metric, days_ago, lag_hours, cents)| {
            let dated = seen(metric, days_ago, "0");
            Observation {
                value: Decimal::new(cents, 2),
                available_at: dated.observed_at + SignedDuration::from_hours(lag_hours),
                ..dated
            }
        }),
        0..200,
    )
}

fn both(observations: &[Observation]) -> [Analysis; 2] {
    [
        macro_agent::analyse(observations, as_of()),
        onchain::analyse(observations, as_of()),
    ]
}

proptest! {
    #[test]
    fn the_order_of_observations_changes_nothing(
        (given, shuffled) in observations().prop_flat_map(|o| (Just(o.clone()), Just(o).prop_shuffle())),
    ) {
        prop_assert_eq!(both(&given), both(&shuffled));
    }

    #[test]
    fn what_is_planted_after_the_decision_changes_nothing(
        given in observations(),
        planted in observations(),
        hours in 1_i64..1_000,
    ) {
        let later = as_of() + SignedDuration::from_hours(hours);
        let unavailable = planted.iter().cloned().map(|o| Observation { available_at: later, ..o });
        let future = planted.iter().cloned().map(|o| Observation { observed_at: later, ..o });
        let more: Vec<Observation> = given.iter().cloned().chain(unavailable).chain(future).collect();
        prop_assert_eq!(both(&given), both(&more));
    }

    #[test]
    fn every_analysis_is_within_its_limits(given in observations()) {
        for analysis in both(&given) {
            prop_assert!(analysis.reasoning.chars().count() <= 600);
            prop_assert_eq!(analysis.signals.len(), analysis.components.len());
            let known = analysis.confidence.value() > Decimal::ZERO;
            prop_assert_eq!(known, analysis.score().is_some());
        }
    }
}

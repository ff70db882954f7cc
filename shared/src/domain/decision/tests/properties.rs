//! What holds for every decision.

use proptest::prelude::{Just, Strategy, prop, prop_assert, prop_assert_eq, prop_oneof, proptest};

use super::{
    AgentKind, Answers, Decimal, Decision, EffectiveWeights, Freshness, LockReason, Metric, Outcome, Risk,
    Signal, Situation, Verdict, Weights, conviction, decide, decimal, hodl_wave, reading, said, situation,
    volatility,
};

/// A score, or now and then none.
fn outcome() -> impl Strategy<Value = Outcome> {
    prop_oneof![
        8 => (-10_000_i64..=10_000).prop_map(|n| said(&Decimal::new(n, 4).to_string())),
        1 => Just(said("-")),
    ]
}

fn answers() -> impl Strategy<Value = Answers> {
    (outcome(), outcome(), outcome(), prop::bool::ANY)
        .prop_map(|(macro_, onchain, ta, degraded)| Answers::new(macro_, onchain, ta, degraded))
}

fn weights() -> impl Strategy<Value = Weights> {
    (0_i64..=10_000, 0_i64..=10_000).prop_map(|(one, other)| {
        let (low, high) = (one.min(other), one.max(other));
        let part = |n| Decimal::new(n, 4);
        Weights::new(part(low), part(high - low), part(10_000 - high)).unwrap()
    })
}

fn risk() -> impl Strategy<Value = Risk> {
    let fear_greed = (0_i64..=100, prop::bool::ANY).prop_map(|(value, is_default)| {
        let freshness = if is_default {
            Freshness::Defaulted
        } else {
            Freshness::Fresh
        };
        reading(Metric::FearGreed, &value.to_string(), freshness)
    });
    let mvrv_z = (-200_i64..1_200).prop_map(|n| {
        reading(
            Metric::MvrvZScore,
            &Decimal::new(n, 2).to_string(),
            Freshness::Fresh,
        )
    });
    (prop::option::of(0.0..15.0), fear_greed, prop::option::of(mvrv_z)).prop_map(
        |(percent, fear_greed, mvrv_z)| Risk {
            volatility: percent.map(volatility),
            fear_greed,
            mvrv_z,
        },
    )
}

fn judged(given: &Weights, answers: Answers, risk: Risk) -> Option<Decision> {
    let situation = Situation {
        risk,
        ..situation(answers)
    };
    match decide(&hodl_wave(), given, &situation) {
        Verdict::Decided(decision) => Some(*decision),
        Verdict::Skipped(_) => None,
    }
}

proptest! {
    #[test]
    fn a_decision_keeps_its_bounds(given in weights(), answers in answers(), risk in risk()) {
        if let Some(decision) = judged(&given, answers, risk) {
            prop_assert!(decision.base.abs() <= Decimal::ONE);
            let conviction = decision.conviction.value();
            prop_assert!(conviction >= Decimal::ZERO && conviction <= Decimal::ONE_HUNDRED);
            prop_assert!(conviction.scale() <= 2);
            let position = decision.recommended_position;
            prop_assert!(position == decimal("-0.5") || (position >= Decimal::ZERO && position <= decimal("0.05")));
            prop_assert_eq!(position.is_sign_negative(), decision.signal == Signal::Sell);
            prop_assert_eq!(position > Decimal::ZERO, decision.signal == Signal::Buy);
        }
    }

    #[test]
    fn a_decision_needs_two_answers_with_weight(given in weights(), answers in answers(), risk in risk()) {
        let answered: Vec<AgentKind> =
            AgentKind::ALL.into_iter().filter(|agent| answers.of(*agent).score().is_some()).collect();
        let has_weight = |agent: &AgentKind| {
            given.of(*agent) > Decimal::ZERO
                || (answers.is_onchain_degraded() && given.of(AgentKind::Onchain) > Decimal::ZERO)
        };
        let expected = answered.len() >= 2 && answered.iter().any(has_weight);
        prop_assert_eq!(judged(&given, answers, risk).is_some(), expected);
    }

    #[test]
    fn the_weights_of_those_that_answered_add_up_to_one(given in weights(), answers in answers()) {
        if let Ok(effective) = EffectiveWeights::new(&given, &answers) {
            let sum: Decimal = AgentKind::ALL.into_iter().map(|agent| effective.of(agent).value()).sum();
            prop_assert!((sum - Decimal::ONE).abs() <= decimal("0.000000000000000000000001"), "{}", sum);
            for agent in AgentKind::ALL {
                let weight = effective.of(agent).value();
                prop_assert!(weight >= Decimal::ZERO && weight <= Decimal::ONE);
                prop_assert!(weight.is_zero() || answers.of(agent).score().is_some());
            }
        }
    }

    #[test]
    fn conviction_never_falls_when_a_score_rises(
        given in weights(),
        scores in prop::array::uniform3(-10_000_i64..=10_000),
        agent in 0_usize..3,
        rise in 0_i64..=20_000,
        degraded in prop::bool::ANY,
        risk in risk(),
    ) {
        let conviction = |scores: [i64; 3]| {
            let [macro_, onchain, ta] = scores.map(|n| said(&Decimal::new(n, 4).to_string()));
            judged(&given, Answers::new(macro_, onchain, ta, degraded), risk.clone()).unwrap().conviction
        };
        let mut higher = scores;
        higher[agent] = (scores[agent] + rise).min(10_000);
        prop_assert!(conviction(higher) >= conviction(scores));
    }

    #[test]
    fn pause_beats_sell_beats_the_conviction(given in weights(), answers in answers(), risk in risk()) {
        if let Some(decision) = judged(&given, answers, risk) {
            let forces = |signal| decision.breakers.iter().any(|breaker| breaker.signal() == signal);
            let locks = decision.locks.iter().any(|lock| lock.reason == LockReason::BreakerPause);
            prop_assert_eq!(locks, forces(Signal::Pause));
            let conviction = decision.conviction.value();
            let expected = if forces(Signal::Pause) {
                Signal::Pause
            } else if forces(Signal::Sell) || conviction < decimal("40") {
                Signal::Sell
            } else if conviction > decimal("70") {
                Signal::Buy
            } else {
                Signal::Hold
            };
            prop_assert_eq!(decision.signal, expected);
        }
    }

    #[test]
    fn factors_only_lower(given in weights(), answers in answers(), risk in risk()) {
        if let Some(decision) = judged(&given, answers, risk) {
            prop_assert!(decision.conviction <= conviction(decision.base, &[]));
        }
    }

    #[test]
    fn a_degraded_answer_never_counts_more(given in weights(), answers in answers()) {
        let degraded = Answers { onchain_degraded: true, ..answers.clone() };
        let sound = Answers { onchain_degraded: false, ..answers };
        let both = [EffectiveWeights::new(&given, &sound), EffectiveWeights::new(&given, &degraded)];
        if let [Ok(sound), Ok(degraded)] = both {
            prop_assert!(degraded.of(AgentKind::Onchain) <= sound.of(AgentKind::Onchain));
        }
    }
}

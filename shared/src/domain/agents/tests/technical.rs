//! The technical agent: figures from indicator values, and two assets in one score.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rstest::rstest;

use super::super::ta::{Technicals, analyse};
use super::*;
use crate::domain::freshness::Freshness;
use crate::domain::market::Asset;

fn technicals() -> Technicals {
    Technicals {
        price: 1_000.0,
        closed_at: as_of().into(),
        freshness: Freshness::Fresh,
        ema21: Some(1_025.0),
        ema55: Some(1_000.0),
        rsi14: Some(35.0),
        macd_histogram: Some(5.0),
        atr14: Some(20.0),
        bollinger_upper: Some(1_150.0),
        bollinger_middle: Some(1_050.0),
        bollinger_lower: Some(950.0),
    }
}

fn of(btc: Option<Technicals>, eth: Option<Technicals>) -> Analysis {
    let found = [(Asset::Btc, btc), (Asset::Eth, eth)];
    let found: BTreeMap<Asset, Technicals> = found
        .into_iter()
        .filter_map(|(asset, values)| Some((asset, values?)))
        .collect();
    analyse(&found)
}

#[test]
fn an_asset_weighs_trend_momentum_and_bands() {
    // EMA +2.5 %: 0.5; RSI 35: 0.5; MACD 0.25 ATR: 0.25; half-way to the lower band: 0.5.
    // 0.45 × 0.5 + 0.25 × 0.5 + 0.15 × 0.25 + 0.15 × 0.5 = 0.4625
    let analysis = of(Some(technicals()), Some(technicals()));
    assert_eq!(analysis.score(), Some(score("0.4625")));
    assert_eq!(analysis.confidence.value(), decimal("1"));
    assert_eq!(analysis.flags, []);
    assert_eq!(analysis.signals.len(), 8);
    assert_eq!(analysis.signals["btc_macd"], SignalWord::Neutral);
    assert_eq!(analysis.signals["eth_ema_trend"], SignalWord::Bullish);
}

#[test]
fn bitcoin_counts_six_tenths() {
    let falling = Technicals {
        ema21: Some(900.0),
        rsi14: Some(80.0),
        macd_histogram: Some(-40.0),
        price: 1_150.0,
        ..technicals()
    };
    assert_eq!(of(None, Some(falling)).score(), Some(score("-1")));
    // 0.6 × 0.4625 - 0.4 = -0.1225
    assert_eq!(
        of(Some(technicals()), Some(falling)).score(),
        Some(score("-0.1225"))
    );
}

#[test]
fn each_assets_score_is_rounded_before_the_two_are_combined() {
    let calm = Technicals {
        ema21: Some(1_000.0),
        rsi14: Some(50.0),
        macd_histogram: Some(0.0),
        bollinger_middle: Some(1_000.0),
        ..technicals()
    };
    // 0.25 × 0.00056 = 0.00014 rounds to 0.0001, of which 0.4 rounds to 0; 0.4 × 0.00014 would not.
    let barely = Technicals {
        rsi14: Some(39.9944),
        ..calm
    };
    assert_eq!(of(None, Some(barely)).score(), Some(score("0.0001")));
    assert_eq!(of(Some(calm), Some(barely)).score(), Some(score("0")));
}

#[test]
fn an_asset_without_data_leaves_the_other_alone_and_is_flagged() {
    let analysis = of(None, Some(technicals()));
    assert_eq!(analysis.score(), Some(score("0.4625")));
    assert_eq!(analysis.flags, [Flag::AssetLeftOut { asset: Asset::Btc }]);
    assert_eq!(analysis.confidence.value(), decimal("0.4"));
    assert_eq!(analysis.signals["btc_rsi"], SignalWord::Missing);
    assert!(
        analysis.reasoning.contains("BTC has too little data"),
        "{}",
        analysis.reasoning
    );
}

#[rstest]
#[case(Technicals { macd_histogram: None, ..technicals() }, true)]
#[case(Technicals { atr14: None, ..technicals() }, true)]
#[case(Technicals { bollinger_lower: None, ..technicals() }, true)]
#[case(Technicals { rsi14: None, ..technicals() }, false)]
#[case(Technicals { ema55: None, ..technicals() }, false)]
#[case(Technicals { atr14: None, bollinger_middle: None, ..technicals() }, false)]
fn abstaining_is_judged_for_each_asset(#[case] eth: Technicals, #[case] eth_counts: bool) {
    let analysis = of(Some(technicals()), Some(eth));
    let flags = if eth_counts {
        vec![]
    } else {
        vec![Flag::AssetLeftOut { asset: Asset::Eth }]
    };
    assert_eq!(analysis.flags, flags);
    assert!(analysis.score().is_some());
    assert_eq!(of(None, Some(eth)).score().is_some(), eth_counts);
}

#[test]
fn without_any_asset_the_agent_abstains() {
    let analysis = of(None, None);
    assert_eq!(analysis.score(), None);
    assert_eq!(analysis.confidence, Confidence::NONE);
    assert_eq!(analysis.flags.len(), 2);
}

#[test]
fn no_range_and_no_band_width_score_zero_and_are_not_missing() {
    let still = Technicals {
        atr14: Some(0.0),
        bollinger_upper: Some(1_000.0),
        bollinger_middle: Some(1_000.0),
        bollinger_lower: Some(1_000.0),
        ..technicals()
    };
    let analysis = of(Some(still), None);
    assert_eq!(component(&analysis, "btc_macd").score, Some(0.0));
    assert_eq!(component(&analysis, "btc_bollinger").score, Some(0.0));
    // 0.45 × 0.5 + 0.25 × 0.5
    assert_eq!(analysis.score(), Some(score("0.35")));
}

#[rstest]
#[case(940.0, 1.0)]
#[case(950.0, 1.0)]
#[case(1_000.0, 0.5)]
#[case(1_050.0, 0.0)]
#[case(1_100.0, -0.5)]
#[case(1_150.0, -1.0)]
#[case(1_160.0, -1.0)]
fn the_price_is_placed_between_the_bands(#[case] price: f64, #[case] expected: f64) {
    let analysis = of(
        Some(Technicals {
            price,
            ..technicals()
        }),
        None,
    );
    let score = component(&analysis, "btc_bollinger").score.unwrap();
    assert!((score - expected).abs() < 1e-12, "{score}");
}

#[test]
fn carried_candles_lower_the_confidence() {
    let carried = Technicals {
        freshness: Freshness::Carried,
        ..technicals()
    };
    // 0.6 + 0.4 × 0.7
    assert_eq!(
        of(Some(technicals()), Some(carried)).confidence.value(),
        decimal("0.88")
    );
}

#[test]
fn the_analysis_reads_like_this() {
    insta::assert_json_snapshot!("ta", of(Some(technicals()), None));
}

#[test]
fn the_longest_ordinary_reasoning_is_not_cut() {
    let carried = Technicals {
        price: 123_456.78,
        freshness: Freshness::Carried,
        macd_histogram: Some(-10_000.0),
        atr14: Some(900.0),
        ..technicals()
    };
    let analysis = of(Some(carried), Some(carried));
    assert!(!analysis.reasoning.contains('…'), "{}", analysis.reasoning);
}

fn any_technicals() -> impl Strategy<Value = Technicals> {
    let value = || prop::option::weighted(0.9, prop_oneof![0.0..200_000.0, -1e300..1e300, Just(0.0)]);
    let freshness = prop::sample::select(vec![Freshness::Fresh, Freshness::Carried]);
    (0.0..200_000.0, freshness, prop::array::uniform8(value())).prop_map(
        |(price, freshness, [ema21, ema55, rsi14, macd_histogram, atr14, upper, middle, lower])| Technicals {
            price,
            closed_at: as_of().into(),
            freshness,
            ema21,
            ema55,
            rsi14,
            macd_histogram,
            atr14,
            bollinger_upper: upper,
            bollinger_middle: middle,
            bollinger_lower: lower,
        },
    )
}

proptest! {
    #[test]
    fn whatever_the_figures_the_analysis_is_within_its_limits(
        btc in prop::option::of(any_technicals()),
        eth in prop::option::of(any_technicals()),
    ) {
        let analysis = of(btc, eth);
        prop_assert!(analysis.reasoning.chars().count() <= 600);
        prop_assert_eq!(analysis.components.len(), 8);
        prop_assert!(analysis.components.iter().all(|c| c.score.is_none_or(|s| (-1.0..=1.0).contains(&s))));
        prop_assert_eq!(analysis.score().is_none(), analysis.flags.len() == 2);
    }

    #[test]
    fn the_combined_score_lies_between_the_assets(btc in any_technicals(), eth in any_technicals()) {
        let alone = [of(Some(btc), None).score(), of(None, Some(eth)).score()];
        if let [Some(one), Some(other)] = alone {
            let both = of(Some(btc), Some(eth)).score().unwrap();
            prop_assert!(both >= one.min(other) && both <= one.max(other));
        }
    }
}

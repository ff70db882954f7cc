//! When a model's earlier answer still stands: asked again, it would be told the same.
//!
//! Compares what the answer was made of with what is known now. Keeps nothing and asks nobody.
//! Source: DOMAIN "Agents", reuse, and "Language models".

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use super::{AgentKind, Analysis, Score};
use crate::domain::freshness::Freshness;
use crate::domain::market::Asset;

/// A rule score that moved this much is another one.
const RULE_SCORE_MOVED: Decimal = Decimal::from_parts(2, 0, 0, false, 2);

/// A price that moved by this part of itself is another one.
const PRICE_MOVED: f64 = 0.02;

/// How old the last good answer may be that stands in for models that fail.
const LAST_RESORT: SignedDuration = SignedDuration::from_hours(24);

/// What an answer is made of, as far as that decides whether it still stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Basis {
    /// T.
    pub as_of: Timestamp,
    /// What the rules said.
    pub rule_score: Score,
    /// How fresh each input was, by the key of its signal; `None` for one that was missing.
    pub freshness: BTreeMap<String, Option<Freshness>>,
    /// The prices that the technical agent read; of no other agent.
    pub prices: BTreeMap<Asset, f64>,
}

impl Basis {
    /// The basis of an analysis as of T; nothing when the agent abstained, because nobody is asked then.
    pub fn of(analysis: &Analysis, as_of: Timestamp) -> Option<Self> {
        let freshness = analysis
            .components
            .iter()
            .map(|c| (c.key(), c.freshness))
            .collect();
        let technicals = &analysis.inputs.technicals;
        Some(Self {
            as_of,
            rule_score: analysis.score()?,
            freshness,
            prices: technicals
                .iter()
                .map(|(asset, values)| (*asset, values.price))
                .collect(),
        })
    }

    /// Whether an answer made of this may be used again where the basis is `now`.
    pub fn still_stands(&self, agent: AgentKind, now: &Self) -> bool {
        let age = now.as_of.duration_since(self.as_of);
        let moved = (now.rule_score.value() - self.rule_score.value()).abs();
        !age.is_negative()
            && age <= longest_use(agent)
            && moved < RULE_SCORE_MOVED
            && self.freshness == now.freshness
            && self.has_prices_near(now)
    }

    fn has_prices_near(&self, now: &Self) -> bool {
        let is_near = |(asset, price): (&Asset, &f64)| {
            let earlier = self.prices.get(asset);
            earlier.is_some_and(|earlier| (price - earlier).abs() < PRICE_MOVED * earlier)
        };
        self.prices.len() == now.prices.len() && now.prices.iter().all(is_near)
    }
}

/// Whether the last good answer, as of `answered`, may stand in at T for models that fail.
pub fn may_stand_in(answered: Timestamp, as_of: Timestamp) -> bool {
    let age = as_of.duration_since(answered);
    !age.is_negative() && age < LAST_RESORT
}

const fn longest_use(agent: AgentKind) -> SignedDuration {
    match agent {
        AgentKind::Macro => SignedDuration::from_hours(4),
        AgentKind::Onchain => SignedDuration::from_hours(1),
        AgentKind::Ta => SignedDuration::from_mins(15),
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    fn noon() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn score(text: &str) -> Score {
        Score::new(text.parse().unwrap()).unwrap()
    }

    fn basis() -> Basis {
        Basis {
            as_of: noon(),
            rule_score: score("0.1"),
            freshness: BTreeMap::from([
                ("btc_rsi".to_owned(), Some(Freshness::Fresh)),
                ("eth_rsi".to_owned(), None),
            ]),
            prices: BTreeMap::from([(Asset::Btc, 100.0)]),
        }
    }

    fn later(minutes: i64) -> Basis {
        Basis {
            as_of: noon() + SignedDuration::from_mins(minutes),
            ..basis()
        }
    }

    #[rstest]
    #[case::macro_(AgentKind::Macro, 240)]
    #[case::onchain(AgentKind::Onchain, 60)]
    #[case::ta(AgentKind::Ta, 15)]
    fn each_agent_has_its_time(#[case] agent: AgentKind, #[case] minutes: i64) {
        assert!(basis().still_stands(agent, &later(0)));
        assert!(basis().still_stands(agent, &later(minutes)));
        assert!(!basis().still_stands(agent, &later(minutes + 1)));
        assert!(!later(1).still_stands(agent, &basis()), "an answer of the future");
    }

    #[rstest]
    #[case("0.1199", true)]
    #[case("0.12", false)]
    #[case("0.0801", true)]
    #[case("0.08", false)]
    fn a_rule_score_that_moved_by_two_hundredths_is_another(#[case] rule: &str, #[case] stands: bool) {
        let now = Basis {
            rule_score: score(rule),
            ..later(5)
        };
        assert_eq!(basis().still_stands(AgentKind::Ta, &now), stands);
    }

    #[rstest]
    #[case(101.99, true)]
    #[case(102.0, false)]
    #[case(98.01, true)]
    #[case(98.0, false)]
    fn a_price_that_moved_by_two_percent_is_another(#[case] price: f64, #[case] stands: bool) {
        let now = Basis {
            prices: BTreeMap::from([(Asset::Btc, price)]),
            ..later(5)
        };
        assert_eq!(basis().still_stands(AgentKind::Ta, &now), stands);
    }

    #[test]
    fn another_freshness_or_another_asset_makes_another_question() {
        let mut staler = later(5);
        staler
            .freshness
            .insert("btc_rsi".to_owned(), Some(Freshness::Carried));
        assert!(!basis().still_stands(AgentKind::Ta, &staler));
        let mut fuller = later(5);
        fuller.prices.insert(Asset::Eth, 10.0);
        assert!(!basis().still_stands(AgentKind::Ta, &fuller));
        assert!(!fuller.still_stands(AgentKind::Ta, &later(5)));
    }

    #[test]
    fn an_answer_stands_in_for_less_than_a_day() {
        let day = SignedDuration::from_hours(24);
        let minute = SignedDuration::from_mins(1);
        assert!(may_stand_in(noon(), noon()));
        assert!(may_stand_in(noon(), noon() + day - minute));
        assert!(!may_stand_in(noon(), noon() + day));
        assert!(!may_stand_in(noon(), noon() - minute));
    }
}

//! Live prices of two services: which one is shown, and whether they agree.
//!
//! The exchange's own price comes first. The reference is an aggregate of many exchanges: it is what
//! the exchange's price is held against, and it stands in while the exchange is silent. Neither is
//! ever part of a candle, and no decision trades at them. Source: DOMAIN "Market inputs" and "Locks".

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use rust_decimal::Decimal;

use super::market::{Asset, Price};
use super::rounding::half_even;

/// How old the exchange's live price may be before another one is shown: three runs of the collector.
/// Also how old a price may be to be compared.
pub const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Who tells live prices.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum PriceService {
    /// The exchange.
    Binance,
    /// The reference.
    CoinGecko,
}

impl PriceService {
    /// Both, the exchange first.
    pub const ALL: [Self; 2] = [Self::Binance, Self::CoinGecko];

    /// The name in the database and in answers.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Binance => "binance",
            Self::CoinGecko => "coingecko",
        }
    }
}

/// A price outside of any candle.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Quote {
    /// Who was asked.
    pub service: PriceService,
    /// USDT for one unit; the reference's USD count as USDT.
    pub price: Price,
    /// Change over 24 hours, in percent; `None` when the service does not say.
    pub change_24h_pct: Option<Decimal>,
    /// Who it is from: the service's name, or that of a stand-in.
    pub source: String,
    /// When it was the price.
    pub observed_at: Timestamp,
}

impl Quote {
    fn is_fresh(&self, now: Timestamp) -> bool {
        now.duration_since(self.observed_at) <= FRESH
    }
}

/// The price to show: the exchange's, unless it is older than 15 minutes and another is newer.
pub fn shown(quotes: &[Quote], now: Timestamp) -> Option<&Quote> {
    let of = |service| quotes.iter().find(|quote| quote.service == service);
    let newest = quotes.iter().max_by_key(|quote| quote.observed_at);
    of(PriceService::Binance)
        .filter(|exchange| exchange.is_fresh(now))
        .or(newest)
}

/// When two prices count as different, and when that locks orders.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DisagreementLimits {
    /// Percent of the exchange's price that they may be apart; 0 for no comparison at all.
    pub percent: Decimal,
    /// Comparisons in a row with a larger difference that lock, at least 1.
    pub runs: u32,
}

impl DisagreementLimits {
    /// Whether prices are compared at all.
    pub fn is_on(&self) -> bool {
        self.percent > Decimal::ZERO
    }
}

/// How far apart the prices of an asset were, and for how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Comparison {
    /// When they were compared.
    pub compared_at: Timestamp,
    /// The exchange's price.
    pub exchange: Price,
    /// The reference's price.
    pub reference: Price,
    /// The difference in percent of the exchange's price, 4 decimals, never negative.
    pub difference_pct: Decimal,
    /// Comparisons in a row with too large a difference; 0 when they agree.
    pub apart_in_a_row: u32,
}

impl Comparison {
    /// Whether the difference has lasted long enough to lock.
    pub const fn is_lasting(&self, limits: &DisagreementLimits) -> bool {
        self.apart_in_a_row >= limits.runs
    }
}

/// Holds two prices of the same moment against each other, after `previous`.
///
/// `None`, not compared, when one of them is missing or older than 15 minutes, or when `previous` is
/// of now or later: a run that was overtaken counts for nothing.
pub fn compare(
    previous: Option<&Comparison>,
    quotes: &[Quote],
    now: Timestamp,
    limits: &DisagreementLimits,
) -> Option<Comparison> {
    let fresh = |service| {
        quotes
            .iter()
            .find(|quote| quote.service == service && quote.is_fresh(now))
    };
    let (exchange, reference) = (fresh(PriceService::Binance)?, fresh(PriceService::CoinGecko)?);
    if !limits.is_on() || previous.is_some_and(|previous| previous.compared_at >= now) {
        return None;
    }
    let apart = (exchange.price.value() - reference.price.value()).abs() * Decimal::ONE_HUNDRED;
    let is_apart = apart > limits.percent * exchange.price.value();
    let earlier = previous.map_or(0, |previous| previous.apart_in_a_row);
    Some(Comparison {
        compared_at: now,
        exchange: exchange.price,
        reference: reference.price,
        difference_pct: half_even(apart / exchange.price.value(), 4),
        apart_in_a_row: if is_apart { earlier.saturating_add(1) } else { 0 },
    })
}

/// Why orders are locked, in words; `None` when no asset's prices have been apart for long enough.
pub fn disagreement(
    comparisons: &BTreeMap<Asset, Comparison>,
    limits: &DisagreementLimits,
) -> Option<String> {
    let lasting: Vec<String> = comparisons
        .iter()
        .filter(|(_, comparison)| limits.is_on() && comparison.is_lasting(limits))
        .map(|(asset, comparison)| {
            format!(
                "the live prices of {asset} are {} % apart, more than {} %",
                comparison.difference_pct.normalize(),
                limits.percent.normalize()
            )
        })
        .collect();
    (!lasting.is_empty()).then(|| lasting.join(", "))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn now() -> Timestamp {
        "2026-03-01T12:00:00Z".parse().unwrap()
    }

    fn minutes_ago(minutes: i64) -> Timestamp {
        now() - SignedDuration::from_mins(minutes)
    }

    fn quote(service: PriceService, price: &str, observed_at: Timestamp) -> Quote {
        Quote {
            service,
            price: Price::new(price.parse().unwrap()).unwrap(),
            change_24h_pct: None,
            source: service.as_str().to_owned(),
            observed_at,
        }
    }

    fn both(exchange: &str, reference: &str) -> [Quote; 2] {
        [
            quote(PriceService::Binance, exchange, now()),
            quote(PriceService::CoinGecko, reference, now()),
        ]
    }

    const LIMITS: DisagreementLimits = DisagreementLimits {
        percent: Decimal::ONE,
        runs: 2,
    };

    fn earlier(apart_in_a_row: u32) -> Comparison {
        let one = Price::new(Decimal::ONE).unwrap();
        Comparison {
            compared_at: minutes_ago(5),
            exchange: one,
            reference: one,
            difference_pct: Decimal::ZERO,
            apart_in_a_row,
        }
    }

    fn service_shown(exchange_age: i64, reference_age: i64) -> PriceService {
        let quotes = [
            quote(PriceService::CoinGecko, "2", minutes_ago(reference_age)),
            quote(PriceService::Binance, "1", minutes_ago(exchange_age)),
        ];
        shown(&quotes, now()).unwrap().service
    }

    #[test]
    fn the_exchange_is_shown_while_it_is_fresh_then_whoever_is_newer() {
        assert_eq!(service_shown(15, 0), PriceService::Binance);
        assert_eq!(service_shown(16, 0), PriceService::CoinGecko);
        assert_eq!(service_shown(16, 17), PriceService::Binance);
        assert_eq!(shown(&[], now()), None);
    }

    #[test]
    fn exactly_the_limit_is_no_difference() {
        let apart = |exchange: &str, reference: &str| {
            compare(None, &both(exchange, reference), now(), &LIMITS)
                .unwrap()
                .apart_in_a_row
        };
        assert_eq!(apart("100", "101"), 0);
        assert_eq!(apart("100", "99"), 0);
        assert_eq!(apart("100", "101.00000001"), 1);
        assert_eq!(apart("100", "98.99999999"), 1);
    }

    #[test]
    fn differences_are_counted_in_a_row_and_agreement_ends_the_count() {
        let after = |count, reference| {
            compare(Some(&earlier(count)), &both("100", reference), now(), &LIMITS)
                .unwrap()
                .apart_in_a_row
        };
        assert_eq!(after(1, "102"), 2);
        assert_eq!(after(7, "100.5"), 0);
    }

    #[test]
    fn a_silent_or_old_price_is_not_compared() {
        let exchange = quote(PriceService::Binance, "100", now());
        let old = quote(PriceService::CoinGecko, "200", minutes_ago(16));
        assert_eq!(
            compare(None, std::slice::from_ref(&exchange), now(), &LIMITS),
            None
        );
        assert_eq!(compare(None, &[exchange, old], now(), &LIMITS), None);
    }

    #[test]
    fn a_run_that_was_overtaken_is_not_compared() {
        let later = Comparison {
            compared_at: now(),
            ..earlier(1)
        };
        assert_eq!(compare(Some(&later), &both("1", "2"), now(), &LIMITS), None);
    }

    #[test]
    fn a_limit_of_zero_compares_nothing_and_locks_nothing() {
        let off = DisagreementLimits {
            percent: Decimal::ZERO,
            runs: 1,
        };
        assert_eq!(compare(None, &both("1", "2"), now(), &off), None);
        let known = BTreeMap::from([(Asset::Btc, earlier(9))]);
        assert_eq!(disagreement(&known, &off), None);
    }

    #[test]
    fn one_asset_that_is_apart_for_long_enough_locks_and_is_named() {
        let known = BTreeMap::from([(Asset::Btc, earlier(1)), (Asset::Eth, earlier(2))]);
        let why = disagreement(&known, &LIMITS).unwrap();
        assert!(why.contains("ETH") && !why.contains("BTC"), "{why}");
        let known = BTreeMap::from([(Asset::Btc, earlier(1))]);
        assert_eq!(disagreement(&known, &LIMITS), None);
    }

    proptest! {
        #[test]
        fn a_lock_needs_as_many_differences_in_a_row_as_it_says(
            apart in proptest::collection::vec(any::<bool>(), 1..40),
            runs in 1_u32..5,
        ) {
            let limits = DisagreementLimits { percent: Decimal::ONE, runs };
            let mut last: Option<Comparison> = None;
            for (run, is_apart) in apart.iter().enumerate() {
                let at = now() + SignedDuration::from_mins(i64::try_from(run).unwrap());
                let reference = if *is_apart { "150" } else { "100" };
                let quotes = [
                    quote(PriceService::Binance, "100", at),
                    quote(PriceService::CoinGecko, reference, at),
                ];
                last = compare(last.as_ref(), &quotes, at, &limits);
                let known = BTreeMap::from([(Asset::Btc, last.unwrap())]);
                let in_a_row = apart[..=run].iter().rev().take_while(|apart| **apart).count();
                prop_assert_eq!(
                    disagreement(&known, &limits).is_some(),
                    in_a_row >= usize::try_from(runs).unwrap()
                );
            }
        }
    }
}

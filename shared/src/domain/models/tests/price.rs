//! Costs are exact, never above what was reserved, and an unknown model is never too cheap.

use std::collections::BTreeMap;

use proptest::prelude::*;
use rstest::rstest;

use super::super::{LongPrompt, ModelPrice, PriceError, PriceTable, Usage};
use super::*;

fn price(input: &str, output: &str, writes: [&str; 2], read: &str) -> ModelPrice {
    ModelPrice {
        input: decimal(input),
        output: decimal(output),
        cache_write_5m: decimal(writes[0]),
        cache_write_1h: decimal(writes[1]),
        cache_read: decimal(read),
        long_prompt: None,
    }
}

/// Cheap, but five times as dear above 100,000 prompt tokens.
fn haiku() -> ModelPrice {
    ModelPrice {
        long_prompt: Some(LongPrompt {
            above_tokens: 100_000,
            factor: 5,
        }),
        ..price("0.10", "0.50", ["0.125", "0.20"], "0.01")
    }
}

fn table(models: impl IntoIterator<Item = (&'static str, ModelPrice)>) -> Result<PriceTable, PriceError> {
    PriceTable::new(
        models
            .into_iter()
            .map(|(name, price)| (name.to_owned(), price))
            .collect(),
    )
}

/// In the order of [`Usage`]: input, written for five minutes, for an hour, read, output.
fn usage(counts: [u64; 5]) -> Usage {
    let [input, short, long, cache_read, output] = counts;
    Usage {
        input,
        cache_write_5m: short,
        cache_write_1h: long,
        cache_read,
        output,
    }
}

#[test]
fn every_token_costs_the_price_of_its_kind() {
    let sonnet = price("2", "10", ["2.5", "4"], "0.10");
    // 309 × 2 + 10 × 2.5 + 20 × 4 + 1000 × 0.1 + 76 × 10 = 1583, per million.
    let usage = usage([309, 10, 20, 1000, 76]);
    assert_eq!(sonnet.cost(&usage), decimal("0.001583"));
    assert_eq!((usage.prompt(), usage.total()), (1339, 1415));
    assert_eq!(sonnet.cost(&Usage::NONE), Decimal::ZERO);
}

#[test]
fn the_cheapest_token_is_not_rounded_away() {
    let cheap = price("0.0001", "0", ["0", "0"], "0");
    assert_eq!(cheap.cost(&usage([1, 0, 0, 0, 0])), decimal("0.0000000001"));
}

#[test]
fn a_long_prompt_makes_everything_dearer_from_the_next_token_on() {
    let plain = usage([99_999, 0, 0, 1, 10]);
    let long = usage([99_999, 0, 0, 2, 10]);
    assert_eq!(haiku().cost(&plain), decimal("0.01000491"));
    assert_eq!(haiku().cost(&long), decimal("0.0500246"));
}

#[test]
fn counts_that_nobody_can_have_neither_overflow_nor_outgrow_their_column() {
    let absurd = usage([u64::MAX; 5]);
    let dearest = price("10000", "10000", ["10000", "10000"], "10000");
    let cost = dearest.cost(&absurd);
    assert!(cost < Decimal::from(100_000_000), "{cost}");
    assert_eq!(absurd.total(), u64::MAX);
    assert!(dearest.worst_case(u64::MAX, u64::MAX) >= cost);
    assert!(dearest.worst_case(u64::MAX, u64::MAX) < Decimal::from(100_000_000));
}

#[rstest]
#[case::negative(price("-1", "1", ["1", "1"], "1"))]
#[case::too_fine(price("1", "1.00001", ["1", "1"], "1"))]
#[case::too_dear(price("1", "1", ["10001", "1"], "1"))]
#[case::too_dear_where_long(ModelPrice { long_prompt: Some(LongPrompt { above_tokens: 1, factor: 11 }), ..price("1", "1", ["1", "1000"], "1") })]
#[case::cheaper_where_long(ModelPrice { long_prompt: Some(LongPrompt { above_tokens: 1, factor: 0 }), ..price("1", "1", ["1", "1"], "1") })]
fn a_price_whose_costs_could_not_be_kept_is_refused(#[case] wrong: ModelPrice) {
    let error = table([("right", haiku()), ("wrong", wrong)]).unwrap_err();
    assert!(error.to_string().starts_with("wrong: "), "{error}");
}

#[test]
fn trailing_zeros_are_not_decimals() {
    assert!(table([("model", price("0.100000", "1", ["1", "1"], "1"))]).is_ok());
}

#[test]
fn a_table_without_prices_is_refused() {
    assert_eq!(PriceTable::new(BTreeMap::new()), Err(PriceError::Empty));
}

#[rstest]
#[case("haiku-5-5", true)]
#[case("haiku-5-5-20260801", true)]
#[case("haiku-5-5-2026-08-01", true)]
#[case("haiku-5-5-latest", false)]
#[case("haiku-5-5-2026", false)]
#[case("haiku-5", false)]
#[case("-20260801", false)]
#[case("é", false)]
#[case("", false)]
fn a_model_is_known_by_its_name_and_by_its_dated_name(#[case] name: &str, #[case] is_known: bool) {
    let found = table([("haiku-5-5", haiku())]).unwrap().find(name);
    assert_eq!(found.is_known, is_known);
}

#[test]
fn an_unknown_model_has_the_dearest_price_of_each_kind() {
    let one = price("3", "1", ["1", "7"], "1");
    let table = table([("one", one), ("haiku", haiku())]).unwrap();
    let unknown = table.find("brand-new");
    assert!(!unknown.is_known);
    assert_eq!(
        unknown.price,
        ModelPrice {
            long_prompt: haiku().long_prompt,
            ..one
        }
    );
}

prop_compose! {
    fn any_price()(
        figures in prop::array::uniform5(0_i64..=10_000_000),
        rule in prop::option::of((0_u64..=200_000, 1_u32..=10)),
    ) -> ModelPrice {
        let [input, output, cache_write_5m, cache_write_1h, cache_read] = figures.map(|figure| Decimal::new(figure, 4));
        let long_prompt = rule.map(|(above_tokens, factor)| LongPrompt { above_tokens, factor });
        ModelPrice { input, output, cache_write_5m, cache_write_1h, cache_read, long_prompt }
    }
}

prop_compose! {
    fn any_usage(most: u64)(counts in prop::array::uniform5(0..=most)) -> Usage {
        usage(counts)
    }
}

fn sum(one: Usage, two: Usage) -> Usage {
    Usage {
        input: one.input + two.input,
        cache_write_5m: one.cache_write_5m + two.cache_write_5m,
        cache_write_1h: one.cache_write_1h + two.cache_write_1h,
        cache_read: one.cache_read + two.cache_read,
        output: one.output + two.output,
    }
}

/// The cost in ten-billionths of a dollar, computed with whole numbers.
fn recomputed(price: &ModelPrice, usage: &Usage) -> i128 {
    let units = |price: Decimal| (price * Decimal::from(10_000)).try_into().unwrap_or(0_i128);
    let plain = i128::from(usage.input) * units(price.input)
        + i128::from(usage.cache_write_5m) * units(price.cache_write_5m)
        + i128::from(usage.cache_write_1h) * units(price.cache_write_1h)
        + i128::from(usage.cache_read) * units(price.cache_read)
        + i128::from(usage.output) * units(price.output);
    let prompt = usage.input + usage.cache_write_5m + usage.cache_write_1h + usage.cache_read;
    match price.long_prompt {
        Some(rule) if prompt > rule.above_tokens => plain * i128::from(rule.factor),
        _ => plain,
    }
}

proptest! {
    #[test]
    fn costs_add_up_below_the_length_that_is_dearer(price in any_price(), one in any_usage(20_000), two in any_usage(20_000)) {
        let price = ModelPrice { long_prompt: price.long_prompt.map(|rule| LongPrompt { above_tokens: 160_000, ..rule }), ..price };
        prop_assert_eq!(price.cost(&one) + price.cost(&two), price.cost(&sum(one, two)));
    }

    #[test]
    fn the_sum_of_costs_is_what_whole_numbers_give(price in any_price(), usages in prop::collection::vec(any_usage(300_000), 1..20)) {
        let total: Decimal = usages.iter().map(|usage| price.cost(usage)).sum();
        let expected: i128 = usages.iter().map(|usage| recomputed(&price, usage)).sum();
        prop_assert_eq!(total, Decimal::from_i128_with_scale(expected, 10));
        prop_assert!(usages.iter().all(|usage| price.cost(usage).scale() <= 10));
    }

    #[test]
    fn no_attempt_costs_more_than_was_reserved(
        price in any_price(),
        prompt_bytes in 0_u64..=250_000,
        most_output in 0_u64..=100_000,
        cuts in prop::array::uniform4(0.0_f64..=1.0),
        used in 0.0_f64..=1.0,
    ) {
        // Whatever way the tokens of the prompt are billed, and however many of them there are.
        let part = |whole: u64, share: f64| Decimal::from(whole) * Decimal::from_f64_retain(share).unwrap();
        let part = |whole, share| u64::try_from(part(whole, share).trunc()).unwrap();
        let prompt = part(prompt_bytes + 1_000, cuts[0]);
        let input = part(prompt, cuts[1]);
        let w5 = part(prompt - input, cuts[2]);
        let w1h = part(prompt - input - w5, cuts[3]);
        let usage = usage([input, w5, w1h, prompt - input - w5 - w1h, part(most_output, used)]);
        prop_assert!(price.cost(&usage) <= price.worst_case(prompt_bytes, most_output));
    }

    #[test]
    fn not_even_a_question_billed_in_the_dearest_way_costs_more_than_was_reserved(
        price in any_price(),
        prompt_bytes in 0_u64..=250_000,
        most_output in 0_u64..=100_000,
    ) {
        let dearest = (0..4).map(|kind| {
            let mut counts = [0, 0, 0, 0, most_output];
            counts[kind] = prompt_bytes + 1_000;
            price.cost(&usage(counts))
        });
        prop_assert_eq!(dearest.max(), Some(price.worst_case(prompt_bytes, most_output)));
    }

    #[test]
    fn an_unknown_model_is_never_too_cheap(prices in prop::collection::vec(any_price(), 1..5), usage in any_usage(100_000)) {
        let named = prices.iter().enumerate().map(|(number, price)| (format!("model {number}"), *price));
        // The dearest figures of several may be too much together; such a table is refused.
        if let Ok(table) = PriceTable::new(named.collect()) {
            let unknown = table.find("unknown").price;
            prop_assert!(prices.iter().all(|price| price.cost(&usage) <= unknown.cost(&usage)));
        }
    }
}

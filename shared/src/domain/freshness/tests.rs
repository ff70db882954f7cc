//! Ages at their limits, and that nothing is read before it was known.

use jiff::{SignedDuration, Timestamp};
use proptest::prelude::*;
use rstest::rstest;
use rust_decimal::Decimal;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn seen(metric: Metric, observed_at: &str, value: &str) -> Observation {
    let observed_at = at(observed_at);
    Observation {
        metric,
        observed_at,
        value: decimal(value),
        available_at: observed_at,
        source: "sample".to_owned(),
        realtime_start: None,
        is_interpolated: false,
    }
}

const MIDNIGHT: &str = "2024-03-01T00:00:00Z";

const HOUR: i64 = 3_600;
const DAY: i64 = 24 * HOUR;

#[rstest]
#[case(Metric::MvrvZScore, 72 * HOUR, 7 * DAY)]
#[case(Metric::Nvt, 72 * HOUR, 7 * DAY)]
#[case(Metric::ExchangeNetFlow, 72 * HOUR, 7 * DAY)]
#[case(Metric::LongTermHolderSupply, 72 * HOUR, 7 * DAY)]
#[case(Metric::ActiveAddresses, 72 * HOUR, 7 * DAY)]
#[case(Metric::FedFundsRate, 7 * DAY, 21 * DAY)]
#[case(Metric::DollarIndex, 14 * DAY, 30 * DAY)]
#[case(Metric::TenYearYield, 14 * DAY, 30 * DAY)]
#[case(Metric::MoneySupply, 100 * DAY, 190 * DAY)]
fn an_observation_is_fresh_then_carried_then_missing(
    #[case] metric: Metric,
    #[case] fresh: i64,
    #[case] carried: i64,
) {
    let judged = |age| {
        of_observation(
            metric,
            at(MIDNIGHT),
            at(MIDNIGHT) + SignedDuration::from_secs(age),
        )
    };
    assert_eq!(judged(-1), None);
    assert_eq!(judged(0), Some(Freshness::Fresh));
    assert_eq!(judged(fresh), Some(Freshness::Fresh));
    assert_eq!(judged(fresh + 1), Some(Freshness::Carried));
    assert_eq!(judged(carried), Some(Freshness::Carried));
    assert_eq!(judged(carried + 1), None);
}

#[rstest]
#[case(Timeframe::H1, 75 * 60, 3 * HOUR)]
#[case(Timeframe::H4, 255 * 60, 12 * HOUR)]
#[case(Timeframe::D1, DAY + 15 * 60, 3 * DAY)]
#[case(Timeframe::W1, 7 * DAY + 15 * 60, 21 * DAY)]
fn a_candle_is_fresh_then_carried_then_missing(
    #[case] timeframe: Timeframe,
    #[case] fresh: i64,
    #[case] carried: i64,
) {
    let judged = |age| {
        of_candle(
            timeframe,
            at(MIDNIGHT),
            at(MIDNIGHT) + SignedDuration::from_secs(age),
        )
    };
    assert_eq!(judged(-1), None);
    assert_eq!(judged(0), Some(Freshness::Fresh));
    assert_eq!(judged(fresh), Some(Freshness::Fresh));
    assert_eq!(judged(fresh + 1), Some(Freshness::Carried));
    assert_eq!(judged(carried), Some(Freshness::Carried));
    assert_eq!(judged(carried + 1), None);
}

#[test]
fn fear_and_greed_is_defaulted_after_two_days_and_never_carried() {
    let observed = [seen(Metric::FearGreed, MIDNIGHT, "17")];
    let after = |age| fear_greed(&observed, at(MIDNIGHT) + SignedDuration::from_secs(age));

    let fresh = after(48 * HOUR);
    assert_eq!((fresh.value, fresh.freshness), (decimal("17"), Freshness::Fresh));

    let defaulted = after(48 * HOUR + 1);
    assert_eq!(
        (defaulted.value, defaulted.freshness),
        (decimal("50"), Freshness::Defaulted)
    );
    assert_eq!(defaulted.observed_at, None);
    assert_eq!(defaulted.source, "default");
}

#[test]
fn only_what_was_available_and_dated_by_then_is_read() {
    let as_of = at("2024-03-02T00:00:00Z");
    let known = seen(Metric::FedFundsRate, "2024-02-28T00:00:00Z", "5.33");
    let not_yet_published = Observation {
        available_at: as_of + SignedDuration::from_micros(1),
        ..seen(Metric::FedFundsRate, "2024-02-29T00:00:00Z", "1")
    };
    let from_the_future = Observation {
        available_at: at("2024-01-01T00:00:00Z"),
        ..seen(Metric::FedFundsRate, "2024-03-02T00:00:01Z", "2")
    };
    let other = seen(Metric::DollarIndex, "2024-03-01T00:00:00Z", "120");

    let series = Series::at(
        Metric::FedFundsRate,
        &[from_the_future, known.clone(), not_yet_published, other],
        as_of,
    );

    assert_eq!(series.points(), [known]);
}

#[test]
fn what_becomes_available_exactly_then_is_read() {
    let as_of = at("2024-03-02T00:00:00Z");
    let known = Observation {
        available_at: as_of,
        ..seen(Metric::FedFundsRate, "2024-03-02T00:00:00Z", "5.33")
    };
    assert_eq!(
        Series::at(Metric::FedFundsRate, [&known], as_of).points().len(),
        1
    );
}

#[test]
fn a_revision_counts_from_when_it_was_known() {
    let first = seen(Metric::MoneySupply, "2024-01-01T00:00:00Z", "20800");
    let revised = Observation {
        value: decimal("20900"),
        available_at: at("2024-03-10T00:00:00Z"),
        ..first.clone()
    };
    let value_at = |as_of: &str| {
        let both = [revised.clone(), first.clone()];
        Series::at(Metric::MoneySupply, &both, at(as_of))
            .newest()
            .map(|reading| reading.value)
    };
    assert_eq!(value_at("2024-03-09T23:59:59Z"), Some(decimal("20800")));
    assert_eq!(value_at("2024-03-10T00:00:00Z"), Some(decimal("20900")));
}

#[test]
fn of_two_vintages_known_at_once_the_later_published_counts() {
    let older = Observation {
        realtime_start: Some("2024-02-27".parse().unwrap()),
        ..seen(Metric::MoneySupply, "2024-01-01T00:00:00Z", "20900")
    };
    let newer = Observation {
        value: decimal("20800"),
        realtime_start: Some("2024-03-26".parse().unwrap()),
        ..older.clone()
    };
    for both in [[older.clone(), newer.clone()], [newer, older]] {
        let series = Series::at(Metric::MoneySupply, &both, at("2024-04-01T00:00:00Z"));
        assert_eq!(series.newest().unwrap().value, decimal("20800"));
    }
}

#[test]
fn a_change_is_taken_against_the_last_value_at_or_before_the_date() {
    let series = |days_apart: i64| {
        let newest = seen(Metric::DollarIndex, MIDNIGHT, "117");
        let earlier = Observation {
            observed_at: at(MIDNIGHT) - SignedDuration::from_hours(24 * days_apart),
            ..seen(Metric::DollarIndex, "2023-01-01T00:00:00Z", "120")
        };
        Series::at(Metric::DollarIndex, &[newest, earlier], at(MIDNIGHT))
    };
    assert_eq!(series(89).change_over_days(90), None);
    for days_apart in [90, 93] {
        let change = series(days_apart).change_over_days(90).unwrap();
        assert_eq!(change.absolute(), Some(decimal("-3")));
        assert_eq!(change.relative_pct(), Some(decimal("-2.5")));
        assert_eq!(change.freshness(), Freshness::Fresh);
    }
}

#[test]
fn the_change_runs_back_from_the_newest_date_and_not_from_the_decision() {
    let observations = [
        seen(Metric::FedFundsRate, "2024-03-01T00:00:00Z", "5.00"),
        seen(Metric::FedFundsRate, "2023-12-02T00:00:00Z", "5.25"),
        seen(Metric::FedFundsRate, "2023-12-05T00:00:00Z", "9.99"),
    ];
    let change = Series::at(Metric::FedFundsRate, &observations, at("2024-03-05T00:00:00Z"))
        .change_over_days(90)
        .unwrap();
    assert_eq!(change.absolute(), Some(decimal("-0.25")));
}

#[test]
fn a_change_is_as_stale_as_its_worse_end() {
    let observations = [
        seen(Metric::FedFundsRate, "2024-03-01T00:00:00Z", "5.00"),
        seen(Metric::FedFundsRate, "2023-12-01T00:00:00Z", "5.25"),
    ];
    let freshness_at = |as_of: &str| {
        Series::at(Metric::FedFundsRate, &observations, at(as_of))
            .change_over_days(90)
            .map(|change| change.freshness())
    };
    assert_eq!(freshness_at("2024-03-08T00:00:00Z"), Some(Freshness::Fresh));
    assert_eq!(freshness_at("2024-03-09T00:00:00Z"), Some(Freshness::Carried));
    assert_eq!(freshness_at("2024-03-23T00:00:00Z"), None);
}

#[test]
fn an_earlier_value_far_from_its_day_counts_as_carried() {
    let freshness_against = |earlier: &str| {
        let observations = [
            seen(Metric::FedFundsRate, "2024-03-31T00:00:00Z", "5.00"),
            seen(Metric::FedFundsRate, earlier, "5.25"),
        ];
        Series::at(Metric::FedFundsRate, &observations, at("2024-03-31T00:00:00Z"))
            .change_over_days(90)
            .map(|change| change.freshness())
    };
    assert_eq!(freshness_against("2023-12-25T00:00:00Z"), Some(Freshness::Fresh));
    assert_eq!(
        freshness_against("2023-12-24T00:00:00Z"),
        Some(Freshness::Carried)
    );
}

#[test]
fn a_change_from_zero_has_no_percentage() {
    let observations = [
        seen(Metric::DollarIndex, "2024-03-01T00:00:00Z", "5"),
        seen(Metric::DollarIndex, "2023-12-01T00:00:00Z", "0"),
    ];
    let change = Series::at(Metric::DollarIndex, &observations, at(MIDNIGHT))
        .change_over_days(90)
        .unwrap();
    assert_eq!(change.relative_pct(), None);
}

#[test]
fn a_hole_inside_on_chain_history_is_filled_and_marked() {
    let after = Observation {
        available_at: at("2024-03-04T01:00:00Z"),
        ..seen(Metric::ActiveAddresses, "2024-03-04T00:00:00Z", "130")
    };
    let observations = [
        seen(Metric::ActiveAddresses, "2024-03-01T00:00:00Z", "100"),
        after,
    ];
    let series = Series::at(Metric::ActiveAddresses, &observations, at("2024-03-05T00:00:00Z"));

    let points: Vec<(Timestamp, Decimal, bool)> = series
        .points()
        .iter()
        .map(|p| (p.observed_at, p.value.round_dp(8), p.is_interpolated))
        .collect();
    assert_eq!(
        points,
        [
            (at("2024-03-04T00:00:00Z"), decimal("130"), false),
            (at("2024-03-03T00:00:00Z"), decimal("120"), true),
            (at("2024-03-02T00:00:00Z"), decimal("110"), true),
            (at("2024-03-01T00:00:00Z"), decimal("100"), false),
        ]
    );
    assert_eq!(series.points()[1].available_at, at("2024-03-04T01:00:00Z"));
    let change = series.change_over_days(2).unwrap();
    assert_eq!(change.newest.freshness, Freshness::Fresh);
    assert_eq!(change.freshness(), Freshness::Carried);
}

#[test]
fn a_hole_whose_end_is_not_known_yet_stays_open_and_the_newest_point_is_never_made() {
    let made = Observation {
        is_interpolated: true,
        ..seen(Metric::ActiveAddresses, "2024-03-02T00:00:00Z", "110")
    };
    let after = Observation {
        available_at: at("2024-03-06T00:00:00Z"),
        ..seen(Metric::ActiveAddresses, "2024-03-04T00:00:00Z", "130")
    };
    let observations = [
        seen(Metric::ActiveAddresses, "2024-03-01T00:00:00Z", "100"),
        made,
        after,
    ];
    let series = Series::at(Metric::ActiveAddresses, &observations, at("2024-03-05T00:00:00Z"));
    assert_eq!(series.points().len(), 1);
    assert!(!series.newest().unwrap().is_interpolated);
}

#[test]
fn holes_in_other_series_are_not_filled() {
    let observations = [
        seen(Metric::FedFundsRate, "2024-03-01T00:00:00Z", "5"),
        seen(Metric::FedFundsRate, "2024-03-04T00:00:00Z", "6"),
    ];
    let series = Series::at(Metric::FedFundsRate, &observations, at("2024-03-05T00:00:00Z"));
    assert_eq!(series.points().len(), 2);
}

#[test]
fn a_reading_survives_json() {
    let reading = fear_greed(&[seen(Metric::FearGreed, MIDNIGHT, "17.25")], at(MIDNIGHT));
    let json = serde_json::to_string(&reading).unwrap();
    assert_eq!(serde_json::from_str::<Reading>(&json).unwrap(), reading);
}

/// Observations of two series on a few days, with repeated dates and some not yet known.
fn observations() -> impl Strategy<Value = Vec<Observation>> {
    let one = (
        0_i64..120,
        0_i64..60,
        1_i64..1_000_000,
        prop::bool::ANY,
        0_usize..3,
    )
        .prop_map(|(day, lag, value, is_onchain, source)| {
            let observed_at = at("2024-01-01T00:00:00Z") + SignedDuration::from_hours(24 * day);
            Observation {
                metric: if is_onchain {
                    Metric::ActiveAddresses
                } else {
                    Metric::DollarIndex
                },
                observed_at,
                value: Decimal::from(value),
                available_at: observed_at + SignedDuration::from_hours(lag),
                source: ["a", "b", "c"][source].to_owned(),
                realtime_start: None,
                is_interpolated: false,
            }
        });
    prop::collection::vec(one, 0..60)
}

fn both_series(observations: &[Observation], as_of: Timestamp) -> [Series; 2] {
    [Metric::ActiveAddresses, Metric::DollarIndex].map(|metric| Series::at(metric, observations, as_of))
}

proptest! {
    #[test]
    fn the_order_of_observations_changes_nothing(
        (given, shuffled) in observations().prop_flat_map(|o| (Just(o.clone()), Just(o).prop_shuffle())),
        hours in 0_i64..3_000,
    ) {
        let as_of = at("2024-01-01T00:00:00Z") + SignedDuration::from_hours(hours);
        prop_assert_eq!(both_series(&given, as_of), both_series(&shuffled, as_of));
    }

    #[test]
    fn what_is_not_known_yet_changes_nothing(given in observations(), hours in 0_i64..3_000) {
        let as_of = at("2024-01-01T00:00:00Z") + SignedDuration::from_hours(hours);
        let known: Vec<Observation> = given
            .iter()
            .filter(|o| o.available_at <= as_of && o.observed_at <= as_of)
            .cloned()
            .collect();
        prop_assert_eq!(both_series(&given, as_of), both_series(&known, as_of));
    }

    #[test]
    fn made_points_lie_between_their_neighbours_and_never_come_last(given in observations()) {
        let series = &both_series(&given, at("2025-01-01T00:00:00Z"))[0];
        prop_assert!(series.points().first().is_none_or(|newest| !newest.is_interpolated));
        prop_assert!(series.points().last().is_none_or(|oldest| !oldest.is_interpolated));
        for three in series.points().windows(3) {
            if three[1].is_interpolated {
                let (low, high) =
                    (three[0].value.min(three[2].value), three[0].value.max(three[2].value));
                let slack = decimal("0.000000000000001");
                prop_assert!(three[1].value >= low - slack && three[1].value <= high + slack);
                prop_assert!(three[1].available_at <= at("2025-01-01T00:00:00Z"));
            }
        }
    }
}

#[test]
fn a_change_is_never_told_between_two_sources() {
    let of = |source: &str, observed_at: &str, value: &str| Observation {
        source: source.to_owned(),
        ..seen(Metric::ActiveAddresses, observed_at, value)
    };
    let change = |observations: &[Observation]| {
        let series = Series::at(Metric::ActiveAddresses, observations, at("2024-03-01T12:00:00Z"));
        series
            .change_over_days(30)
            .and_then(|change| change.relative_pct())
    };
    let newest = of("glassnode", "2024-02-29T00:00:00Z", "800000");
    let other = of("blockchain.info", "2024-01-29T00:00:00Z", "450000");
    let same = of("glassnode", "2024-01-20T00:00:00Z", "640000");

    assert_eq!(change(&[newest.clone(), other.clone()]), None);
    assert_eq!(change(&[newest, other, same]), Some(decimal("25")));
}

//! The grid, its holes, weeks of days, and jumps.

use jiff::ToSpan;
use proptest::prelude::*;
use rstest::rstest;

use super::*;
use crate::domain::market::Volume;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn decimal(text: &str) -> Decimal {
    text.parse().unwrap()
}

fn price(text: &str) -> Price {
    Price::new(decimal(text)).unwrap()
}

/// A candle of four prices and a volume.
fn candle(open_time: Timestamp, [open, high, low, close]: [&str; 4], volume: &str) -> Candle {
    Candle::new(open_time, [open, high, low, close].map(decimal), decimal(volume)).unwrap()
}

fn closing_at(open_time: Timestamp, close: &str) -> Candle {
    candle(open_time, [close; 4], "1")
}

/// Any instant of a few centuries, to the nanosecond.
fn instant() -> impl Strategy<Value = Timestamp> {
    (-5_000_000_000..9_000_000_000_i64, 0..1_000_000_000_i32)
        .prop_map(|(second, nanosecond)| Timestamp::new(second, nanosecond).unwrap())
}

fn timeframe() -> impl Strategy<Value = Timeframe> {
    prop::sample::select(&Timeframe::ALL[..])
}

// ---- the grid -------------------------------------------------------------------------------------------------------

#[rstest]
#[case(Timeframe::H1, "2024-03-01T13:59:59.999999999Z", "2024-03-01T13:00:00Z")]
#[case(Timeframe::H1, "2024-03-01T14:00:00Z", "2024-03-01T14:00:00Z")]
#[case(Timeframe::H4, "2024-03-01T15:59:59Z", "2024-03-01T12:00:00Z")]
#[case(Timeframe::H4, "2024-03-01T00:00:00Z", "2024-03-01T00:00:00Z")]
#[case(Timeframe::D1, "2024-02-29T23:59:59Z", "2024-02-29T00:00:00Z")]
#[case::sunday(Timeframe::W1, "2024-03-03T23:59:59.999Z", "2024-02-26T00:00:00Z")]
#[case::monday(Timeframe::W1, "2024-03-04T00:00:00Z", "2024-03-04T00:00:00Z")]
#[case::the_first_week_of_the_clock(Timeframe::W1, "1970-01-01T00:00:00Z", "1969-12-29T00:00:00Z")]
#[case::just_before_the_clock(Timeframe::H1, "1969-12-31T23:59:59.999999999Z", "1969-12-31T23:00:00Z")]
#[case::a_nanosecond_before_a_boundary(
    Timeframe::D1,
    "1969-12-30T23:59:59.999999999Z",
    "1969-12-30T00:00:00Z"
)]
#[case::a_boundary_before_the_clock(Timeframe::H4, "1969-12-31T20:00:00Z", "1969-12-31T20:00:00Z")]
#[case::a_week_long_ago(Timeframe::W1, "1900-01-07T12:00:00Z", "1900-01-01T00:00:00Z")]
fn a_candle_opens_at_its_multiple(#[case] timeframe: Timeframe, #[case] time: &str, #[case] opened: &str) {
    assert_eq!(open_time_at(timeframe, at(time)), at(opened));
}

proptest! {
    #[test]
    fn every_instant_lies_in_the_candle_that_holds_it(timeframe in timeframe(), time in instant()) {
        let opened = open_time_at(timeframe, time);
        prop_assert!(opened <= time && time < end_of(timeframe, opened), "{opened}");
        prop_assert!(is_on_grid(timeframe, opened));
        prop_assert_eq!(is_on_grid(timeframe, time), time == opened);
        prop_assert_eq!(opened.as_second() % 3600, 0);
        prop_assert!(timeframe < Timeframe::D1 || opened.as_second() % 86400 == 0);
        if timeframe == Timeframe::W1 {
            let day = opened.to_zoned(jiff::tz::TimeZone::UTC).weekday();
            prop_assert_eq!(day, jiff::civil::Weekday::Monday);
        }
    }

    #[test]
    fn the_next_candle_opens_when_this_one_ends(timeframe in timeframe(), time in instant()) {
        let opened = open_time_at(timeframe, time);
        let next = next_open_time(timeframe, opened);
        prop_assert!(is_on_grid(timeframe, next));
        prop_assert_eq!(open_time_at(timeframe, next - 1.nanosecond()), opened);
    }

    #[test]
    fn exactly_the_removed_places_are_missing(
        timeframe in timeframe(),
        start in instant(),
        is_kept in proptest::collection::vec(any::<bool>(), 0..80),
    ) {
        let first = open_time_at(timeframe, start);
        // The first and the last are there: before and after them nothing is known to be missing.
        let kept: Vec<bool> = [true].into_iter().chain(is_kept).chain([true]).collect();
        let places: Vec<Timestamp> =
            expected_open_times(timeframe, first, Timestamp::MAX).take(kept.len()).collect();
        let pick = |wanted| {
            places.iter().zip(&kept).filter(|(_, kept)| **kept == wanted).map(|(time, _)| *time).collect::<Vec<_>>()
        };
        let (stored, removed) = (pick(true), pick(false));
        let newest_first: Vec<Timestamp> = stored.iter().rev().copied().collect();
        prop_assert_eq!(&missing_open_times(timeframe, &stored), &removed);
        prop_assert_eq!(&missing_open_times(timeframe, &newest_first), &removed, "in whatever order they come");

        let pieces = ranges(timeframe, &removed);
        let inside = |piece: &Range| expected_open_times(timeframe, piece.first, piece.last).collect::<Vec<_>>();
        prop_assert_eq!(pieces.iter().flat_map(inside).collect::<Vec<_>>(), removed, "pieces are the places");
        prop_assert!(pieces.iter().all(|piece| inside(piece).len() == piece.count));
        prop_assert!(pieces.is_sorted_by(|one, next| next_open_time(timeframe, one.last) < next.first), "as few");
    }
}

#[test]
fn places_before_the_first_and_after_the_last_are_not_missing() {
    assert_eq!(missing_open_times(Timeframe::H4, &[]), []);
    assert_eq!(
        missing_open_times(Timeframe::H4, &[at("2024-03-01T04:00:00Z")]),
        []
    );
    assert_eq!(ranges(Timeframe::H4, &[]), []);
}

/// The holes that the exchange's own history of BTC has.
#[test]
fn the_holes_of_the_real_history_are_found_as_the_pieces_they_are() {
    let holes = [
        "2019-03-12T04:00:00Z",
        "2019-05-15T04:00:00Z",
        "2019-05-15T08:00:00Z",
        "2019-08-15T04:00:00Z",
        "2020-02-19T12:00:00Z",
    ]
    .map(at);
    let grid = expected_open_times(
        Timeframe::H4,
        at("2019-01-01T00:00:00Z"),
        at("2020-03-01T00:00:00Z"),
    );
    let stored: Vec<Timestamp> = grid.filter(|time| !holes.contains(time)).collect();
    assert_eq!(stored.len(), 425 * 6 + 1 - 5);

    let missing = missing_open_times(Timeframe::H4, &stored);
    assert_eq!(missing, holes);
    let piece = |first, last, count| Range { first, last, count };
    assert_eq!(
        ranges(Timeframe::H4, &missing),
        [
            piece(holes[0], holes[0], 1),
            piece(holes[1], holes[2], 2),
            piece(holes[3], holes[3], 1),
            piece(holes[4], holes[4], 1),
        ]
    );
}

// ---- closed or forming ----------------------------------------------------------------------------------------------

#[rstest]
#[case::while_it_forms("2024-03-01T07:59:59Z", false)]
#[case::at_its_end("2024-03-01T08:00:00Z", false)]
#[case::while_the_exchange_settles("2024-03-01T08:00:04.999Z", false)]
#[case::once_settled("2024-03-01T08:00:05Z", true)]
fn a_candle_is_closed_five_seconds_after_its_end(#[case] now: &str, #[case] closed: bool) {
    assert_eq!(
        is_closed(Timeframe::H4, at("2024-03-01T04:00:00Z"), at(now)),
        closed
    );
}

#[rstest]
#[case::at_a_boundary(Timeframe::H4, "2024-03-01T08:00:00Z", "2024-03-01T04:00:00Z")]
#[case::just_before_one(Timeframe::H4, "2024-03-01T07:59:59Z", "2024-03-01T00:00:00Z")]
#[case::across_midnight(Timeframe::H1, "2024-03-01T00:30:00Z", "2024-02-29T23:00:00Z")]
#[case::a_day(Timeframe::D1, "2024-03-01T12:00:00Z", "2024-02-29T00:00:00Z")]
#[case::a_week_on_its_monday(Timeframe::W1, "2024-03-04T00:00:00Z", "2024-02-26T00:00:00Z")]
#[case::a_week_on_its_sunday(Timeframe::W1, "2024-03-03T23:59:59Z", "2024-02-19T00:00:00Z")]
fn the_newest_closed_candle_ended_by_then(
    #[case] timeframe: Timeframe,
    #[case] as_of: &str,
    #[case] newest: &str,
) {
    assert_eq!(newest_closed_by(timeframe, at(as_of)), at(newest));
}

proptest! {
    #[test]
    fn no_later_candle_had_closed(timeframe in timeframe(), as_of in instant()) {
        let newest = newest_closed_by(timeframe, as_of);
        prop_assert!(end_of(timeframe, newest) <= as_of);
        prop_assert!(end_of(timeframe, next_open_time(timeframe, newest)) > as_of);
    }
}

// ---- anomalies ------------------------------------------------------------------------------------------------------

#[rstest]
#[case::up_to_a_fifth("100", "120", false)]
#[case::up_beyond("100", "120.00000001", true)]
#[case::down_to_a_fifth("100", "80", false)]
#[case::down_beyond("100", "79.99999999", true)]
#[case::not_at_all("100", "100", false)]
#[case::tiny("0.00000010", "0.00000013", true)]
fn a_close_more_than_a_fifth_away_is_an_anomaly(
    #[case] previous: &str,
    #[case] close: &str,
    #[case] marked: bool,
) {
    assert_eq!(is_anomaly(price(previous), price(close)), marked);
}

#[rstest]
#[case::alone(None, [false, true, false, true])]
#[case::continuing(Some("50"), [true, true, false, true])]
#[case::continuing_calmly(Some("90"), [false, true, false, true])]
fn anomalies_are_marked_and_kept(#[case] before: Option<&str>, #[case] marks: [bool; 4]) {
    let times = expected_open_times(Timeframe::D1, at("2024-03-01T00:00:00Z"), Timestamp::MAX);
    let candles: Vec<Candle> = times
        .zip(["100", "150", "149", "1"])
        .map(|(time, close)| closing_at(time, close))
        .collect();
    let marked = with_anomalies(before.map(price), &candles);
    assert_eq!(
        marked.iter().map(|(candle, _)| *candle).collect::<Vec<_>>(),
        candles
    );
    assert_eq!(
        marked.iter().map(|(_, marked)| *marked).collect::<Vec<_>>(),
        marks
    );
}

// ---- the full grid --------------------------------------------------------------------------------------------------

#[test]
fn a_hole_is_filled_flat_and_marked() {
    let open = candle(at("2024-03-01T00:00:00Z"), ["10", "14", "8", "12.5"], "3");
    let after = candle(at("2024-03-01T12:00:00Z"), ["13", "13", "11", "11"], "2");
    let filled = |time| GridCandle {
        candle: candle(at(time), ["12.5"; 4], "0"),
        is_filled: true,
    };
    let own = |candle| GridCandle {
        candle,
        is_filled: false,
    };
    assert_eq!(
        on_full_grid(Timeframe::H4, &[open, after]),
        [
            own(open),
            filled("2024-03-01T04:00:00Z"),
            filled("2024-03-01T08:00:00Z"),
            own(after)
        ]
    );
    assert_eq!(on_full_grid(Timeframe::H4, &[]), []);
}

#[test]
fn a_bar_has_the_prices_of_its_candle() {
    let open = candle(
        at("2024-03-01T00:00:00Z"),
        ["10", "14.25", "0.00000008", "12.5"],
        "3",
    );
    let bar = GridCandle {
        candle: open,
        is_filled: false,
    }
    .bar();
    assert_eq!(
        [bar.high, bar.low, bar.close].map(f64::to_bits),
        [14.25, 8e-8, 12.5].map(f64::to_bits)
    );
}

/// Candles from 2020 on, of closes 1, 2, 3 …; those that are not kept are holes.
fn with_holes(timeframe: Timeframe, kept: &[bool]) -> Vec<Candle> {
    let times = expected_open_times(timeframe, at("2020-01-06T00:00:00Z"), Timestamp::MAX);
    let candles = times
        .zip(1..)
        .map(|(time, close): (_, u32)| closing_at(time, &close.to_string()));
    candles
        .zip(kept)
        .filter(|(_, kept)| **kept)
        .map(|(candle, _)| candle)
        .collect()
}

proptest! {
    #[test]
    fn the_full_grid_has_every_place_once_and_every_candle_unchanged(
        timeframe in timeframe(),
        kept in proptest::collection::vec(any::<bool>(), 0..60),
    ) {
        let candles = with_holes(timeframe, &kept);
        let full = on_full_grid(timeframe, &candles);
        let times: Vec<Timestamp> = full.iter().map(|place| place.candle.open_time).collect();
        prop_assert_eq!(missing_open_times(timeframe, &times), []);
        prop_assert!(times.is_sorted_by(|one, next| one < next));
        let (filled, own): (Vec<&GridCandle>, Vec<&GridCandle>) = full.iter().partition(|place| place.is_filled);
        prop_assert_eq!(own.iter().map(|place| place.candle).collect::<Vec<_>>(), candles);
        prop_assert!(filled.iter().all(|place| place.candle.volume == Volume::ZERO));
        for neighbours in full.windows(2).filter(|neighbours| neighbours[1].is_filled) {
            let Candle { open, high, low, close, .. } = neighbours[1].candle;
            prop_assert_eq!([open, high, low, close], [neighbours[0].candle.close; 4]);
        }
    }
}

// ---- weeks ----------------------------------------------------------------------------------------------------------

/// Fourteen days from Monday, 2024-02-26: every week has its extremes within and a volume of 28.
fn fortnight() -> Vec<Candle> {
    let prices = [
        ["10", "11", "9", "10"],
        ["10", "12", "10", "11"],
        ["11", "19", "11", "12"],
        ["12", "13", "10", "11"],
        ["11", "12", "2", "10"],
        ["10", "11", "9", "10"],
        ["10", "18", "3", "17.5"],
    ];
    let times = expected_open_times(
        Timeframe::D1,
        at("2024-02-26T00:00:00Z"),
        at("2024-03-10T00:00:00Z"),
    );
    let volumes = ["1", "2", "3", "4", "5", "6", "7"].iter().cycle();
    times
        .zip(prices.iter().cycle().zip(volumes))
        .map(|(time, (prices, volume))| candle(time, *prices, volume))
        .collect()
}

fn week(monday: &str, prices: [&str; 4], volume: &str) -> GridCandle {
    GridCandle {
        candle: candle(at(monday), prices, volume),
        is_filled: false,
    }
}

#[test]
fn a_week_is_the_first_open_the_extremes_the_last_close_and_all_volume() {
    assert_eq!(
        weeks_of_days(&fortnight(), at("2024-03-11T00:00:00Z")),
        [
            week("2024-02-26T00:00:00Z", ["10", "19", "2", "17.5"], "28"),
            week("2024-03-04T00:00:00Z", ["10", "19", "2", "17.5"], "28"),
        ]
    );
}

#[rstest]
#[case::the_second_just_ended("2024-03-11T00:00:00Z", 14, 2)]
#[case::the_second_not_ended("2024-03-10T23:59:59.999Z", 14, 1)]
#[case::its_last_day_not_there_yet("2024-03-11T00:00:00Z", 13, 1)]
#[case::neither_ended("2024-03-03T23:59:59Z", 14, 0)]
#[case::six_days("2024-03-11T00:00:00Z", 6, 0)]
#[case::none("2024-03-11T00:00:00Z", 0, 0)]
fn an_unfinished_week_is_no_candle(#[case] as_of: &str, #[case] days: usize, #[case] weeks: usize) {
    assert_eq!(weeks_of_days(&fortnight()[..days], at(as_of)).len(), weeks);
}

#[rstest]
#[case::from_tuesday(1, 1)]
#[case::from_sunday(6, 1)]
#[case::from_the_next_monday(7, 1)]
#[case::from_the_next_tuesday(8, 0)]
fn a_week_that_began_before_the_history_is_left_out(#[case] from: usize, #[case] count: usize) {
    let weeks = weeks_of_days(&fortnight()[from..], at("2024-03-11T00:00:00Z"));
    assert_eq!(weeks.len(), count);
    assert!(
        weeks
            .iter()
            .all(|week| week.candle.open_time == at("2024-03-04T00:00:00Z"))
    );
}

#[test]
fn missing_days_are_flat_and_a_week_without_any_day_is_marked() {
    let monday = fortnight().swap_remove(7);
    let days = [monday, closing_at(at("2024-03-24T00:00:00Z"), "20")];
    let weeks = weeks_of_days(&days, at("2024-03-25T00:00:00Z"));
    let filled = GridCandle {
        candle: candle(at("2024-03-11T00:00:00Z"), ["10"; 4], "0"),
        is_filled: true,
    };
    assert_eq!(
        weeks,
        [
            week("2024-03-04T00:00:00Z", ["10", "11", "9", "10"], "1"),
            filled,
            week("2024-03-18T00:00:00Z", ["10", "20", "10", "20"], "1"),
        ]
    );
}

proptest! {
    #[test]
    fn weeks_come_whole_from_the_days_between_two_mondays(
        kept in proptest::collection::vec(any::<bool>(), 0..60),
        as_of in 0..60_i64,
    ) {
        let days = with_holes(Timeframe::D1, &kept);
        let as_of = at("2020-01-06T00:00:00Z") + (as_of * 24).hours();
        let full = on_full_grid(Timeframe::D1, &days);
        let weeks = weeks_of_days(&days, as_of);
        let times: Vec<Timestamp> = weeks.iter().map(|week| week.candle.open_time).collect();
        prop_assert_eq!(missing_open_times(Timeframe::W1, &times), []);
        for week in weeks {
            let Candle { open_time, open, high, low, close, volume } = week.candle;
            let end = end_of(Timeframe::W1, open_time);
            prop_assert!(is_on_grid(Timeframe::W1, open_time) && end <= as_of);
            let inside: Vec<&GridCandle> = full
                .iter()
                .filter(|day| day.candle.open_time >= open_time && day.candle.open_time < end)
                .collect();
            prop_assert_eq!(inside.len(), 7);
            prop_assert_eq!(open, inside[0].candle.open);
            prop_assert_eq!(close, inside[6].candle.close);
            prop_assert_eq!(Some(high), inside.iter().map(|day| day.candle.high).max());
            prop_assert_eq!(Some(low), inside.iter().map(|day| day.candle.low).min());
            prop_assert_eq!(volume.value(), inside.iter().map(|day| day.candle.volume.value()).sum::<Decimal>());
            prop_assert_eq!(week.is_filled, inside.iter().all(|day| day.is_filled));
        }
    }
}

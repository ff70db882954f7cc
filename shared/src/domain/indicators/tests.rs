//! Held to TA-Lib's own output (fixtures/, made by scripts/ta-lib-fixtures) and to what always holds.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use proptest::prelude::*;
use serde_json::value::RawValue;

use super::*;

// ---- TA-Lib: files of scripts/ta-lib-fixtures -----------------------------------------------------------------------

/// A made-up series and what TA-Lib makes of it.
struct Fixture {
    series: String,
    bars: Vec<Bar>,
    columns: [(&'static str, Vec<Option<f64>>); 10],
}

impl Fixture {
    fn read(file: &Path) -> Self {
        let text = fs::read_to_string(file).unwrap();
        // serde_json's own numbers may be one unit in the last place off, and a calm market is made of such units.
        let mut columns: BTreeMap<&str, Vec<&RawValue>> = serde_json::from_str(&text).unwrap();
        let mut column = |name| columns.remove(name).unwrap().into_iter().map(RawValue::get);
        let mut prices = |name| {
            column(name)
                .map(|text| text.parse().unwrap())
                .collect::<Vec<f64>>()
        };
        let (high, low, close) = (prices("high"), prices("low"), prices("close"));
        let mut figures = |name| {
            let figure = |text: &str| {
                if text == "null" {
                    None
                } else {
                    Some(text.parse().unwrap())
                }
            };
            (name, column(name).map(figure).collect())
        };
        let fixture = Self {
            series: file.file_stem().unwrap().to_string_lossy().into_owned(),
            bars: (0..close.len())
                .map(|bar| Bar {
                    high: high[bar],
                    low: low[bar],
                    close: close[bar],
                })
                .collect(),
            columns: [
                figures("ema21"),
                figures("ema55"),
                figures("rsi14"),
                figures("macd"),
                figures("macd_signal"),
                figures("macd_histogram"),
                figures("bollinger_upper"),
                figures("bollinger_middle"),
                figures("bollinger_lower"),
                figures("atr14"),
            ],
        };
        assert!(columns.is_empty(), "{columns:?} are not compared");
        fixture
    }
}

fn fixtures() -> Vec<Fixture> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/domain/indicators/fixtures");
    let mut files: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    files.sort();
    assert!(files.len() >= 20, "only {} series", files.len());
    files.iter().map(|file| Fixture::read(file)).collect()
}

/// The ten figures of one bar, in the order of the columns.
fn figures(values: Values) -> [Option<f64>; 10] {
    let Values {
        ema21,
        ema55,
        rsi14,
        macd,
        bollinger,
        atr14,
    } = values;
    let macd = |part: fn(MacdValues) -> f64| macd.map(part);
    let band = |part: fn(Bands) -> f64| bollinger.map(part);
    [
        ema21,
        ema55,
        rsi14,
        macd(|values| values.macd),
        macd(|values| values.signal),
        macd(|values| values.histogram),
        band(|bands| bands.upper),
        band(|bands| bands.middle),
        band(|bands| bands.lower),
        atr14,
    ]
}

#[test]
fn every_figure_agrees_with_ta_lib() {
    for Fixture {
        series,
        bars,
        columns,
    } in fixtures()
    {
        let ours = Columns::over(&bars);
        assert_eq!(ours.len(), bars.len(), "{series}");
        for (index, bar) in bars.iter().enumerate() {
            for ((name, theirs), ours) in columns.iter().zip(figures(ours.at(index))) {
                let theirs = theirs[index];
                assert_eq!(
                    ours.is_some(),
                    theirs.is_some(),
                    "{series}: {name} of bar {index}"
                );
                let (Some(ours), Some(theirs)) = (ours, theirs) else {
                    continue;
                };
                let allowed = 1e-9 * theirs.abs().max(bar.close);
                let difference = (ours - theirs).abs();
                assert!(
                    difference <= allowed,
                    "{series}: {name} of bar {index} is {ours}, TA-Lib says {theirs}, {difference} > {allowed}"
                );
            }
        }
    }
}

/// The tolerance is one of prices; it must not hide an index or a width that is wrong as a share of itself.
#[test]
fn rsi_and_band_width_agree_with_ta_lib_at_any_scale_of_prices() {
    for Fixture {
        series,
        bars,
        columns: [_, _, (_, rsi14), _, _, _, (_, upper), _, (_, lower), _],
    } in fixtures()
    {
        let ours = Columns::over(&bars);
        for index in 0..bars.len() {
            let Values {
                rsi14: ours,
                bollinger,
                ..
            } = ours.at(index);
            if let (Some(ours), Some(theirs)) = (ours, rsi14[index]) {
                assert!(
                    (ours - theirs).abs() <= 1e-9,
                    "{series}: RSI of bar {index} is {ours}, not {theirs}"
                );
            }
            if let (Some(ours), Some(upper), Some(lower)) = (bollinger, upper[index], lower[index]) {
                let (ours, theirs) = (ours.upper - ours.lower, upper - lower);
                let allowed = 1e-9 * theirs + 1e-14 * upper;
                assert!(
                    (ours - theirs).abs() <= allowed,
                    "{series}: width of bar {index} is {ours}, not {theirs}"
                );
            }
        }
    }
}

// ---- properties -----------------------------------------------------------------------------------------------------

/// A series: prices of any usual size, moves from nothing to a fifth, flat stretches.
fn series(bars: impl Into<proptest::collection::SizeRange>) -> impl Strategy<Value = Vec<Bar>> {
    let a_move = prop_oneof![3 => -0.2..0.2f64, 3 => -0.001..0.001f64, 2 => Just(0.0)];
    let moves = proptest::collection::vec((a_move, 0.0..0.05f64, 0.0..0.05f64), bars);
    (-6.0..9.0f64, moves).prop_map(|(size, moves)| {
        let mut close = 10f64.powf(size);
        let mut bar = |(change, above, below): (f64, f64, f64)| {
            let open = close;
            close *= 1.0 + change;
            let is_flat = change.abs() <= 0.0;
            let (above, below) = if is_flat { (0.0, 0.0) } else { (above, below) };
            Bar {
                high: open.max(close) * (1.0 + above),
                low: open.min(close) * (1.0 - below),
                close,
            }
        };
        moves.into_iter().map(&mut bar).collect()
    })
}

/// Equal only if every bit is.
fn bits(values: Values) -> [Option<u64>; 10] {
    figures(values).map(|figure| figure.map(f64::to_bits))
}

fn incremental(bars: &[Bar]) -> Vec<[Option<u64>; 10]> {
    let mut panel = Panel::default();
    bars.iter().map(|bar| bits(panel.push(*bar))).collect()
}

fn batch(columns: &Columns) -> Vec<[Option<u64>; 10]> {
    (0..columns.len()).map(|index| bits(columns.at(index))).collect()
}

/// To the definition and nothing else: as slow as it is plain.
fn naive_ema(values: &[f64], period: usize) -> Vec<Option<f64>> {
    let length = i32::try_from(period).unwrap();
    let factor = 2.0 / (f64::from(length) + 1.0);
    let mut averages = vec![None; values.len()];
    for last in period..=values.len() {
        let first: f64 = values[..period]
            .iter()
            .map(|value| value / f64::from(length))
            .sum();
        let later = values[period..last].iter();
        averages[last - 1] =
            Some(later.fold(first, |average, value| value * factor + average * (1.0 - factor)));
    }
    averages
}

proptest! {
    #[test]
    fn figures_keep_within_their_bounds(bars in series(0..300)) {
        let columns = Columns::over(&bars);
        for index in 0..bars.len() {
            let Values { rsi14, macd, bollinger, atr14, .. } = columns.at(index);
            prop_assert!(rsi14.is_none_or(|rsi| (0.0..=100.0).contains(&rsi)), "RSI {rsi14:?}");
            prop_assert!(atr14.is_none_or(|atr| atr >= 0.0), "ATR {atr14:?}");
            if let Some(Bands { upper, middle, lower }) = bollinger {
                prop_assert!(upper >= middle && middle >= lower, "{bollinger:?}");
            }
            if let Some(MacdValues { macd, signal, histogram }) = macd {
                prop_assert_eq!(histogram.to_bits(), (macd - signal).to_bits());
            }
        }
    }

    #[test]
    fn one_bar_at_a_time_gives_the_bits_of_the_whole_series(bars in series(0..400)) {
        prop_assert_eq!(incremental(&bars), batch(&Columns::over(&bars)));
        prop_assert_eq!(
            Panel::after(bars.iter().copied()).map(bits),
            batch(&Columns::over(&bars)).last().copied()
        );
    }

    #[test]
    fn later_bars_change_nothing_before_them(bars in series(1..300), cut: prop::sample::Index) {
        let cut = cut.index(bars.len());
        let whole = batch(&Columns::over(&bars));
        prop_assert_eq!(&batch(&Columns::over(&bars[..cut]))[..], &whole[..cut]);
    }

    #[test]
    fn memory_of_another_series_leaves_no_trace(first in series(0..200), second in series(0..200)) {
        let mut columns = Columns::over(&first);
        columns.renew(&second);
        prop_assert_eq!(batch(&columns), batch(&Columns::over(&second)));
        columns.renew(&first[..first.len().min(second.len())]);
        prop_assert_eq!(batch(&columns), batch(&Columns::over(&first[..first.len().min(second.len())])));
    }

    #[test]
    fn the_average_of_a_constant_is_that_constant(size in -6.0..9.0f64, period in 1..60u32, bars in 1..200u32) {
        let value = 10f64.powf(size);
        for mut ema in [Ema::new(period), Ema::wilder(period)] {
            let last = (0..bars).map(|_| ema.push(value)).last().flatten();
            prop_assert_eq!(last.is_some(), bars >= period);
            prop_assert!(last.is_none_or(|last| (last - value).abs() <= 1e-14 * f64::from(period) * value));
        }
    }

    #[test]
    fn the_average_is_the_one_of_its_definition(bars in series(0..150), period in 1..60usize) {
        let closes: Vec<f64> = bars.iter().map(|bar| bar.close).collect();
        let mut ema = Ema::new(u32::try_from(period).unwrap());
        for (close, expected) in closes.iter().zip(naive_ema(&closes, period)) {
            let ours = ema.push(*close);
            prop_assert_eq!(ours.is_some(), expected.is_some());
            if let (Some(ours), Some(expected)) = (ours, expected) {
                prop_assert!((ours - expected).abs() <= 1e-11 * expected, "{} is not {}", ours, expected);
            }
        }
    }

    #[test]
    fn bands_are_the_ones_of_their_definition(bars in series(20..120)) {
        let columns = Columns::over(&bars);
        for (index, window) in bars.windows(20).enumerate() {
            let mean = window.iter().map(|bar| bar.close).sum::<f64>() / 20.0;
            let squares: f64 = window.iter().map(|bar| (bar.close - mean).powi(2)).sum();
            let deviation = (squares / 20.0).sqrt();
            let bands = columns.at(index + 19).bollinger.unwrap();
            for (ours, expected) in
                [(bands.upper, mean + 2.0 * deviation), (bands.middle, mean), (bands.lower, mean - 2.0 * deviation)]
            {
                prop_assert!((ours - expected).abs() <= 1e-12 * mean, "{} is not {}", ours, expected);
            }
        }
    }
}

#[test]
fn a_flat_market_has_no_range_no_width_and_no_moves() {
    let bar = Bar {
        high: 100.1,
        low: 100.1,
        close: 100.1,
    };
    let values = Panel::after([bar; 200]).unwrap();
    let bands = values.bollinger.unwrap();
    assert_eq!([values.atr14, values.rsi14], [Some(0.0), Some(0.0)]);
    assert_eq!(
        [bands.upper, bands.lower].map(f64::to_bits),
        [100.1f64, 100.1].map(f64::to_bits)
    );
}

#[test]
fn bands_close_again_once_a_jump_has_left_the_window() {
    let bar = |close| Bar {
        high: close,
        low: close,
        close,
    };
    let jump = [bar(3.3e9), bar(1e-3)].into_iter();
    let mut panel = Panel::default();
    let mut width = |bar| panel.push(bar).bollinger.map(|bands| bands.upper - bands.lower);
    let widths: Vec<_> = jump.chain([bar(1.1); 40]).map(&mut width).collect();
    assert!(widths[20].unwrap() > 0.0);
    assert!(
        widths[21..].iter().all(|width| width.unwrap().to_bits() == 0),
        "{widths:?}"
    );
}

#[test]
fn without_bars_there_is_nothing() {
    assert_eq!(Panel::after([]), None);
    let columns = Columns::over(&[]);
    assert!(columns.is_empty());
    assert_eq!(columns.at(0), Values::default());
}

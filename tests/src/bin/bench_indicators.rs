//! Benchmark: every indicator over a million candles.
//!
//! `scripts/bench-ta-lib.py` does the same with TA-Lib's C library over the same candles: the last
//! close that both print is the same to the bit, and the sums of the columns but for rounding.
//! `median_ms` is for columns in memory that is there already, `fresh_median_ms` includes getting it.

use std::hint::black_box;
use std::process::ExitCode;

use clap::Parser;
use serde_json::json;
use shared::clock::Stopwatch;
use shared::domain::indicators::{Bar, Column, Columns};

#[derive(Parser)]
struct Options {
    /// Candles of the series.
    #[arg(long, default_value_t = 1_000_000)]
    candles: u32,
    /// Rounds that count; one more comes before them.
    #[arg(long, default_value_t = 7)]
    rounds: usize,
}

/// A linear congruential generator (Knuth's MMIX constants).
struct Numbers(u64);

impl Numbers {
    /// The next number, 0 <= n < 1.
    fn next(&mut self) -> f64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        // The upper 53 bits, in two steps because no integer of that size converts without a word about precision.
        let (high, low) = (self.0 >> 32, (self.0 >> 11) & 0x1f_ffff);
        let part = |bits: u64| f64::from(u32::try_from(bits).unwrap_or(u32::MAX));
        (part(high) * 2_097_152.0 + part(low)) / 9_007_199_254_740_992.0
    }
}

fn candles(count: u32) -> Vec<Bar> {
    let mut numbers = Numbers(42);
    let mut close = 40_000.0_f64;
    let mut next = || {
        let open = close;
        close *= 1.0 + (numbers.next() - 0.5) * 0.005;
        let high = open.max(close) * (1.0 + numbers.next() * 0.001);
        let low = open.min(close) * (1.0 - numbers.next() * 0.001);
        Bar { high, low, close }
    };
    (0..count).map(|_| next()).collect()
}

/// The sum of a column, of which the first values may be missing.
fn sum(column: &[f64]) -> f64 {
    column.iter().filter(|value| !value.is_nan()).sum()
}

/// Milliseconds of each round, fastest first.
fn measure(rounds: usize, mut round: impl FnMut()) -> Vec<f64> {
    round();
    let mut times: Vec<f64> = (0..rounds)
        .map(|_| {
            let watch = Stopwatch::start();
            round();
            watch.elapsed().as_secs_f64() * 1e3
        })
        .collect();
    times.sort_by(f64::total_cmp);
    times
}

fn main() -> ExitCode {
    let Options {
        candles: count,
        rounds,
    } = Options::parse();
    let bars = candles(count);
    let mut columns = Columns::over(&bars);
    let reused = measure(rounds, || black_box(&mut columns).renew(black_box(&bars)));
    let fresh = measure(rounds, || drop(black_box(Columns::over(black_box(&bars)))));
    let (Some(&min), Some(&median)) = (reused.first(), reused.get(rounds / 2)) else {
        return ExitCode::FAILURE;
    };
    let sums = Column::ALL.map(|column| sum(columns.column(column)));
    let line = json!({
        "subject": "automoney",
        "candles": count,
        "rounds": rounds,
        "median_ms": median,
        "min_ms": min,
        "ns_per_candle": median * 1e6 / f64::from(count),
        "fresh_median_ms": fresh.get(rounds / 2),
        "fresh_min_ms": fresh.first(),
        "last_close": bars.last().map(|bar| bar.close),
        "sums": sums,
    });
    println!("{line}");
    ExitCode::SUCCESS
}

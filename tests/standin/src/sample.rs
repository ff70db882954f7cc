//! The sample market: prices that nobody traded, the same for everyone at any time.
//!
//! A pure function of the hour: slow cycles, so that every signal occurs, and a walk of small steps
//! from a counter-based generator. Nothing of it is real, and every answer says so.

use rust_decimal::Decimal;

use crate::feed::CandleRow;

const HOUR_MS: i64 = 3_600_000;

/// 2018-12-01T00:00:00Z.
const BEGINNING_MS: i64 = 1_543_622_400_000;

/// A market: where it starts, how wild it is, and what tells its numbers from another's.
struct Character {
    seed: u64,
    price: f64,
    cycle: f64,
    step: f64,
    volume: f64,
}

fn character(symbol: &str) -> Option<Character> {
    Some(match symbol {
        "BTCUSDT" => Character {
            seed: 1,
            price: 20_000.0,
            cycle: 0.55,
            step: 0.0042,
            volume: 900.0,
        },
        "ETHUSDT" => Character {
            seed: 2,
            price: 1_200.0,
            cycle: 0.70,
            step: 0.0055,
            volume: 9_000.0,
        },
        _ => return None,
    })
}

/// Hourly candles from the beginning up to `until_ms`, oldest first; none for an unknown symbol.
pub(crate) fn hours(symbol: &str, until_ms: i64) -> Vec<CandleRow> {
    let Some(character) = character(symbol) else {
        return Vec::new();
    };
    let count = usize::try_from((until_ms - BEGINNING_MS).div_euclid(HOUR_MS)).unwrap_or(0);
    let mut walk = 0.0_f64;
    let mut open = character.price;
    let mut rows = Vec::with_capacity(count);
    for hour in 0..count as u64 {
        let noise = |lane: u64| unit(character.seed, hour, lane);
        // The pull back keeps eight years of steps within reach of the cycles.
        walk = walk * 0.9997 + (noise(0) + noise(1) + noise(2) - 1.5) * 2.0 * character.step;
        let close = character.price * (walk + slow(hour, character.cycle)).exp();
        let high = open.max(close) * (1.0 + noise(3) * character.step);
        let low = open.min(close) * (1.0 - noise(4) * character.step);
        let volume = character.volume * (0.4 + noise(5) + 20.0 * (close / open - 1.0).abs());
        rows.push(CandleRow {
            open_time_ms: BEGINNING_MS + i64::try_from(hour).unwrap_or(0) * HOUR_MS,
            open: figure(open, 2),
            high: figure(high, 2),
            low: figure(low, 2),
            close: figure(close, 2),
            volume: figure(volume, 5),
        });
        open = close;
    }
    rows
}

/// Growth and cycles of three and a half years, eight months and five weeks.
#[expect(clippy::cast_precision_loss, reason = "hours since 2018 are far below 2^52")]
fn slow(hour: u64, cycle: f64) -> f64 {
    let years = hour as f64 / 8766.0;
    let wave = |length: f64| (years / length * std::f64::consts::TAU).sin();
    0.09 * years + cycle * wave(3.5) + 0.22 * wave(0.66) + 0.07 * wave(0.096)
}

fn figure(value: f64, places: u32) -> Decimal {
    Decimal::from_f64_retain(value)
        .unwrap_or_default()
        .round_dp(places)
        .normalize()
}

/// A number in 0..1 for a place: the finaliser of splitmix64 over its coordinates.
pub(crate) fn unit(seed: u64, index: u64, lane: u64) -> f64 {
    let mut z =
        seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ index.wrapping_mul(0xd1b5_4a32_d192_ed03) ^ (lane << 56);
    z = z.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^= z >> 31;
    #[expect(clippy::cast_precision_loss, reason = "53 bits fit")]
    let unit = (z >> 11) as f64 / (1_u64 << 53) as f64;
    unit
}

//! Bollinger bands.

/// How many closes before a bar's own belong to its window.
pub(super) const BEFORE: usize = 19;

/// How many neighbouring windows share an anchor. All of them contain it, so it is never more than 20.
pub(super) const LANES: usize = 16;

const DEVIATIONS: f64 = 2.0;

/// A twentieth: a multiplication takes a fraction of the time of a division.
const SHARE: f64 = 0.05;

/// Bollinger(20, 2) after one bar, USDT.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bands {
    /// Mean + 2 population standard deviations.
    pub upper: f64,
    /// Mean of the last 20 closes.
    pub middle: f64,
    /// Mean - 2 population standard deviations.
    pub lower: f64,
}

/// Bollinger(20, 2).
///
/// Closes are measured from one of the window's own, the anchor: the variance of a window that hardly
/// moves is far smaller than the rounding of squared prices. Nothing but the window is carried from
/// bar to bar, so no rounding collects, and equal closes give bands of width exactly 0.
#[derive(Debug, Clone)]
pub struct Bollinger {
    /// Oldest first.
    window: [f64; BEFORE + 1],
    missing: usize,
    /// Where in the window the anchor is: sixteen windows move over one, then comes the next.
    anchor: usize,
}

impl Default for Bollinger {
    fn default() -> Self {
        Self {
            window: [0.0; BEFORE + 1],
            missing: BEFORE,
            anchor: LANES - 1,
        }
    }
}

impl Bollinger {
    /// Takes the next close and gives the bands after it.
    pub fn push(&mut self, close: f64) -> Option<Bands> {
        self.window.copy_within(1.., 0);
        self.window[BEFORE] = close;
        if self.missing > 0 {
            self.missing -= 1;
            return None;
        }
        let anchor = self.window[self.anchor];
        self.anchor = if self.anchor == 0 {
            LANES - 1
        } else {
            self.anchor - 1
        };
        let Lanes {
            upper: [upper],
            middle: [middle],
            lower: [lower],
        } = Lanes::over(&self.window, anchor);
        Some(Bands { upper, middle, lower })
    }

    /// The closes that the next window begins with, when that window is the first with a new anchor.
    pub(super) fn running(&self) -> Option<[f64; BEFORE]> {
        let is_first = self.missing == 0 && self.anchor == LANES - 1;
        if is_first {
            self.window.last_chunk().copied()
        } else {
            None
        }
    }
}

/// The bands of `N` neighbouring windows.
pub(super) struct Lanes<const N: usize> {
    pub(super) upper: [f64; N],
    pub(super) middle: [f64; N],
    pub(super) lower: [f64; N],
}

impl Lanes<LANES> {
    /// The next sixteen windows, which share an anchor. Oldest close first.
    #[inline]
    pub(super) fn sharing(closes: &[f64; BEFORE + LANES]) -> Self {
        Self::over(closes, closes[LANES - 1])
    }
}

impl<const N: usize> Lanes<N> {
    /// The first window begins with the first of `CLOSES` = 19 + N closes, the last one ends with the last.
    #[inline]
    fn over<const CLOSES: usize>(closes: &[f64; CLOSES], anchor: f64) -> Self {
        const { assert!(CLOSES == BEFORE + N, "a window is 20 closes") };
        let mut distances = *closes;
        let mut squares = *closes;
        for index in 0..CLOSES {
            distances[index] = closes[index] - anchor;
            squares[index] = distances[index] * distances[index];
        }
        let (distances, squares) = (sums::<N, CLOSES>(&distances), sums::<N, CLOSES>(&squares));
        let mut bands = Self {
            upper: [0.0; N],
            middle: [0.0; N],
            lower: [0.0; N],
        };
        for lane in 0..N {
            let distance = distances[lane] * SHARE;
            let variance = squares[lane] * SHARE - distance * distance;
            let half = DEVIATIONS * (if variance > 0.0 { variance } else { 0.0 }).sqrt();
            let middle = anchor + distance;
            bands.upper[lane] = middle + half;
            bands.middle[lane] = middle;
            bands.lower[lane] = middle - half;
        }
        bands
    }
}

/// The sum of each window of 20, from partial sums that neighbouring windows share: every fourth value, then four such.
#[inline]
fn sums<const N: usize, const VALUES: usize>(values: &[f64; VALUES]) -> [f64; N] {
    let mut partial = *values;
    for index in 0..N + 11 {
        partial[index] += values[index + 4];
    }
    for index in 0..N + 3 {
        partial[index] = partial[index] + partial[index + 8] + values[index + 16];
    }
    for index in 0..N + 2 {
        partial[index] += partial[index + 1];
    }
    let mut windows = [0.0; N];
    for lane in 0..N {
        windows[lane] = partial[lane] + partial[lane + 2];
    }
    windows
}

//! Exponential moving averages: the usual one, and Wilder's, that RSI and ATR smooth with.

/// EMA(n): starts from the mean of its first n values, then moves by 2 / (n + 1) of the distance.
#[derive(Debug, Clone)]
pub struct Ema {
    period: f64,
    factor: f64,
    state: State,
}

#[derive(Debug, Clone)]
enum State {
    /// The sum of the values so far, and how many are still needed for the first mean.
    Gathering {
        sum: f64,
        missing: u32,
    },
    Running(Average),
}

/// An average past its start.
pub(super) type Average = Averages<1>;

/// `N` averages past their start, moved together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Averages<const N: usize> {
    values: [f64; N],
    factors: [f64; N],
}

impl<const N: usize> Averages<N> {
    /// Each moves by its factor of the distance: the average of one value repeated stays exactly that value.
    #[inline]
    #[expect(
        clippy::needless_range_loop,
        reason = "three arrays in step: the plain form is the one that stays in registers"
    )]
    pub(super) fn push(&mut self, values: [f64; N]) -> [f64; N] {
        for lane in 0..N {
            self.values[lane] += (values[lane] - self.values[lane]) * self.factors[lane];
        }
        self.values
    }
}

impl Average {
    pub(super) const fn and(self, other: Self) -> Averages<2> {
        let ([value], [factor]) = (self.values, self.factors);
        let ([other_value], [other_factor]) = (other.values, other.factors);
        Averages {
            values: [value, other_value],
            factors: [factor, other_factor],
        }
    }
}

impl Ema {
    /// An average over `period` values, at least 1.
    pub fn new(period: u32) -> Self {
        Self::starting(period, |length| 2.0 / (length + 1.0))
    }

    /// Wilder's average over `period` values, at least 1: moves by 1 / n of the distance.
    pub fn wilder(period: u32) -> Self {
        Self::starting(period, |length| 1.0 / length)
    }

    fn starting(period: u32, factor: fn(f64) -> f64) -> Self {
        let period = period.max(1);
        let length = f64::from(period);
        Self {
            period: length,
            factor: factor(length),
            state: State::Gathering {
                sum: 0.0,
                missing: period,
            },
        }
    }

    /// Takes the next value and gives the average after it.
    #[inline]
    pub fn push(&mut self, value: f64) -> Option<f64> {
        match &mut self.state {
            State::Running(average) => {
                let [average] = average.push([value]);
                Some(average)
            }
            State::Gathering { sum, missing } => {
                *sum += value;
                *missing -= 1;
                if *missing > 0 {
                    return None;
                }
                let first = *sum / self.period;
                self.state = State::Running(Averages {
                    values: [first],
                    factors: [self.factor],
                });
                Some(first)
            }
        }
    }

    /// What goes on from here, once the first mean is there.
    pub(super) fn running(&self) -> Option<Average> {
        match self.state {
            State::Running(average) => Some(average),
            State::Gathering { .. } => None,
        }
    }
}

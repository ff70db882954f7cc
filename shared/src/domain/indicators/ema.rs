//! Exponential moving average.

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
    Running {
        value: f64,
    },
}

impl Ema {
    /// An average over `period` values, at least 1.
    pub fn new(period: u32) -> Self {
        let period = period.max(1);
        let length = f64::from(period);
        Self {
            period: length,
            factor: 2.0 / (length + 1.0),
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
            State::Running { value: average } => {
                *average += (value - *average) * self.factor;
                Some(*average)
            }
            State::Gathering { sum, missing } => {
                *sum += value;
                *missing -= 1;
                if *missing > 0 {
                    return None;
                }
                let first = *sum / self.period;
                self.state = State::Running { value: first };
                Some(first)
            }
        }
    }
}

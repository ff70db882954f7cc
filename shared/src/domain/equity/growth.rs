//! What one dollar of the beginning has become, whatever came or went meanwhile.

use crate::domain::money::Money;

/// The time-weighted index, 1 at the first moment with money, and the returns of whole days.
///
/// The span is cut wherever money comes or goes, and the parts are multiplied. A part that begins
/// with nothing, or whose beginning nobody could value, changes nothing and makes no return of a day.
#[derive(Debug, Default)]
pub(super) struct Growth {
    index: Option<f64>,
    /// The value at which the current part began.
    base: Option<Money>,
    /// The index at the last midnight, while every part since then was whole.
    midnight: Option<f64>,
    returns: Vec<f64>,
}

impl Growth {
    /// One moment on: the value before money came or went, the value with it, and the value after
    /// the orders of the moment.
    pub(super) fn step(
        &mut self,
        [before, ready, after]: [Option<Money>; 3],
        had_flow: bool,
        is_midnight: bool,
    ) {
        match (self.base.and_then(|base| ratio(before?, base)), self.base) {
            (Some(factor), _) => self.grow(factor),
            // Nobody knows what it was worth when money came or went.
            (None, Some(_)) if had_flow || before.is_some() => self.midnight = None,
            (None, _) => {}
        }
        if self.index.is_none() && ready.is_some_and(|ready| ready > Money::ZERO) {
            self.index = Some(1.0);
        }
        if let Some(factor) = ready.zip(after).and_then(|(ready, after)| ratio(after, ready)) {
            self.grow(factor);
        }
        // What the orders of the moment left cannot always be valued; what they began with can.
        let begun = after.or(ready);
        if begun.is_some() {
            self.base = begun.filter(|value| *value > Money::ZERO);
        } else if had_flow {
            self.base = None;
        }
        if is_midnight {
            self.close_day(after);
        }
    }

    fn close_day(&mut self, after: Option<Money>) {
        let index = after.and(self.index);
        if let (Some(then), Some(now)) = (self.midnight, index)
            && then > 0.0
        {
            self.returns.push(now / then - 1.0);
        }
        self.midnight = index.filter(|_| self.base.is_some());
    }

    fn grow(&mut self, factor: f64) {
        self.index = self.index.map(|index| index * factor);
    }

    /// What one dollar has become; `None` before there was any.
    pub(super) const fn index(&self) -> Option<f64> {
        self.index
    }

    /// Whether there was no money yet.
    pub(super) const fn is_unborn(&self) -> bool {
        self.index.is_none()
    }

    /// The returns of whole days.
    pub(super) fn returns(&self) -> &[f64] {
        &self.returns
    }
}

/// `None` when there is nothing to compare with.
fn ratio(value: Money, base: Money) -> Option<f64> {
    let ratio = value.value().checked_div(base.value())?;
    f64::try_from(ratio).ok()
}

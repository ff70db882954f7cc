//! The audit of a series: which places of its grid nobody knows about yet, and what an answer of
//! the exchange settles.
//!
//! A place is settled when its candle is stored or when the exchange has none: it answered with
//! candles before and after it, or from after it on. What is asked, stored and kept is not decided here.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Range, expected_open_times, is_on_grid, next_open_time};
use crate::domain::market::Timeframe;

/// What the exchange answered when it was asked for candles from a place on.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Page {
    /// Open times of the candles, the forming one included, oldest first.
    pub received: Vec<Timestamp>,
    /// Times of rows that make no candle; `None` for a row that does not say its time.
    pub rejected: Vec<Option<Timestamp>>,
    /// It holds as many rows as were asked for: there may be more after the last one.
    pub is_full: bool,
}

/// The audit of a series between two places of its grid.
#[derive(Debug, Clone)]
pub struct Audit {
    timeframe: Timeframe,
    last: Timestamp,
    /// Where the search for open places goes on: everything before is settled or given up.
    position: Timestamp,
    settled: BTreeSet<Timestamp>,
    /// The first place that stays open: it is asked for again in the next run.
    first_given_up: Option<Timestamp>,
}

impl Audit {
    /// The audit of the places in `first..=last`, both on the grid, of which `settled` are settled.
    pub fn new(
        timeframe: Timeframe,
        (first, last): (Timestamp, Timestamp),
        settled: impl IntoIterator<Item = Timestamp>,
    ) -> Self {
        Self {
            timeframe,
            last,
            position: first,
            settled: settled.into_iter().collect(),
            first_given_up: None,
        }
    }

    /// The first piece of neighbouring places that are still open; nothing when all has been asked for.
    pub fn next_piece(&mut self) -> Option<Range> {
        while self.position <= self.last && self.settled.remove(&self.position) {
            self.position = next_open_time(self.timeframe, self.position);
        }
        let places = expected_open_times(self.timeframe, self.position, self.last);
        let open = places.take_while(|place| !self.settled.contains(place));
        open.fold(None, |piece: Option<Range>, place| {
            Some(Range {
                first: piece.map_or(place, |piece| piece.first),
                last: place,
                count: piece.map_or(1, |piece| piece.count + 1),
            })
        })
    }

    /// Takes the answer to a question from the beginning of `piece` on. Gives the places for which
    /// the exchange has no candle.
    ///
    /// A place whose row makes no candle stays open, and so do all of them when a row does not say
    /// which place it is of: the exchange may mend it. What lies after the last row is asked for
    /// again at once when the page is full, in the next run when it is not.
    pub fn take(&mut self, piece: Range, page: &Page) -> Vec<Timestamp> {
        let received: BTreeSet<Timestamp> = page.received.iter().copied().collect();
        let rejected: BTreeSet<Timestamp> = page.rejected.iter().flatten().copied().collect();
        let is_placed = |time: &Option<Timestamp>| time.is_some_and(|time| is_on_grid(self.timeframe, time));
        let is_clear = page.rejected.iter().all(is_placed);
        let Some(newest) = received.last().max(rejected.last()).copied() else {
            self.give_up(piece.first);
            self.position = next_open_time(self.timeframe, self.last);
            return Vec::new();
        };
        let answered = newest.min(piece.last);
        let mut holes = Vec::new();
        for place in expected_open_times(self.timeframe, piece.first, answered) {
            if received.contains(&place) {
                continue;
            }
            if is_clear && !rejected.contains(&place) {
                holes.push(place);
            } else {
                self.give_up(place);
            }
        }
        self.position = next_open_time(self.timeframe, answered);
        if answered < piece.last && !page.is_full {
            self.give_up(self.position);
            self.position = next_open_time(self.timeframe, self.last);
        }
        holes
    }

    fn give_up(&mut self, place: Timestamp) {
        self.first_given_up.get_or_insert(place);
    }

    /// Every place before this one is settled.
    pub fn settled_until(&self) -> Timestamp {
        self.first_given_up.unwrap_or(self.position)
    }
}

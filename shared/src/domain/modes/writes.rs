//! Whether the database takes writes, as far as one process has seen.
//!
//! A write that the database refuses closes the door for all others. From two seconds after the last
//! refusal on one is let through at a time, and the first that succeeds opens it again. Nobody asks a
//! database that refuses for each request, and nobody has to tell us that it is well.

use jiff::{SignedDuration, Timestamp};

use super::Closure;

/// How long after a refusal the next write is let through.
pub const PROBE_AFTER: SignedDuration = SignedDuration::from_secs(2);

/// What is known of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Writes {
    /// How often the door was closed and opened: what began before that says nothing about now.
    pub(super) generation: u64,
    refused: Option<Refused>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Refused {
    since: Timestamp,
    probe_at: Timestamp,
    is_probed: bool,
}

/// A write's place; it is given back with how the write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[must_use = "a place that is not given back keeps every other write out"]
pub struct Turn {
    pub(super) generation: u64,
    pub(super) is_probe: bool,
}

impl Turn {
    /// Whether it is to show that the database takes writes again.
    pub const fn is_probe(self) -> bool {
        self.is_probe
    }
}

/// How a write ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It is done.
    Done,
    /// The database takes no writes.
    Refused,
    /// It says nothing about that: it was wrong, the database is gone, nobody knows.
    Unclear,
}

impl Writes {
    /// Lets a write in, or says why not.
    pub fn enter(&mut self, now: Timestamp) -> Result<Turn, Closure> {
        let generation = self.generation;
        let Some(refused) = &mut self.refused else {
            return Ok(Turn {
                generation,
                is_probe: false,
            });
        };
        if refused.is_probed || now < refused.probe_at {
            return Err(refused.closure(now));
        }
        refused.is_probed = true;
        Ok(Turn {
            generation,
            is_probe: true,
        })
    }

    /// Takes a place back. Tells whether that closed or opened the door.
    pub fn leave(&mut self, turn: Turn, outcome: Outcome, now: Timestamp) -> bool {
        if turn.generation != self.generation {
            return false;
        }
        match (outcome, &mut self.refused) {
            (Outcome::Refused, None) => {
                self.refuse(now);
                true
            }
            (Outcome::Done, Some(_)) if turn.is_probe => {
                self.generation += 1;
                self.refused = None;
                true
            }
            (outcome, Some(refused)) if turn.is_probe => {
                refused.is_probed = false;
                if outcome == Outcome::Refused {
                    refused.probe_at = now.saturating_add(PROBE_AFTER).unwrap_or(Timestamp::MAX);
                }
                false
            }
            _ => false,
        }
    }

    /// The database refused a write that had no place. Tells whether that closed the door.
    pub fn refuse(&mut self, now: Timestamp) -> bool {
        let probe_at = now.saturating_add(PROBE_AFTER).unwrap_or(Timestamp::MAX);
        if let Some(refused) = &mut self.refused {
            refused.probe_at = refused.probe_at.max(probe_at);
            return false;
        }
        self.generation += 1;
        self.refused = Some(Refused {
            since: now,
            probe_at,
            is_probed: false,
        });
        true
    }

    /// Why no write is let in without asking; nothing while they are.
    pub fn closure(&self, now: Timestamp) -> Option<Closure> {
        self.refused.as_ref().map(|refused| refused.closure(now))
    }

    /// Since when the database has refused.
    pub fn refused_since(&self) -> Option<Timestamp> {
        self.refused.map(|refused| refused.since)
    }
}

impl Refused {
    fn closure(&self, now: Timestamp) -> Closure {
        let left = self.probe_at.duration_since(now).as_millis();
        let left = u64::try_from(left).unwrap_or(0).div_ceil(1000);
        Closure::by_database(left.clamp(1, PROBE_AFTER.unsigned_abs().as_secs()))
    }
}

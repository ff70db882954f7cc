//! Delivery: what was committed is posted to every connection of its user.
//!
//! Streams are held while they are delivered, each by one deliverer; connections get their events one
//! after another, different connections side by side. It is done at least once: a deliverer that dies
//! between a post and its note leaves the stream held for some seconds, and the next one posts again.
//! Clients have the numbers.

use std::collections::HashMap;
use std::error::Error;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::slots::Slots;
use crate::app::App;
use crate::clock::{Clock, Stopwatch};
use crate::db::DbError;
use crate::db::push::deliveries::{self, AT_ONCE, Claimed, Due, Outcome, Settled};
use crate::domain::identity::UserId;
use crate::push::PushError;

/// Streams that are claimed at once.
const BATCH: i64 = 500;

/// Connections that wait for their turn or have it, above which no more streams are claimed.
const BACKLOG: usize = 1_000;

/// All posts to one connection together.
const TURN: Duration = Duration::from_secs(8);

/// How long a stream is held: longer than any turn, or two would deliver at the same time.
const HOLD: SignedDuration = SignedDuration::from_secs(15);

/// Outcomes are written down this often, so that no stream is held for the slowest of all.
const NOTE: Duration = Duration::from_millis(50);

/// While turns are open, what was written meanwhile is looked for this often.
const AGAIN: Duration = Duration::from_secs(1);

/// Kept back of the time: what was done must still be written down.
const RESERVE: Duration = Duration::from_millis(500);

/// Claimed with less time than this, streams would only be held from others.
const LEAST: Duration = Duration::from_secs(1);

/// The longest that a writer delivers after its commit; the schedule does the rest.
const AFTER_COMMIT: Duration = Duration::from_secs(5);

/// The first pause after "too many"; each one after is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(200);

/// A connection this young may be unknown to the gateway still.
const YOUNG: SignedDuration = SignedDuration::from_secs(10);

/// How often a young one is tried.
const TRIES_YOUNG: u32 = 4;

/// What was delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Delivered {
    /// Users whose events were dealt with.
    pub users: usize,
    /// Posts that arrived.
    pub posted: usize,
    /// Connections that are gone and were forgotten.
    pub gone: usize,
    /// Connections that are tried again later.
    pub left: usize,
}

/// Delivers what the writer just committed, and what else is due, as far as the time goes. Cannot fail
/// the writer: what goes wrong is logged, and left to the schedule.
pub async fn deliver_after_commit(app: &App, time_left: Option<Duration>) {
    let time_left = time_left.map_or(AFTER_COMMIT, |left| left.min(AFTER_COMMIT));
    // Boxed: its future is large and its caller's would be too.
    let delivering = timeout(time_left, Box::pin(deliver(app, time_left)));
    match delivering.await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => {
            tracing::warn!(
                error = &error as &dyn Error,
                "events were not delivered; the schedule will"
            );
        }
        Err(_) => tracing::warn!("events were not delivered in time; the schedule will"),
    }
}

/// Posts every event that was not, to every connection of its user. Nothing in a process that has no
/// way to connections.
pub async fn deliver(app: &App, time_left: Duration) -> Result<Delivered, DbError> {
    let Some(push) = app.push.clone() else {
        return Ok(Delivered::default());
    };
    let mut run = Run {
        app,
        slots: Slots::new(push),
        started: Stopwatch::start(),
        time_left,
        turns: JoinSet::new(),
        held: HashMap::new(),
        settled: Vec::new(),
        has_more: false,
        claimed_after: Duration::ZERO,
        total: Delivered::default(),
    };
    loop {
        let has_claimed = run.wants_more() && run.claim().await?;
        if !has_claimed && run.turns.is_empty() {
            break;
        }
        run.await_turns().await;
        run.settle().await?;
    }
    Ok(run.total)
}

/// A stream on its way.
struct Held {
    until: Timestamp,
    /// Connections that have not had their turn.
    open: usize,
    /// The last event when it was claimed.
    last_seq: i64,
    /// What all healthy ones have been sent.
    reached: i64,
}

/// One connection's turn, when it is over.
struct Turned {
    user: UserId,
    settled: Settled,
    posted: usize,
}

struct Run<'a> {
    app: &'a App,
    slots: Slots,
    started: Stopwatch,
    time_left: Duration,
    turns: JoinSet<Turned>,
    held: HashMap<UserId, Held>,
    settled: Vec<Settled>,
    /// The last claim found something, or a stream was let go of before its end.
    has_more: bool,
    /// When the last claim was, since the start.
    claimed_after: Duration,
    total: Delivered,
}

impl Run<'_> {
    fn left(&self) -> Duration {
        self.time_left
            .saturating_sub(self.started.elapsed())
            .saturating_sub(RESERVE)
    }

    fn wants_more(&self) -> bool {
        // One slow turn must not keep others from what they have not been sent.
        let may_find = self.turns.is_empty()
            || self.has_more
            || self.started.elapsed() >= self.claimed_after.saturating_add(AGAIN);
        may_find && self.turns.len() < BACKLOG && self.left() > LEAST
    }

    /// Takes hold of streams and lets their connections have their turns. Tells whether there were any.
    async fn claim(&mut self) -> Result<bool, DbError> {
        let now = self.app.clock.now();
        let until = now + HOLD;
        let claimed = deliveries::claim(&self.app.db, BATCH, until, now).await?;
        self.has_more = !claimed.is_empty();
        self.claimed_after = self.started.elapsed();
        if claimed.is_empty() {
            return Ok(false);
        }
        let due = deliveries::list_due(&self.app.db, &claimed, now).await?;
        for Claimed { user, last_seq } in claimed {
            let held = Held {
                until,
                open: 0,
                last_seq,
                reached: last_seq,
            };
            self.held.insert(user, held);
        }
        let limit = TURN.min(self.left());
        for due in due {
            let Some(held) = self.held.get_mut(&due.user) else {
                continue;
            };
            held.open += 1;
            let turn = Turn {
                slots: self.slots.clone(),
                clock: self.app.clock.clone(),
                last_seq: held.last_seq,
                due,
            };
            self.turns.spawn(turn.take(limit));
        }
        Ok(true)
    }

    /// Waits until a turn is over, and a little for those that follow; not longer than until the next
    /// claim.
    async fn await_turns(&mut self) {
        match timeout(AGAIN, self.turns.join_next()).await {
            Ok(Some(first)) => self.note(first.ok()),
            Ok(None) | Err(_) => return,
        }
        let rest = async {
            while let Some(next) = self.turns.join_next().await {
                self.note(next.ok());
            }
        };
        // What is not over by then is not lost: it stays in the set.
        let _ = timeout(NOTE, rest).await;
    }

    /// A turn that panicked says nothing: its stream stays held until that runs out.
    fn note(&mut self, turned: Option<Turned>) {
        let Some(Turned {
            user,
            settled,
            posted,
        }) = turned
        else {
            return;
        };
        self.total.posted += posted;
        match settled.outcome {
            Outcome::Gone => self.total.gone += 1,
            Outcome::Waits | Outcome::Failed => self.total.left += 1,
            Outcome::Sent => {}
        }
        if let Some(held) = self.held.get_mut(&user) {
            held.open -= 1;
            if settled.outcome == Outcome::Sent {
                held.reached = held.reached.min(settled.sent_seq);
            }
        }
        self.settled.push(settled);
    }

    /// Writes down what is over and lets go of streams whose connections all had their turn.
    async fn settle(&mut self) -> Result<(), DbError> {
        let over: Vec<_> = self.held.extract_if(|_, held| held.open == 0).collect();
        let settled = std::mem::take(&mut self.settled);
        if over.is_empty() && settled.is_empty() {
            return Ok(());
        }
        self.has_more |= over.iter().any(|(_, held)| held.reached < held.last_seq);
        let over: Vec<_> = over
            .into_iter()
            .map(|(user, held)| (user, held.reached, held.until))
            .collect();
        self.total.users += over.len();
        deliveries::settle(&self.app.db, &settled, &over, self.app.clock.now()).await
    }
}

/// A connection and what it has to be posted.
struct Turn {
    slots: Slots,
    clock: Clock,
    last_seq: i64,
    due: Due,
}

impl Turn {
    async fn take(self, limit: Duration) -> Turned {
        let (mut sent_seq, mut posted) = (0, 0);
        let posting = async {
            for message in &self.due.messages {
                match self.post(&message.text).await {
                    Outcome::Sent => (sent_seq, posted) = (message.seq, posted + 1),
                    other => return other,
                }
            }
            Outcome::Sent
        };
        let outcome = timeout(limit, posting).await.unwrap_or(Outcome::Waits);
        let is_all = outcome == Outcome::Sent && self.due.messages.len() < AT_ONCE;
        Turned {
            user: self.due.user,
            settled: Settled {
                connection: self.due.connection,
                sent_seq: if is_all { self.last_seq } else { sent_seq },
                outcome,
            },
            posted,
        }
    }

    /// Posts one message, again after a pause where too much was asked.
    async fn post(&self, text: &str) -> Outcome {
        let mut tries = 0;
        loop {
            let pause = FIRST_PAUSE.saturating_mul(1 << tries);
            tries = (tries + 1).min(TRIES_YOUNG);
            match self.slots.post(&self.due.connection, text).await {
                Ok(()) => return Outcome::Sent,
                Err(PushError::Throttled { retry_after }) => sleep(retry_after.unwrap_or(pause)).await,
                Err(PushError::Gone) if !self.is_young() => return Outcome::Gone,
                Err(PushError::Gone) if tries == TRIES_YOUNG => return Outcome::Waits,
                Err(PushError::Gone) => sleep(pause).await,
                Err(error @ PushError::Failed(_)) => {
                    let connection = &self.due.connection;
                    tracing::info!(connection, error = &error as &dyn Error, "a post failed");
                    return Outcome::Failed;
                }
            }
        }
    }

    fn is_young(&self) -> bool {
        self.clock.now() < self.due.connected_at + YOUNG
    }
}

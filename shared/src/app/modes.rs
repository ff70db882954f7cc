//! The mode of operation as this process knows it, and whether the database takes its writes.
//!
//! What an operator set is read from `system_flags` at most every four seconds, however many requests
//! come: so every process follows within five. While the database is gone the last known mode holds.
//! Decides nothing: `domain::modes` does.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use crate::db::{Db, DbError, modes};
use crate::domain::modes::{Closure, Mode, Outcome, Setting, Turn, Writes};

/// How old the known mode may be before it is read again.
const FRESH: SignedDuration = SignedDuration::from_secs(4);
/// How long who asks waits for the database.
const PATIENCE: Duration = Duration::from_secs(1);
/// The same after it did not answer: then the last known mode most likely holds.
const IMPATIENCE: Duration = Duration::from_millis(250);

/// The mode, for all of a process; cheap to clone.
#[derive(Clone)]
pub struct Modes(Arc<Inner>);

struct Inner {
    db: Db,
    known: RwLock<Known>,
    /// One reads at a time; others wait for what it finds.
    reading: tokio::sync::Mutex<()>,
    writes: Mutex<Writes>,
}

struct Known {
    setting: Arc<Setting>,
    /// When it is to be read again.
    ask_at: Timestamp,
    patience: Duration,
}

impl Modes {
    /// Nothing is known yet.
    pub(super) fn of(db: Db) -> Self {
        Self(Arc::new(Inner {
            db,
            known: RwLock::new(Known {
                setting: Arc::default(),
                ask_at: Timestamp::MIN,
                patience: PATIENCE,
            }),
            reading: tokio::sync::Mutex::default(),
            writes: Mutex::default(),
        }))
    }

    /// What was set last, as far as is known at `now`.
    pub async fn current(&self, now: Timestamp) -> Arc<Setting> {
        if self.is_due(now) {
            let _turn = self.0.reading.lock().await;
            // Whoever waited here finds what the one before read.
            if self.is_due(now) {
                self.read(now).await;
            }
        }
        Arc::clone(&self.known().setting)
    }

    /// The mode that holds at `now`.
    pub async fn mode(&self, now: Timestamp) -> Mode {
        self.current(now).await.mode_at(now)
    }

    /// What this process has set itself.
    pub async fn know(&self, setting: Setting, now: Timestamp) {
        // A read under way began before it was set: its answer must not come last.
        let _turn = self.0.reading.lock().await;
        self.note(setting, now);
    }

    /// Why a task does nothing at `now`: in maintenance all of them, in read-only those that write.
    pub async fn holds_back(&self, writes: bool, now: Timestamp) -> Option<Closure> {
        let closure = self.current(now).await.closure(now)?;
        (writes || closure.mode == Mode::Maintenance).then_some(closure)
    }

    /// Lets a write in, or says why the database need not be asked. One that tries whether it takes writes
    /// again gets a new connection.
    pub fn enter(&self, now: Timestamp) -> Result<Turn, Closure> {
        let turn = self.writes().enter(now)?;
        if turn.is_probe() {
            self.0.db.renew();
        }
        Ok(turn)
    }

    /// Takes a write's place back.
    pub fn leave(&self, turn: Turn, outcome: Outcome, now: Timestamp) {
        if self.writes().leave(turn, outcome, now) {
            if outcome == Outcome::Refused {
                tell_refused();
            } else {
                tracing::info!("the database takes writes again");
            }
        }
    }

    /// The database refused a write that had no place.
    pub fn database_refused(&self, now: Timestamp) {
        if self.writes().refuse(now) {
            tell_refused();
        }
    }

    /// Why no write is let in, where that is because of the database.
    pub fn refused_by_database(&self, now: Timestamp) -> Option<Closure> {
        self.writes().closure(now)
    }

    fn is_due(&self, now: Timestamp) -> bool {
        now >= self.known().ask_at
    }

    async fn read(&self, now: Timestamp) {
        let patience = self.known().patience;
        match tokio::time::timeout(patience, modes::find(&self.0.db)).await {
            Ok(Ok(setting)) => self.note(setting.unwrap_or_default(), now),
            // A process without a database serves nothing that a mode could close.
            Ok(Err(DbError::NotDeclared)) => self.change(|known| known.ask_at = Timestamp::MAX),
            Ok(Err(error)) => self.note_failure(&error, now),
            Err(late) => self.note_failure(&late, now),
        }
    }

    fn note(&self, setting: Setting, now: Timestamp) {
        self.change(|known| {
            if known.setting.wish != setting.wish {
                tracing::warn!(
                    mode = setting.wish.mode.as_str(),
                    until = setting.wish.until.map(tracing::field::display),
                    set_by = setting.set_by,
                    "the mode of operation was set"
                );
            }
            known.setting = Arc::new(setting);
            known.ask_at = after(now);
            known.patience = PATIENCE;
        });
    }

    fn note_failure(&self, error: &(dyn std::error::Error + 'static), now: Timestamp) {
        tracing::warn!(
            error,
            "the mode of operation cannot be read; the last known one holds"
        );
        self.change(|known| {
            known.ask_at = after(now);
            known.patience = IMPATIENCE;
        });
    }

    fn change(&self, change: impl FnOnce(&mut Known)) {
        change(&mut self.0.known.write().unwrap_or_else(PoisonError::into_inner));
    }

    fn known(&self) -> std::sync::RwLockReadGuard<'_, Known> {
        self.0.known.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn writes(&self) -> MutexGuard<'_, Writes> {
        self.0.writes.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn after(now: Timestamp) -> Timestamp {
    now.checked_add(FRESH).unwrap_or(Timestamp::MAX)
}

fn tell_refused() {
    tracing::error!("the database takes no writes: changes are refused until one succeeds");
}

impl std::fmt::Debug for Modes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Modes")
            .field("setting", &self.known().setting)
            .field("writes", &*self.writes())
            .finish_non_exhaustive()
    }
}
